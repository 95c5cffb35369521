//! A key that is given up in the store: for every server, for good.

use std::time::Duration;

use statecookie::testing::TestClock;
use statecookie::{KeyId, Pool, Reason, RedisKeysFault};
use statecookie_tests::redis::Redis;

use crate::pool::{Visit, clock, cookies, keys, pool, refresh, resumes, stored};

fn refused(pool: &Pool<Visit>, bundle: &[u8]) -> Reason {
    pool.resume(bundle).unwrap_err().reason
}

fn signing(pool: &Pool<Visit>) -> KeyId {
    pool.open(Visit { customer: 1 }).unwrap().key_id()
}

/// Past a fourth rotation, so that the signing key has others before and behind it.
fn rotated(pools: [&Pool<Visit>; 2], clock: &TestClock) {
    for _ in 0..4 {
        clock.advance(Duration::from_secs(3 * 3600));
        pools.iter().for_each(|pool| drop(refresh(pool)));
        clock.advance(Duration::from_secs(601));
    }
}

#[test]
fn every_server_refuses_it_from_its_next_look_on_and_another_key_signs() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let (one, two) = (pool(&redis, &clock), pool(&redis, &clock));
    rotated([&one, &two], &clock);
    let leaked = signing(&one);
    let held = cookies(&one);
    let mut live = two.resume(&held).unwrap().session;
    let revoked = keys(&redis.address(), &clock).revoke(leaked).unwrap();
    let marks = revoked.ring.keys().iter().filter(|key| key.revoked);
    assert!(marks.map(|key| key.id).eq([leaked]));
    assert!(
        resumes(&one, &held) && resumes(&two, &held),
        "nobody looked"
    );
    for pool in [&one, &two] {
        refresh(pool);
        assert_eq!(refused(pool, &held), Reason::KeyRevoked);
    }
    assert_ne!(signing(&one), leaked);
    let update = live.flush().unwrap().unwrap();
    assert!(update.is_full() && resumes(&one, &update));
}

#[test]
fn the_only_key_is_replaced_at_once() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let (one, two) = (pool(&redis, &clock), pool(&redis, &clock));
    let leaked = signing(&one);
    let held = cookies(&one);
    keys(&redis.address(), &clock).revoke(leaked).unwrap();
    for pool in [&one, &two] {
        refresh(pool);
    }
    assert_eq!(refused(&two, &held), Reason::KeyRevoked);
    let next = signing(&one);
    assert!(next != leaked && next == signing(&two));
    assert!(resumes(&two, &cookies(&one)));
}

#[test]
fn a_server_that_was_away_does_not_bring_it_back() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let (early, late) = (pool(&redis, &clock), pool(&redis, &clock));
    let (leaked, before) = (signing(&early), stored(&redis));
    let held = cookies(&early);
    let source = keys(&redis.address(), &clock);
    source.revoke(leaked).unwrap();
    // The store itself forgets it, and one server has not heard of it yet.
    crate::pool::put(&redis, &before);
    refresh(&late);
    assert!(resumes(&late, &held), "it is what lies there");
    source.read().unwrap();
    for pool in [&late, &early] {
        refresh(pool);
        assert_eq!(refused(pool, &held), Reason::KeyRevoked);
    }
}

#[test]
fn what_is_not_there_or_cannot_be_told_changes_nothing() {
    if Redis::is_missing() {
        return;
    }
    let (mut redis, clock) = (Redis::start(), clock());
    let source = keys(&redis.address(), &clock);
    let fault = source.revoke(KeyId(1)).unwrap_err().fault;
    assert_eq!(fault, RedisKeysFault::UnknownKey { id: KeyId(1) });
    assert!(stored(&redis).is_empty(), "no ring was made for it");
    let one = pool(&redis, &clock);
    let (leaked, before) = (signing(&one), stored(&redis));
    assert!(source.revoke(KeyId(!leaked.0)).is_err());
    assert_eq!(stored(&redis), before);
    let revoked = source.revoke(leaked).unwrap();
    let again = source.revoke(leaked).unwrap();
    assert_eq!(again.generation, revoked.generation);
    redis.kill();
    let fault = source.revoke(leaked).unwrap_err().fault;
    assert_eq!(fault, RedisKeysFault::Away);
}
