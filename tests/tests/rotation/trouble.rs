//! `kill -9` of servers and of Redis, by turns, while the load goes on.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rand::RngExt;
use statecookie_tests::redis::Redis;

use crate::fleet::{Fleet, OFFSETS};

/// From one kill of a server to the next.
const SERVER_EVERY: Duration = Duration::from_millis(1200);
/// From one kill of Redis to the next.
const REDIS_EVERY: Duration = Duration::from_millis(3500);
/// How long Redis stays away, at most: a key is published earlier than that, one refresh and the skew.
const REDIS_AWAY: u64 = 600;
/// How long a server stays away, at most.
const SERVER_AWAY: u64 = 400;

/// What was killed.
#[derive(Debug, Default)]
pub(crate) struct Kills {
    pub(crate) servers: usize,
    pub(crate) redis: usize,
    /// Of these, how often it lost all that it held.
    pub(crate) emptied: usize,
}

/// Kills and restarts until the end has come.
pub(crate) fn make(fleet: &Fleet, redis: &mut Redis, over: &AtomicBool) -> Kills {
    let mut kills = Kills::default();
    let (mut server_due, mut redis_due) =
        (Instant::now() + SERVER_EVERY, Instant::now() + REDIS_EVERY);
    while !over.load(Ordering::Relaxed) {
        let now = Instant::now();
        if now >= redis_due {
            strike_redis(redis, &mut kills);
            redis_due = now + REDIS_EVERY;
        } else if now >= server_due {
            strike_server(fleet, &mut kills);
            server_due = now + SERVER_EVERY;
        }
        sleep(Duration::from_millis(20));
    }
    kills
}

fn strike_redis(redis: &mut Redis, kills: &mut Kills) {
    redis.kill();
    kills.redis += 1;
    away(REDIS_AWAY);
    if kills.redis.is_multiple_of(2) {
        redis.restart();
    } else {
        redis.restart_empty();
        kills.emptied += 1;
    }
}

fn strike_server(fleet: &Fleet, kills: &mut Kills) {
    let victim = rand::rng().random_range(0..OFFSETS.len());
    fleet.kill(victim);
    kills.servers += 1;
    away(SERVER_AWAY);
    fleet.restart(victim);
}

fn away(longest: u64) {
    sleep(Duration::from_millis(
        rand::rng().random_range(50..=longest),
    ));
}
