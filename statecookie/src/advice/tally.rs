//! How often which fields changed together, and how long their values were then: in bounded memory.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::FieldSet;

/// How many different sets are told apart; a further one counts as the smallest known one that holds it, or as all fields.
const MAX_SETS: usize = 1024;
/// How many different lengths of the private values together are told apart.
const MAX_VARIANTS: usize = 64;

/// What was counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    sets: BTreeMap<FieldSet, Counted>,
    /// The lengths of all private values at a time, and how often they stood so.
    variants: Vec<(Box<[u32]>, u64)>,
}

/// The changes of exactly one set of fields.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) changes: u64,
    /// For each field the sum of its encoded lengths after each of these changes, in bytes.
    pub(super) bytes: Vec<u64>,
}

impl Tally {
    /// Counts a change after which the fields are `lens` bytes long; gives the set under which it was counted.
    pub(super) fn add(&mut self, changed: FieldSet, lens: &[u32]) -> FieldSet {
        let set = self.known(changed, lens.len());
        let counted = self.sets.entry(set).or_insert_with(|| Counted {
            changes: 0,
            bytes: vec![0; lens.len()],
        });
        counted.changes += 1;
        for (sum, len) in counted.bytes.iter_mut().zip(lens) {
            *sum += u64::from(*len);
        }
        set
    }

    /// Counts the lengths of all private values after a change.
    pub(super) fn add_private(&mut self, lens: impl Iterator<Item = u32>) {
        let lens: Box<[u32]> = lens.collect();
        let full = self.variants.len() >= MAX_VARIANTS;
        let distance = |other: &[u32]| -> u64 {
            let pairs = lens.iter().zip(other);
            pairs.map(|(one, two)| u64::from(one.abs_diff(*two))).sum()
        };
        let nearest = self
            .variants
            .iter_mut()
            .min_by_key(|(known, _)| distance(known));
        match nearest {
            Some((known, count)) if full || distance(known) == 0 => *count += 1,
            _ => self.variants.push((lens, 1)),
        }
    }

    /// Every set that was counted.
    pub(super) fn sets(&self) -> impl Iterator<Item = (FieldSet, &Counted)> {
        self.sets.iter().map(|(set, counted)| (*set, counted))
    }

    /// The lengths of the private values, in the order of declaration, and how often each list of them stood.
    pub(super) fn variants(&self) -> &[(Box<[u32]>, u64)] {
        &self.variants
    }

    /// All changes.
    pub(super) fn changes(&self) -> u64 {
        self.sets.values().map(|counted| counted.changes).sum()
    }

    /// The changes of all of `fields` at once, whatever else changed with them.
    pub(super) fn together(&self, fields: FieldSet) -> u64 {
        let with = self.sets.iter().filter(|(set, _)| fields.lies_in(**set));
        with.map(|(_, counted)| counted.changes).sum()
    }

    fn known(&self, set: FieldSet, fields: usize) -> FieldSet {
        if self.sets.len() < MAX_SETS || self.sets.contains_key(&set) {
            return set;
        }
        let wider = self.sets.keys().filter(|known| set.lies_in(**known));
        let smallest = wider.min_by_key(|known| known.len());
        smallest.copied().unwrap_or(FieldSet::first(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_set_and_sums_lengths() {
        let mut tally = Tally::default();
        let (one, both) = (FieldSet::of([0]), FieldSet::of([0, 1]));
        tally.add(one, &[2, 5]);
        tally.add(one, &[3, 5]);
        tally.add(both, &[4, 6]);
        let sets: Vec<_> = tally.sets().collect();
        assert_eq!((sets[0].0, sets[0].1.changes), (one, 2));
        assert_eq!(sets[0].1.bytes, [5, 10]);
        assert_eq!((tally.changes(), tally.together(one)), (3, 3));
        assert_eq!(tally.together(FieldSet::of([1])), 1);
    }

    #[test]
    fn beyond_its_limit_a_set_counts_as_a_wider_one() {
        let mut tally = Tally::default();
        let lens = [1; 20];
        let sets = (1..3000).map(FieldSet::at);
        let counted: Vec<_> = sets.map(|set| (set, tally.add(set, &lens))).collect();
        assert!(tally.sets().count() <= MAX_SETS + 1);
        assert!(counted.iter().all(|(set, under)| set.lies_in(*under)));
        assert_eq!(tally.changes(), 2999);
    }

    #[test]
    fn lengths_of_private_values_are_kept_together() {
        let mut tally = Tally::default();
        for len in [1, 2, 1, 1] {
            tally.add_private([len, 7].into_iter());
        }
        let found: Vec<_> = tally.variants().iter().map(|(_, count)| *count).collect();
        assert_eq!(found, [3, 1]);
        (0..1000).for_each(|len| tally.add_private([len, 7].into_iter()));
        assert_eq!(tally.variants().len(), MAX_VARIANTS);
        let all: u64 = tally.variants().iter().map(|(_, count)| count).sum();
        assert_eq!(all, 1004);
    }
}
