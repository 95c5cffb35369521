//! What is counted by key: a place for each key that was proven, and no more places than there may be keys in a ring.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::AtomicU64;
use core::time::Duration;
use std::sync::{Mutex, PoisonError};

use arc_swap::ArcSwap;

use super::counts::{KeyCounts, KeyLabel, RefusedCount};
use super::tallies::{Moment, count, read};
use crate::{KeyId, KeyRing, MAX_TIERS, Reason, Refusal, Tier, Timestamp};

/// Counts by key. Whoever counts takes a snapshot of the places and waits for nobody; only a new key makes another
/// snapshot.
#[derive(Default)]
pub(super) struct Table {
    places: ArcSwap<Vec<Place>>,
    making: Mutex<()>,
    pub(super) unproven: Tally,
    /// Of keys that have no place, or had to give it up.
    other: Tally,
}

#[derive(Clone)]
struct Place {
    id: KeyId,
    tally: Arc<Tally>,
}

impl Table {
    const MOST: usize = KeyRing::MAX_KEYS;

    /// So long nothing has happened under a key that gives up its place for another one.
    const IDLE: Duration = Duration::from_secs(3600);

    /// Counts under a key that was proven.
    pub(super) fn with(&self, id: KeyId, at: Timestamp, tell: impl FnOnce(&Tally)) {
        let places = self.places.load();
        match places.iter().find(|place| place.id == id) {
            Some(place) => tell(&place.tally),
            None => self.with_new(id, at, tell),
        }
    }

    #[cold]
    fn with_new(&self, id: KeyId, at: Timestamp, tell: impl FnOnce(&Tally)) {
        let making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let places = self.places.load_full();
        let found = places.iter().find(|place| place.id == id).cloned();
        let place = found.or_else(|| self.make(id, at, &places));
        drop(making);
        tell(place.as_ref().map_or(&self.other, |place| &*place.tally));
    }

    /// A place in front, where newer keys are found sooner.
    fn make(&self, id: KeyId, at: Timestamp, places: &[Place]) -> Option<Place> {
        let mut gives_way = None;
        if places.len() >= Self::MOST {
            let last = |place: &Place| place.tally.last.read();
            let idle = places.iter().min_by_key(|place| last(place))?;
            // All are busy: no key gets a place by being presented often.
            if last(idle).is_some_and(|last| at.since(last) < Self::IDLE) {
                return None;
            }
            self.other.add(&idle.tally);
            gives_way = Some(idle.id);
        }
        let place = Place {
            id,
            tally: Arc::default(),
        };
        let others = places.iter().filter(|other| Some(other.id) != gives_way);
        let places = [&place].into_iter().chain(others).cloned().collect();
        self.places.store(Arc::new(places));
        Some(place)
    }

    /// What was counted by key: by id, then the others, then what is not proven.
    pub(super) fn read(&self) -> Vec<KeyCounts> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let places = self.places.load();
        let mut keys: Vec<_> = places
            .iter()
            .map(|place| place.tally.read(KeyLabel::Id(place.id)))
            .collect();
        keys.sort_unstable_by_key(|counts| counts.key);
        keys.push(self.other.read(KeyLabel::Other));
        keys.push(self.unproven.read(KeyLabel::Unproven));
        keys
    }
}

/// One more than the tiers: what is no tier's.
const PLACES: usize = MAX_TIERS + 1;

// A reason is its own place in the table.
const _: () = {
    let mut at = 0;
    while at < Reason::ALL.len() {
        assert!(Reason::ALL[at] as usize == at);
        at += 1;
    }
};

/// The verdicts under one key.
pub(super) struct Tally {
    accepted: AtomicU64,
    presented: Moment,
    last: Moment,
    refused: [[AtomicU64; PLACES]; Reason::ALL.len()],
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            accepted: AtomicU64::new(0),
            presented: Moment::default(),
            last: Moment::default(),
            refused: [const { [const { AtomicU64::new(0) }; PLACES] }; Reason::ALL.len()],
        }
    }
}

impl Tally {
    pub(super) fn accept(&self, at: Timestamp) {
        count(&self.accepted, 1);
        self.presented.note_last(at);
        self.last.note_last(at);
    }

    pub(super) fn refuse(&self, refusal: &Refusal, at: Timestamp) {
        let by_tier = self.refused.get(refusal.reason as usize);
        let tier = refusal.tier.map_or(MAX_TIERS, Tier::index);
        if let Some(tally) = by_tier.and_then(|tiers| tiers.get(tier)) {
            count(tally, 1);
        }
        self.last.note_last(at);
    }

    fn add(&self, other: &Self) {
        count(&self.accepted, read(&other.accepted));
        for (own, other) in self.refused.iter().zip(&other.refused) {
            own.iter()
                .zip(other)
                .for_each(|(own, other)| count(own, read(other)));
        }
        if let Some(at) = other.presented.read() {
            self.presented.note_last(at);
        }
    }

    fn read(&self, key: KeyLabel) -> KeyCounts {
        let refused = self.refused.iter().zip(Reason::ALL);
        let refused = refused.flat_map(|(tiers, reason)| {
            tiers
                .iter()
                .zip(0..)
                .map(move |(tally, tier)| RefusedCount {
                    reason,
                    tier: Tier::new(tier),
                    count: read(tally),
                })
        });
        KeyCounts {
            key,
            accepted: read(&self.accepted),
            refused: refused.filter(|refused| refused.count > 0).collect(),
            last_presented: self.presented.read(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_000_000);

    fn later(secs: u64) -> Timestamp {
        NOW.saturating_add(Duration::from_secs(secs))
    }

    fn of(table: &Table, label: KeyLabel) -> Option<u64> {
        let keys = table.read();
        let found = keys.iter().find(|counts| counts.key == label);
        found.map(|counts| counts.accepted)
    }

    /// A reason that is new is counted like the others, without a line of code.
    #[test]
    fn every_reason_at_every_tier_has_a_place_of_its_own() {
        let places = (0..8).map(Tier::new).chain([None]);
        let all: Vec<_> = Reason::ALL
            .iter()
            .flat_map(|reason| places.clone().map(|tier| (*reason, tier)))
            .collect();
        assert_eq!(all.len(), Reason::ALL.len() * PLACES);
        let tally = Tally::default();
        for (times, (reason, tier)) in (1..).zip(&all) {
            let refusal = Refusal {
                tier: *tier,
                ..Refusal::new(*reason)
            };
            (0..times).for_each(|_| tally.refuse(&refusal, NOW));
        }
        let counts = tally.read(KeyLabel::Other).refused;
        assert_eq!(counts.len(), all.len());
        for (times, (reason, tier)) in (1..).zip(all) {
            let expected = RefusedCount {
                reason,
                tier,
                count: times,
            };
            assert!(counts.contains(&expected), "{reason} {tier:?}");
        }
    }

    #[test]
    fn there_are_no_more_places_than_keys_in_a_ring() {
        let table = Table::default();
        let present = |id, at| table.with(KeyId(id), at, |tally| tally.accept(at));
        for id in 0..1_000 {
            present(id, NOW);
            present(id, NOW);
        }
        assert_eq!(table.read().len(), Table::MOST + 2);
        assert_eq!(of(&table, KeyLabel::Id(KeyId(255))), Some(2));
        assert_eq!(of(&table, KeyLabel::Id(KeyId(256))), None);
        assert_eq!(of(&table, KeyLabel::Other), Some(2 * 744));
    }

    #[test]
    fn a_key_that_was_idle_gives_up_its_place_and_none_of_its_counts() {
        let table = Table::default();
        let present = |id, at| table.with(KeyId(id), at, |tally| tally.accept(at));
        (0..256).for_each(|id| present(id, later(id.into())));
        present(0, later(300));
        present(300, later(3_600));
        assert_eq!(
            of(&table, KeyLabel::Id(KeyId(300))),
            None,
            "key 1 not an hour yet"
        );
        present(300, later(3_601));
        assert_eq!(of(&table, KeyLabel::Id(KeyId(300))), Some(1));
        assert_eq!(of(&table, KeyLabel::Id(KeyId(1))), None, "the longest idle");
        assert_eq!(of(&table, KeyLabel::Id(KeyId(0))), Some(2));
        assert_eq!(of(&table, KeyLabel::Other), Some(2));
        let total: u64 = table.read().iter().map(|counts| counts.accepted).sum();
        assert_eq!(total, 256 + 3);
        // A clock that goes back makes nobody idle.
        present(301, NOW);
        assert_eq!(of(&table, KeyLabel::Id(KeyId(301))), None);
    }
}
