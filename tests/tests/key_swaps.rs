//! The refresh protocol as it is shipped, under load: 8 threads look at a snapshot ten million times while it is replaced a
//! hundred thousand times. `tests/loom` goes through every order of a few steps; here the very machine does many.
#![forbid(unsafe_code)]

extern crate alloc;

#[path = "../../statecookie/src/keys/source/protocol.rs"]
#[allow(dead_code, reason = "the rest of the protocol is explored by loom")]
mod protocol;
#[path = "../../statecookie/src/keys/source/shipped.rs"]
mod shipped;

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use protocol::{Protocol, Snapshot, Step};
use shipped::{MutexGate, Swapped};

const READERS: u64 = 8;
const READS: u64 = 10_000_000;
const SWAPS: u64 = 100_000;

/// A ring's worth of words, all of which have to be of one generation.
type Words = [u64; 32];

type Keys = Protocol<Words, Swapped<Snapshot<Words>>, MutexGate>;

#[test]
fn readers_see_whole_rings_that_never_go_back() {
    let first = Snapshot {
        generation: 0,
        value: [0; 32],
    };
    let keys = Keys::new(Swapped::new(first), MutexGate::default());
    let reads = AtomicU64::new(0);
    let seen = thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|_| scope.spawn(|| read_on(&keys, &reads)))
            .collect();
        for generation in 1..=SWAPS {
            // In step with the readers, so that there are swaps from the first look to the last.
            while reads.load(Ordering::Relaxed) < (generation - 1) * (READS / SWAPS) {
                thread::yield_now();
            }
            let load = || {
                Ok::<_, ()>(Snapshot {
                    generation,
                    value: generation,
                })
            };
            let step = keys.refresh(load, |word| Ok([word; 32]));
            assert_eq!(step, Step::Replaced { held: generation });
        }
        readers
            .into_iter()
            .map(|reader| reader.join().unwrap())
            .sum::<u64>()
    });
    assert_eq!(keys.read(|held| held.generation), SWAPS);
    assert!(reads.load(Ordering::Relaxed) >= READS);
    assert!(seen > 100, "the readers saw only {seen} swaps");
}

/// Looks until all threads together have looked often enough, and says how many swaps it saw.
fn read_on(keys: &Keys, reads: &AtomicU64) -> u64 {
    const AT_ONCE: u64 = 100;
    let (mut newest, mut swaps) = (0, 0);
    while reads.fetch_add(AT_ONCE, Ordering::Relaxed) < READS {
        for _ in 0..AT_ONCE {
            let generation = keys.read(|held| {
                assert_eq!(held.value, [held.generation; 32], "torn");
                held.generation
            });
            assert!(newest <= generation, "{generation} after {newest}");
            swaps += u64::from(newest < generation);
            newest = generation;
        }
    }
    swaps
}
