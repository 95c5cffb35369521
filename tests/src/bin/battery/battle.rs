//! One history from its seed to its verdict: played with its twins, then attacked.

use crate::arena::Arena;
use crate::attack::base::Base;
use crate::attack::{bytes, clock, header, honest, splice, tiers, values};
use crate::dice::Dice;
use crate::history::events::Events;
use crate::history::plan::{IDENTITIES, Plan, SERVERS, Twin};
use crate::history::play::play;
use crate::history::server::Server;
use crate::oracle::judge::Circumstances;
use crate::oracle::keys::millis;
use crate::oracle::ledger::Ledger;
use crate::schemas::Known;
use crate::tally::{Axis, Tally};
use crate::wire::blob::{BUNDLE, compose};

/// What came of one history.
pub(crate) struct Outcome {
    /// What happened in it.
    pub(crate) events: Events,
    /// What was counted.
    pub(crate) tally: Tally,
    /// On what oracle and library disagree.
    pub(crate) complaints: Vec<String>,
}

/// How many chains each attack starts from.
const BASES: usize = 3;
/// How many pairs of chains are spliced along each axis.
const PAIRS: usize = 10;

/// Plays and attacks the history of a seed; `F` is a schema that has nothing to do with it.
pub(crate) fn fight<S: Known, F: Known>(seed: u64) -> Outcome {
    let failed = |what: String| Outcome {
        events: Events::default(),
        tally: Tally::new(),
        complaints: vec![format!("in an honest history: {what}")],
    };
    let plan = Plan::new(seed, &S::FACTS);
    let mut ledger = Ledger::<S>::new();
    let stage = play(&plan, Twin::Same, &mut ledger)
        .and_then(|events| Ok((events, Twins::play::<S, F>(&plan, &mut ledger)?)));
    let (events, twins) = match stage {
        Ok(stage) => stage,
        Err(what) => return failed(what),
    };
    let servers = match servers::<S>(&plan, &ledger) {
        Ok(servers) => servers,
        Err(what) => return failed(what),
    };
    let mut arena = Arena::new(&ledger, &servers);
    let mut dice = Dice::new(seed, 11);
    attack(&mut arena, &twins, &mut dice);
    Outcome {
        events,
        tally: arena.tally,
        complaints: arena.complaints,
    }
}

/// The cookies of histories that differ from one in one thing each; the same number is the same cookie.
struct Twins {
    pool: Vec<Vec<u8>>,
    key: Vec<Vec<u8>>,
    version: Vec<Vec<u8>>,
    schema: Vec<Vec<u8>>,
    /// The first cookie of the twin that is bound to other identities, which stands in the same ledger.
    binding: usize,
    /// A chain of a schema that has nothing to do with it.
    foreign: Vec<Vec<u8>>,
}

impl Twins {
    fn play<S: Known, F: Known>(plan: &Plan, ledger: &mut Ledger<S>) -> Result<Self, String> {
        let binding = ledger.issued.len();
        play(plan, Twin::Binding, ledger)?;
        let foreign_plan = Plan::new(plan.seed, &F::FACTS);
        let mut foreign = Ledger::<F>::new();
        play(&foreign_plan, Twin::Same, &mut foreign)?;
        let chain = foreign.chain(foreign.leaves()[0]);
        Ok(Self {
            pool: cookies::<S>(plan, Twin::Pool)?,
            key: cookies::<S>(plan, Twin::Key)?,
            version: cookies::<S::Next>(plan, Twin::Same)?,
            schema: cookies::<S::Other>(plan, Twin::Same)?,
            binding,
            foreign: chain
                .iter()
                .map(|number| foreign.cookie(*number).bytes())
                .collect(),
        })
    }
}

fn cookies<S: Known>(plan: &Plan, twin: Twin) -> Result<Vec<Vec<u8>>, String> {
    let mut ledger = Ledger::<S>::new();
    play(plan, twin, &mut ledger)?;
    Ok(ledger
        .issued
        .iter()
        .map(crate::oracle::issued::Issued::bytes)
        .collect())
}

/// Those that took part, and others of the same pool: one with a small limit, one without leeway, one without the newest
/// keys, one that refuses older sessions, one of another build.
fn servers<S: Known>(plan: &Plan, ledger: &Ledger<S>) -> Result<Vec<Server>, String> {
    let mut servers = Vec::new();
    for server in 0..SERVERS {
        servers.push(Server::new(plan.pool::<S>(server, Twin::Same)?));
    }
    let some = ledger.leaves()[0];
    let chain: Vec<Vec<u8>> = ledger
        .chain(some)
        .iter()
        .map(|number| ledger.cookie(*number).bytes())
        .collect();
    servers.push(Server::new(plan.tight::<S>(compose(BUNDLE, &chain).len())?));
    servers.push(Server::new(plan.exact::<S>()?));
    servers.push(Server::new(plan.behind::<S>()?));
    let (pool, mut facts) = plan.behind::<S>()?;
    let middle = &ledger.issued[ledger.issued.len() / 4];
    let before = millis(middle.root.born) + plan.seed % 1000;
    pool.refuse_born_before(statecookie::Timestamp::from_millis(before));
    facts.refused_before = before.div_ceil(1000);
    servers.push(Server::new((pool, facts)));
    servers.push(Server::new(plan.behind::<S::Rebuilt>()?));
    Ok(servers)
}

fn attack<S: Known>(arena: &mut Arena<'_, S>, twins: &Twins, dice: &mut Dice) {
    let leaves = arena.ledger.leaves();
    let offset = dice.index(leaves.len());
    for turn in 0..BASES {
        // Far from each other, so that they are not the same.
        let base = Base::of(
            arena,
            leaves[(offset + turn * leaves.len() / BASES) % leaves.len()],
            dice,
        );
        let shown = base.shown;
        let mut blob = base.blob::<S>(dice);
        bytes::flips(arena, &shown, &mut blob);
        bytes::substitutions(
            arena,
            &shown,
            &mut blob,
            turn == 0 && dice.once_in(16),
            dice,
        );
        bytes::truncations(arena, &shown, &blob);
        bytes::insertions(arena, &shown, &blob, dice);
        bytes::deletions(arena, &shown, &blob, dice);
        bytes::refitted(arena, &base, dice);
        header::forge(arena, &base, dice);
        tiers::splice(arena, &base, dice);
        values::forge(arena, &base, 300, dice);
        clock::edges(arena, &base, dice);
    }
    for _ in 0..PAIRS {
        splices(arena, twins, &leaves, dice);
    }
    honest::present(arena, &leaves, 16, dice);
}

/// One pair of chains for each axis.
fn splices<S: Known>(arena: &mut Arena<'_, S>, twins: &Twins, leaves: &[usize], dice: &mut Dice) {
    let base = Base::any(arena, leaves, dice);
    let shown = base.shown;
    let twin = |all: &[Vec<u8>]| -> Vec<Vec<u8>> {
        base.chain
            .iter()
            .filter_map(|number| all.get(number % twins.binding).cloned())
            .collect()
    };
    splice::splice(arena, Axis::Pool, &base, &twin(&twins.pool), &shown, dice);
    splice::splice(
        arena,
        Axis::Version,
        &base,
        &twin(&twins.version),
        &shown,
        dice,
    );
    splice::splice(
        arena,
        Axis::Schema,
        &base,
        &twin(&twins.schema),
        &shown,
        dice,
    );
    splice::splice(arena, Axis::Schema, &base, &twins.foreign, &shown, dice);
    splice::splice(arena, Axis::Key, &base, &twin(&twins.key), &shown, dice);
    let own = Kin::of(arena, base.leaf());
    let axes = [
        (
            Axis::Session,
            Box::new(|kin: &Kin| kin.session != own.session && kin.identity == own.identity)
                as Box<dyn Fn(&Kin) -> bool>,
        ),
        (
            Axis::Generation,
            Box::new(|kin| {
                kin.session == own.session
                    && kin.branch == own.branch
                    && kin.identity == own.identity
            }),
        ),
        (
            Axis::Branch,
            Box::new(|kin| {
                kin.session == own.session
                    && kin.branch != own.branch
                    && kin.identity == own.identity
            }),
        ),
        (
            Axis::Key,
            Box::new(|kin| {
                kin.session == own.session && kin.key != own.key && kin.identity == own.identity
            }),
        ),
        (Axis::Binding, Box::new(|kin| kin.identity != own.identity)),
    ];
    for (axis, differs) in axes {
        let Some(other) = kin(arena, base.leaf(), leaves, differs, dice) else {
            continue;
        };
        let chain: Vec<Vec<u8>> = arena
            .ledger
            .chain(other)
            .iter()
            .map(|number| arena.ledger.cookie(*number).bytes())
            .collect();
        let mut identities = vec![shown.identity];
        if axis == Axis::Binding {
            identities.extend([
                arena.ledger.cookie(other).identity,
                Some(dice.index(IDENTITIES.len())),
            ]);
        }
        for identity in identities {
            splice::splice(
                arena,
                axis,
                &base,
                &chain,
                &Circumstances { identity, ..shown },
                dice,
            );
        }
    }
}

/// What chains have or do not have in common.
#[derive(Clone, PartialEq)]
struct Kin {
    session: [u8; 16],
    branch: [u8; 4],
    key: u32,
    identity: Option<usize>,
    vector: Vec<u64>,
}

impl Kin {
    fn of<S: Known>(arena: &Arena<'_, S>, leaf: usize) -> Self {
        let cookie = arena.ledger.cookie(leaf);
        let chain = arena.ledger.chain(leaf);
        Self {
            session: cookie.root.session,
            branch: cookie.root.branch,
            key: cookie.root.key,
            identity: cookie.identity,
            vector: chain
                .iter()
                .map(|number| arena.ledger.cookie(*number).counter)
                .collect(),
        }
    }
}

/// Another chain that differs like that: in half of the cases one with the same counters, if there is one.
fn kin<S: Known>(
    arena: &Arena<'_, S>,
    leaf: usize,
    leaves: &[usize],
    differs: impl Fn(&Kin) -> bool,
    dice: &mut Dice,
) -> Option<usize> {
    let own = Kin::of(arena, leaf);
    let others = leaves.iter().map(|leaf| (*leaf, Kin::of(arena, *leaf)));
    let fitting: Vec<_> = others
        .filter(|(other, kin)| *other != leaf && differs(kin))
        .collect();
    let close: Vec<_> = fitting
        .iter()
        .filter(|(_, kin)| kin.vector == own.vector)
        .collect();
    if !close.is_empty() && dice.coin() {
        return Some(close[dice.index(close.len())].0);
    }
    (!fitting.is_empty()).then(|| fitting[dice.index(fitting.len())].0)
}
