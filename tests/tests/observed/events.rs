//! What an observer is told, when, and by how many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use statecookie::testing::TestClock;
use statecookie::{Event, Keys, Pool, Refresh};

use super::pools::{
    START, Told, Turns, Visit, after, builder, cookies, secs, visit, with_bad_tag, with_step,
};

#[test]
fn everything_that_happens_is_told_with_its_circumstances() {
    let (clock, told) = (TestClock::at(START), Told::default());
    let pool = builder(&clock).observer(told.observer()).build().unwrap();
    assert_eq!(told.take(), ["started at 1800000000.000"]);
    let mut session = pool.open(visit()).unwrap();
    let full = session.flush().unwrap().unwrap();
    session.edit().set_step(2).unwrap();
    let partial = session.flush().unwrap().unwrap();
    assert_eq!(session.flush().unwrap(), None);
    let issued = [
        format!(
            "issued {{2, 1, 0}} under 1, full true, {} bytes, at {START}",
            full.len()
        ),
        format!(
            "issued {{0}} under 1, full false, {} bytes, at {START}",
            partial.len()
        ),
    ];
    assert_eq!(
        told.take(),
        issued,
        "and nothing of a flush that had nothing to do"
    );
    clock.advance(secs(50));
    pool.resume(&full).unwrap();
    let accepted = "accepted under 1, defaulted {0}, age 50s, skew 0ns, at 1800000050.000";
    assert_eq!(told.take(), [accepted]);
    clock.set(START.saturating_sub(secs(3)));
    pool.resume_request(&full).unwrap();
    let ahead = "accepted under 1, defaulted {}, age 0ns, skew 3s, at 1799999997.000";
    assert_eq!(told.take(), [ahead]);
}

#[test]
fn a_refusal_is_proven_from_the_tag_of_the_root_on() {
    let (clock, told) = (TestClock::at(START), Told::default());
    let pool = builder(&clock).observer(told.observer()).build().unwrap();
    let bundle = cookies(&pool);
    told.take();
    let mut root = bundle.clone();
    root[20] ^= 1;
    for bytes in [
        &bundle[1..],
        &root,
        &with_bad_tag(&bundle),
        &with_step(&bundle, 101),
    ] {
        assert!(pool.resume(bytes).is_err());
    }
    assert!(
        pool.present(&bundle)
            .identity(b"somebody")
            .resume()
            .is_err()
    );
    assert!(pool.resume_at(&bundle, after(660)).is_err());
    assert!(
        pool.resume_at(&bundle, START.saturating_sub(secs(100)))
            .is_err()
    );
    assert!(pool.resume_at(&bundle, after(36_000)).is_err());
    pool.refuse_born_before(after(1));
    assert!(pool.resume_at(&bundle, after(5)).is_err());
    let expected = [
        "refused unknown-version",
        "refused bad-tag at tier 2, key 1",
        "refused bad-tag at tier 0, key 1, proven, age 0ns, skew 0ns, at 1800000000.000",
        "refused out-of-range at tier 0, field `step`, key 1, proven, age 0ns, skew 0ns, at 1800000000.000",
        "refused bad-tag at tier 2, key 1",
        "refused expired at tier 1, key 1, proven, age 660s, skew 0ns, at 1800000660.000",
        "refused not-yet-valid at tier 2, key 1, proven, age 0ns, skew 100s, at 1799999900.000",
        "refused key-expired, key 1",
        "refused revoked at tier 2, key 1, proven, age 5s, skew 0ns, at 1800000005.000",
    ];
    assert_eq!(told.take(), expected);
}

#[test]
fn a_flush_that_fails_tells_nothing() {
    let (clock, told) = (TestClock::at(START), Told::default());
    let pool = builder(&clock).observer(told.observer()).build().unwrap();
    let mut session = pool.open(visit()).unwrap();
    told.take();
    clock.advance(secs(5 * 3600));
    assert!(session.flush().is_err());
    assert_eq!(told.take(), Vec::<String>::new());
}

#[test]
fn several_observers_are_told_in_their_order_and_on_the_callers_thread() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let note = |name: &'static str| {
        let told = Arc::clone(&told);
        move |_: &Event<'_>| {
            told.lock()
                .unwrap()
                .push((name, std::thread::current().id()))
        }
    };
    let clock = TestClock::at(START);
    let pool = builder(&clock)
        .observer(note("one"))
        .observer(note("other"));
    let pool = pool.build().unwrap();
    told.lock().unwrap().clear();
    let other = std::thread::scope(|scope| {
        let thread = scope.spawn(|| pool.resume(b"").unwrap_err());
        let id = thread.thread().id();
        thread.join().unwrap();
        id
    });
    assert_eq!(*told.lock().unwrap(), [("one", other), ("other", other)]);
}

/// Its panic is the caller's, and the pool goes on.
#[test]
fn an_observer_that_panics_stops_its_caller_and_nothing_else() {
    let clock = TestClock::at(START);
    let pool = builder(&clock).observer(|event: &Event<'_>| {
        assert!(!matches!(event, Event::Refused { .. }), "refused");
    });
    let pool = pool.build().unwrap();
    let bundle = cookies(&pool);
    let caught = catch_unwind(AssertUnwindSafe(|| pool.resume(b"").is_err()));
    assert!(caught.is_err());
    assert_eq!(*pool.resume(&bundle).unwrap().session, visit());
}

#[test]
fn a_refresh_is_told_to_observers_and_to_on_refresh_alike() {
    let (clock, told) = (TestClock::at(START), Told::default());
    let lines = Arc::new(Mutex::new(Vec::new()));
    let also = Arc::clone(&lines);
    let pool: Pool<Visit> = Pool::builder("visits", Keys::source(Turns::default()))
        .clock(clock)
        .observer(told.observer())
        .on_refresh(move |refresh: &Refresh| {
            also.lock().unwrap().push(format!("refreshed: {refresh}"))
        })
        .build()
        .unwrap();
    for _ in 0..3 {
        pool.refresh_keys();
    }
    let expected = [
        "started at 1800000000.000",
        "refreshed: keys from turns: generation 1 took over",
        "refreshed: keys from turns: generation 2 took over",
        "refreshed: keys from turns: generation 2 is still the newest",
        "refreshed: keys from turns: generation 2 goes on, because turns: it is away",
    ];
    assert_eq!(told.take(), expected);
    assert_eq!(*lines.lock().unwrap(), expected[1..]);
}
