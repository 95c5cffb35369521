//! What an attack starts from: a chain that was issued, and circumstances under which a server would take it.

use crate::arena::Arena;
use crate::dice::Dice;
use crate::history::plan::SERVERS;
use crate::oracle::judge::{Circumstances, ServerFacts};
use crate::oracle::keys::millis;
use crate::oracle::ledger::Ledger;
use crate::schemas::{Known, derived};
use crate::wire::blob::{UPDATE, bundle, compose, padded};

/// A chain and how it is presented.
pub(crate) struct Base {
    /// The numbers of its cookies, from the root down.
    pub(crate) chain: Vec<usize>,
    /// Its cookies as issued.
    pub(crate) cookies: Vec<Vec<u8>>,
    /// What the client supplies, where the schema has derived fields.
    pub(crate) derived: Option<Vec<u8>>,
    /// When, where and as whom it is presented.
    pub(crate) shown: Circumstances,
}

impl Base {
    /// The chain that ends with this cookie, at any server, at a time at which it is good.
    pub(crate) fn of<S: Known>(arena: &Arena<'_, S>, leaf: usize, dice: &mut Dice) -> Self {
        let ledger = arena.ledger;
        let server = if dice.once_in(8) {
            dice.index(arena.servers.len())
        } else {
            dice.index(SERVERS)
        };
        let chain = ledger.chain(leaf);
        let facts = &arena.servers[server].facts;
        let all = !dice.once_in(4);
        let now = match window(ledger, facts, &chain, all) {
            Some((first, last)) => match dice.below(8) {
                0 => first,
                1 => last,
                _ => first + dice.below(last - first + 1),
            },
            None => ledger.cookie(leaf).issued_at,
        };
        let identity = ledger.cookie(leaf).identity;
        let cookies = chain
            .iter()
            .map(|number| ledger.cookie(*number).bytes())
            .collect();
        Self {
            chain,
            cookies,
            derived: derived(ledger.state_at(leaf)),
            shown: Circumstances {
                server,
                now,
                identity,
            },
        }
    }

    /// Any chain of the history.
    pub(crate) fn any<S: Known>(arena: &Arena<'_, S>, leaves: &[usize], dice: &mut Dice) -> Self {
        Self::of(arena, dice.pick(leaves), dice)
    }

    /// The lowest cookie.
    pub(crate) fn leaf(&self) -> usize {
        self.chain[self.chain.len() - 1]
    }

    /// What is presented, in one of its forms: a bundle, a full update, with padding or without the lowest tiers.
    pub(crate) fn blob<S: Known>(&self, dice: &mut Dice) -> Vec<u8> {
        let shorter = &self.cookies[..self.cookies.len() - S::FACTS.or_default];
        match dice.below(8) {
            0 => compose(UPDATE, &self.cookies),
            1 => padded(compose(UPDATE, &self.cookies)),
            2 => padded(self.bundle(&self.cookies)),
            3 => self.bundle(shorter),
            _ => self.bundle(&self.cookies),
        }
    }

    /// Some cookies, with what the client supplies.
    pub(crate) fn bundle(&self, cookies: &[Vec<u8>]) -> Vec<u8> {
        bundle(cookies, self.derived.as_deref())
    }
}

/// The first and last millisecond at which a server takes a chain; with `all`, none of its tiers may be over.
pub(crate) fn window<S: Known>(
    ledger: &Ledger<S>,
    server: &ServerFacts,
    chain: &[usize],
    all: bool,
) -> Option<(u64, u64)> {
    let root = ledger.cookie(chain[0]).root;
    let key = server.keys.key(root.key)?;
    let end = root.born + root.lifetime.min(server.schema.session_max);
    let (mut first, mut last) = (
        server.keys.known_from(&key),
        millis(end.min(key.accept_until)) - 1,
    );
    let mut ceiling = end;
    for number in chain {
        let cookie = ledger.cookie(*number);
        first = first.max(millis(cookie.not_before).saturating_sub(server.leeway));
        let valid = cookie.not_before + server.schema.valid_secs(cookie.tier);
        ceiling = ceiling.min(cookie.not_after).min(valid);
        if all || cookie.tier >= server.schema.or_default {
            last = last.min(millis(ceiling) + server.leeway);
        }
    }
    (first <= last).then_some((first, last))
}
