//! Keys that rotate every second under load: real servers whose clocks differ, a real Redis, kills of both, and an oracle that knows
//! the schedule and decides each verdict. `ROTATION_SECONDS` makes it longer: `.ci/rotation` runs it for a minute.
#![forbid(unsafe_code)]
#![cfg(unix)]

mod case;
mod fleet;
mod judge;
mod kept;
mod links;
mod riders;
mod schedule;
mod tally;
mod trouble;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use statecookie_tests::redis::Redis;

use case::Case;
use fleet::Fleet;
use judge::Judge;
use riders::Riders;
use schedule::Schedule;
use tally::Tally;

/// Threads of the load.
const THREADS: usize = 3;
/// How long the load lasts unless said otherwise.
const SECONDS: u64 = 8;

#[test]
fn every_verdict_is_right_while_keys_rotate_each_second_and_servers_and_redis_die() {
    if Redis::is_missing() {
        return;
    }
    let seconds = match std::env::var("ROTATION_SECONDS") {
        Ok(seconds) => seconds.parse().unwrap(),
        Err(_) => SECONDS,
    };
    let mut redis = Redis::start_keeping();
    let fleet = Fleet::start(&redis);
    let schedule = Schedule::at(&redis.address());
    let (load, all) = (Over::default(), Over::default());
    let (cases, kills) = thread::scope(|scope| {
        // Whatever ends this, ends the threads.
        let _ends = (load.when_dropped(), all.when_dropped());
        let watched = scope.spawn(|| watch(&schedule, &all));
        let trouble = scope.spawn(|| trouble::make(&fleet, &mut redis, &load.0));
        let riders = (0..THREADS).map(|_| scope.spawn(|| ride(&fleet, &schedule, &load.0)));
        let riders: Vec<_> = riders.collect();
        sleep(Duration::from_secs(seconds));
        load.0.store(true, Ordering::Relaxed);
        let cases: Vec<Case> = riders
            .into_iter()
            .flat_map(|riders| riders.join().unwrap())
            .collect();
        let kills = trouble.join().unwrap();
        all.0.store(true, Ordering::Relaxed);
        watched.join().unwrap();
        (cases, kills)
    });
    let tally = Tally::of(&cases, &Judge(schedule.keys()));
    tally.print(seconds, &kills);
    tally.check(seconds, &kills);
}

fn watch(schedule: &Schedule, over: &Over) {
    while !over.0.load(Ordering::Relaxed) {
        schedule.look();
        sleep(Duration::from_millis(100));
    }
    schedule.look();
}

fn ride(fleet: &Fleet, schedule: &Schedule, over: &AtomicBool) -> Vec<Case> {
    let mut riders = Riders::new(fleet, schedule);
    riders.ride(over);
    riders.cases
}

/// Whether threads are to end.
#[derive(Default)]
struct Over(AtomicBool);

impl Over {
    fn when_dropped(&self) -> impl Drop {
        struct End<'a>(&'a AtomicBool);
        impl Drop for End<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
        End(&self.0)
    }
}
