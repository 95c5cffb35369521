//! The client's own mutable values: an overlay beside the issued bytes.

use alloc::vec::Vec;

use crate::schema::Overlay;
use crate::tier::{MAX_TIERS, Tier, TierSet};

/// The mutable sections that the client made, each for the cookie of its tier in the best chain.
#[derive(Clone, Default)]
pub(super) struct OwnValues {
    tiers: TierSet,
    sections: [Vec<u8>; MAX_TIERS],
}

impl OwnValues {
    /// The client's own values of a tier, if it made any.
    pub(super) fn of(&self, tier: Tier) -> Option<&[u8]> {
        if self.tiers.contains(tier) {
            self.sections.get(tier.index()).map(Vec::as_slice)
        } else {
            None
        }
    }

    /// Forgets the values of some tiers; the buffers stay.
    pub(super) fn forget(&mut self, tiers: TierSet) {
        self.tiers = self.tiers.without(tiers);
    }

    /// Forgets all values.
    pub(super) fn clear(&mut self) {
        self.tiers = TierSet::EMPTY;
    }
}

impl Overlay for OwnValues {
    fn put(&mut self, tier: Tier, write: &mut dyn FnMut(&mut Vec<u8>)) {
        if let Some(section) = self.sections.get_mut(tier.index()) {
            section.clear();
            write(section);
            self.tiers.insert(tier);
        }
    }
}
