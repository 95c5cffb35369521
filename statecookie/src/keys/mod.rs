//! The keys of a pool: where they come from, which one signs now, which are still accepted.

mod derive;
mod embedded;
mod error;
#[cfg(feature = "key-file")]
mod file;
mod mac;
mod policy;
mod ring;
mod secret;
mod stack;

use alloc::sync::Arc;
use core::time::Duration;

use arc_swap::ArcSwap;
use sha2::{Digest, Sha256};

use crate::tier::KeyId;
use crate::time::{SystemEntropy, Timestamp};
use derive::Domain;
use embedded::{Embedded, Periods};
use ring::PreparedRing;

pub(crate) use derive::SubKeys;
pub use error::{
    KeyEnvError, KeyEnvFault, KeyError, KeyRefusal, NoSigningKey, PolicyError, ReplaceError,
    RingError,
};
#[cfg(feature = "key-file")]
pub use file::{RingText, RingTextError, RingTextFault, RingWriteError};
pub(crate) use mac::Mac;
#[cfg(test)]
pub(crate) use mac::MacKey;
pub use policy::KeyPolicy;
pub(crate) use policy::{check_leeway, default_leeway};
pub(crate) use ring::Prepared;
pub use ring::{Key, KeyRing};
pub use secret::Secret;

/// What a pool's keys come from. Every server of the pool is given the same.
///
/// ```
/// use statecookie::{Keys, Secret, SystemEntropy};
///
/// // In earnest: Secret::from_env("POOL_SECRET")?
/// let keys = Keys::embedded(Secret::generate(&SystemEntropy)?);
/// assert_eq!(format!("{keys:?}"), "Keys(..)");
/// # Ok::<(), statecookie::KeyError>(())
/// ```
#[derive(Clone)]
pub struct Keys(Origin);

#[derive(Clone)]
enum Origin {
    Embedded { root: Secret, rotation: Duration },
    Ring(KeyRing),
}

impl Keys {
    /// How long a derived key signs unless said otherwise: 3 h.
    pub const DEFAULT_ROTATION: Duration = Duration::from_secs(10_800);

    /// One root secret; a new key is derived from it every 3 h, without any coordination between the servers.
    pub fn embedded(root: Secret) -> Self {
        Self::embedded_with_rotation(root, Self::DEFAULT_ROTATION)
    }

    /// [`embedded`](Self::embedded) with another rotation: whole seconds, the same on every server. The pool refuses
    /// others when it is made.
    pub fn embedded_with_rotation(root: Secret, rotation: Duration) -> Self {
        Self(Origin::Embedded { root, rotation })
    }

    /// A random root secret that nobody else has: for tests and for a single process whose clients need not survive it.
    ///
    /// # Errors
    ///
    /// The random generator failed.
    pub fn ephemeral() -> Result<Self, KeyError> {
        Secret::generate(&SystemEntropy).map(Self::embedded)
    }

    /// A list of keys that somebody else rotates.
    pub fn ring(ring: KeyRing) -> Self {
        Self(Origin::Ring(ring))
    }

    /// Derives what one pool and schema need; the secrets are wiped.
    pub(crate) fn prepare(
        self,
        pool_name: &str,
        description: &[u8],
        longest_validity: Duration,
        policy: KeyPolicy,
    ) -> Result<PreparedKeys, PolicyError> {
        let rules = Rules {
            policy,
            longest_validity,
        };
        let domain = Domain::new(pool_name, description);
        let source = match self.0 {
            Origin::Embedded { root, rotation } => {
                Source::Embedded(Embedded::new(&root, rules.periods(rotation)?))
            }
            Origin::Ring(ring) => {
                rules.check(&ring)?;
                Source::Ring(ArcSwap::from_pointee(PreparedRing::new(&ring, &domain)))
            }
        };
        Ok(PreparedKeys {
            domain,
            rules,
            source,
        })
    }
}

impl core::fmt::Debug for Keys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// A pool's keys, ready to seal and open. Reading takes a snapshot and never waits.
pub(crate) struct PreparedKeys {
    domain: Domain,
    #[cfg_attr(not(test), allow(dead_code, reason = "only replacing reads it"))]
    rules: Rules,
    source: Source,
}

enum Source {
    Embedded(Embedded),
    Ring(ArcSwap<PreparedRing>),
}

impl PreparedKeys {
    /// The key to sign with now.
    pub(crate) fn signing(&self, now: Timestamp) -> Result<Arc<Prepared>, NoSigningKey> {
        match &self.source {
            Source::Embedded(keys) => keys.signing(&self.domain, now),
            Source::Ring(ring) => ring.load().signing(now).cloned(),
        }
    }

    /// Whether `held` is still the key to sign with now: for a session that keeps its key.
    pub(crate) fn is_signing(&self, held: &Prepared, now: Timestamp) -> bool {
        match &self.source {
            Source::Embedded(keys) => keys.is_signing(held.id(), now),
            Source::Ring(ring) => ring.load().signing(now).is_ok_and(|key| key.same_as(held)),
        }
    }

    /// The key of that id, if it is accepted now. Keys are never tried in turn.
    pub(crate) fn accepting(&self, id: KeyId, now: Timestamp) -> Result<Arc<Prepared>, KeyRefusal> {
        match &self.source {
            Source::Embedded(keys) => keys.accepting(&self.domain, id, now),
            Source::Ring(ring) => ring.load().accepting(id, now).cloned(),
        }
    }

    /// Eight bytes that are equal on servers which hold the same keys for the same pool name and schema, and tell nothing
    /// else about them: SHA-256 over the kind of source, and id and fingerprint sub-key of each key of a ring, or rotation
    /// and fingerprint sub-key of a root secret.
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
                for (id, part) in ring.load().fingerprints() {
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

    /// Goes on with the keys of another ring, from the next call on; readers in the middle keep theirs. This is where the
    /// sources that watch a file or a store come in.
    #[cfg_attr(
        not(test),
        allow(
            dead_code,
            reason = "the door for sources that watch a file or a store"
        )
    )]
    pub(crate) fn replace(&self, ring: &KeyRing) -> Result<(), ReplaceError> {
        let Source::Ring(held) = &self.source else {
            return Err(ReplaceError::DerivedKeys);
        };
        self.rules.check(ring)?;
        held.store(Arc::new(PreparedRing::new(ring, &self.domain)));
        Ok(())
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

    fn periods(&self, rotation: Duration) -> Result<Periods, PolicyError> {
        let periods = Periods::new(rotation, self.longest_validity, self.policy.skew)?;
        self.policy.of_derived_keys(rotation).check()?;
        Ok(periods)
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::*;

    fn secret(seed: u8) -> Secret {
        Secret::from_bytes(&core::array::from_fn::<u8, 32, _>(|at| at as u8 ^ seed)).unwrap()
    }

    fn at(secs: u64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    // Key k signs from 1000 k to 1000 k + 1000 and is accepted 200 s longer.
    fn ring(ids: &[u32]) -> KeyRing {
        let key = |id: u32| Key {
            id: KeyId(id),
            secret: secret(id as u8),
            activates_at: at(u64::from(id) * 1000),
            sign_until: at(u64::from(id) * 1000 + 1000),
            accept_until: at(u64::from(id) * 1000 + 1200),
            revoked: false,
        };
        KeyRing::new(ids.iter().copied().map(key).collect::<Vec<_>>()).unwrap()
    }

    fn prepared(keys: Keys) -> PreparedKeys {
        keys.prepare(
            "pool",
            b"schema",
            Duration::from_secs(100),
            KeyPolicy::default(),
        )
        .unwrap()
    }

    #[test]
    fn tells_whether_a_held_key_still_signs() {
        for keys in [
            Keys::ring(ring(&[1, 2])),
            Keys::embedded_with_rotation(secret(1), Duration::from_secs(1000)),
        ] {
            let keys = prepared(keys);
            let held = keys.signing(at(1500)).unwrap();
            assert_eq!(held.id(), KeyId(1));
            assert!(keys.is_signing(&held, at(1999)));
            assert!(!keys.is_signing(&held, at(2000)));
            assert!(Arc::ptr_eq(
                &held,
                &keys.accepting(KeyId(1), at(2000)).unwrap()
            ));
        }
    }

    #[test]
    fn goes_on_with_another_ring() {
        let keys = prepared(Keys::ring(ring(&[1])));
        let held = keys.signing(at(1500)).unwrap();
        keys.replace(&ring(&[1, 2])).unwrap();
        assert!(
            keys.is_signing(&held, at(1500)),
            "the same key, prepared again"
        );
        assert_eq!(keys.signing(at(2000)).unwrap().id(), KeyId(2));
        keys.replace(&ring(&[2])).unwrap();
        assert_eq!(
            keys.accepting(KeyId(1), at(1500)).err(),
            Some(KeyRefusal::UnknownKey)
        );
        let mut other = ring(&[1]).keys().to_vec();
        other.iter_mut().for_each(|key| key.secret = secret(99));
        keys.replace(&KeyRing::new(other).unwrap()).unwrap();
        assert!(
            !keys.is_signing(&held, at(1500)),
            "another secret under the same id"
        );
    }

    #[test]
    fn holds_every_ring_to_the_policy() {
        let mut short = ring(&[1]).keys().to_vec();
        short
            .iter_mut()
            .for_each(|key| key.accept_until = key.sign_until);
        let short = KeyRing::new(short).unwrap();
        let keys = prepared(Keys::ring(ring(&[1])));
        assert!(matches!(
            keys.replace(&short),
            Err(ReplaceError::Policy(PolicyError::AcceptTooShort { .. }))
        ));
        assert_eq!(
            keys.accepting(KeyId(1), at(2100)).err(),
            None,
            "the good ring stays"
        );
        let derived = prepared(Keys::embedded(secret(1)));
        assert_eq!(derived.replace(&ring(&[1])), Err(ReplaceError::DerivedKeys));
    }

    #[test]
    fn has_one_fingerprint_for_the_same_keys_and_another_for_others() {
        let print = |keys: Keys| prepared(keys).fingerprint();
        assert_eq!(
            print(Keys::ring(ring(&[1, 2]))),
            print(Keys::ring(ring(&[2, 1])))
        );
        let second = Duration::from_secs(1000);
        let all = [
            print(Keys::ring(ring(&[1]))),
            print(Keys::ring(ring(&[1, 2]))),
            print(Keys::embedded(secret(1))),
            print(Keys::embedded(secret(2))),
            print(Keys::embedded_with_rotation(secret(1), second)),
            prepared_for("other", b"schema"),
            prepared_for("pool", b"other"),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|other| other != one));
        }
        assert_eq!(
            print(Keys::embedded(secret(1))),
            prepared_for("pool", b"schema")
        );
    }

    fn prepared_for(pool: &str, description: &[u8]) -> [u8; 8] {
        let keys = Keys::embedded(secret(1));
        let longest = Duration::from_secs(100);
        keys.prepare(pool, description, longest, KeyPolicy::default())
            .unwrap()
            .fingerprint()
    }

    #[test]
    fn serves_many_threads_while_keys_change() {
        let keys = prepared(Keys::embedded_with_rotation(
            secret(1),
            Duration::from_secs(60),
        ));
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let keys = &keys;
                scope.spawn(move || {
                    for step in 0..500 {
                        let now = at(1_000_000 + step * 7 + thread);
                        let key = keys.signing(now).unwrap();
                        assert!(keys.is_signing(&key, now));
                        assert_eq!(key.id(), keys.accepting(key.id(), now).unwrap().id());
                    }
                });
            }
        });
    }

    #[test]
    fn makes_ephemeral_keys_that_nobody_shares() {
        let print = || prepared(Keys::ephemeral().unwrap()).fingerprint();
        assert_ne!(print(), print());
    }

    #[test]
    fn prints_no_secret() {
        let keys = Keys::ring(ring(&[1]));
        let Origin::Ring(ring) = &keys.0 else {
            panic!("a ring")
        };
        assert_eq!(format!("{keys:?}"), "Keys(..)");
        assert!(format!("{ring:?}").contains("secret: Secret(..)"));
    }
}
