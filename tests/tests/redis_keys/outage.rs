//! Redis down, killed, restarted empty, gone back to an older ring, forked, and back again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use statecookie::testing::TestClock;
use statecookie::{KeySource, Pool, PoolError, RedisKeysFault, RefreshOutcome};
use statecookie_tests::redis::Redis;

use crate::pool::{
    Visit, clock, command, cookies, keys, pool, pool_of, put, refresh, resumes, stored,
};
use crate::proxy::Proxy;

const ROTATION: Duration = Duration::from_secs(10_800);

#[test]
fn sessions_go_on_while_redis_is_killed_and_after_it_restarted_empty() {
    if Redis::is_missing() {
        return;
    }
    let (mut redis, clock) = (Redis::start(), clock());
    let one = pool(&redis, &clock);
    let before = cookies(&one);
    let ring = stored(&redis);

    redis.kill();
    let told = refresh(&one);
    assert!(told.is_failure(), "{told}");
    assert!(told.to_string().contains("it cannot be reached"), "{told}");
    assert!(resumes(&one, &before) && resumes(&one, &cookies(&one)));

    redis.restart();
    assert_eq!(stored(&redis), b"");
    assert!(matches!(
        refresh(&one).outcome,
        RefreshOutcome::Unchanged { .. }
    ));
    assert_eq!(stored(&redis), ring, "the ring is written back as it was");
    let two = pool(&redis, &clock);
    assert_eq!(one.fingerprint(), two.fingerprint());
    assert!(resumes(&two, &before));
}

#[test]
fn a_server_starts_on_its_local_copy_and_mints_no_key_of_its_own() {
    if Redis::is_missing() {
        return;
    }
    let (mut redis, clock) = (Redis::start(), clock());
    let path = redis.folder().join("copy");
    let address = redis.address();
    let with_copy = || keys(&address, &clock).local_copy(&path);
    let one = pool_of(with_copy(), &clock);
    let before = cookies(&one);
    let ring = stored(&redis);
    assert_eq!(fs::read(&path).unwrap(), ring, "sealed as in the store");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );

    redis.kill();
    let source = with_copy();
    let warning = source.load().unwrap().warning.unwrap().to_string();
    assert!(warning.ends_with("the local copy serves"), "{warning}");
    let two = pool_of(source, &clock);
    assert_eq!(one.fingerprint(), two.fingerprint());
    assert!(resumes(&two, &before));

    redis.restart();
    let three = pool_of(with_copy(), &clock);
    assert_eq!(
        stored(&redis),
        ring,
        "a server with a copy restores the store"
    );
    assert_eq!(three.fingerprint(), one.fingerprint());
    assert!(matches!(
        refresh(&two).outcome,
        RefreshOutcome::Unchanged { .. }
    ));
}

#[test]
fn a_server_without_a_ring_does_not_start_while_redis_is_down() {
    if Redis::is_missing() {
        return;
    }
    let (mut redis, clock) = (Redis::start(), clock());
    redis.kill();
    let path = redis.folder().join("copy");
    let keys = keys(&redis.address(), &clock).local_copy(&path);
    assert_eq!(keys.read().unwrap_err().fault, RedisKeysFault::Away);
    assert!(!path.exists());
}

#[test]
fn a_server_that_may_only_join_creates_nothing() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let joining = keys(&redis.address(), &clock).join_only();
    assert_eq!(joining.read().unwrap_err().fault, RedisKeysFault::Empty);
    assert_eq!(stored(&redis), b"");
    let one = pool(&redis, &clock);
    assert_eq!(pool_of(joining, &clock).fingerprint(), one.fingerprint());
}

/// Where a pool stands after one more key was published.
fn rotated(pool: &Pool<Visit>, clock: &TestClock) {
    clock.advance(ROTATION);
    let told = refresh(pool);
    assert!(
        matches!(told.outcome, RefreshOutcome::Replaced { .. }),
        "{told}"
    );
}

#[test]
fn an_older_ring_is_not_taken_and_the_newer_one_is_written_back() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let one = pool(&redis, &clock);
    let old = stored(&redis);
    rotated(&one, &clock);
    let new = stored(&redis);
    let before = cookies(&one);
    // What a replica does that is promoted after it missed the last write.
    put(&redis, &old);
    let told = refresh(&one);
    assert!(
        matches!(told.outcome, RefreshOutcome::Unchanged { .. }),
        "{told}"
    );
    assert_eq!(stored(&redis), new);
    assert!(resumes(&one, &before));
    assert!(resumes(&pool(&redis, &clock), &before));
}

#[test]
fn rings_that_grew_apart_become_one_with_the_keys_of_both() {
    if Redis::is_missing() {
        return;
    }
    let (mut redis, clock) = (Redis::start(), clock());
    let (one, two) = (pool(&redis, &clock), pool(&redis, &clock));
    let old = stored(&redis);
    rotated(&one, &clock);
    // The write is lost, and another server publishes another key in its place.
    put(&redis, &old);
    clock.advance(Duration::from_secs(1));
    assert!(matches!(
        refresh(&two).outcome,
        RefreshOutcome::Replaced { .. }
    ));
    assert_ne!(one.fingerprint(), two.fingerprint());
    clock.advance(Duration::from_secs(700));
    let both = [cookies(&one), cookies(&two)];

    assert!(matches!(
        refresh(&one).outcome,
        RefreshOutcome::Replaced { .. }
    ));
    assert!(matches!(
        refresh(&two).outcome,
        RefreshOutcome::Replaced { .. }
    ));
    assert_eq!(one.fingerprint(), two.fingerprint());
    for bundle in &both {
        assert!(resumes(&one, bundle) && resumes(&two, bundle));
    }

    // A newcomer that found an empty store: the others' keys join its own.
    redis.restart();
    let new = pool(&redis, &clock);
    let theirs = cookies(&new);
    assert!(matches!(
        refresh(&one).outcome,
        RefreshOutcome::Replaced { .. }
    ));
    assert!(matches!(
        refresh(&new).outcome,
        RefreshOutcome::Replaced { .. }
    ));
    assert!(resumes(&one, &theirs) && both.iter().all(|bundle| resumes(&new, bundle)));
}

#[test]
fn a_copy_that_does_not_open_is_an_error_that_names_it_and_is_left_alone() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let path = redis.folder().join("copy");
    fs::write(&path, b"nothing of ours").unwrap();
    let error = keys(&redis.address(), &clock)
        .local_copy(&path)
        .read()
        .unwrap_err();
    assert_eq!(
        error.fault,
        RedisKeysFault::CopyForeign { path: path.clone() }
    );
    assert!(error.to_string().contains(path.to_str().unwrap()));
    assert_eq!(fs::read(&path).unwrap(), b"nothing of ours");
    assert_eq!(stored(&redis), b"", "no other ring is made in its place");
    let source = keys(&redis.address(), &clock).local_copy(&path);
    let built = Pool::<Visit>::new("visits", statecookie::Keys::source(source));
    assert!(matches!(built.unwrap_err(), PoolError::KeySource(_)));
}

#[test]
fn a_replica_that_may_not_be_written_serves_until_it_is_promoted() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let one = pool(&redis, &clock);
    let replica_of = |host: &str, port: &str| -> String {
        let mut words = redis::cmd("REPLICAOF");
        command(&redis, words.arg(host).arg(port))
    };
    // Of nobody: at port 1 there is no primary.
    replica_of("127.0.0.1", "1");
    let two = pool(&redis, &clock);
    clock.advance(ROTATION);
    let told = refresh(&one);
    assert!(
        told.is_failure() && told.to_string().contains("`READONLY`"),
        "{told}"
    );
    assert!(
        resumes(&one, &cookies(&two)),
        "the key signs for one rotation more"
    );
    replica_of("NO", "ONE");
    for pool in [&one, &two] {
        assert!(matches!(
            refresh(pool).outcome,
            RefreshOutcome::Replaced { .. }
        ));
    }
    assert_eq!(one.fingerprint(), two.fingerprint());
    assert!(resumes(&one, &cookies(&two)));
}

#[test]
fn a_copy_that_cannot_be_written_is_a_warning_and_no_more() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let nowhere = redis.folder().join("no-folder").join("copy");
    let source = keys(&redis.address(), &clock).local_copy(nowhere);
    for _ in 0..2 {
        let warning = source.load().unwrap().warning.unwrap().to_string();
        assert!(warning.contains("cannot be written"), "{warning}");
    }
}

#[test]
fn a_replica_promoted_after_it_missed_the_last_write_is_given_the_newer_ring() {
    if Redis::is_missing() {
        return;
    }
    let (mut primary, replica, clock) = (Redis::start(), Redis::start(), clock());
    let proxy = Proxy::to(primary.port());
    let one = pool_of(keys(&proxy.address(), &clock), &clock);
    let port = primary.port().to_string();
    let follow = |host: &str, port: &str| -> String {
        let mut words = redis::cmd("REPLICAOF");
        command(&replica, words.arg(host).arg(port))
    };
    follow("127.0.0.1", &port);
    while stored(&replica) != stored(&primary) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let missed = stored(&replica);
    // Promoted before the next write, which then is on the dead primary only.
    follow("NO", "ONE");
    rotated(&one, &clock);
    clock.advance(Duration::from_secs(700));
    let before = cookies(&one);
    let newer = stored(&primary);
    primary.kill();
    proxy.leads_to(replica.port());
    assert_eq!(stored(&replica), missed);

    let told = refresh(&one);
    assert!(
        matches!(told.outcome, RefreshOutcome::Unchanged { .. }),
        "{told}"
    );
    assert_eq!(stored(&replica), newer);
    assert!(resumes(&pool(&replica, &clock), &before));
}
