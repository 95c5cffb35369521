//! A store behind a proxy that delays, swallows and cuts.

use std::time::Duration;

use statecookie::{RedisKeysFault, RefreshOutcome};
use statecookie_tests::redis::Redis;

use crate::pool::{clock, cookies, keys, pool, pool_of, refresh, resumes, stored};
use crate::proxy::{Proxy, Way};

#[test]
fn a_slow_store_serves_and_a_silent_one_ends_in_an_error_not_in_waiting() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let proxy = Proxy::to(redis.port());
    proxy.becomes(Way::Slow(Duration::from_millis(20)));
    let one = pool_of(
        keys(&proxy.address(), &clock).timeout(Duration::from_secs(2)),
        &clock,
    );
    let before = cookies(&one);
    assert!(matches!(
        refresh(&one).outcome,
        RefreshOutcome::Unchanged { .. }
    ));

    proxy.becomes(Way::Silent);
    let told = refresh(&one);
    assert!(
        told.is_failure() && told.to_string().contains("in time"),
        "{told}"
    );
    assert!(resumes(&one, &before));
    let newcomer = keys(&proxy.address(), &clock).timeout(Duration::from_millis(300));
    assert_eq!(newcomer.read().unwrap_err().fault, RedisKeysFault::Away);

    proxy.becomes(Way::Slow(Duration::ZERO));
    assert!(!refresh(&one).is_failure());
}

#[test]
fn connections_that_are_cut_anywhere_leave_one_ring_on_which_all_agree() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let proxy = Proxy::to(redis.port());
    let one = pool_of(keys(&proxy.address(), &clock), &clock);
    let two = pool(&redis, &clock);
    let mut failed = 0;
    for cut in 1..120 {
        // A key is due each time: answers are cut before and after the store has changed.
        clock.advance(Duration::from_secs(10_800));
        proxy.becomes(Way::Cut(3 * cut));
        failed += usize::from(refresh(&one).is_failure());
        proxy.becomes(Way::Slow(Duration::ZERO));
        assert!(!refresh(&one).is_failure());
        let ring = stored(&redis);
        assert!(!refresh(&two).is_failure());
        assert_eq!(stored(&redis), ring, "nothing more is made");
        assert_eq!(one.fingerprint(), two.fingerprint());
        assert!(resumes(&two, &cookies(&one)));
    }
    assert!(failed > 20, "{failed}");
}
