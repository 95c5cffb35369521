//! One look at the store: what is held and what lies there become one ring, which lies there afterwards.

use alloc::vec::Vec;
use std::time::Instant;

use super::RedisKeys;
use super::error::RedisKeysFault;
use super::rotation::{lacks, merge};
use super::store::Visit;
use crate::{Generation, Key, KeyId, KeyRing};

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

impl Wish {
    /// The keys as they are, and the generation of a ring that differs from them.
    fn to_change(&self) -> (&[Key], Generation) {
        match self {
            Self::Stored(ring) | Self::Held(ring) => (ring.ring.keys(), after(ring.generation)),
            Self::New(keys, generation) => (keys, *generation),
        }
    }
}

impl RedisKeys {
    /// How many steps of the longest time a look takes at most.
    const STEPS: u32 = 5;

    /// The ring that lies in the store when this is over, with a key of it revoked if that is wished.
    pub(super) fn turn(
        &self,
        held: Option<&Held>,
        revoked: Option<KeyId>,
    ) -> Result<Held, RedisKeysFault> {
        let start = Instant::now();
        let mut visit = self.store.connect(self.timeout)?;
        while start.elapsed() < self.timeout.saturating_mul(Self::STEPS) {
            if let Some(agreed) = self.attempt(&mut visit, held, revoked)? {
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
        revoked: Option<KeyId>,
    ) -> Result<Option<Held>, RedisKeysFault> {
        let seen = visit.read()?;
        let stored = match &*seen {
            [] => None,
            sealed => Some(self.open(sealed).ok_or(RedisKeysFault::Foreign)?),
        };
        let base = self.base(stored, held)?;
        let wished = match self.rotated(without(base, revoked)?)? {
            Wish::Stored(stored) => return Ok(Some(stored)),
            Wish::Held(held) => held,
            Wish::New(keys, generation) => self.seal(keys, generation)?,
        };
        let set = visit.compare_and_set(&seen, &wished.sealed)?;
        Ok(set.then_some(wished))
    }

    fn base(&self, stored: Option<Held>, held: Option<&Held>) -> Result<Wish, RedisKeysFault> {
        Ok(match (stored, held) {
            (None, None) if self.joins_only => return Err(RedisKeysFault::Empty),
            (None, None) => Wish::New(Vec::new(), Generation(1)),
            (None, Some(held)) => Wish::Held(held.clone()),
            (Some(stored), None) => Wish::Stored(stored),
            (Some(stored), Some(held)) => self.reconcile(stored, held),
        })
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
        let (keys, generation) = base.to_change();
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

fn without(base: Wish, revoked: Option<KeyId>) -> Result<Wish, RedisKeysFault> {
    let Some(id) = revoked else {
        return Ok(base);
    };
    let (keys, generation) = base.to_change();
    let mut keys = keys.to_vec();
    match keys.iter_mut().find(|key| key.id == id) {
        None => Err(RedisKeysFault::UnknownKey { id }),
        Some(key) if key.revoked => Ok(base),
        Some(key) => {
            key.revoked = true;
            Ok(Wish::New(keys, generation))
        }
    }
}

fn after(generation: Generation) -> Generation {
    Generation(generation.0.saturating_add(1))
}
