//! Requests that resume one by one, several at once, and for how long the state before the present one is good enough.

use statecookie::testing::TestClock;
use statecookie::{Clock, FlushError, MemoryMarks, Pool, Reason};

use super::kit::{
    Client, NOW, Purse, Stores, builder, on_each_store, purse, reason, secs, spend, step,
};

/// However long the machine takes for a test, the grace takes longer.
fn pool(stores: &Stores<'_>) -> Pool<Purse> {
    let builder = builder(&stores.clock).high_water(stores.new_store());
    builder.parallel_grace(secs(3600)).build().unwrap()
}

#[test]
fn every_request_goes_on_where_the_one_before_it_ended() {
    on_each_store(|stores| {
        let pool = pool(stores);
        let mut client = Client::new();
        let mut bundle = client.takes(&mut pool.open(purse()).unwrap());
        for coins in (90..100).rev() {
            let mut session = pool.resume_request(&bundle).unwrap().session;
            bundle = client.merges(&spend(&mut session).unwrap());
            let mut session = pool.resume_request(&bundle).unwrap().session;
            bundle = client.merges(&step(&mut session).unwrap());
            assert_eq!(pool.resume_request(&bundle).unwrap().session.coins, coins);
        }
    });
}

#[test]
fn of_two_requests_at_once_one_issues_the_guarded_tier() {
    on_each_store(|stores| {
        let pool = pool(stores);
        let mut client = Client::new();
        let bundle = client.takes(&mut pool.open(purse()).unwrap());
        let mut first = pool.resume_request(&bundle).unwrap().session;
        let mut second = pool.resume_request(&bundle).unwrap().session;
        let spent = spend(&mut first).unwrap();
        // A third one, sent before the answer came, is answered, and issues what is not guarded.
        let mut third = pool.resume_request(&bundle).unwrap().session;
        for late in [&mut second, &mut third] {
            step(late).unwrap();
            assert_eq!(spend(late).unwrap_err(), FlushError::Forked);
            assert_eq!(late.flush_full().unwrap_err(), FlushError::Forked);
        }
        // The first one may go on within its request.
        spend(&mut first).unwrap();
        assert!(!spent.is_empty());
    });
}

#[test]
fn the_grace_ends_on_its_millisecond_and_no_request_prolongs_it() {
    let clock = TestClock::at(NOW);
    let marks = MemoryMarks::up_to(1).clock(clock.clone());
    let pool: Pool<Purse> = builder(&clock).high_water(marks).build().unwrap();
    let mut client = Client::new();
    let older = client.takes(&mut pool.open(purse()).unwrap());
    let mut session = pool.resume_request(&older).unwrap().session;
    let newer = client.merges(&spend(&mut session).unwrap());
    let superseded = clock.now();
    for millis in [0, 1, 2_500, 4_999] {
        clock.set(superseded.saturating_add(std::time::Duration::from_millis(millis)));
        assert_eq!(reason(pool.resume_request(&older)), None, "{millis}");
        // Who goes on for good waits for nobody.
        assert_eq!(reason(pool.resume(&older)), Some(Reason::RolledBack));
        assert_eq!(reason(pool.resume_request(&newer)), None);
    }
    clock.set(superseded.saturating_add(secs(5)));
    assert_eq!(
        reason(pool.resume_request(&older)),
        Some(Reason::RolledBack)
    );
    assert_eq!(reason(pool.resume_request(&newer)), None);
    // A clock that goes back opens no window that is longer.
    clock.set(superseded.saturating_sub(secs(5)));
    assert_eq!(
        reason(pool.resume_request(&older)),
        Some(Reason::RolledBack)
    );
}

#[test]
fn the_grace_is_for_one_step_only() {
    on_each_store(|stores| {
        let pool = pool(stores);
        let mut client = Client::new();
        let mut session = pool.open(purse()).unwrap();
        let oldest = client.takes(&mut session);
        spend(&mut session).unwrap();
        assert_eq!(reason(pool.resume_request(&oldest)), None);
        spend(&mut session).unwrap();
        assert_eq!(
            reason(pool.resume_request(&oldest)),
            Some(Reason::RolledBack)
        );
    });
}

#[test]
fn without_a_grace_nothing_older_is_answered() {
    on_each_store(|stores| {
        let builder = builder(&stores.clock).high_water(stores.new_store());
        let pool: Pool<Purse> = builder.parallel_grace(secs(0)).build().unwrap();
        let mut session = pool.open(purse()).unwrap();
        let older = Client::new().takes(&mut session);
        spend(&mut session).unwrap();
        assert_eq!(
            reason(pool.resume_request(&older)),
            Some(Reason::RolledBack)
        );
    });
}

#[test]
fn who_goes_on_for_good_fences_requests_and_they_fence_him() {
    on_each_store(|stores| {
        let pool = pool(stores);
        let mut client = Client::new();
        let bundle = client.takes(&mut pool.open(purse()).unwrap());
        let mut request = pool.resume_request(&bundle).unwrap().session;
        let mut session = pool.resume(&bundle).unwrap().session;
        assert_eq!(spend(&mut request).unwrap_err(), FlushError::Forked);
        let bundle = client.takes(&mut session);
        let mut request = pool.resume_request(&bundle).unwrap().session;
        spend(&mut request).unwrap();
        assert_eq!(spend(&mut session).unwrap_err(), FlushError::Forked);
    });
}
