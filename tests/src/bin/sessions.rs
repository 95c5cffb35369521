//! Many sessions on one server: what one flush costs beside how many others, and how fast 100,000 clients fail over at once.
#![forbid(unsafe_code)]

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use statecookie::{Scratch, Session};
use statecookie_tests::shop::{self, NOW, Shop};

const FLUSHES: usize = 200_000;
const CLIENTS: usize = 100_000;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    println!("sessions held   flushes one after another   in leaps over all");
    for count in [10, 1_000, 100_000, 1_000_000] {
        let mut sessions = open(count)?;
        let near = per_flush(&mut sessions, 1)?;
        // A stride that is coprime with the counts: each flush meets a session that is in no cache.
        let far = per_flush(&mut sessions, 7_919)?;
        println!("{count:>13}   {near:>22.0} ns   {far:>14.0} ns");
    }
    println!("bytes of a session: {}", size_of::<Session<Shop>>());
    fail_over()
}

fn open(count: usize) -> Result<Vec<Session<Shop>>, Failure> {
    let pool = shop::pool();
    let mut update = Vec::new();
    let mut sessions = Vec::with_capacity(count);
    for _ in 0..count {
        let mut session = pool.open_at(shop::shop(), NOW)?;
        update.clear();
        session.flush_into_at(&mut update, NOW)?;
        sessions.push(session);
    }
    Ok(sessions)
}

fn per_flush(sessions: &mut [Session<Shop>], stride: usize) -> Result<f64, Failure> {
    let (mut at, mut update) = (0, Vec::with_capacity(256));
    let started = Instant::now();
    for _ in 0..FLUSHES {
        update.clear();
        sessions[at].edit().set_yaw(12.0)?;
        black_box(sessions[at].flush_into_at(&mut update, NOW)?);
        at = (at + stride) % sessions.len();
    }
    Ok(started.elapsed().as_nanos() as f64 / FLUSHES as f64)
}

/// Each client's bundle is another one: nothing is in a cache twice.
fn fail_over() -> Result<(), Failure> {
    let old = shop::pool::<Shop>();
    let bundles: Vec<Vec<u8>> = (0..CLIENTS)
        .map(|_| {
            Ok(old
                .open_at(shop::shop(), NOW)?
                .flush_full_at(NOW)?
                .into_bytes())
        })
        .collect::<Result<_, Failure>>()?;
    let alone = resumed_per_second(&bundles, 1);
    let cores = thread::available_parallelism()?.get();
    let together = resumed_per_second(&bundles, cores);
    println!(
        "fail-over of {CLIENTS} clients: {alone:.0} a second on 1 thread, {together:.0} on {cores} ({:.2} times)",
        together / alone
    );
    Ok(())
}

fn resumed_per_second(bundles: &[Vec<u8>], threads: usize) -> f64 {
    let pool = shop::pool::<Shop>();
    let started = Instant::now();
    thread::scope(|scope| {
        for part in bundles.chunks(bundles.len().div_ceil(threads)) {
            let pool = &pool;
            scope.spawn(move || {
                let mut scratch = Scratch::new();
                for bundle in part {
                    let resumed = pool.present(bundle).at(NOW).resume_in(&mut scratch);
                    assert!(black_box(resumed).is_ok());
                }
            });
        }
    });
    bundles.len() as f64 / started.elapsed().as_secs_f64()
}
