//! Which cookies are re-issued, and with which sequence numbers: pure functions without key, clock or bytes.

use crate::tier::{MAX_TIERS, Tier, TierSet};

/// The sequence numbers of a chain; the index is the tier's number.
pub(crate) type Counters = [u64; MAX_TIERS];

/// What a flush has to do about the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The highest tier that is re-issued; all below it are too.
    pub(crate) highest: Tier,
    /// The sequence numbers of the new chain.
    pub(crate) counters: Counters,
    /// Whether the root's counter was used up, so that a new session id is needed.
    pub(crate) new_session: bool,
}

/// The cascade of a change in `highest`: its counter grows by one, those below restart at 0.
///
/// A counter at its maximum carries the change one tier up; beyond the root, a new session begins.
#[inline]
pub(crate) fn cascade(counters: &Counters, highest: Tier, root: Tier) -> Step {
    let carrier = (highest.number()..=root.number())
        .filter_map(Tier::new)
        .find(|tier| counters[tier.index()] < u64::MAX);
    let highest = carrier.unwrap_or(root);
    let mut next = *counters;
    next[..highest.index()].fill(0);
    next[highest.index()] = counters[highest.index()].checked_add(1).unwrap_or(0);
    Step {
        highest,
        counters: next,
        new_session: carrier.is_none(),
    }
}

/// The first chain of a session: all tiers, all counters 0.
pub(crate) fn first(root: Tier) -> Step {
    Step {
        highest: root,
        counters: [0; MAX_TIERS],
        new_session: false,
    }
}

/// The highest tier that must be re-issued, if any: a full update takes the root.
#[inline]
pub(crate) fn highest(touched: TierSet, due: TierSet, full: bool, root: Tier) -> Option<Tier> {
    if full {
        Some(root)
    } else {
        touched.union(due).highest()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(number: u8) -> Tier {
        Tier::new(number).unwrap()
    }

    #[test]
    fn a_change_restarts_every_counter_below_it_and_touches_none_above() {
        let before = [5, 6, 7, 8, 0, 0, 0, 0];
        for k in 0..4 {
            let step = cascade(&before, tier(k), tier(3));
            assert_eq!(step.highest, tier(k));
            for i in 0..4 {
                let expected = match i {
                    i if i < k => 0,
                    i if i == k => before[i as usize] + 1,
                    _ => before[i as usize],
                };
                assert_eq!(step.counters[i as usize], expected);
            }
        }
    }

    #[test]
    fn a_full_counter_carries_the_change_one_tier_up() {
        let step = cascade(&[u64::MAX, u64::MAX, 3, 0, 0, 0, 0, 0], tier(0), tier(2));
        assert_eq!(
            (step.highest, &step.counters[..3]),
            (tier(2), &[0, 0, 4][..])
        );
        assert!(!step.new_session);
    }

    #[test]
    fn a_full_root_begins_a_new_session() {
        let step = cascade(&[u64::MAX, u64::MAX, 0, 0, 0, 0, 0, 0], tier(0), tier(1));
        assert_eq!((step.highest, &step.counters[..2]), (tier(1), &[0, 0][..]));
        assert!(step.new_session);
    }

    #[test]
    fn nothing_touched_and_nothing_due_re_issues_nothing() {
        assert_eq!(
            highest(TierSet::EMPTY, TierSet::EMPTY, false, tier(2)),
            None
        );
        assert_eq!(
            highest(
                TierSet::only(tier(1)),
                TierSet::only(tier(0)),
                false,
                tier(2)
            ),
            Some(tier(1))
        );
        assert_eq!(
            highest(TierSet::EMPTY, TierSet::EMPTY, true, tier(2)),
            Some(tier(2))
        );
    }
}
