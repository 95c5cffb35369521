//! How often a time was how long: fixed buckets.

use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

/// How often a time was how long, in fixed buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Histogram {
    /// The greatest time of each bucket but the last, which has none; in milliseconds.
    pub bounds_ms: &'static [u64],
    /// How many there were in each bucket, one more than there are bounds. Not cumulative.
    pub counts: Vec<u64>,
    /// All the times together, in milliseconds.
    pub sum_ms: u64,
}

impl Histogram {
    /// How many there were in all.
    pub fn count(&self) -> u64 {
        self.counts
            .iter()
            .fold(0, |sum, count| sum.wrapping_add(*count))
    }
}

/// The most buckets with a bound.
const MOST: usize = 12;

/// A histogram that is counted on.
pub(super) struct Times {
    bounds_ms: &'static [u64],
    counts: [AtomicU64; MOST + 1],
    sum_ms: AtomicU64,
}

impl Times {
    pub(super) const fn new(bounds_ms: &'static [u64]) -> Self {
        assert!(bounds_ms.len() <= MOST);
        Self {
            bounds_ms,
            counts: [const { AtomicU64::new(0) }; MOST + 1],
            sum_ms: AtomicU64::new(0),
        }
    }

    pub(super) fn note(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let bucket = self.bounds_ms.partition_point(|bound| *bound < millis);
        if let Some(count) = self.counts.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum_ms.fetch_add(millis, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Histogram {
        let counts = self.counts.iter().take(self.bounds_ms.len() + 1);
        Histogram {
            bounds_ms: self.bounds_ms,
            counts: counts.map(|count| count.load(Ordering::Relaxed)).collect(),
            sum_ms: self.sum_ms.load(Ordering::Relaxed),
        }
    }
}
