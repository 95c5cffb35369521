//! One look at the store: what is held and what lies there become one ring, which lies there afterwards.

use alloc::vec::Vec;
use std::time::Instant;

use super::RedisKeys;
use super::error::RedisKeysFault;
use super::rotation::{lacks, merge};
use super::store::Visit;
use crate::{Generation, Key, KeyRing};

/// A ring as it lies in the store.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) sealed: Vec<u8>,
    pub(super) ring: KeyRing,
    pub(super) generation: Generation,
}

/// What should lie in the store.
enum Wish {
    /// What lies there.
    Stored(Held),
    /// What is held, just as it was.
    Held(Held),
    /// These keys.
    New(Vec<Key>, Generation),
}

impl RedisKeys {
    /// How many steps of the longest time a look takes at most.
    const STEPS: u32 = 5;

    /// The ring that lies in the store when this is over.
    pub(super) fn turn(&self, held: Option<&Held>) -> Result<Held, RedisKeysFault> {
        let start = Instant::now();
        let mut visit = self.store.connect(self.timeout)?;
        while start.elapsed() < self.timeout.saturating_mul(Self::STEPS) {
            if let Some(agreed) = self.attempt(&mut visit, held)? {
                return Ok(agreed);
            }
        }
        Err(RedisKeysFault::Contended)
    }

    // `None` if another server changed the ring in between.
    fn attempt(
        &self,
        visit: &mut Visit<'_>,
        held: Option<&Held>,
    ) -> Result<Option<Held>, RedisKeysFault> {
        let seen = visit.read()?;
        let stored = match &*seen {
            [] => None,
            sealed => Some(self.open(sealed).ok_or(RedisKeysFault::Foreign)?),
        };
        let wished = match self.wish(stored, held)? {
            Wish::Stored(stored) => return Ok(Some(stored)),
            Wish::Held(held) => held,
            Wish::New(keys, generation) => self.seal(keys, generation)?,
        };
        let set = visit.compare_and_set(&seen, &wished.sealed)?;
        Ok(set.then_some(wished))
    }

    fn wish(&self, stored: Option<Held>, held: Option<&Held>) -> Result<Wish, RedisKeysFault> {
        let base = match (stored, held) {
            (None, None) if self.joins_only => return Err(RedisKeysFault::Empty),
            (None, None) => Wish::New(Vec::new(), Generation(1)),
            (None, Some(held)) => Wish::Held(held.clone()),
            (Some(stored), None) => Wish::Stored(stored),
            (Some(stored), Some(held)) => self.reconcile(stored, held),
        };
        self.rotated(base)
    }

    // Two rings that differ never keep one generation: a pool would take them for the same.
    fn reconcile(&self, stored: Held, held: &Held) -> Wish {
        if stored.sealed == held.sealed {
            return Wish::Stored(stored);
        }
        let now = self.clock.now();
        let (here, there) = (held.ring.keys(), stored.ring.keys());
        if stored.generation > held.generation && !lacks(there, here, now) {
            return Wish::Stored(stored);
        }
        if stored.generation < held.generation && !lacks(here, there, now) {
            return Wish::Held(held.clone());
        }
        let mut keys = there.to_vec();
        merge(&mut keys, here, now);
        Wish::New(keys, after(stored.generation.max(held.generation)))
    }

    fn rotated(&self, base: Wish) -> Result<Wish, RedisKeysFault> {
        let now = self.clock.now();
        let (keys, generation) = match &base {
            Wish::Stored(ring) | Wish::Held(ring) => (ring.ring.keys(), after(ring.generation)),
            Wish::New(keys, generation) => (&**keys, *generation),
        };
        let Some(next) = self.schedule.next(keys, now, &*self.entropy)? else {
            return Ok(base);
        };
        let mut keys = keys.to_vec();
        self.schedule.drop_over(&mut keys, now);
        keys.push(next);
        Ok(Wish::New(keys, generation))
    }

    fn seal(&self, keys: Vec<Key>, generation: Generation) -> Result<Held, RedisKeysFault> {
        let ring = KeyRing::new(keys)?;
        let sealed = self.seal.seal(&ring, generation, &*self.entropy);
        Ok(Held {
            sealed: sealed.map_err(crate::KeyError::from)?,
            ring,
            generation,
        })
    }

    pub(super) fn open(&self, sealed: &[u8]) -> Option<Held> {
        let (ring, generation) = self.seal.open(sealed)?;
        Some(Held {
            sealed: sealed.to_vec(),
            ring,
            generation,
        })
    }
}

fn after(generation: Generation) -> Generation {
    Generation(generation.0.saturating_add(1))
}
