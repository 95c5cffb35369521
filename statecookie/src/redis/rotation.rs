//! Which keys a ring should have: one more when it is time, what two rings know together, without what is over.

use alloc::vec::Vec;
use core::time::Duration;

use crate::{Entropy, EntropyError, Key, KeyError, KeyId, KeyPolicy, Secret, Timestamp};

/// The times of the keys that are made here.
#[derive(Clone, Copy)]
pub(super) struct Schedule {
    pub(super) policy: KeyPolicy,
    /// The longest validity of a cookie.
    pub(super) longest: Duration,
}

impl Schedule {
    /// The key that these lack at this time, if they lack one.
    pub(super) fn next(
        &self,
        keys: &[Key],
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<Option<Key>, KeyError> {
        match self.due(keys, now) {
            Some(activates_at) => self.key(keys, activates_at, entropy).map(Some),
            None => Ok(None),
        }
    }

    /// Takes out what no server of the pool accepts any more, whose clock is late, too.
    pub(super) fn drop_over(&self, keys: &mut Vec<Key>, now: Timestamp) {
        keys.retain(|key| now < key.accept_until.saturating_add(self.policy.skew));
    }

    // From when on the next key signs.
    fn due(&self, keys: &[Key], now: Timestamp) -> Option<Timestamp> {
        let usable = || keys.iter().filter(|key| !key.revoked);
        let newest = usable().max_by_key(|key| key.activates_at);
        let current = usable()
            .filter(|key| key.activates_at <= now)
            .max_by_key(|key| key.activates_at);
        match (newest, current) {
            (Some(newest), Some(current)) if now < current.sign_until => {
                let soonest = now.saturating_add(self.policy.publish_ahead);
                let wished = newest.activates_at.saturating_add(self.policy.rotation);
                // The look after this one would come too late for it.
                let due = wished <= soonest.saturating_add(self.policy.refresh);
                due.then_some(wished.max(soonest))
            }
            // Nothing signs: at once, on servers whose clock is late, too.
            _ => Some(now.saturating_sub(self.policy.skew)),
        }
    }

    fn key(
        &self,
        keys: &[Key],
        activates_at: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<Key, KeyError> {
        let KeyPolicy {
            publish_ahead,
            rotation,
            skew,
            ..
        } = self.policy;
        let activates_at = free_time(keys, activates_at);
        // While the store is away nobody rotates: a key signs for one rotation more.
        let spare = rotation.saturating_add(publish_ahead).saturating_add(skew);
        let sign_until = activates_at.saturating_add(rotation).saturating_add(spare);
        Ok(Key {
            id: free_id(keys, entropy)?,
            secret: Secret::generate(entropy)?,
            activates_at,
            sign_until,
            accept_until: sign_until.saturating_add(self.longest).saturating_add(skew),
            revoked: false,
        })
    }
}

/// Whether the one keys lack something of the others that still counts.
pub(super) fn lacks(keys: &[Key], others: &[Key], now: Timestamp) -> bool {
    others
        .iter()
        .filter(|key| now < key.accept_until)
        .any(|other| {
            let own = keys.iter().find(|key| key.id == other.id);
            own.is_none_or(|own| other.revoked && !own.revoked)
        })
}

/// Adds what the others know and these do not.
pub(super) fn merge(keys: &mut Vec<Key>, others: &[Key], now: Timestamp) {
    for other in others.iter().filter(|key| now < key.accept_until) {
        match keys.iter_mut().find(|key| key.id == other.id) {
            Some(own) => own.revoked |= other.revoked,
            None => {
                let mut other = other.clone();
                other.activates_at = free_time(keys, other.activates_at);
                keys.push(other);
            }
        }
    }
}

// Two keys must not be activated at one time.
fn free_time(keys: &[Key], mut wished: Timestamp) -> Timestamp {
    while keys.iter().any(|key| key.activates_at == wished) {
        wished = wished.saturating_add(Duration::from_millis(1));
    }
    wished
}

// Random, so that servers which lost sight of each other do not give two keys one id.
fn free_id(keys: &[Key], entropy: &dyn Entropy) -> Result<KeyId, EntropyError> {
    loop {
        let mut bytes = [0; 4];
        entropy.fill(&mut bytes)?;
        let id = KeyId(u32::from_le_bytes(bytes));
        if keys.iter().all(|key| key.id != id) {
            return Ok(id);
        }
    }
}
