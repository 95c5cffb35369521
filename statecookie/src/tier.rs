//! The small words: tiers and sets of them, classes, key ids, and what a session remembers of a tier's last cookie.

use core::fmt;

/// The largest number of tiers a schema may have.
pub const MAX_TIERS: usize = 8;

/// One level of change frequency; a larger number is a higher tier and changes more rarely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tier(u8);

impl Tier {
    /// Tier 0, the lowest.
    pub const LOWEST: Self = Self(0);

    /// The tier of that number, if it is below [`MAX_TIERS`].
    pub const fn new(number: u8) -> Option<Self> {
        if (number as usize) < MAX_TIERS {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The tier in the lowest three bits.
    pub(crate) const fn from_low_bits(bits: u8) -> Self {
        Self(bits & 7)
    }

    /// The tier above, if there can be one.
    pub(crate) const fn above(self) -> Option<Self> {
        Self::new(self.0 + 1)
    }

    /// The number, 0 to 7.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The number as an index into a table of tiers.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tier {}", self.0)
    }
}

/// A set of tiers.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TierSet(u8);

impl TierSet {
    /// No tier.
    pub const EMPTY: Self = Self(0);

    /// Every tier that a schema can have.
    pub(crate) const ALL: Self = Self(u8::MAX);

    /// The tiers `highest`, ..., 0: what a change of `highest` re-issues.
    pub const fn down_from(highest: Tier) -> Self {
        Self(u8::MAX >> (7 - highest.0))
    }

    /// The tiers whose bits are set; bit 0 is tier 0.
    #[doc(hidden)]
    pub const fn of_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Just this tier.
    pub const fn only(tier: Tier) -> Self {
        Self(1 << tier.0)
    }

    /// Puts `tier` into the set.
    pub const fn insert(&mut self, tier: Tier) {
        self.0 |= 1 << tier.0;
    }

    /// Whether `tier` is in the set.
    pub const fn contains(self, tier: Tier) -> bool {
        self.0 & (1 << tier.0) != 0
    }

    /// Whether no tier is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many tiers are in the set.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The highest tier in the set.
    pub const fn highest(self) -> Option<Tier> {
        if self.0 == 0 {
            None
        } else {
            Some(Tier(7 - self.0.leading_zeros() as u8))
        }
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in this one and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The tiers of the set, highest first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = Tier> {
        (0..MAX_TIERS as u8)
            .rev()
            .map(Tier)
            .filter(move |tier| self.contains(*tier))
    }
}

impl fmt::Debug for TierSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(Tier::number))
            .finish()
    }
}

/// What the client may do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Reads it, cannot change it.
    Immutable,
    /// Cannot read it.
    Private,
    /// Reads it, and may change it within its bound.
    Mutable,
    /// Works it out from the user data and supplies it within its bound; no cookie carries it.
    Derived,
}

impl Class {
    /// The classes of what a cookie carries.
    pub(crate) const SENT: [Self; 3] = [Self::Immutable, Self::Private, Self::Mutable];

    /// The word of the attribute language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Immutable => "immutable",
            Self::Private => "private",
            Self::Mutable => "mutable",
            Self::Derived => "derived",
        }
    }
}

/// The number of a key in its pool's key ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u32);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a session remembers of the newest cookie of one tier.
#[derive(Clone, Copy, Default)]
pub struct Stamp {
    pub(crate) tag: [u8; 32],
    pub(crate) seq: u64,
    pub(crate) not_before: u64,
    pub(crate) not_after: u64,
    pub(crate) paced: Millis,
    pub(crate) len: u16,
}

/// Milliseconds since the epoch in the six bytes that a stamp has left: to the year 10889, and there they stay.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Millis([u16; 3]);

impl Millis {
    const MOST: u64 = (1 << 48) - 1;

    /// As near to `millis` as there is.
    pub(crate) const fn of(millis: u64) -> Self {
        let millis = if millis < Self::MOST {
            millis
        } else {
            Self::MOST
        };
        Self([millis as u16, (millis >> 16) as u16, (millis >> 32) as u16])
    }

    /// The milliseconds.
    pub(crate) const fn get(self) -> u64 {
        let [low, middle, high] = self.0;
        (high as u64) << 32 | (middle as u64) << 16 | low as u64
    }
}

// The budget of a session counts 64 bytes for each tier.
const _: () = assert!(size_of::<Stamp>() == 64);

/// Numbers and times, no tag: half of it never travels.
impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamp")
            .field("seq", &self.seq)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// The stamps of all tiers of a schema: an array of 1 to 8.
pub trait Stamps: Clone + Send + Sync + AsRef<[Stamp]> + AsMut<[Stamp]> {
    /// Stamps of nothing issued yet.
    fn blank() -> Self;
}

impl<const N: usize> Stamps for [Stamp; N] {
    fn blank() -> Self {
        [Stamp::default(); N]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(number: u8) -> Tier {
        Tier::new(number).unwrap()
    }

    fn set(numbers: &[u8]) -> TierSet {
        let mut set = TierSet::EMPTY;
        numbers.iter().for_each(|number| set.insert(tier(*number)));
        set
    }

    #[test]
    fn there_are_eight_tiers_one_above_the_other() {
        assert_eq!(Tier::new(8), None);
        assert_eq!(tier(7).above(), None);
        assert_eq!(tier(1).above(), Some(tier(2)));
        assert_eq!((tier(5).number(), tier(5).index()), (5, 5));
        assert_eq!(Tier::from_low_bits(0b1111_1101), tier(5));
        assert_eq!(alloc::format!("{}", tier(3)), "tier 3");
    }

    #[test]
    fn a_set_holds_what_was_put_into_it() {
        assert_eq!(TierSet::down_from(tier(2)), set(&[0, 1, 2]));
        assert_eq!(TierSet::down_from(tier(7)), TierSet::ALL);
        assert_eq!(TierSet::only(tier(6)), set(&[6, 6]));
        assert!(set(&[3]).contains(tier(3)) && !set(&[3]).contains(tier(2)));
        assert!(TierSet::EMPTY.is_empty() && !set(&[0]).is_empty());
        assert_eq!((set(&[]).len(), set(&[1, 4, 7]).len()), (0, 3));
        assert_eq!(TierSet::EMPTY.highest(), None);
        assert_eq!(set(&[0, 5]).highest(), Some(tier(5)));
        assert_eq!(set(&[0, 1]).union(set(&[1, 2])), set(&[0, 1, 2]));
        assert_eq!(set(&[0, 1]).without(set(&[1, 2])), set(&[0]));
        assert!(set(&[0, 2, 7]).iter().eq([tier(7), tier(2), tier(0)]));
        assert_eq!(alloc::format!("{:?}", set(&[0, 2])), "{2, 0}");
    }

    #[test]
    fn a_stamp_shows_numbers_and_times_and_no_tag() {
        let stamp = Stamp {
            tag: [0xab; 32],
            seq: 3,
            not_before: 50,
            not_after: 60,
            ..Stamp::default()
        };
        let shown = "Stamp { seq: 3, not_before: 50, not_after: 60, .. }";
        assert_eq!(alloc::format!("{stamp:?}"), shown);
    }

    #[test]
    fn a_class_is_called_what_it_is_called_in_the_attribute() {
        assert_eq!(
            Class::SENT.map(Class::as_str),
            ["immutable", "private", "mutable"]
        );
        assert_eq!(Class::Derived.as_str(), "derived");
    }
}
