//! A list of keys with their times: which one signs now, and whether one is still accepted.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::derive::{Domain, Prk, SubKeys};
use super::error::{KeyRefusal, NoSigningKey, RingError};
use super::secret::Secret;
use super::stack::leaving_nothing;
use crate::tier::KeyId;
use crate::time::Timestamp;

/// A key of a pool: its id, its secret, and from when until when it signs and is accepted.
#[derive(Clone, Debug)]
pub struct Key {
    /// The number by which cookies name the key.
    pub id: KeyId,
    /// The secret.
    pub secret: Secret,
    /// From then on it signs, until a newer key is activated.
    pub activates_at: Timestamp,
    /// From then on it signs no more; after `activates_at`.
    pub sign_until: Timestamp,
    /// From then on its cookies are refused; not before `sign_until`.
    pub accept_until: Timestamp,
    /// Given up before its time, say after a leak: it neither signs nor is accepted, whatever its times say.
    pub revoked: bool,
}

/// The keys of a pool: at least one, with unique ids, secrets and activations.
#[derive(Clone, Debug)]
pub struct KeyRing(Vec<Key>);

impl KeyRing {
    /// The most keys of a ring.
    pub const MAX_KEYS: usize = 256;

    /// A ring of these keys, in any order.
    ///
    /// # Errors
    ///
    /// No key or more than 256; an id, a secret or an `activates_at` stands twice; a key's times are not in order.
    ///
    /// ```
    /// use statecookie::{Key, KeyId, KeyRing, RingError, Secret, SystemEntropy, Timestamp};
    ///
    /// let key = Key {
    ///     id: KeyId(1),
    ///     secret: Secret::generate(&SystemEntropy)?,
    ///     activates_at: Timestamp::from_secs(1_000_000),
    ///     sign_until: Timestamp::from_secs(1_010_800),
    ///     accept_until: Timestamp::from_secs(1_032_400),
    ///     revoked: false,
    /// };
    /// assert!(KeyRing::new(vec![key.clone()]).is_ok());
    /// assert_eq!(KeyRing::new(vec![key.clone(), key]).unwrap_err(), RingError::SameId(KeyId(1)));
    /// # Ok::<(), statecookie::KeyError>(())
    /// ```
    pub fn new(keys: Vec<Key>) -> Result<Self, RingError> {
        match keys.len() {
            0 => return Err(RingError::Empty),
            1..=Self::MAX_KEYS => {}
            len => return Err(RingError::TooManyKeys(len)),
        }
        keys.iter().try_for_each(check_order)?;
        for (at, key) in keys.iter().enumerate() {
            keys.iter()
                .skip(at + 1)
                .try_for_each(|other| check_pair(key, other))?;
        }
        Ok(Self(keys))
    }

    /// The keys, in the order in which they were given.
    pub fn keys(&self) -> &[Key] {
        &self.0
    }
}

fn check_order(key: &Key) -> Result<(), RingError> {
    let ordered = key.activates_at < key.sign_until && key.sign_until <= key.accept_until;
    if ordered {
        Ok(())
    } else {
        Err(RingError::Windows(key.id))
    }
}

fn check_pair(one: &Key, other: &Key) -> Result<(), RingError> {
    if one.id == other.id {
        Err(RingError::SameId(one.id))
    } else if one.activates_at == other.activates_at {
        Err(RingError::SameActivation(one.id, other.id))
    } else if one.secret == other.secret {
        Err(RingError::SameSecret(one.id, other.id))
    } else {
        Ok(())
    }
}

/// A key ready for one pool and schema: its times and its sub-keys, without the secret.
pub(crate) struct Prepared {
    pub(super) id: KeyId,
    pub(super) activates_at: Timestamp,
    pub(super) sign_until: Timestamp,
    pub(super) accept_until: Timestamp,
    pub(super) revoked: bool,
    sub_keys: SubKeys,
}

impl Prepared {
    pub(super) fn new(key: &Key, domain: &Domain) -> Self {
        Self {
            id: key.id,
            activates_at: key.activates_at,
            sign_until: key.sign_until,
            accept_until: key.accept_until,
            revoked: key.revoked,
            sub_keys: SubKeys::derive(&Prk::of(&key.secret), domain),
        }
    }

    pub(super) fn with_windows(id: KeyId, windows: [Timestamp; 3], sub_keys: SubKeys) -> Self {
        let [activates_at, sign_until, accept_until] = windows;
        Self {
            id,
            activates_at,
            sign_until,
            accept_until,
            revoked: false,
            sub_keys,
        }
    }

    pub(crate) fn id(&self) -> KeyId {
        self.id
    }

    /// The end of acceptance, which no root outlives.
    pub(crate) fn accept_until(&self) -> Timestamp {
        self.accept_until
    }

    pub(crate) fn sub_keys(&self) -> &SubKeys {
        &self.sub_keys
    }

    // As words: one comparison, which says whether they differ and nothing of where.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        let print = |key: &Self| u64::from_le_bytes(key.sub_keys.fingerprint());
        self.id == other.id && print(self) == print(other)
    }
}

/// A ring's prepared keys, the newest activation first: what the hot path reads.
///
/// Keys whose acceptance has ended stay until the next ring: a clock that jumps ahead for one reading must not cost a pool
/// keys which nobody can derive again.
pub(super) struct PreparedRing(Vec<Arc<Prepared>>);

impl PreparedRing {
    pub(super) fn new(ring: &KeyRing, domain: &Domain) -> Self {
        let mut keys: Vec<_> = ring
            .keys()
            .iter()
            .map(|key| leaving_nothing(|| Arc::new(Prepared::new(key, domain))))
            .collect();
        keys.sort_by_key(|key| core::cmp::Reverse(key.activates_at));
        Self(keys)
    }

    // The newest activated key or none: an older one that could still sign would bring back what was rotated away. A revoked
    // one is as good as absent, so that the one before it takes over while its own time lasts.
    pub(super) fn signing(&self, now: Timestamp) -> Result<&Arc<Prepared>, NoSigningKey> {
        let mut usable = self.0.iter().filter(|key| !key.revoked);
        let newest = usable.find(|key| key.activates_at <= now);
        newest
            .filter(|key| now < key.sign_until)
            .ok_or(NoSigningKey)
    }

    pub(super) fn accepting(
        &self,
        id: KeyId,
        now: Timestamp,
    ) -> Result<&Arc<Prepared>, KeyRefusal> {
        let key = self
            .0
            .iter()
            .find(|key| key.id == id)
            .ok_or(KeyRefusal::UnknownKey)?;
        if key.revoked {
            Err(KeyRefusal::KeyRevoked)
        } else if now < key.accept_until {
            Ok(key)
        } else {
            Err(KeyRefusal::KeyExpired)
        }
    }

    /// All of them.
    pub(super) fn keys(&self) -> &[Arc<Prepared>] {
        &self.0
    }

    /// Id and fingerprint of each key that is not revoked, by id.
    pub(super) fn fingerprints(&self) -> Vec<(KeyId, [u8; 8])> {
        let usable = self.0.iter().filter(|key| !key.revoked);
        let mut parts: Vec<_> = usable
            .map(|key| (key.id, key.sub_keys.fingerprint()))
            .collect();
        parts.sort_unstable();
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn key(id: u32, [activates_at, sign_until, accept_until]: [u64; 3]) -> Key {
        let secret = core::array::from_fn::<u8, 32, _>(|at| at as u8 ^ id as u8);
        Key {
            id: KeyId(id),
            secret: Secret::from_bytes(&secret).unwrap(),
            activates_at: at(activates_at),
            sign_until: at(sign_until),
            accept_until: at(accept_until),
            revoked: false,
        }
    }

    fn prepared(keys: Vec<Key>) -> PreparedRing {
        PreparedRing::new(
            &KeyRing::new(keys).unwrap(),
            &Domain::new("pool", b"schema"),
        )
    }

    fn signer(ring: &PreparedRing, now: Timestamp) -> Option<u32> {
        ring.signing(now).ok().map(|key| key.id().0)
    }

    #[test]
    fn refuses_what_is_no_ring() {
        let windows = [10, 20, 30];
        let error = |keys| KeyRing::new(keys).unwrap_err();
        assert_eq!(error(Vec::new()), RingError::Empty);
        assert_eq!(
            error(alloc::vec![key(1, windows); 257]),
            RingError::TooManyKeys(257)
        );
        assert_eq!(
            error(alloc::vec![key(1, windows), key(1, [11, 20, 30])]),
            RingError::SameId(KeyId(1))
        );
        assert_eq!(
            error(alloc::vec![key(1, windows), key(2, windows)]),
            RingError::SameActivation(KeyId(1), KeyId(2))
        );
        let copy = Key {
            id: KeyId(2),
            activates_at: at(11),
            ..key(1, windows)
        };
        assert_eq!(
            error(alloc::vec![key(1, windows), copy]),
            RingError::SameSecret(KeyId(1), KeyId(2))
        );
        for disordered in [[10, 10, 30], [20, 10, 30], [10, 20, 19]] {
            assert_eq!(
                error(alloc::vec![key(3, disordered)]),
                RingError::Windows(KeyId(3))
            );
        }
        assert!(KeyRing::new(alloc::vec![key(1, [10, 20, 20])]).is_ok());
    }

    #[test]
    fn signs_with_the_newest_activated_key() {
        let ring = prepared(alloc::vec![key(9, [10, 40, 60]), key(4, [20, 30, 70])]);
        assert_eq!(signer(&ring, Timestamp::from_millis(9_999)), None);
        assert_eq!(signer(&ring, at(10)), Some(9));
        assert_eq!(signer(&ring, Timestamp::from_millis(19_999)), Some(9));
        assert_eq!(signer(&ring, at(20)), Some(4));
        assert_eq!(signer(&ring, Timestamp::from_millis(29_999)), Some(4));
        // Key 9 could sign until 40, but a newer one has taken over.
        assert_eq!(signer(&ring, at(30)), None);
    }

    #[test]
    fn accepts_by_id_until_the_exact_end() {
        let ring = prepared(alloc::vec![key(9, [10, 40, 60]), key(4, [20, 30, 70])]);
        let refusal = |id, now| ring.accepting(KeyId(id), now).err();
        assert_eq!(refusal(9, at(0)), None);
        assert_eq!(refusal(9, Timestamp::from_millis(59_999)), None);
        assert_eq!(refusal(9, at(60)), Some(KeyRefusal::KeyExpired));
        assert_eq!(refusal(4, at(60)), None);
        assert_eq!(refusal(5, at(20)), Some(KeyRefusal::UnknownKey));
    }

    #[test]
    fn neither_signs_with_a_revoked_key_nor_accepts_it() {
        let keys = [key(9, [10, 40, 60]), key(4, [20, 50, 70])];
        let without = prepared(keys[..1].to_vec());
        let [old, newest] = keys;
        let revoked = Key {
            revoked: true,
            ..newest
        };
        let ring = prepared(alloc::vec![old.clone(), revoked.clone()]);
        assert_eq!(signer(&ring, at(30)), Some(9), "the one before takes over");
        assert_eq!(signer(&ring, at(40)), None);
        let refusal = |now| ring.accepting(KeyId(4), now).err();
        for now in [0, 20, 69, 70] {
            assert_eq!(refusal(at(now)), Some(KeyRefusal::KeyRevoked));
        }
        assert_eq!(ring.accepting(KeyId(9), at(59)).err(), None);
        assert_eq!(ring.fingerprints(), without.fingerprints());
        let none = prepared(alloc::vec![revoked]);
        assert_eq!(signer(&none, at(30)), None);
    }
}
