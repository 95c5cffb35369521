//! Approximation in time: which changes may go now, and when the others may. Pure functions of times.

use core::time::Duration;

use crate::schema::TierPolicy;
use crate::tier::{Millis, Stamp, Tier, TierSet};
use crate::time::Timestamp;

/// The tiers of `dirty` that nothing holds back.
pub(crate) fn ready(
    dirty: TierSet,
    tiers: &[TierPolicy],
    stamps: &[Stamp],
    now: Timestamp,
) -> TierSet {
    let held = waiting(dirty, tiers, stamps, now);
    held.fold(dirty, |ready, (tier, _)| ready.without(TierSet::only(tier)))
}

/// When the first tier of `dirty` may go; at once is the epoch.
pub(crate) fn first(
    dirty: TierSet,
    tiers: &[TierPolicy],
    stamps: &[Stamp],
    now: Timestamp,
) -> Timestamp {
    let held = || waiting(dirty, tiers, stamps, now);
    if held().count() < dirty.len() {
        return Timestamp::from_millis(0);
    }
    let ends = held().map(|(_, until)| until);
    ends.min().unwrap_or(Timestamp::from_millis(0))
}

/// Notes that this tier alone causes an update now.
pub(crate) fn note(stamp: &mut Stamp, now: Timestamp) {
    stamp.paced = Millis::of(now.as_millis());
}

/// The tiers of `dirty` that are held back, and until when.
fn waiting<'a>(
    dirty: TierSet,
    tiers: &'a [TierPolicy],
    stamps: &'a [Stamp],
    now: Timestamp,
) -> impl Iterator<Item = (Tier, Timestamp)> + 'a {
    let numbered = (0_u8..).map_while(Tier::new).zip(tiers.iter().zip(stamps));
    let changed = numbered.filter(move |(tier, _)| dirty.contains(*tier));
    changed.filter_map(move |(tier, (policy, stamp))| {
        Some((tier, held_until(policy.at_most_every?, stamp, now)?))
    })
}

/// A clock that went back behind the last update tells nothing of how long ago that was: then nothing is held back, rather
/// than for as long as the clock jumped.
fn held_until(every: Duration, stamp: &Stamp, now: Timestamp) -> Option<Timestamp> {
    let last = Timestamp::from_millis(stamp.paced.get());
    let until = last.saturating_add(every);
    (last.as_millis() > 0 && last <= now && now < until).then_some(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_millis(100);

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn set(bits: u8) -> TierSet {
        TierSet::of_bits(bits)
    }

    fn policy(at_most_every: Option<Duration>) -> TierPolicy {
        TierPolicy {
            valid_for: Duration::from_secs(10),
            renew_after: Duration::from_secs(5),
            or_default: false,
            guarded: None,
            at_most_every,
        }
    }

    fn stamp(paced: u64) -> Stamp {
        let mut stamp = Stamp::default();
        note(&mut stamp, at(paced));
        stamp
    }

    #[test]
    fn the_first_change_goes_at_once_and_the_next_when_its_time_has_come() {
        let tiers = [policy(Some(EVERY)), policy(None)];
        let never = [Stamp::default(); 2];
        assert_eq!(ready(set(1), &tiers, &never, at(5)), set(1));
        let stamps = [stamp(1_000), Stamp::default()];
        for (now, goes) in [(1_000, false), (1_099, false), (1_100, true), (9_000, true)] {
            assert_eq!(
                ready(set(1), &tiers, &stamps, at(now)),
                set(u8::from(goes)),
                "{now}"
            );
            let due = if goes { at(0) } else { at(1_100) };
            assert_eq!(first(set(1), &tiers, &stamps, at(now)), due);
        }
    }

    #[test]
    fn a_tier_without_pace_is_never_held_back() {
        let tiers = [policy(Some(EVERY)), policy(None)];
        let stamps = [stamp(1_000), stamp(1_000)];
        assert_eq!(ready(set(0b11), &tiers, &stamps, at(1_001)), set(0b10));
        assert_eq!(first(set(0b11), &tiers, &stamps, at(1_001)), at(0));
    }

    #[test]
    fn of_several_the_one_that_may_go_first_counts() {
        let tiers = [policy(Some(EVERY)), policy(Some(3 * EVERY))];
        let stamps = [stamp(1_050), stamp(900)];
        assert_eq!(first(set(0b11), &tiers, &stamps, at(1_060)), at(1_150));
        assert_eq!(first(set(0b10), &tiers, &stamps, at(1_060)), at(1_200));
        assert_eq!(ready(set(0b11), &tiers, &stamps, at(1_160)), set(0b01));
    }

    #[test]
    fn a_clock_that_went_back_holds_nothing_back() {
        let tiers = [policy(Some(EVERY))];
        let stamps = [stamp(1_000)];
        assert_eq!(ready(set(1), &tiers, &stamps, at(999)), set(1));
        assert_eq!(first(set(1), &tiers, &stamps, at(999)), at(0));
    }

    #[test]
    fn the_end_of_time_holds_nothing_back_for_ever() {
        let tiers = [policy(Some(EVERY))];
        assert_eq!(Millis::of(u64::MAX).get(), (1 << 48) - 1);
        assert_eq!(Millis::of((1 << 48) - 2).get(), (1 << 48) - 2);
        let stamps = [stamp(u64::MAX)];
        assert_eq!(ready(set(1), &tiers, &stamps, at(u64::MAX)), set(1));
    }
}
