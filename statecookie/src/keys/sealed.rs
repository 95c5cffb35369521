//! A key ring as it lies in a store that must not read it: encrypted and authenticated under a secret of the servers.
//!
//! ```text
//! "scring1" | generation, 8 bytes | nonce, 24 | the keys, encrypted | tag, 16
//! ```
//! The generation is associated data; the pool's name is in the derivation of the key.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::derive::store_cipher;
use super::ring::{Key, KeyRing};
use super::secret::Secret;
use super::source::Generation;
use super::stack::leaving_nothing;
use crate::tier::KeyId;
use crate::time::{Entropy, EntropyError, Timestamp};

const MAGIC: &[u8; 7] = b"scring1";
const HEAD: usize = MAGIC.len() + 8;
const NONCE: usize = 24;
const TAG: usize = 16;

/// Of a key without its secret: id, three times, whether it is revoked, the secret's length.
const ENTRY: usize = 4 + 3 * 8 + 1 + 2;

/// Seals and opens the rings of one pool.
pub(crate) struct RingSeal(Box<XChaCha20Poly1305>);

impl RingSeal {
    /// More than any sealed ring takes.
    pub(crate) const MAX_LEN: usize =
        HEAD + NONCE + KeyRing::MAX_KEYS * (ENTRY + Secret::MAX_LEN) + TAG;

    pub(crate) fn new(local: &Secret, pool_name: &str) -> Self {
        Self(leaving_nothing(|| Box::new(store_cipher(local, pool_name))))
    }

    pub(crate) fn seal(
        &self,
        ring: &KeyRing,
        generation: Generation,
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, EntropyError> {
        let secrets: usize = ring
            .keys()
            .iter()
            .map(|key| key.secret.expose().len())
            .sum();
        let text = ring.keys().len() * ENTRY + secrets;
        // Encrypted where it was written, in a buffer that never grows: nothing readable stays behind.
        let mut out = Vec::with_capacity(HEAD + NONCE + text + TAG);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&generation.0.to_le_bytes());
        let mut nonce = [0; NONCE];
        entropy.fill(&mut nonce)?;
        out.extend_from_slice(&nonce);
        ring.keys().iter().for_each(|key| put(&mut out, key));
        let (head, rest) = out.split_at_mut(HEAD);
        let (_, text) = rest.split_at_mut(NONCE);
        let sum = self
            .0
            .encrypt_inout_detached(&XNonce::from(nonce), head, text.into());
        out.extend_from_slice(&sum.map_err(|_| EntropyError)?);
        Ok(out)
    }

    /// `None` for what was not sealed for this pool with this secret, or was changed since.
    pub(crate) fn open(&self, sealed: &[u8]) -> Option<(KeyRing, Generation)> {
        let (head, rest) = sealed.split_at_checked(HEAD)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>()?;
        let (text, tag) = rest.split_last_chunk::<TAG>()?;
        let generation = head.strip_prefix(MAGIC)?.first_chunk::<8>()?;
        let mut plain = Zeroizing::new(vec![0; text.len()]);
        plain.copy_from_slice(text);
        self.0
            .decrypt_inout_detached(
                &XNonce::from(*nonce),
                head,
                (&mut **plain).into(),
                &Tag::from(*tag),
            )
            .ok()?;
        let ring = KeyRing::new(keys(&plain)?).ok()?;
        Some((ring, Generation(u64::from_le_bytes(*generation))))
    }
}

fn put(out: &mut Vec<u8>, key: &Key) {
    let secret = key.secret.expose();
    out.extend_from_slice(&key.id.0.to_le_bytes());
    for time in [key.activates_at, key.sign_until, key.accept_until] {
        out.extend_from_slice(&time.as_millis().to_le_bytes());
    }
    out.push(key.revoked.into());
    // A secret has at most 1024 bytes.
    out.extend_from_slice(&(secret.len() as u16).to_le_bytes());
    out.extend_from_slice(secret);
}

fn keys(mut plain: &[u8]) -> Option<Vec<Key>> {
    let mut keys = Vec::new();
    while !plain.is_empty() {
        keys.push(take(&mut plain)?);
    }
    Some(keys)
}

fn take(plain: &mut &[u8]) -> Option<Key> {
    let id = KeyId(u32::from_le_bytes(chunk(plain)?));
    let mut time = || Some(Timestamp::from_millis(u64::from_le_bytes(chunk(plain)?)));
    let [activates_at, sign_until, accept_until] = [time()?, time()?, time()?];
    let [revoked] = chunk(plain)?;
    let len = usize::from(u16::from_le_bytes(chunk(plain)?));
    let (secret, rest) = plain.split_at_checked(len)?;
    *plain = rest;
    Some(Key {
        id,
        secret: Secret::from_bytes(secret).ok()?,
        activates_at,
        sign_until,
        accept_until,
        revoked: revoked != 0,
    })
}

fn chunk<const N: usize>(plain: &mut &[u8]) -> Option<[u8; N]> {
    let (chunk, rest) = plain.split_first_chunk()?;
    *plain = rest;
    Some(*chunk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SystemEntropy;

    fn ring() -> KeyRing {
        let key = |id: u32| Key {
            id: KeyId(id),
            secret: Secret::generate(&SystemEntropy).unwrap(),
            activates_at: Timestamp::from_millis(u64::from(id)),
            sign_until: Timestamp::from_millis(1_000),
            accept_until: Timestamp::from_millis(2_000),
            revoked: id == 2,
        };
        KeyRing::new(vec![key(1), key(2), key(7)]).unwrap()
    }

    fn seal(pool: &str) -> RingSeal {
        let bytes: Vec<u8> = (0..32).collect();
        RingSeal::new(&Secret::from_bytes(&bytes).unwrap(), pool)
    }

    #[test]
    fn opens_what_was_sealed_with_its_generation() {
        let ring = ring();
        let sealed = seal("shop")
            .seal(&ring, Generation(9), &SystemEntropy)
            .unwrap();
        let (opened, generation) = seal("shop").open(&sealed).unwrap();
        assert_eq!(generation, Generation(9));
        assert_eq!(opened.keys().len(), 3);
        for (was, is) in ring.keys().iter().zip(opened.keys()) {
            assert!(was.secret == is.secret);
            assert_eq!(
                (
                    was.id,
                    was.activates_at,
                    was.sign_until,
                    was.accept_until,
                    was.revoked
                ),
                (
                    is.id,
                    is.activates_at,
                    is.sign_until,
                    is.accept_until,
                    is.revoked
                )
            );
        }
    }

    #[test]
    fn opens_nothing_that_was_changed_cut_or_sealed_for_another() {
        let sealed = seal("shop")
            .seal(&ring(), Generation(9), &SystemEntropy)
            .unwrap();
        assert!(seal("other").open(&sealed).is_none());
        let other = RingSeal::new(&Secret::generate(&SystemEntropy).unwrap(), "shop");
        assert!(other.open(&sealed).is_none());
        for at in 0..sealed.len() {
            assert!(seal("shop").open(&sealed[..at]).is_none(), "cut at {at}");
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(seal("shop").open(&changed).is_none(), "changed at {at}");
        }
    }

    #[test]
    fn no_secret_can_be_read_in_it() {
        let ring = ring();
        let sealed = seal("shop")
            .seal(&ring, Generation(1), &SystemEntropy)
            .unwrap();
        for key in ring.keys() {
            let secret = key.secret.expose();
            assert!(!sealed.windows(8).any(|part| part == &secret[..8]));
        }
    }
}
