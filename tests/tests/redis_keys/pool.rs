//! Pools on a Redis, what a client holds of them, and a look past the library at what lies in the store.

use std::time::Duration;

use statecookie::testing::TestClock;
use statecookie::{Keys, Pool, RedisKeys, Refresh, Secret, StateCookie, Timestamp};
use statecookie_tests::redis::Redis;

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "1h"))]
pub(crate) struct Visit {
    #[tier(0)]
    pub(crate) customer: u64,
}

pub(crate) const NAME: &str = "visits";
pub(crate) const LOCAL: &str = "6c9d7f0a1b3e5527c4f8a2906ebd13750f2c4a6e8091b3d5f7192a3b4c5d6e7f";

pub(crate) fn clock() -> TestClock {
    TestClock::at(Timestamp::from_secs(1_795_856_400))
}

pub(crate) fn keys(address: &str, clock: &TestClock) -> RedisKeys {
    keys_under(address, LOCAL, clock)
}

pub(crate) fn keys_under(address: &str, local: &str, clock: &TestClock) -> RedisKeys {
    let local = Secret::from_hex(local).unwrap();
    let keys = RedisKeys::at(address, NAME, &local).unwrap();
    keys.clock(clock.clone()).timeout(Duration::from_secs(5))
}

pub(crate) fn pool_of(keys: RedisKeys, clock: &TestClock) -> Pool<Visit> {
    let builder = Pool::builder(NAME, Keys::source(keys));
    builder.clock(clock.clone()).build().unwrap()
}

pub(crate) fn pool(redis: &Redis, clock: &TestClock) -> Pool<Visit> {
    pool_of(keys(&redis.address(), clock), clock)
}

pub(crate) fn refresh(pool: &Pool<Visit>) -> Refresh {
    pool.refresh_keys().unwrap()
}

/// What a new client is given.
pub(crate) fn cookies(pool: &Pool<Visit>) -> Vec<u8> {
    let mut session = pool.open(Visit { customer: 4711 }).unwrap();
    session.flush().unwrap().unwrap().into_bytes()
}

pub(crate) fn resumes(pool: &Pool<Visit>, bundle: &[u8]) -> bool {
    pool.resume(bundle)
        .is_ok_and(|resumed| resumed.session.customer == 4711)
}

/// What lies in the store.
pub(crate) fn stored(redis: &Redis) -> Vec<u8> {
    command(redis, redis::cmd("GET").arg(key()))
}

pub(crate) fn put(redis: &Redis, value: &[u8]) {
    let _: String = command(redis, redis::cmd("SET").arg(key()).arg(value));
}

pub(crate) fn key() -> String {
    format!("statecookie:keys:{NAME}")
}

pub(crate) fn command<T: redis::FromRedisValue>(redis: &Redis, command: &redis::Cmd) -> T {
    let client = redis::Client::open(redis.address()).unwrap();
    command
        .query(&mut client.get_connection().unwrap())
        .unwrap()
}
