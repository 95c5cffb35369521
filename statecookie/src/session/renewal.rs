//! When cookies begin, end and fall due: pure functions of times.

use core::time::Duration;

use crate::schema::TierPolicy;
use crate::tier::{Stamp, Tier, TierSet};
use crate::time::Timestamp;

/// What bounds every cookie of a chain from above, in seconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends {
    /// The absolute end of the session.
    pub(crate) session: u64,
    /// When the chain's key is accepted no longer.
    pub(crate) key: u64,
}

/// A cookie's not-before and not-after, in seconds since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Life {
    pub(crate) not_before: u64,
    pub(crate) not_after: u64,
}

/// The life of a cookie issued now: never before its parent's or its own previous one, never beyond its parent's.
#[inline]
pub(crate) fn life(
    now: u64,
    valid_for: u64,
    previous: u64,
    parent: Option<Life>,
    ends: Ends,
) -> Life {
    let floor = parent.map_or(0, |parent| parent.not_before);
    let ceiling = parent.map_or(ends.session.min(ends.key), |parent| parent.not_after);
    let not_before = now.max(previous).max(floor);
    let not_after = now.saturating_add(valid_for).min(ceiling).max(not_before);
    Life {
        not_before,
        not_after,
    }
}

/// How many whole seconds a tier's cookies live; a fraction counts as a second.
#[inline]
pub(crate) fn valid_secs(policy: &TierPolicy) -> u64 {
    whole_secs(policy.valid_for)
}

/// A fraction counts as a second, and nothing as one.
pub(crate) const fn whole_secs(valid_for: Duration) -> u64 {
    let secs = valid_for.as_secs();
    if valid_for.subsec_nanos() > 0 {
        secs.saturating_add(1)
    } else {
        if secs == 0 { 1 } else { secs }
    }
}

/// The tiers whose cookies are to be renewed now.
///
/// Where a parent would cut a renewal short and can itself be extended, it is due as well.
#[inline]
pub(crate) fn due(now: Timestamp, tiers: &[TierPolicy], stamps: &[Stamp], ends: Ends) -> TierSet {
    let mut due = TierSet::EMPTY;
    for (number, (policy, stamp)) in tiers.iter().zip(stamps).enumerate() {
        let Some(tier) = Tier::new(number as u8) else {
            break;
        };
        let cut_child = number
            .checked_sub(1)
            .and_then(|below| Some((Tier::new(below as u8)?, &tiers[below])));
        let cuts = cut_child.is_some_and(|(below, child)| {
            due.contains(below) && now.as_secs().saturating_add(valid_secs(child)) > stamp.not_after
        });
        let ceiling = if number + 1 == tiers.len() {
            ends.session.min(ends.key)
        } else {
            ends.session
        };
        let longest = now
            .as_secs()
            .saturating_add(valid_secs(policy))
            .min(ceiling);
        if longest > stamp.not_after && (cuts || now >= due_at(policy, stamp)) {
            due.insert(tier);
        }
    }
    due
}

/// When the next cookie falls due; `None` if none can be renewed any more.
pub(crate) fn next_due(tiers: &[TierPolicy], stamps: &[Stamp], ends: Ends) -> Option<Timestamp> {
    let renewable = tiers
        .iter()
        .zip(stamps)
        .filter(|(_, stamp)| stamp.not_after < ends.session);
    // Not before a renewal would gain a second: a flush would have nothing to do, and its caller spin.
    let gains = |policy: &TierPolicy, stamp: &Stamp| {
        Timestamp::from_secs((stamp.not_after + 1).saturating_sub(valid_secs(policy)))
    };
    renewable
        .map(|(policy, stamp)| due_at(policy, stamp).max(gains(policy, stamp)))
        .min()
}

/// `renew_after` from the cookie's begin; in proportion earlier where its life was cut.
#[inline]
fn due_at(policy: &TierPolicy, stamp: &Stamp) -> Timestamp {
    let begin = Timestamp::from_secs(stamp.not_before);
    let whole = valid_secs(policy);
    // Clipped by a local schema or a dead parent, a life may end before it begins.
    let life = stamp.not_after.saturating_sub(stamp.not_before);
    // The ordinary case, and every flush asks for each tier: no division of 128 bits.
    if life >= whole {
        return begin.saturating_add(policy.renew_after);
    }
    let wait = policy.renew_after.as_millis() * u128::from(life) / u128::from(whole);
    let wait = u64::try_from(wait).unwrap_or(u64::MAX);
    Timestamp::from_millis(begin.as_millis().saturating_add(wait))
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::time::Duration;

    const ENDS: Ends = Ends {
        session: 100_000,
        key: u64::MAX,
    };

    fn policy(valid_for: u64, renew_after: u64) -> TierPolicy {
        TierPolicy {
            valid_for: Duration::from_secs(valid_for),
            renew_after: Duration::from_secs(renew_after),
            or_default: false,
            guarded: None,
            at_most_every: None,
        }
    }

    fn stamp(not_before: u64, not_after: u64) -> Stamp {
        Stamp {
            not_before,
            not_after,
            ..Stamp::default()
        }
    }

    fn at(secs: u64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    #[test]
    fn a_child_never_begins_before_its_parent_nor_outlives_it() {
        let parent = Life {
            not_before: 50,
            not_after: 70,
        };
        assert_eq!(life(40, 100, 0, Some(parent), ENDS), parent);
        let late = life(60, 5, 0, Some(parent), ENDS);
        assert_eq!(
            late,
            Life {
                not_before: 60,
                not_after: 65
            }
        );
    }

    #[test]
    fn a_clock_that_goes_back_takes_no_cookie_back_with_it() {
        let issued = life(30, 10, 90, None, ENDS);
        assert_eq!(
            issued,
            Life {
                not_before: 90,
                not_after: 90
            }
        );
    }

    #[test]
    fn session_and_key_end_the_root() {
        assert_eq!(
            life(
                10,
                1000,
                0,
                None,
                Ends {
                    session: 200,
                    key: 300
                }
            )
            .not_after,
            200
        );
        assert_eq!(
            life(
                10,
                1000,
                0,
                None,
                Ends {
                    session: 300,
                    key: 200
                }
            )
            .not_after,
            200
        );
    }

    #[test]
    fn a_tier_is_due_at_its_time_and_not_before() {
        let (tiers, stamps) = (
            [policy(30, 15), policy(600, 300)],
            [stamp(100, 130), stamp(100, 700)],
        );
        assert_eq!(due(at(114), &tiers, &stamps, ENDS), TierSet::EMPTY);
        assert_eq!(
            due(at(115), &tiers, &stamps, ENDS),
            TierSet::only(Tier::LOWEST)
        );
        assert_eq!(next_due(&tiers, &stamps, ENDS), Some(at(115)));
    }

    #[test]
    fn a_parent_that_would_cut_a_renewal_is_renewed_instead() {
        let (tiers, stamps) = (
            [policy(30, 15), policy(600, 590)],
            [stamp(660, 690), stamp(100, 700)],
        );
        assert_eq!(due(at(675), &tiers, &stamps, ENDS).len(), 2);
    }

    #[test]
    fn a_cookie_that_reaches_the_end_is_not_renewed() {
        let (tiers, stamps) = ([policy(30, 15)], [stamp(80, 110)]);
        let ends = Ends {
            session: 110,
            key: u64::MAX,
        };
        assert_eq!(due(at(109), &tiers, &stamps, ends), TierSet::EMPTY);
        assert_eq!(next_due(&tiers, &stamps, ends), None);
    }

    #[test]
    fn a_cut_life_is_renewed_in_proportion() {
        let (tiers, stamps) = ([policy(30, 15)], [stamp(100, 110)]);
        assert_eq!(next_due(&tiers, &stamps, ENDS), Some(at(105)));
    }
}
