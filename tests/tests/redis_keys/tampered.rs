//! What does not open is neither taken nor overwritten, and no error holds a password.

use statecookie::testing::TestClock;
use statecookie::{RedisKeys, RedisKeysFault, Secret};
use statecookie_tests::redis::Redis;

use crate::pool::{
    LOCAL, clock, command, cookies, key, keys, keys_under, pool, put, refresh, resumes, stored,
};

const OTHER: &str = "0d9d7f0a1b3e5527c4f8a2906ebd13750f2c4a6e8091b3d5f7192a3b4c5d6e70";

fn fault(redis: &Redis, clock: &TestClock) -> RedisKeysFault {
    keys(&redis.address(), clock).read().unwrap_err().fault
}

#[test]
fn a_changed_value_is_refused_by_all_and_overwritten_by_none() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let one = pool(&redis, &clock);
    let before = cookies(&one);
    let good = stored(&redis);
    for at in [0, 7, 14, 20, 60, good.len() - 1] {
        let mut changed = good.clone();
        changed[at] ^= 1;
        put(&redis, &changed);
        assert_eq!(fault(&redis, &clock), RedisKeysFault::Foreign);
        assert!(refresh(&one).is_failure());
        assert_eq!(stored(&redis), changed);
        assert!(resumes(&one, &before));
    }
    put(&redis, &good);
    assert!(!refresh(&one).is_failure());
}

#[test]
fn another_local_key_opens_nothing_and_overwrites_nothing() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    pool(&redis, &clock);
    let good = stored(&redis);
    let error = keys_under(&redis.address(), OTHER, &clock)
        .read()
        .unwrap_err();
    assert_eq!(error.fault, RedisKeysFault::Foreign);
    assert!(error.to_string().contains("nothing is overwritten"));
    assert_eq!(stored(&redis), good);
}

#[test]
fn a_ring_of_another_pool_is_not_taken() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let local = Secret::from_hex(LOCAL).unwrap();
    RedisKeys::at(&redis.address(), "other", &local)
        .unwrap()
        .read()
        .unwrap();
    let theirs: Vec<u8> = command(&redis, redis::cmd("GET").arg("statecookie:keys:other"));
    put(&redis, &theirs);
    assert_eq!(fault(&redis, &clock), RedisKeysFault::Foreign);
}

#[test]
fn what_is_no_ring_at_all_has_an_error_of_its_own() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    put(&redis, &vec![b'x'; 1_000_000]);
    assert_eq!(fault(&redis, &clock), RedisKeysFault::TooLong);
    let _: i64 = command(&redis, redis::cmd("DEL").arg(key()));
    let _: i64 = command(&redis, redis::cmd("LPUSH").arg(key()).arg("x"));
    let code = String::from("WRONGTYPE");
    assert_eq!(fault(&redis, &clock), RedisKeysFault::Refused { code });
}

#[test]
fn neither_password_nor_local_key_is_in_what_is_said() {
    if Redis::is_missing() {
        return;
    }
    let (redis, clock) = (Redis::start(), clock());
    let _: String = command(
        &redis,
        redis::cmd("CONFIG")
            .arg("SET")
            .arg("requirepass")
            .arg("a-good-word"),
    );
    let address = |word: &str| format!("redis://:{word}@127.0.0.1:{}", redis.port());
    assert_eq!(fault(&redis, &clock), RedisKeysFault::Login);
    let wrong = keys(&address("a-bad-word"), &clock);
    let error = wrong.read().unwrap_err();
    assert_eq!(error.fault, RedisKeysFault::Login);
    let bad = RedisKeys::at(
        "redis://:a-bad-word@:port",
        "visits",
        &Secret::from_hex(LOCAL).unwrap(),
    );
    let bad = bad.unwrap_err();
    assert_eq!(bad.fault, RedisKeysFault::Address);
    for said in [
        format!("{wrong:?}"),
        format!("{error} {error:?}"),
        format!("{bad} {bad:?}"),
    ] {
        assert!(
            !said.contains("a-bad-word") && !said.contains(&LOCAL[..8]),
            "{said}"
        );
    }
    keys(&address("a-good-word"), &clock).read().unwrap();
}
