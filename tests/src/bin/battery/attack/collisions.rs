//! Two cookies whose tags begin with the same four bytes have the same link, so that nothing but the parent's full tag keeps
//! their children apart. Nobody has to wait for that: among half a million sessions there are some dozens of pairs.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use statecookie::{Entropy, EntropyError, Pool, Timestamp};

use crate::arena::Arena;
use crate::battle::Outcome;
use crate::dice::Dice;
use crate::history::events::Events;
use crate::history::live::{Live, Next};
use crate::history::plan::{IDENTITIES, Plan};
use crate::history::record::record;
use crate::history::server::Server;
use crate::oracle::judge::{Circumstances, ServerFacts};
use crate::oracle::ledger::Ledger;
use crate::schemas::Known;
use crate::tally::Class;
use crate::wire::MOST_TIERS;
use crate::wire::blob::{BUNDLE, Blob, compose};

/// How many sessions are opened.
const SESSIONS: u64 = 1 << 19;

/// Opens that many sessions at one moment, and mixes the cookies of those whose links are the same.
pub(crate) fn fight<S: Known>(seed: u64) -> Outcome {
    let mut outcome = Outcome::nothing();
    if let Err(what) = mix_all::<S>(seed, &mut outcome) {
        outcome
            .complaints
            .push(format!("among many sessions: {what}"));
    }
    outcome
}

fn mix_all<S: Known>(seed: u64, outcome: &mut Outcome) -> Result<(), String> {
    let crowd = Crowd::<S>::new(seed)?;
    let mut ledger = Ledger::new();
    let mut mixes = Vec::new();
    for pair in crowd.pairs()? {
        let [one, other] = pair
            .sessions
            .map(|number| crowd.noted(&mut ledger, &mut outcome.events, number));
        let (one, other) = (one?, other?);
        mixes.push((one.clone(), other.clone(), pair));
        mixes.push((
            other,
            one,
            Pair {
                sessions: [pair.sessions[1], pair.sessions[0]],
                ..pair
            },
        ));
    }
    let servers = [Server::new((crowd.pool.clone(), crowd.facts.clone()))];
    let mut arena = Arena::new(&ledger, &servers);
    for (upper, lower, pair) in mixes {
        // From the root down to the tier of the link from the one, what stands below it from the other.
        let cut = S::FACTS.tiers() - pair.tier;
        let cookies = ledger.bytes(&[&upper[..cut], &lower[cut..]].concat());
        for session in pair.sessions {
            let shown = Circumstances {
                server: 0,
                now: crowd.now,
                identity: identity(session),
            };
            arena.present(Class::Collision, &shown, &compose(BUNDLE, &cookies));
        }
        let shown = Circumstances {
            server: 0,
            now: crowd.now,
            identity: identity(pair.sessions[0]),
        };
        arena.present(
            Class::Collision,
            &shown,
            &compose(BUNDLE, &ledger.bytes(&upper)),
        );
    }
    outcome.tally = arena.tally;
    outcome.complaints.append(&mut arena.complaints);
    Ok(())
}

/// Two sessions of whose cookies of one tier the links are the same.
#[derive(Clone, Copy)]
struct Pair {
    tier: usize,
    sessions: [u64; 2],
}

/// Two thirds of the sessions are bound to one of two identities.
fn identity(session: u64) -> Option<usize> {
    (session % 3)
        .checked_sub(1)
        .map(|identity| identity as usize)
}

/// Sessions that differ in nothing but their ids, branches and identities.
struct Crowd<S: Known> {
    pool: Pool<S>,
    facts: ServerFacts,
    entropy: Numbered,
    state: S,
    now: u64,
}

impl<S: Known> Crowd<S> {
    fn new(seed: u64) -> Result<Self, String> {
        let plan = Plan::new(seed, &S::FACTS);
        let entropy = Numbered::default();
        let (pool, facts) = plan.with_entropy::<S>(entropy.clone())?;
        let state = S::draw(&mut Dice::new(seed, 13));
        Ok(Self {
            pool,
            facts,
            entropy,
            state,
            now: plan.start,
        })
    }

    /// The session of that number, the same whenever it is asked for, and its first update.
    fn open(&self, number: u64) -> Result<(Live<S>, Vec<u8>), String> {
        self.entropy.begin(number);
        let (state, at) = (self.state.clone(), Timestamp::from_millis(self.now));
        let session = match identity(number) {
            Some(identity) => self.pool.open_bound_at(state, IDENTITIES[identity], at),
            None => self.pool.open_at(state, at),
        };
        let mut session = session.map_err(|error| error.to_string())?;
        let update = session.flush_at(at).map_err(|error| error.to_string())?;
        let live = Live {
            session,
            state: self.state.clone(),
            server: 0,
            identity: identity(number),
            born: self.now / 1000,
            end: self.now / 1000 + S::FACTS.session_max,
            chain: [None; MOST_TIERS],
            next: Next::First,
            group: 0,
        };
        Ok((live, update.ok_or("no first update")?.into_bytes()))
    }

    /// Every two sessions with the same link in the same tier.
    fn pairs(&self) -> Result<Vec<Pair>, String> {
        let mut seen: HashMap<(usize, [u8; 4]), u64> = HashMap::new();
        let mut pairs = Vec::new();
        for number in 0..SESSIONS {
            let (_, update) = self.open(number)?;
            let blob = Blob::read(&update).map_err(|wrong| wrong.0.to_string())?;
            for piece in blob.pieces().filter(|piece| piece.head.tier() > 0) {
                let tier = piece.head.tier();
                if let Some(earlier) = seen.insert((tier, piece.link()), number) {
                    pairs.push(Pair {
                        tier,
                        sessions: [earlier, number],
                    });
                }
            }
        }
        Ok(pairs)
    }

    /// A session's chain, as the oracle notes it.
    fn noted(
        &self,
        ledger: &mut Ledger<S>,
        events: &mut Events,
        number: u64,
    ) -> Result<Vec<usize>, String> {
        let (mut live, update) = self.open(number)?;
        record(ledger, events, &self.facts, &mut live, self.now, &update)?;
        Ok(live.chain.iter().rev().flatten().copied().collect())
    }
}

/// A generator that gives each number's session its own bytes, again and again.
#[derive(Clone, Debug, Default)]
struct Numbered(Arc<(AtomicU64, AtomicU64)>);

impl Numbered {
    fn begin(&self, number: u64) {
        self.0.0.store(number, Ordering::SeqCst);
        self.0.1.store(0, Ordering::SeqCst);
    }
}

impl Entropy for Numbered {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        let call = self.0.1.fetch_add(1, Ordering::SeqCst);
        let mut dice = Dice::new(self.0.0.load(Ordering::SeqCst), 100 + call);
        out.iter_mut().for_each(|byte| *byte = dice.word() as u8);
        Ok(())
    }
}
