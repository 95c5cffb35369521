//! What the counters hold afterwards, against what was done.

use std::collections::BTreeSet;
use std::thread;

use statecookie::counters::{Counters, KeyLabel};
use statecookie::testing::TestClock;
use statecookie::{KeyId, Keys, Limits, Pool, Reason, Tier};

use super::pools::{
    START, Turns, Visit, after, builder, cookies, counted, secs, visit, with_bad_tag, with_step,
};

#[test]
fn verdicts_are_counted_by_reason_tier_and_key() {
    let (pool, clock, counters) = counted();
    let first = cookies(&pool);
    clock.set(after(3 * 3600));
    let second = cookies(&pool);
    for _ in 0..3 {
        pool.resume(&second).unwrap();
    }
    let broken = with_bad_tag(&second);
    for bytes in [&broken, &broken, &with_step(&second, 99), &second[1..]] {
        assert!(pool.resume(bytes).is_err());
    }
    clock.advance(secs(100));
    pool.resume(&second).unwrap(); // tier 0 is over
    assert!(pool.resume(&first).is_err()); // all of it is over
    let counts = counters.read();
    assert_eq!(counts.accepted(), 4);
    let of = |key| {
        let key = counts.keys.iter().find(|counts| counts.key == key).unwrap();
        let refused = key.refused.iter();
        let refused = refused.map(|of| (of.reason.as_str(), of.tier.map(Tier::number), of.count));
        (key.accepted, refused.collect::<Vec<_>>())
    };
    assert_eq!(
        of(KeyLabel::Id(KeyId(1))),
        (0, vec![("expired", Some(2), 1)])
    );
    let second = vec![("bad-tag", Some(0), 2), ("invalid", None, 1)];
    assert_eq!(of(KeyLabel::Id(KeyId(2))), (4, second));
    assert_eq!(
        of(KeyLabel::Unproven),
        (0, vec![("unknown-version", None, 1)])
    );
    assert_eq!(of(KeyLabel::Other), (0, vec![]));
    assert_eq!(counts.defaulted, [1, 0, 0, 0, 0, 0, 0, 0]);
    let last = |id| counts.key(KeyId(id)).unwrap().last_presented;
    assert_eq!((last(1), last(2)), (None, Some(after(3 * 3600 + 100))));
}

#[test]
fn ages_and_skews_fall_into_their_buckets() {
    let (pool, _, counters) = counted();
    let bundle = cookies(&pool);
    let at = |now| drop(pool.resume_at(&bundle, now));
    at(START); // age 0, skew 0
    at(after(1)); // the bound belongs to its bucket
    at(after(1).saturating_add(std::time::Duration::from_millis(1)));
    at(START.saturating_sub(secs(5)));
    at(START.saturating_sub(secs(90))); // refused as not yet valid
    at(after(700)); // refused as expired
    let counts = counters.read();
    assert_eq!(counts.accepted_age.bounds_ms[..2], [1_000, 5_000]);
    assert_eq!(counts.accepted_age.counts[..3], [3, 1, 0]);
    assert_eq!(counts.accepted_age.sum_ms, 2_001);
    let five = counts
        .accepted_skew
        .bounds_ms
        .iter()
        .position(|bound| *bound == 5_000);
    assert_eq!(counts.accepted_skew.counts[0], 3);
    assert_eq!(counts.accepted_skew.counts[five.unwrap()], 1);
    assert_eq!(counts.accepted_skew.sum_ms, 5_000);
    assert_eq!(
        counts.refused_skew.counts.last(),
        Some(&1),
        "beyond the last bound"
    );
    assert_eq!(
        (counts.refused_age.count(), counts.refused_age.sum_ms),
        (2, 700_000)
    );
    for histogram in [
        &counts.accepted_age,
        &counts.accepted_skew,
        &counts.refused_age,
    ] {
        assert_eq!(histogram.counts.len(), histogram.bounds_ms.len() + 1);
        assert!(histogram.bounds_ms.is_sorted());
    }
}

#[test]
fn updates_are_counted_by_their_highest_tier() {
    let (pool, _, counters) = counted();
    let mut session = pool.open(visit()).unwrap();
    let mut bytes = [0; 3];
    for (at, step) in [(2, 0), (0, 1), (0, 2), (1, 0)] {
        match at {
            0 => session.edit().set_step(step + 10).unwrap(),
            1 => session.edit().set_quality(4).unwrap(),
            _ => {}
        }
        bytes[at] += session.flush().unwrap().unwrap().len() as u64;
    }
    let counted = counters.read().updates;
    let counted = counted
        .iter()
        .map(|of| (of.tier.number(), of.full, of.updates, of.bytes));
    let expected = [
        (0, false, 2, bytes[0]),
        (1, false, 1, bytes[1]),
        (2, true, 1, bytes[2]),
    ];
    assert!(counted.eq(expected));
}

#[test]
fn what_came_of_asking_for_keys_is_counted_by_its_outcome() {
    let counters = Counters::new("visits");
    let pool = Pool::<Visit>::builder("visits", Keys::source(Turns::default()))
        .clock(TestClock::at(START))
        .observer(counters.clone())
        .build()
        .unwrap();
    let outcomes = || {
        let of = counters.read().refreshes;
        (of.replaced, of.unchanged, of.kept)
    };
    assert_eq!(outcomes(), (1, 0, 0), "the first ring took over from none");
    for expected in [(2, 0, 0), (2, 1, 0), (2, 1, 1), (2, 2, 1)] {
        pool.refresh_keys();
        assert_eq!(outcomes(), expected);
    }
}

/// A clock that is ahead shows at the others; one that is behind shows the others as ahead, and looks like age to them.
#[test]
fn skew_shows_who_is_ahead_and_to_whom() {
    let server = |clock: TestClock| {
        let counters = Counters::new("visits");
        let pool = builder(&clock).observer(counters.clone()).build().unwrap();
        (pool, counters)
    };
    let (right, seen_by_right) = server(TestClock::at(after(100)));
    let (ahead, seen_by_ahead) = server(TestClock::at(after(107)));
    right.resume(&cookies(&ahead)).unwrap();
    ahead.resume(&cookies(&right)).unwrap();
    let sums = |counters: &Counters| {
        let counts = counters.read();
        (counts.accepted_skew.sum_ms, counts.accepted_age.sum_ms)
    };
    assert_eq!(sums(&seen_by_right), (7_000, 0));
    assert_eq!(sums(&seen_by_ahead), (0, 7_000));
}

/// Whatever reasons there are, each is a place of its own: a new one is counted without a change of the counters.
#[test]
fn every_reason_is_counted_under_its_own_name() {
    let mut met = BTreeSet::new();
    let mut meet = |reason: Reason, counters: &Counters| {
        let counts = counters.read();
        for other in Reason::ALL {
            let expected = u64::from(other == reason);
            assert_eq!(counts.refused(other), expected, "{other} after {reason}");
        }
        met.insert(reason);
    };
    let mut refuse = |prepare: &dyn Fn(&mut Vec<u8>), at, limit: usize, revoked: bool| {
        let (clock, counters) = (TestClock::at(START), Counters::new("visits"));
        let bundle = &mut cookies(&builder(&clock).build().unwrap());
        let limits = Limits::default().bytes(limit);
        let pool = builder(&clock).limits(limits).observer(counters.clone());
        let pool = pool.build().unwrap();
        if revoked {
            pool.refuse_born_before(after(1));
        }
        prepare(bundle);
        meet(pool.resume_at(bundle, at).unwrap_err().reason, &counters);
    };
    let plain = |_: &mut Vec<u8>| ();
    refuse(&plain, START, 60, false);
    refuse(&|bytes| bytes[0] ^= 0x60, START, 65_000, false);
    refuse(&|bytes| bytes.truncate(30), START, 65_000, false);
    refuse(&|bytes| bytes[5] ^= 1, START, 65_000, false);
    refuse(&|bytes| *bytes = with_bad_tag(bytes), START, 65_000, false);
    refuse(
        &|bytes| *bytes = with_step(bytes, 101),
        START,
        65_000,
        false,
    );
    refuse(&|bytes| *bytes = with_step(bytes, 99), START, 65_000, false);
    refuse(&plain, after(40_000), 65_000, false);
    refuse(&plain, after(14_400), 65_000, false);
    refuse(&plain, after(700), 65_000, false);
    refuse(&plain, START.saturating_sub(secs(100)), 65_000, false);
    refuse(&plain, START, 65_000, true);
    let names: Vec<_> = met.iter().map(|reason| reason.as_str()).collect();
    assert!(met.len() >= 11, "{names:?}");
}

#[test]
fn eight_threads_lose_no_event() {
    const EACH: u64 = 500;
    let (pool, clock, counters) = counted();
    let mut bundles = vec![cookies(&pool)];
    clock.set(after(3 * 3600));
    bundles.push(cookies(&pool));
    let (first, second) = (after(5), after(3 * 3600 + 5));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..EACH {
                    pool.resume_at(&bundles[0], first).unwrap();
                    pool.resume_at(&bundles[1], second).unwrap();
                    assert!(pool.resume_at(&with_bad_tag(&bundles[1]), second).is_err());
                    assert!(pool.resume_at(b"", second).is_err());
                }
            });
        }
    });
    let counts = counters.read();
    let all = 8 * EACH;
    let of = |id| {
        counts
            .key(KeyId(id))
            .map(|key| (key.accepted, key.refused()))
    };
    assert_eq!((of(1), of(2)), (Some((all, 0)), Some((all, all))));
    assert_eq!(counts.refused(Reason::Malformed), all);
    assert_eq!(counts.accepted_age.count(), 2 * all);
    assert_eq!(counts.keys.len(), 4, "two keys, the others, the unproven");
}
