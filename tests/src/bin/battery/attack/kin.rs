//! Which chains of a history differ in one thing.

use crate::arena::Arena;
use crate::dice::Dice;
use crate::schemas::Known;
use crate::tally::Axis;

/// What chains have or do not have in common.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kin {
    leaf: usize,
    session: [u8; 16],
    branch: [u8; 4],
    key: u32,
    identity: Option<usize>,
    vector: Vec<u64>,
}

impl Kin {
    /// The chain that ends with this cookie.
    pub(crate) fn of<S: Known>(arena: &Arena<'_, S>, leaf: usize) -> Self {
        let cookie = arena.ledger.cookie(leaf);
        let chain = arena.ledger.chain(leaf);
        Self {
            leaf,
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

    /// Another chain, which differs in what the axis says: in half of the cases one with the same counters, if there is one.
    pub(crate) fn another<S: Known>(
        &self,
        arena: &Arena<'_, S>,
        axis: Axis,
        leaves: &[usize],
        dice: &mut Dice,
    ) -> Option<usize> {
        let others = leaves.iter().filter(|leaf| **leaf != self.leaf);
        let fitting: Vec<Self> = others
            .map(|leaf| Self::of(arena, *leaf))
            .filter(|other| self.differs(axis, other))
            .collect();
        let close: Vec<&Self> = fitting
            .iter()
            .filter(|other| other.vector == self.vector)
            .collect();
        if !close.is_empty() && dice.coin() {
            return Some(close[dice.index(close.len())].leaf);
        }
        (!fitting.is_empty()).then(|| fitting[dice.index(fitting.len())].leaf)
    }

    fn differs(&self, axis: Axis, other: &Self) -> bool {
        let same_client = self.identity == other.identity;
        let same_session = same_client && self.session == other.session;
        match axis {
            Axis::Session => same_client && self.session != other.session,
            Axis::Generation => same_session && self.branch == other.branch,
            Axis::Branch => same_session && self.branch != other.branch,
            Axis::Key => same_session && self.key != other.key,
            Axis::Binding => !same_client,
            Axis::Tier | Axis::Schema | Axis::Pool | Axis::Version => false,
        }
    }
}
