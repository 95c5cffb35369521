//! Which keys are still presented, and which may go: the rule of `Retirement`, arm by arm and at its edges.

use std::time::Duration;

use statecookie::counters::{Counters, KeyUse, Retirement};
use statecookie::testing::TestClock;
use statecookie::{Key, KeyId, KeyPolicy, KeyRing, Keys, Pool, Reason, StateCookie, Timestamp};

use super::pools::{HOUR, START, Visit, after, builder, cookies, counted, key, secs};

const QUIET: Duration = secs(3 * HOUR);

fn of(uses: &[KeyUse], id: u32) -> Retirement {
    let found = uses.iter().find(|key| key.times.id == KeyId(id));
    found.unwrap().retirement
}

fn retirement(counters: &Counters, pool: &Pool<Visit>, id: u32) -> Retirement {
    of(&counters.key_uses(pool, QUIET), id)
}

/// Key 1 signs until 4 h. Its last cookie is valid for 3 h; 15 s of leeway (half the shortest validity), 60 s of skew.
const OVER: u64 = 7 * HOUR + 15 + 60;

#[test]
fn a_key_goes_from_signing_to_safe() {
    let (pool, clock, counters) = counted();
    let bundle = cookies(&pool);
    let sign_until = after(4 * HOUR);
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::Signs { until: sign_until }
    );
    // Published ahead: it is going to sign.
    let (third, last) = (after(10 * HOUR), after(9));
    assert_eq!(
        retirement(&counters, &pool, 3),
        Retirement::Signs { until: third }
    );
    pool.resume_at(&bundle, last).unwrap();
    clock.set(Timestamp::from_millis(sign_until.as_millis() - 1));
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::Signs { until: sign_until }
    );
    clock.set(sign_until);
    let quiet = Retirement::NotPresented { since: last };
    assert_eq!(retirement(&counters, &pool, 1), quiet);
    let over = after(OVER);
    clock.set(Timestamp::from_millis(over.as_millis() - 1));
    assert_eq!(retirement(&counters, &pool, 1), quiet);
    clock.set(over);
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::Safe { since: over }
    );
    assert_eq!(
        retirement(&counters, &pool, 2),
        Retirement::NotPresented { since: START }
    );
}

/// Why the rule holds: the longest-lived cookie there can be under the key, issued in the last millisecond by a server whose clock
/// is the whole skew behind, is accepted by that server until `over_at` on this one's clock, and not a millisecond longer.
#[test]
fn the_last_cookie_is_accepted_until_then_and_no_longer() {
    #[derive(StateCookie, Clone, Debug, PartialEq)]
    #[statecookie(session_max = "24h", tier(0, valid_for = "3h"))]
    struct Plain {
        #[tier(0)]
        account: u64,
    }
    let clock = TestClock::at(after(4 * HOUR - 1));
    let ring = KeyRing::new(vec![key(1)]).unwrap();
    let builder = Pool::<Plain>::builder("plain", Keys::ring(ring));
    let behind = builder.clock(clock).build().unwrap();
    let mut session = behind.open(Plain { account: 1 }).unwrap();
    let cookie = session.flush().unwrap().unwrap();
    let over = behind.key_times()[0].over_at;
    // Wire times are whole seconds: the last one before the key's end is one less.
    let last = over.saturating_sub(secs(60 + 1));
    behind.resume_at(&cookie, last).unwrap();
    let next = last.saturating_add(Duration::from_millis(1));
    assert_eq!(
        behind.resume_at(&cookie, next).unwrap_err().reason,
        Reason::Expired
    );
}

/// A pool of key 1, which is accepted for so long after its last signature, and key 2.
fn over_at(kept: u64, leeway: u64) -> Timestamp {
    let short = Key {
        accept_until: after(4 * HOUR + kept),
        ..key(1)
    };
    let policy = KeyPolicy {
        skew: secs(10),
        ..KeyPolicy::default()
    };
    let ring = Keys::ring(KeyRing::new(vec![short, key(2)]).unwrap());
    let pool = Pool::<Visit>::builder("visits", ring).clock(TestClock::at(START));
    let pool = pool.key_policy(policy).leeway(secs(leeway));
    pool.build().unwrap().key_times()[0].over_at
}

#[test]
fn whichever_end_comes_first_counts_and_the_skew_of_other_clocks() {
    let longest = 3 * HOUR;
    assert_eq!(
        over_at(longest + 20, 29),
        after(4 * HOUR + longest + 20 + 10)
    );
    assert_eq!(over_at(longest + 20, 5), after(4 * HOUR + longest + 5 + 10));
}

#[test]
fn what_was_presented_within_the_quiet_time_is_still_presented() {
    let (pool, clock, counters) = counted();
    // A server that has not yet heard of the newer keys signs on with the first one.
    clock.set(after(4 * HOUR - 1));
    let first = Keys::ring(KeyRing::new(vec![key(1)]).unwrap());
    let first = Pool::<Visit>::builder("visits", first).clock(clock.clone());
    let bundle = cookies(&first.build().unwrap());
    let last = after(4 * HOUR + 300);
    pool.resume_at(&bundle, last).unwrap();
    let uses = |quiet, now| of(&counters.key_uses_at(&pool, secs(quiet), now), 1);
    let presented = Retirement::StillPresented { last };
    assert_eq!(uses(60, last), presented);
    assert_eq!(uses(60, after(4 * HOUR + 359)), presented);
    let since = last;
    let not_presented = Retirement::NotPresented { since };
    assert_eq!(uses(60, after(4 * HOUR + 360)), not_presented);
    assert_eq!(uses(600, after(4 * HOUR + 360)), presented);
}

/// Why every server has to be asked: what one has seen, another has not.
#[test]
fn what_one_server_has_seen_another_has_not() {
    let (one, clock, seen_by_one) = counted();
    let seen_by_other = Counters::new("visits");
    let other = builder(&clock).observer(seen_by_other.clone());
    let other = other.build().unwrap();
    let bundle = cookies(&one);
    clock.set(after(4 * HOUR));
    let (last, quiet) = (after(605), secs(4 * HOUR - 600));
    let uses = |counters: &Counters| of(&counters.key_uses(&other, quiet), 1);
    one.resume_at(&bundle, last).unwrap();
    assert_eq!(uses(&seen_by_one), Retirement::StillPresented { last });
    let since = START;
    assert_eq!(uses(&seen_by_other), Retirement::NotPresented { since });
}

#[test]
fn a_process_that_has_just_begun_knows_nothing() {
    let clock = TestClock::at(after(5 * HOUR));
    let counters = Counters::new("visits");
    let watch = |since| Retirement::NotWatched { since };
    let unwatched = builder(&clock).build().unwrap();
    assert_eq!(retirement(&counters, &unwatched, 1), watch(None));
    let pool = builder(&clock).observer(counters.clone()).build().unwrap();
    let since = after(5 * HOUR);
    assert_eq!(retirement(&counters, &pool, 1), watch(Some(since)));
    let at = |more| {
        of(
            &counters.key_uses_at(&pool, secs(60), after(5 * HOUR + more)),
            1,
        )
    };
    assert_eq!(at(59), watch(Some(since)));
    assert_eq!(at(60), Retirement::NotPresented { since });
    // What needs no observation is known at once.
    clock.set(after(OVER));
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::Safe { since: after(OVER) }
    );
}

#[test]
fn a_clock_that_goes_back_makes_nothing_safe() {
    let (pool, clock, counters) = counted();
    let under_first = cookies(&pool);
    clock.set(after(OVER));
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::Safe { since: after(OVER) }
    );
    // Safe was said by a clock that was wrong.
    clock.set(after(5 * HOUR));
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::NotPresented { since: START }
    );
    // Presented at a time that lies ahead now: it cannot have been long ago.
    let last = after(200);
    pool.resume_at(&under_first, last).unwrap();
    let later = KeyRing::new(vec![
        Key {
            sign_until: after(100),
            ..key(1)
        },
        key(2),
    ])
    .unwrap();
    pool.replace_keys(&later).unwrap();
    let uses = counters.key_uses_at(&pool, secs(60), after(150));
    assert_eq!(of(&uses, 1), Retirement::StillPresented { last });
    // Before this process began: it has watched for no time.
    let began = TestClock::at(after(5 * HOUR));
    let counters = Counters::new("visits");
    let pool = builder(&began).observer(counters.clone()).build().unwrap();
    began.set(after(4 * HOUR + 100));
    let since = Some(after(5 * HOUR));
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::NotWatched { since }
    );
}

/// Another server has longer validities, or its clock is wrong: what was accepted refutes what was worked out.
#[test]
fn a_presentation_after_the_end_refutes_the_rule() {
    let (pool, clock, counters) = counted();
    clock.set(after(2 * HOUR));
    let bundle = cookies(&pool);
    pool.resume(&bundle).unwrap();
    let shorter = Key {
        sign_until: after(1),
        accept_until: after(10 * HOUR),
        activates_at: START,
        ..key(1)
    };
    // As a ring would look under which that cookie could not have been issued.
    let earlier = Key {
        activates_at: START.saturating_sub(secs(4 * HOUR)),
        sign_until: START.saturating_sub(secs(3 * HOUR)),
        ..shorter
    };
    pool.replace_keys(&KeyRing::new(vec![earlier, key(2)]).unwrap())
        .unwrap();
    let times = pool.key_times()[0];
    assert!(times.over_at < after(2 * HOUR));
    let last = after(2 * HOUR);
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::StillPresented { last }
    );
}

#[test]
fn a_revoked_key_is_kept_until_no_older_ring_could_matter() {
    let (pool, clock, counters) = counted();
    let revoked = Key {
        revoked: true,
        ..key(1)
    };
    pool.replace_keys(&KeyRing::new(vec![revoked, key(2)]).unwrap())
        .unwrap();
    clock.set(after(4 * HOUR));
    let until = after(OVER);
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::Revoked { until }
    );
    clock.set(until);
    assert_eq!(
        retirement(&counters, &pool, 1),
        Retirement::Safe { since: until }
    );
}

#[test]
fn an_operator_is_told_in_one_line() {
    let (pool, clock, counters) = counted();
    pool.resume(&cookies(&pool)).unwrap();
    clock.set(after(5 * HOUR));
    let lines: Vec<_> = counters
        .key_uses(&pool, QUIET)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        lines,
        [
            "key 1: 1 presented, last at 1800000000.000; not presented to this process since 1800000000.000",
            "key 2: never presented; signs until 1800025200.000",
            "key 3: never presented; signs until 1800036000.000",
        ]
    );
}
