//! Marks in a real Redis: for how long they lie there, and what happens when it is killed, forgets, is full, slow or cut off.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use statecookie::testing::TestClock;
use statecookie::{
    Claim, FlushError, HighWater, Pool, Reason, RedisMarks, RedisMarksError, RedisMarksFault,
    Session, Verdict,
};
use statecookie_tests::redis::Redis;

use super::kit::{Client, NOW, Purse, builder, purse, reason, secs, spend};
use super::proxy::{Proxy, Way};

const NAME: &str = "purses";

fn marks(address: &str) -> RedisMarks {
    RedisMarks::at(address, NAME).unwrap().timeout(secs(20))
}

fn pool(marks: impl HighWater + 'static) -> Pool<Purse> {
    let builder = builder(&TestClock::at(NOW)).high_water(marks);
    builder.build().unwrap()
}

fn command<T: redis::FromRedisValue>(redis: &Redis, command: &redis::Cmd) -> T {
    let client = redis::Client::open(redis.address()).unwrap();
    command
        .query(&mut client.get_connection().unwrap())
        .unwrap()
}

fn key(session: &Session<Purse>) -> String {
    let id = session.id().map(|byte| format!("{byte:02x}")).concat();
    format!("statecookie:marks:{NAME}:{id}")
}

/// What a store told of its troubles.
type Troubles = Arc<Mutex<Vec<RedisMarksError>>>;

fn telling(marks: RedisMarks) -> (RedisMarks, Troubles) {
    let troubles = Troubles::default();
    let told = Arc::clone(&troubles);
    let marks = marks.on_trouble(move |error| told.lock().unwrap().push(error.clone()));
    (marks, troubles)
}

#[test]
fn a_mark_expires_with_its_session() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let pool = pool(marks(&redis.address()));
    let mut session = pool.open(purse()).unwrap();
    for flush in 0..2 {
        let _ = session.flush_full().unwrap();
        let left: i64 = command(&redis, redis::cmd("PTTL").arg(key(&session)));
        // The absolute end, and twice the skew; less what the test took.
        let most = (24 * 3600 + 120) * 1000;
        assert!((most - 60_000..=most).contains(&left), "{left}, {flush}");
        let mut usage = redis::cmd("MEMORY");
        let used: i64 = command(&redis, usage.arg("USAGE").arg(key(&session)));
        println!("{used} bytes");
        assert!(used < 400, "{used}");
    }
    let keys: Vec<String> = command(&redis, redis::cmd("KEYS").arg("*"));
    assert_eq!(keys, [key(&session)]);
    // As if it were over.
    let _: i64 = command(&redis, redis::cmd("PEXPIRE").arg(key(&session)).arg(1));
    std::thread::sleep(Duration::from_millis(20));
    let keys: Vec<String> = command(&redis, redis::cmd("KEYS").arg("*"));
    assert!(keys.is_empty(), "{keys:?}");
}

#[test]
fn a_store_that_is_killed_is_away_and_empty_when_it_is_back() {
    if Redis::is_missing() {
        return;
    }
    let mut redis = Redis::start();
    let (marks, troubles) = telling(marks(&redis.address()));
    let pool = pool(marks);
    let mut client = Client::new();
    let mut session = pool.open(purse()).unwrap();
    let older = client.takes(&mut session);
    let newer = client.merges(&spend(&mut session).unwrap());
    redis.kill();
    assert_eq!(reason(pool.resume(&newer)), Some(Reason::MarksAway));
    assert_eq!(spend(&mut session).unwrap_err(), FlushError::MarksAway);
    let told = troubles.lock().unwrap().clone();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0].fault, RedisMarksFault::Away);

    redis.restart();
    // Empty: one rollback is possible, until somebody comes with what is newer.
    assert_eq!(reason(pool.resume_request(&older)), None);
    let newest = client.takes(&mut session);
    assert_eq!(reason(pool.resume(&older)), Some(Reason::RolledBack));
    assert_eq!(pool.resume(&newest).unwrap().session.coins, 98);
    assert_eq!(troubles.lock().unwrap().len(), 2);
}

#[test]
fn a_commit_that_is_cut_anywhere_is_tried_again_and_counts_once() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let proxy = Proxy::to(redis.port());
    let mut cut = 0;
    for at in 0..120 {
        proxy.becomes(Way::Cut(at));
        // Newly connected for each, so that the cut comes at another place.
        let through = Arc::new(marks(&proxy.address()));
        let pool = pool(Arc::clone(&through));
        let mut client = Client::new();
        let mut session = pool.open(purse()).unwrap();
        let mut bundles = Vec::new();
        for _ in 0..3 {
            let mut flushed = spend(&mut session);
            while flushed == Err(FlushError::MarksAway) {
                cut += 1;
                proxy.becomes(Way::Slow(Duration::ZERO));
                flushed = session.flush().map(|update| update.unwrap().into_bytes());
            }
            bundles.push(client.merges(&flushed.unwrap()));
            proxy.becomes(Way::Cut(at));
        }
        proxy.becomes(Way::Slow(Duration::ZERO));
        assert_eq!(reason(pool.resume(&bundles[0])), Some(Reason::RolledBack));
        assert_eq!(reason(pool.resume(&bundles[1])), Some(Reason::RolledBack));
        assert_eq!(pool.resume(&bundles[2]).unwrap().session.coins, 97);
    }
    println!("{cut} flushes were cut off");
    assert!(cut >= 60, "{cut}");
}

#[test]
fn an_answer_that_comes_too_late_is_no_answer_to_the_next_claim() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let proxy = Proxy::to(redis.port());
    let (patient, slow) = (marks(&redis.address()), marks(&proxy.address()));
    let hasty = pool(slow.timeout(Duration::from_millis(400)));
    let one = pool(patient);
    let mut client = Client::new();
    let mut session = one.open(purse()).unwrap();
    let older = client.takes(&mut session);
    let newer = client.merges(&spend(&mut session).unwrap());
    proxy.becomes(Way::Slow(Duration::from_millis(600)));
    assert_eq!(reason(hasty.resume(&newer)), Some(Reason::MarksAway));
    proxy.becomes(Way::Slow(Duration::ZERO));
    // By now the answer to that claim, `accepted`, has arrived on its connection.
    std::thread::sleep(Duration::from_millis(1_500));
    for _ in 0..3 {
        assert_eq!(reason(hasty.resume(&older)), Some(Reason::RolledBack));
        assert_eq!(reason(hasty.resume(&newer)), None);
    }
}

#[test]
fn a_full_store_is_away_and_forgets_nothing() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let (marks, troubles) = telling(marks(&redis.address()));
    let pool = pool(marks);
    let mut client = Client::new();
    let mut session = pool.open(purse()).unwrap();
    let older = client.takes(&mut session);
    let newer = client.merges(&spend(&mut session).unwrap());
    let limit = |bytes: u64| {
        let mut set = redis::cmd("CONFIG");
        set.arg("SET").arg("maxmemory").arg(bytes);
        let _: String = command(&redis, &set);
    };
    limit(1);
    let stranger = pool.open(purse()).unwrap().flush();
    assert_eq!(stranger.unwrap_err(), FlushError::MarksAway);
    assert_eq!(spend(&mut session).unwrap_err(), FlushError::MarksAway);
    assert_eq!(reason(pool.resume(&older)), Some(Reason::RolledBack));
    for error in troubles.lock().unwrap().iter() {
        let code = "OOM".into();
        assert_eq!(error.fault, RedisMarksFault::Refused { code });
    }
    limit(0);
    assert_eq!(reason(pool.resume(&older)), Some(Reason::RolledBack));
    assert_eq!(reason(pool.resume_request(&newer)), None);
    client.takes(&mut session);
}

#[test]
fn a_store_that_forgot_the_script_is_given_it_again() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let (marks, troubles) = telling(marks(&redis.address()));
    let pool = pool(marks);
    let mut session = pool.open(purse()).unwrap();
    let older = Client::new().takes(&mut session);
    for _ in 0..2 {
        let _: String = command(&redis, redis::cmd("SCRIPT").arg("FLUSH"));
        spend(&mut session).unwrap();
        assert_eq!(reason(pool.resume(&older)), Some(Reason::RolledBack));
    }
    assert!(troubles.lock().unwrap().is_empty());
}

#[test]
fn what_is_no_record_is_an_error_and_no_acceptance() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let (marks, troubles) = telling(marks(&redis.address()));
    let pool = pool(marks);
    let mut session = pool.open(purse()).unwrap();
    let bundle = Client::new().takes(&mut session);
    let _: String = command(&redis, redis::cmd("SET").arg(key(&session)).arg("x"));
    assert_eq!(reason(pool.resume(&bundle)), Some(Reason::MarksAway));
    let code = "WRONGTYPE".into();
    let told = troubles.lock().unwrap().pop().unwrap();
    assert_eq!(told.fault, RedisMarksFault::Refused { code });
    let name = format!("high-water marks in {}, keys", &redis.address()[8..]);
    assert!(told.to_string().starts_with(&name), "{told}");
}

#[test]
fn the_grace_is_that_of_the_stores_own_clock() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let with = |grace| -> Pool<Purse> {
        let marks = marks(&redis.address());
        let builder = builder(&TestClock::at(NOW)).high_water(marks);
        builder.parallel_grace(grace).build().unwrap()
    };
    let (long, short) = (with(secs(3600)), with(Duration::from_millis(1)));
    let mut session = long.open(purse()).unwrap();
    let older = Client::new().takes(&mut session);
    spend(&mut session).unwrap();
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(reason(long.resume_request(&older)), None);
    assert_eq!(
        reason(short.resume_request(&older)),
        Some(Reason::RolledBack)
    );
}

/// A claim goes to the other thread and comes back as a verdict, as in a program that waits in tasks.
#[test]
fn claims_travel_to_the_thread_that_talks_to_the_store() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let (claims, to_commit) = std::sync::mpsc::channel::<Claim>();
    let (verdicts, settled) = std::sync::mpsc::channel::<Verdict>();
    let store = marks(&redis.address());
    let worker = std::thread::spawn(move || {
        for claim in to_commit {
            verdicts.send(store.commit(&claim)).unwrap();
        }
    });
    let pool: Pool<Purse> = builder(&TestClock::at(NOW))
        .marks_by_hand()
        .build()
        .unwrap();
    let mut session = pool.open(purse()).unwrap();
    for _ in 0..3 {
        let mut flush = session.claim_flush_full().unwrap();
        claims.send(flush.claim().unwrap().clone()).unwrap();
        flush.answer(settled.recv().unwrap());
        let update = flush.settle().unwrap().unwrap();
        assert!(update.is_full());
    }
    drop(claims);
    worker.join().unwrap();
}
