//! A history with its twins and the servers to which its cookies are presented.

use statecookie::Timestamp;

use crate::history::events::Events;
use crate::history::plan::{Plan, SERVERS, Twin};
use crate::history::play::play;
use crate::history::server::Server;
use crate::oracle::issued::Issued;
use crate::oracle::keys::millis;
use crate::oracle::ledger::Ledger;
use crate::schemas::{Known, derived};
use crate::wire::blob::bundle;

/// Everything that an attack needs.
pub(crate) struct Stage<S> {
    /// What happened.
    pub(crate) events: Events,
    /// What was issued.
    pub(crate) ledger: Ledger<S>,
    /// What was issued elsewhere.
    pub(crate) twins: Twins,
    /// The servers, first those that issued.
    pub(crate) servers: Vec<Server>,
}

impl<S: Known> Stage<S> {
    /// Plays the history of a seed; `F` is a schema that has nothing to do with it.
    pub(crate) fn set<F: Known>(seed: u64) -> Result<Self, String> {
        let plan = Plan::new(seed, &S::FACTS);
        let mut ledger = Ledger::<S>::new();
        let events = play(&plan, Twin::Same, &mut ledger)?;
        let twins = Twins::play::<S, F>(&plan, &mut ledger)?;
        let servers = servers::<S>(&plan, &ledger)?;
        Ok(Self {
            events,
            ledger,
            twins,
            servers,
        })
    }
}

/// The cookies of histories that differ from one in one thing each; the same number is the same cookie. The twin that is bound to
/// other identities issues under the same keys: its cookies stand in the same ledger, behind the others.
pub(crate) struct Twins {
    /// Of a pool of another name.
    pub(crate) pool: Vec<Vec<u8>>,
    /// Of servers with other secrets.
    pub(crate) key: Vec<Vec<u8>>,
    /// Of the next version of the schema.
    pub(crate) version: Vec<Vec<u8>>,
    /// Of the schema under another name.
    pub(crate) schema: Vec<Vec<u8>>,
    /// A chain of a schema that has nothing to do with it.
    pub(crate) foreign: Vec<Vec<u8>>,
}

impl Twins {
    fn play<S: Known, F: Known>(plan: &Plan, ledger: &mut Ledger<S>) -> Result<Self, String> {
        let honest = ledger.issued.len();
        play(plan, Twin::Binding, ledger)?;
        let foreign_plan = Plan::new(plan.seed, &F::FACTS);
        let mut foreign = Ledger::<F>::new();
        play(&foreign_plan, Twin::Same, &mut foreign)?;
        let (hash, schema) = cookies::<S::Other>(plan, Twin::Type)?;
        if hash != ledger.hash {
            return Err("the schema's twin has another hash".into());
        }
        let twins = Self {
            pool: cookies::<S>(plan, Twin::Pool)?.1,
            key: cookies::<S>(plan, Twin::Key)?.1,
            version: cookies::<S::Next>(plan, Twin::Type)?.1,
            schema,
            foreign: foreign.bytes(&foreign.chain(foreign.leaves()[0])),
        };
        let lengths = [&twins.pool, &twins.key, &twins.version, &twins.schema].map(Vec::len);
        if lengths == [honest; 4] && ledger.issued.len() == 2 * honest {
            Ok(twins)
        } else {
            Err("twins issued more or fewer cookies".into())
        }
    }
}

/// A schema hash, and the cookies of one history.
type Issues = (Option<[u8; 4]>, Vec<Vec<u8>>);

/// What a twin issues.
fn cookies<S: Known>(plan: &Plan, twin: Twin) -> Result<Issues, String> {
    let mut ledger = Ledger::<S>::new();
    play(plan, twin, &mut ledger)?;
    Ok((
        ledger.hash,
        ledger.issued.iter().map(Issued::bytes).collect(),
    ))
}

/// Those that took part, and others of the same pool: one with a small limit, one without leeway, one without the newest
/// keys, one that refuses older sessions, one of another build, one on which a key was revoked.
fn servers<S: Known>(plan: &Plan, ledger: &Ledger<S>) -> Result<Vec<Server>, String> {
    let mut servers = Vec::new();
    for server in 0..SERVERS {
        servers.push(Server::new(plan.pool::<S>(server, Twin::Same)?));
    }
    let chain = ledger.bytes(&ledger.chain(ledger.leaves()[0]));
    let first = derived(ledger.state_at(ledger.leaves()[0]));
    let length = bundle(&chain, first.as_deref()).len();
    servers.push(Server::new(plan.tight::<S>(length)?));
    servers.push(Server::new(plan.exact::<S>()?));
    servers.push(Server::new(plan.behind::<S>()?));
    let (pool, mut facts) = plan.behind::<S>()?;
    let middle = &ledger.issued[ledger.issued.len() / 4];
    let before = millis(middle.root.born) + plan.seed % 1000;
    pool.refuse_born_before(Timestamp::from_millis(before));
    facts.refused_before = before.div_ceil(1000);
    servers.push(Server::new((pool, facts)));
    servers.push(Server::new(plan.behind::<S::Rebuilt>()?));
    servers.push(Server::new(plan.revoking::<S>()?));
    Ok(servers)
}
