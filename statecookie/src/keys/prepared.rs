//! A pool's keys, ready to seal and open, under the rules that every set of them has to satisfy.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use sha2::{Digest, Sha256};

use super::derive::Domain;
use super::embedded::{Embedded, Periods};
use super::error::{KeyRefusal, NoSigningKey, PolicyError, ReplaceError};
use super::policy::{KeyPolicy, SHORTEST_REFRESH};
use super::ring::{KeyRing, Prepared, PreparedRing};
use super::source::{Generation, KeySource, Live, Question, Refresh};
use super::times::{Afterlife, KeyTimes, times};
use super::{Keys, Origin};
use crate::error::PoolError;
use crate::tier::KeyId;
use crate::time::Timestamp;

impl Keys {
    /// Derives what one pool and schema need; the secrets are wiped. A source is asked for its first ring.
    pub(crate) fn prepare(
        self,
        pool_name: &str,
        description: &[u8],
        longest_validity: Duration,
        policy: KeyPolicy,
    ) -> Result<PreparedKeys, PoolError> {
        let rules = Rules {
            policy,
            longest_validity,
        };
        let domain = Domain::new(pool_name, description);
        let mut first = None;
        let source = match self.0 {
            Origin::Embedded { root, rotation } => {
                Source::Embedded(Embedded::new(&root, rules.periods(rotation)?))
            }
            Origin::Ring(ring) => Source::Ring(rules.live(&ring, Generation(0), None, &domain)?),
            Origin::Source(source) => {
                let loaded = source.load()?;
                first = Some(Refresh::first(&*source, &loaded));
                Source::Ring(rules.live(&loaded.ring, loaded.generation, Some(source), &domain)?)
            }
        };
        Ok(PreparedKeys {
            domain,
            rules,
            source,
            first,
        })
    }
}

/// A pool's keys, ready to seal and open. Reading takes a snapshot and never waits.
pub(crate) struct PreparedKeys {
    domain: Domain,
    rules: Rules,
    source: Source,
    first: Option<Refresh>,
}

enum Source {
    Embedded(Embedded),
    Ring(Live),
}

impl PreparedKeys {
    /// The key to sign with now.
    pub(crate) fn signing(&self, now: Timestamp) -> Result<Arc<Prepared>, NoSigningKey> {
        match &self.source {
            Source::Embedded(keys) => keys.signing(&self.domain, now),
            Source::Ring(ring) => ring.read(|ring| ring.signing(now).cloned()),
        }
    }

    /// Whether `held` is still the key to sign with now: for a session that keeps its key.
    pub(crate) fn is_signing(&self, held: &Prepared, now: Timestamp) -> bool {
        match &self.source {
            Source::Embedded(keys) => keys.is_signing(held.id(), now),
            Source::Ring(ring) => {
                ring.read(|ring| ring.signing(now).is_ok_and(|key| key.same_as(held)))
            }
        }
    }

    /// The key of that id, if it is accepted now. Keys are never tried in turn.
    pub(crate) fn accepting(&self, id: KeyId, now: Timestamp) -> Result<Arc<Prepared>, KeyRefusal> {
        match &self.source {
            Source::Embedded(keys) => keys.accepting(&self.domain, id, now),
            Source::Ring(ring) => ring.read(|ring| ring.accepting(id, now).cloned()),
        }
    }

    /// Eight bytes that are equal on servers which hold the same keys for the same pool name and schema, and tell nothing
    /// else about them: SHA-256 over the kind of source, and id and fingerprint sub-key of each key of a ring that is not revoked,
    /// or rotation and fingerprint sub-key of a root secret.
    pub(crate) fn fingerprint(&self) -> [u8; 8] {
        let mut hash = Sha256::new();
        match &self.source {
            Source::Embedded(keys) => {
                let (part, rotation) = keys.fingerprint(&self.domain);
                hash.update([0]);
                hash.update(rotation.to_le_bytes());
                hash.update(part);
            }
            Source::Ring(ring) => {
                hash.update([1]);
                for (id, part) in ring.read(PreparedRing::fingerprints) {
                    hash.update(id.0.to_le_bytes());
                    hash.update(part);
                }
            }
        }
        core::array::from_fn({
            let mut bytes = hash.finalize().into_iter();
            move |_| bytes.next().unwrap_or_default()
        })
    }

    /// The times of the keys that are held, by id; of derived ones, those that were asked for.
    pub(crate) fn times(&self, leeway: Duration) -> Vec<KeyTimes> {
        let after = Afterlife {
            longest_validity: self.rules.longest_validity,
            leeway,
            skew: self.rules.policy.skew,
        };
        match &self.source {
            Source::Embedded(keys) => keys.held(|keys| times(keys.iter(), after)),
            Source::Ring(ring) => ring.read(|ring| times(ring.keys().iter(), after)),
        }
    }

    /// Goes on with the keys of another ring, from the next call on; readers in the middle keep theirs.
    pub(crate) fn replace(&self, ring: &KeyRing) -> Result<(), ReplaceError> {
        let Source::Ring(live) = &self.source else {
            return Err(ReplaceError::DerivedKeys);
        };
        live.replace(self.ring(ring)?)
    }

    /// What came of asking the source for its first ring.
    pub(crate) fn first(&self) -> Option<&Refresh> {
        self.first.as_ref()
    }

    /// Asks the source of the ring, if there is one.
    pub(crate) fn refresh(&self) -> Option<Refresh> {
        self.ask(Question::Asked)
    }

    /// Asks the source because of this id, if there is one and it was not asked so within the policy's `refresh`.
    #[cold]
    pub(crate) fn refresh_for(&self, id: KeyId, now: Timestamp) -> Option<Refresh> {
        // What a client presents asks no source more often than a thread would, whatever the policy says.
        let interval = self.rules.policy.refresh.max(SHORTEST_REFRESH);
        self.ask(Question::Unknown { id, now, interval })
    }

    /// How often the source is to be asked; `None` if there is none.
    pub(crate) fn interval(&self) -> Option<Duration> {
        match &self.source {
            Source::Ring(live) => live.source().map(|_| self.rules.policy.refresh),
            Source::Embedded(_) => None,
        }
    }

    /// Where the ring comes from, if it comes from anywhere.
    pub(crate) fn source(&self) -> Option<Arc<dyn KeySource>> {
        match &self.source {
            Source::Ring(live) => live.source(),
            Source::Embedded(_) => None,
        }
    }

    fn ask(&self, question: Question) -> Option<Refresh> {
        match &self.source {
            Source::Ring(live) => live.refresh(question, |ring| self.ring(ring)),
            Source::Embedded(_) => None,
        }
    }

    fn ring(&self, ring: &KeyRing) -> Result<PreparedRing, PolicyError> {
        self.rules.check(ring)?;
        Ok(PreparedRing::new(ring, &self.domain))
    }
}

/// What every set of keys of a pool has to satisfy.
struct Rules {
    policy: KeyPolicy,
    longest_validity: Duration,
}

impl Rules {
    fn check(&self, ring: &KeyRing) -> Result<(), PolicyError> {
        self.policy.check()?;
        ring.keys()
            .iter()
            .try_for_each(|key| self.policy.check_key(key, self.longest_validity))
    }

    fn live(
        &self,
        ring: &KeyRing,
        generation: Generation,
        source: Option<Arc<dyn KeySource>>,
        domain: &Domain,
    ) -> Result<Live, PolicyError> {
        self.check(ring)?;
        Ok(Live::new(
            PreparedRing::new(ring, domain),
            generation,
            source,
        ))
    }

    fn periods(&self, rotation: Duration) -> Result<Periods, PolicyError> {
        let periods = Periods::new(rotation, self.longest_validity, self.policy.skew)?;
        self.policy.of_derived_keys(rotation).check()?;
        Ok(periods)
    }
}

#[cfg(test)]
mod tests;
