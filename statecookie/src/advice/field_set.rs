//! A set of fields: one bit for each, in the order of declaration.

use core::fmt;

/// How many fields a recorder takes.
pub const MAX_FIELDS: usize = 64;

/// A set of a struct's fields, by their place in the order of declaration.
///
/// ```
/// use statecookie::advice::FieldSet;
///
/// let set = FieldSet::of([0, 3]);
/// assert!(set.contains(3) && !set.contains(1));
/// assert!(set.iter().eq([0, 3]));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldSet(u64);

impl FieldSet {
    /// No field.
    pub const EMPTY: Self = Self(0);

    /// The fields at these places; a place from [`MAX_FIELDS`] on is left out.
    pub fn of(places: impl IntoIterator<Item = usize>) -> Self {
        let mut set = Self::EMPTY;
        places.into_iter().for_each(|place| set.insert(place));
        set
    }

    /// The first `count` fields.
    pub const fn first(count: usize) -> Self {
        match count {
            0 => Self(0),
            1..MAX_FIELDS => Self(u64::MAX >> (MAX_FIELDS - count)),
            _ => Self(u64::MAX),
        }
    }

    /// Puts the field at `place` into the set; one from [`MAX_FIELDS`] on is left out.
    pub const fn insert(&mut self, place: usize) {
        if place < MAX_FIELDS {
            self.0 |= 1 << place;
        }
    }

    /// Whether the field at `place` is in the set.
    pub const fn contains(self, place: usize) -> bool {
        place < MAX_FIELDS && self.0 & (1 << place) != 0
    }

    /// Whether no field is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many fields are in the set.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this one and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of this set is in the other.
    pub const fn lies_in(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The places of the set, lowest first.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = usize> {
        (0..MAX_FIELDS).filter(move |place| self.contains(*place))
    }

    /// The places as an index into a table of all sets of few fields.
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }

    /// The set of that index.
    pub(super) const fn at(index: usize) -> Self {
        Self(index as u64)
    }
}

impl fmt::Debug for FieldSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_what_was_put_into_it_and_nothing_beyond_its_end() {
        let set = FieldSet::of([1, 63, 64, 1000]);
        assert!(set.iter().eq([1, 63]));
        assert_eq!((set.len(), set.contains(64)), (2, false));
        assert_eq!(FieldSet::first(64).len(), 64);
        assert_eq!(FieldSet::first(65).len(), 64);
        assert!(FieldSet::first(3).iter().eq([0, 1, 2]));
        assert!(FieldSet::first(0).is_empty());
    }

    #[test]
    fn knows_the_relations_of_sets() {
        let (one, other) = (FieldSet::of([0, 2]), FieldSet::of([2, 5]));
        assert_eq!(one.union(other), FieldSet::of([0, 2, 5]));
        assert_eq!(one.without(other), FieldSet::of([0]));
        assert_eq!(one.intersection(other), FieldSet::of([2]));
        assert!(FieldSet::of([2]).lies_in(one) && !one.lies_in(other));
        assert_eq!(FieldSet::at(one.index()), one);
        assert_eq!(alloc::format!("{one:?}"), "{0, 2}");
    }
}
