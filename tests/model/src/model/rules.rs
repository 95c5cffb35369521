//! What schema and pool say: validities, keys, leeway. All times are whole units; what is a half of one is doubled.

use super::state::MAX_TIERS;

/// The rules of a pool and its schema; `flaw` bends one of them, to see that a property notices.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) tiers: usize,
    pub(crate) valid_for: [u8; MAX_TIERS],
    pub(crate) session_max: u8,
    /// How long a key signs.
    pub(crate) rotation: u8,
    /// The skew in the pool's key policy.
    pub(crate) key_skew: u8,
    pub(crate) leeway: u8,
    /// Tier 0 may be missing, and has mutable values only.
    pub(crate) lowest_defaults: bool,
    /// By how much a fail-over raises the root's counter; 1 in the specification.
    pub(crate) stride: u8,
    pub(crate) flaw: Option<Flaw>,
}

/// A rule that is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A tag says nothing of the parent, only of the root.
    BoundToRootOnly,
    /// A tag says nothing of what stands above.
    Unbound,
    /// A fail-over does not raise the root's counter.
    CounterNotRaised,
    /// A cookie's end is not looked at but in the root.
    ExpiryOfRootOnly,
    /// What comes first after a fail-over is partial.
    FirstFlushPartial,
    /// The greatest chain is the one of the smallest vector.
    JarTakesTheOlder,
    /// The greatest cookie of each tier, whatever it stands under.
    JarTierByTier,
    /// Of two chains with equal vectors the later one stays.
    JarTiesByArrival,
    /// Keys are accepted no longer than they sign.
    KeyForgottenEarly,
    /// A change of the key does not matter to a flush.
    KeyKept,
    /// A change of the key re-issues only what is touched.
    KeyChangePartial,
    /// Not-before is held against the clock as it is.
    NoLeeway,
    /// A parent that is over stays.
    ParentOverStays,
    /// The absolute end is not looked at.
    SessionWithoutEnd,
    /// Nobody asks who presents a bound session.
    StrangersWelcome,
}

impl Rules {
    /// Two tiers, both with signed and mutable values; the root has private ones too.
    pub(crate) const DUO: Self = Self {
        tiers: 2,
        valid_for: [2, 4, 0],
        session_max: 7,
        rotation: 3,
        key_skew: 1,
        leeway: 1,
        lowest_defaults: false,
        stride: 1,
        flaw: None,
    };

    /// Three tiers; the root has private values, the lowest nothing but mutable ones, and defaults.
    pub(crate) const TRIO: Self = Self {
        tiers: 3,
        valid_for: [2, 4, 6],
        session_max: 9,
        rotation: 8,
        lowest_defaults: true,
        ..Self::DUO
    };

    pub(crate) fn is(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    pub(crate) const fn root(&self) -> usize {
        self.tiers - 1
    }

    /// How many tiers, from the root down, a bundle must hold.
    pub(crate) const fn required(&self) -> usize {
        self.tiers - self.lowest_defaults as usize
    }

    /// Whether a tier has immutable or private values.
    pub(crate) const fn has_signed(&self, tier: usize) -> bool {
        !(self.lowest_defaults && tier == 0)
    }

    /// Whether a tier has private values, so that no two of its cookies are the same.
    pub(crate) const fn has_private(&self, tier: usize) -> bool {
        tier == self.root()
    }

    /// The number of the key that signs.
    pub(crate) const fn signing_key(&self, clock: u8) -> u8 {
        clock / self.rotation
    }

    /// The end of a key's acceptance.
    pub(crate) const fn accept_until(&self, key: u8) -> u8 {
        (key + 1) * self.rotation + self.valid_for[self.root()] + self.key_skew
    }

    /// Whether a key is accepted no longer.
    pub(crate) fn is_forgotten(&self, key: u8, clock: u8) -> bool {
        let signs_no_more = clock / self.rotation > key;
        clock >= self.accept_until(key) || signs_no_more && self.is(Flaw::KeyForgottenEarly)
    }

    /// From when on a key is known.
    pub(crate) fn known_from(&self, key: u8) -> u8 {
        key.saturating_sub(1) * self.rotation
    }
}
