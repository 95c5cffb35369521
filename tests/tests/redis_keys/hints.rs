//! A word in the store that the ring has changed: it saves time, and nothing more.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use statecookie::testing::TestClock;
use statecookie::{KeyPolicy, KeySource, Keys, Pool, RedisKeys, RefreshOutcome, Secret};
use statecookie_tests::redis::Redis;

use crate::pool::{
    LOCAL, NAME, Visit, clock, command, cookies, key, keys, refresh, resumes, stored,
};

const HOUR: Duration = Duration::from_secs(3600);

fn policy(refresh: Duration) -> KeyPolicy {
    KeyPolicy {
        refresh,
        publish_ahead: refresh + Duration::from_secs(60),
        rotation: 3 * HOUR,
        ..KeyPolicy::default()
    }
}

type Told = mpsc::Receiver<RefreshOutcome>;

/// A pool, and what it tells of each look after the first.
fn told(redis: &Redis, clock: &TestClock, refresh: Duration) -> (Pool<Visit>, Told) {
    let policy = policy(refresh);
    let source = keys(&redis.address(), clock).key_policy(policy);
    let (tell, told) = mpsc::channel();
    let builder = Pool::builder(NAME, Keys::source(source)).key_policy(policy);
    let builder = builder.clock(clock.clone()).on_refresh(move |refresh| {
        let _ = tell.send(refresh.outcome.clone());
    });
    let pool = builder.build().unwrap();
    told.recv().unwrap();
    (pool, told)
}

fn wait_for_listeners(redis: &Redis, count: usize) {
    let heard =
        || -> (String, usize) { command(redis, redis::cmd("PUBSUB").arg("NUMSUB").arg(key())) };
    while heard().1 != count {
        sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_server_that_looks_once_an_hour_learns_of_a_new_key_at_once() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let (one, _) = told(&redis, &clock, HOUR);
    let (two, two_told) = told(&redis, &clock, HOUR);
    let _watch = two.watch_keys().unwrap();
    wait_for_listeners(&redis, 1);
    clock.advance(3 * HOUR);
    assert!(matches!(
        refresh(&one).outcome,
        RefreshOutcome::Replaced { .. }
    ));
    // Nothing but the word can have done it: the next turn is an hour away.
    assert!(matches!(
        two_told.recv().unwrap(),
        RefreshOutcome::Replaced { .. }
    ));
    assert_eq!(one.fingerprint(), two.fingerprint());
}

#[test]
fn a_flood_of_forged_hints_costs_ten_looks_in_each_refresh_and_changes_nothing() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let interval = Duration::from_millis(200);
    let (pool, told) = told(&redis, &clock, interval);
    let (before, ring) = (cookies(&pool), stored(&redis));
    let (over, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    let started = Instant::now();
    let watch = pool.watch_keys().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| flood(&redis, &over, &sent));
        let looks = told.iter().take(60).inspect(|outcome| {
            assert!(matches!(outcome, RefreshOutcome::Unchanged { .. }));
        });
        assert_eq!(looks.count(), 60);
        over.store(true, Ordering::Relaxed);
    });
    // Between two looks lies a tenth of the interval.
    assert!(started.elapsed() >= interval / 10 * 58);
    assert!(sent.load(Ordering::Relaxed) > 600, "{sent:?}");
    drop(watch);
    assert_eq!(stored(&redis), ring);
    assert!(resumes(&pool, &before));
}

fn flood(redis: &Redis, over: &AtomicBool, sent: &AtomicUsize) {
    let client = redis::Client::open(redis.address()).unwrap();
    let mut connection = client.get_connection().unwrap();
    while !over.load(Ordering::Relaxed) {
        let mut word = redis::cmd("PUBLISH");
        word.arg(key()).arg("a ring of mine, believe me");
        word.exec(&mut connection).unwrap();
        sent.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn polling_goes_on_without_the_store_and_hints_come_back_with_it() {
    if Redis::is_missing() {
        return;
    }
    let (mut redis, clock) = (Redis::start(), clock());
    let (pool, told) = told(&redis, &clock, Duration::from_millis(50));
    let _watch = pool.watch_keys().unwrap();
    wait_for_listeners(&redis, 1);
    let before = cookies(&pool);
    redis.kill();
    let failed = |outcome: &RefreshOutcome| matches!(outcome, RefreshOutcome::Kept { .. });
    assert_eq!(told.iter().filter(failed).take(3).count(), 3);
    assert!(resumes(&pool, &before));
    redis.restart();
    told.iter().find(|outcome| !failed(outcome)).unwrap();
    wait_for_listeners(&redis, 1);
    assert!(resumes(&pool, &before));
}

#[test]
fn a_user_that_may_neither_publish_nor_subscribe_loses_nothing_but_time() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let mut words = redis::cmd("ACL");
    words.arg("SETUSER").arg("quiet").arg("on").arg(">word");
    words
        .arg("~*")
        .arg("+@all")
        .arg("-publish")
        .arg("-subscribe");
    let _: String = command(&redis, &words);
    let address = format!("redis://quiet:word@127.0.0.1:{}", redis.port());
    let source = RedisKeys::at(&address, NAME, &Secret::from_hex(LOCAL).unwrap()).unwrap();
    let source = Arc::new(source.clock(clock));
    let first = source.load().unwrap();
    assert!(!stored(&redis).is_empty());
    assert!(source.listen(&|hint| panic!("{hint:?}")));
    assert_eq!(source.load().unwrap().generation, first.generation);
}
