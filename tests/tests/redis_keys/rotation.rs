//! Keys that are published ahead, taken over from, and dropped; by any server, by one of them.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use statecookie::{Clock, Generation, KeyId, KeyPolicy, KeyRing, RedisKeys};
use statecookie_tests::redis::Redis;

use crate::pool::{clock, cookies, keys, pool, refresh, resumes};

fn ids(ring: &KeyRing) -> BTreeSet<KeyId> {
    ring.keys().iter().map(|key| key.id).collect()
}

#[test]
fn servers_that_rotate_at_once_publish_one_key_ahead_of_its_use() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let policy = KeyPolicy::default();
    let sources: Vec<RedisKeys> = (0..8).map(|_| keys(&redis.address(), &clock)).collect();
    for turn in 1..=20 {
        let start = Barrier::new(sources.len());
        let look = |source: &RedisKeys| {
            start.wait();
            source.read().unwrap()
        };
        let loaded: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = sources
                .iter()
                .map(|source| scope.spawn(|| look(source)))
                .collect();
            let ended = threads.into_iter().map(|thread| thread.join());
            ended.map(Result::unwrap).collect()
        });
        let first = &loaded[0];
        assert_eq!(first.generation, Generation(turn));
        assert!(
            loaded
                .iter()
                .all(|other| ids(&other.ring) == ids(&first.ring))
        );
        let newest = first
            .ring
            .keys()
            .iter()
            .map(|key| key.activates_at)
            .max()
            .unwrap();
        if turn > 1 {
            assert_eq!(newest, clock.now().saturating_add(policy.publish_ahead));
        }
        // Keys live for 30 h and some minutes; eleven of them at most are left.
        assert!(first.ring.keys().len() <= 12, "{}", first.ring.keys().len());
        clock.advance(policy.rotation);
    }
}

#[test]
fn a_session_outlives_its_key_and_servers_learn_of_a_new_one_by_its_id() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let (one, two) = (pool(&redis, &clock), pool(&redis, &clock));
    for _ in 0..5 {
        let before = cookies(&one);
        clock.advance(Duration::from_secs(10_800 - 600));
        refresh(&one);
        clock.advance(Duration::from_secs(601));
        // One server signs with the new key; the other one has not looked since, and asks because of the unknown id.
        let after = cookies(&one);
        assert!(resumes(&two, &after));
        assert_eq!(one.fingerprint(), two.fingerprint());
        assert!(!resumes(&two, &before), "an hour is over");
    }
}

#[test]
fn a_key_takes_over_exactly_one_rotation_after_the_last_however_the_looks_fall() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let policy = KeyPolicy {
        rotation: Duration::from_secs(600),
        ..KeyPolicy::default()
    };
    let source = keys(&redis.address(), &clock).key_policy(policy);
    let mut activations = BTreeSet::new();
    for _ in 0..200 {
        let loaded = source.read().unwrap();
        activations.extend(loaded.ring.keys().iter().map(|key| key.activates_at));
        let newest = activations.last().unwrap();
        assert!(
            *newest
                <= clock
                    .now()
                    .saturating_add(policy.publish_ahead + policy.refresh)
        );
        clock.advance(Duration::from_secs(29));
    }
    // But for the first, which was made in a hurry.
    let activations: Vec<_> = activations.into_iter().skip(1).collect();
    assert!(activations.len() > 8, "{}", activations.len());
    for pair in activations.windows(2) {
        assert_eq!(pair[1].since(pair[0]), policy.rotation);
    }
}
