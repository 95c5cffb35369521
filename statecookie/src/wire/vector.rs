//! The sequence vector: the counters from the root down to one tier, in lexicographic order.

use core::cmp::Ordering;
use core::fmt;

use crate::tier::MAX_TIERS;

/// The counters from the root down to a cookie's tier, inline.
///
/// The order is lexicographic from the root; a prefix is smaller than what extends it.
#[derive(Clone, Copy, Default)]
pub(crate) struct SeqVector {
    counters: [u64; MAX_TIERS],
    len: u8,
}

impl SeqVector {
    /// Appends the counter of the next tier down; a ninth changes nothing.
    pub(crate) const fn push(&mut self, counter: u64) {
        if (self.len as usize) < MAX_TIERS {
            self.counters[self.len as usize] = counter;
            self.len += 1;
        }
    }

    /// The counters, the root's first.
    pub(crate) fn as_slice(&self) -> &[u64] {
        self.counters.get(..usize::from(self.len)).unwrap_or(&[])
    }

    /// Whether this is `parent` and one counter more.
    pub(crate) fn extends(&self, parent: &Self) -> bool {
        self.len == parent.len + 1 && self.as_slice().starts_with(parent.as_slice())
    }

    /// How this compares with the prefix of the same length of `longer`.
    pub(crate) fn cmp_prefix(&self, longer: &Self) -> Ordering {
        let len = self.len.min(longer.len);
        let prefix = longer.counters.get(..usize::from(len)).unwrap_or(&[]);
        self.as_slice().cmp(prefix)
    }
}

impl<const N: usize> From<[u64; N]> for SeqVector {
    fn from(counters: [u64; N]) -> Self {
        const { assert!(N <= MAX_TIERS) };
        let mut vector = Self::default();
        counters
            .into_iter()
            .for_each(|counter| vector.push(counter));
        vector
    }
}

impl PartialEq for SeqVector {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for SeqVector {}

impl PartialOrd for SeqVector {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SeqVector {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_slice().cmp(other.as_slice())
    }
}

impl fmt::Debug for SeqVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_same_where_all_counters_are() {
        assert_eq!(SeqVector::from([1, 2]), SeqVector::from([1, 2]));
        assert_ne!(SeqVector::from([1, 2]), SeqVector::from([1, 3]));
        assert_ne!(SeqVector::from([1, 0]), SeqVector::from([1]));
    }

    #[test]
    fn orders_from_the_root_down() {
        assert!(SeqVector::from([1, 0, 0]) > SeqVector::from([0, 9, 9]));
        assert!(SeqVector::from([1, 2]) < SeqVector::from([1, 2, 0]));
        assert_eq!(
            SeqVector::from([1, 2]).cmp_prefix(&[1, 2, 7].into()),
            Ordering::Equal
        );
        assert_eq!(
            SeqVector::from([1, 1]).cmp_prefix(&[1, 2, 7].into()),
            Ordering::Less
        );
    }

    #[test]
    fn extends_by_exactly_one_counter() {
        let parent = SeqVector::from([3, 4]);
        assert!(SeqVector::from([3, 4, 0]).extends(&parent));
        assert!(!SeqVector::from([3, 5, 0]).extends(&parent));
        assert!(!SeqVector::from([3, 4, 0, 0]).extends(&parent));
        assert!(!parent.extends(&parent));
    }

    #[test]
    fn ignores_a_ninth_counter() {
        let mut full = SeqVector::from([1; MAX_TIERS]);
        full.push(2);
        assert_eq!(full.as_slice(), [1; MAX_TIERS]);
    }
}
