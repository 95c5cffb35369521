//! The client's own values: an overlay beside the issued bytes.

use alloc::vec::Vec;

use crate::schema::{Field, Overlay};
use crate::tier::{MAX_TIERS, Tier, TierSet};

/// The mutable sections that the client made, each for the cookie of its tier in the best chain.
#[derive(Clone, Default)]
pub(super) struct OwnValues {
    tiers: TierSet,
    sections: [Vec<u8>; MAX_TIERS],
    /// The derived values by their fields' names; no cookie has them.
    derived: Vec<(&'static str, Vec<u8>)>,
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

    /// The value of a derived field, if the client supplied it.
    pub(super) fn derived(&self, name: &str) -> Option<&[u8]> {
        let mut known = self.derived.iter();
        known
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_slice())
    }

    /// Forgets the values of some derived fields.
    pub(super) fn forget_derived(&mut self, names: &[&'static str]) {
        self.derived.retain(|(known, _)| !names.contains(known));
    }

    /// Forgets the mutable values of some tiers; the buffers stay.
    pub(super) fn forget(&mut self, tiers: TierSet) {
        self.tiers = self.tiers.without(tiers);
    }

    /// Forgets all values.
    pub(super) fn clear(&mut self) {
        self.tiers = TierSet::EMPTY;
        self.derived.clear();
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

    fn put_derived(&mut self, field: &'static Field, write: &mut dyn FnMut(&mut Vec<u8>)) {
        let place = self
            .derived
            .iter()
            .position(|(name, _)| *name == field.name);
        let place = place.unwrap_or_else(|| {
            self.derived.push((field.name, Vec::new()));
            self.derived.len() - 1
        });
        if let Some((_, value)) = self.derived.get_mut(place) {
            value.clear();
            write(value);
        }
    }
}
