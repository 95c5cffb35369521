//! What is counted of a pool as a whole.

use alloc::string::String;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering};

use super::counts::{Counts, KeyCounts, RefreshCounts, UpdateCounts};
use super::histogram::Times;
use crate::{Freshness, MAX_TIERS, RefreshOutcome, Tier, TierSet, Timestamp};

/// From a second to a day.
const AGES: &[u64] = &[
    1_000, 5_000, 15_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000,
    86_400_000,
];

/// From none to the default leeway.
const SKEWS: &[u64] = &[
    0, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
];

/// What is counted of a pool as a whole.
pub(super) struct Tallies {
    pub(super) watched_since: Moment,
    accepted: Freshnesses,
    refused: Freshnesses,
    defaulted: [AtomicU64; MAX_TIERS],
    partial: [Updates; MAX_TIERS],
    full: [Updates; MAX_TIERS],
    replaced: AtomicU64,
    unchanged: AtomicU64,
    kept: AtomicU64,
}

struct Freshnesses {
    age: Times,
    skew: Times,
}

#[derive(Default)]
struct Updates {
    updates: AtomicU64,
    bytes: AtomicU64,
}

impl Tallies {
    pub(super) fn accept(&self, freshness: Freshness, defaulted: TierSet) {
        self.accepted.note(freshness);
        for tier in defaulted.iter() {
            count(&self.defaulted[tier.index()], 1);
        }
    }

    pub(super) fn refuse(&self, freshness: Freshness) {
        self.refused.note(freshness);
    }

    pub(super) fn issue(&self, tiers: TierSet, full: bool, len: usize) {
        let of = if full { &self.full } else { &self.partial };
        if let Some(highest) = tiers.highest() {
            let Updates { updates, bytes } = &of[highest.index()];
            count(updates, 1);
            count(bytes, len as u64);
        }
    }

    pub(super) fn refresh(&self, outcome: &RefreshOutcome) {
        let of = match outcome {
            RefreshOutcome::Kept { .. } => &self.kept,
            RefreshOutcome::Replaced { .. } => &self.replaced,
            RefreshOutcome::Unchanged { .. } => &self.unchanged,
        };
        count(of, 1);
    }

    pub(super) fn read(&self, pool: String, keys: Vec<KeyCounts>) -> Counts {
        Counts {
            pool,
            watched_since: self.watched_since.read(),
            keys,
            held: Vec::new(),
            accepted_age: self.accepted.age.read(),
            accepted_skew: self.accepted.skew.read(),
            refused_age: self.refused.age.read(),
            refused_skew: self.refused.skew.read(),
            defaulted: self.defaulted.each_ref().map(read),
            updates: self.updates(),
            refreshes: RefreshCounts {
                kept: read(&self.kept),
                replaced: read(&self.replaced),
                unchanged: read(&self.unchanged),
            },
        }
    }

    fn updates(&self) -> Vec<UpdateCounts> {
        let numbered = |of: &[Updates; MAX_TIERS], full| {
            let tiers = of.iter().zip(0..).map(move |(tally, number)| UpdateCounts {
                tier: Tier::new(number).unwrap_or(Tier::LOWEST),
                full,
                updates: read(&tally.updates),
                bytes: read(&tally.bytes),
            });
            let some = tiers.filter(|counts| counts.updates > 0);
            some.collect::<Vec<_>>()
        };
        let mut updates = numbered(&self.partial, false);
        updates.extend(numbered(&self.full, true));
        updates
    }
}

impl Default for Tallies {
    fn default() -> Self {
        let freshnesses = || Freshnesses {
            age: Times::new(AGES),
            skew: Times::new(SKEWS),
        };
        Self {
            watched_since: Moment::default(),
            accepted: freshnesses(),
            refused: freshnesses(),
            defaulted: Default::default(),
            partial: Default::default(),
            full: Default::default(),
            replaced: AtomicU64::new(0),
            unchanged: AtomicU64::new(0),
            kept: AtomicU64::new(0),
        }
    }
}

impl Freshnesses {
    fn note(&self, freshness: Freshness) {
        self.age.note(freshness.age);
        self.skew.note(freshness.skew);
    }
}

/// A point in time that may not have come yet: milliseconds and one more, or zero.
#[derive(Default)]
pub(super) struct Moment(AtomicU64);

impl Moment {
    /// Stays where it was put first.
    pub(super) fn note_first(&self, at: Timestamp) {
        let at = at.as_millis().saturating_add(1);
        // Whoever came first is right.
        let _ = self
            .0
            .compare_exchange(0, at, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Moves forwards only: a clock that is set back takes nothing away.
    pub(super) fn note_last(&self, at: Timestamp) {
        let at = at.as_millis().saturating_add(1);
        self.0.fetch_max(at, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Option<Timestamp> {
        let at = self.0.load(Ordering::Relaxed);
        at.checked_sub(1).map(Timestamp::from_millis)
    }
}

pub(super) fn count(tally: &AtomicU64, by: u64) {
    tally.fetch_add(by, Ordering::Relaxed);
}

pub(super) fn read(tally: &AtomicU64) -> u64 {
    tally.load(Ordering::Relaxed)
}
