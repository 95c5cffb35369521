//! Seal and open: the tag over everything signed, encryption of what is private.
//!
//! `docs/wire-format.md`, sections 6 and 7.

use alloc::vec::Vec;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{Tag as AeadTag, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::bytes::put_varint;
use crate::keys::{Mac, SubKeys};
use crate::time::{Entropy, EntropyError};
use crate::wire::{AEAD_TAG_LEN, NONCE_LEN, Private, TAG_LEN};

/// The 32 bytes that a child's tag depends on; their first 16 are the tag on the wire.
pub(crate) type FullTag = [u8; 32];

const ROOT_LABEL: u8 = 0x10;
const CHILD_LABEL: u8 = 0x11;

/// What stands before the header in the input of a tag.
#[derive(Clone, Copy)]
pub(crate) enum Above<'a> {
    /// Nothing is above the root but the client it is bound to, if any.
    Client(Option<&'a [u8; 32]>),
    /// The parent's full tag: a cookie is good under that very parent only.
    Parent(&'a FullTag),
}

/// The digest of the identity that a session is bound to.
pub(crate) fn binding(identity: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in [b"statecookie 1 binding".as_slice(), identity] {
        let mut len = Vec::with_capacity(10);
        put_varint(&mut len, part.len() as u64);
        digest.update(&len);
        digest.update(part);
    }
    digest.finalize().into()
}

/// The full tag of a cookie: `signed` is its header and sections, just as they travel.
#[inline]
pub(crate) fn tag(keys: &SubKeys, above: Above<'_>, signed: &[u8]) -> FullTag {
    fed(keys, above, signed).finish()
}

/// The full tag, if its first 16 bytes are the ones received; compared in constant time.
#[inline]
pub(crate) fn open(
    keys: &SubKeys,
    above: Above<'_>,
    signed: &[u8],
    received: &[u8; TAG_LEN],
) -> Option<FullTag> {
    checked(fed(keys, above, signed), received)
}

#[inline]
fn fed(keys: &SubKeys, above: Above<'_>, signed: &[u8]) -> Mac {
    let mut mac = keys.sign();
    put_above(|part| mac.update(part), above);
    mac.update(signed);
    mac
}

#[inline]
fn checked(mut mac: Mac, received: &[u8; TAG_LEN]) -> Option<FullTag> {
    let full = mac.finish();
    bool::from(full[..TAG_LEN].ct_eq(received)).then_some(full)
}

/// Encrypts a private section in place.
///
/// `signed` is the cookie so far, from its header on; its private section begins at `start` with room for the nonce, then the
/// padded plaintext, then room for the AEAD tag.
pub(crate) fn encrypt(
    keys: &SubKeys,
    entropy: &dyn Entropy,
    above: Above<'_>,
    signed: &mut [u8],
    start: usize,
) -> Result<(), EntropyError> {
    let (context, section) = signed.split_at_mut(start);
    let (nonce, sealed) = section.split_at_mut(NONCE_LEN);
    let (text, aead_tag) = sealed.split_at_mut(sealed.len() - AEAD_TAG_LEN);
    let hedged = hedged_nonce(keys, entropy, above, context, text)?;
    nonce.copy_from_slice(&hedged);
    let sum = sealed_with(keys.encrypt(), &hedged, NO_DATA, text);
    aead_tag.copy_from_slice(&sum.ok_or(EntropyError)?);
    Ok(())
}

/// Decrypts a private section onto the end of `plain`; `false` if it was not made with this key.
#[must_use]
pub(crate) fn decrypt(keys: &SubKeys, section: Private<'_>, plain: &mut Vec<u8>) -> bool {
    opened_with(keys.encrypt(), NO_DATA, section, plain)
}

// Everything is under the cookie's tag (encrypt, then sign), so nothing is associated; the public vectors of the AEAD do.
const NO_DATA: &[u8] = &[];

#[inline]
fn sealed_with(
    cipher: &XChaCha20Poly1305,
    nonce: &XNonce,
    associated: &[u8],
    text: &mut [u8],
) -> Option<AeadTag> {
    let sum = cipher.encrypt_inout_detached(nonce, associated, text.into());
    sum.ok()
}

#[inline]
fn opened_with(
    cipher: &XChaCha20Poly1305,
    associated: &[u8],
    section: Private<'_>,
    plain: &mut Vec<u8>,
) -> bool {
    let start = plain.len();
    plain.extend_from_slice(section.ciphertext);
    let opened = cipher.decrypt_inout_detached(
        &XNonce::from(*section.nonce),
        associated,
        (&mut plain[start..]).into(),
        &AeadTag::from(*section.tag),
    );
    opened.is_ok()
}

/// A nonce that stays unique per plaintext even if the generator repeats itself after a fork or a restored snapshot.
fn hedged_nonce(
    keys: &SubKeys,
    entropy: &dyn Entropy,
    above: Above<'_>,
    context: &[u8],
    text: &[u8],
) -> Result<XNonce, EntropyError> {
    let mut random = [0; NONCE_LEN];
    entropy.fill(&mut random)?;
    let mut mac = keys.hedge();
    mac.update(&random);
    put_above(|part| mac.update(part), above);
    mac.update(context);
    mac.update(text);
    let sum = mac.finish();
    let mut nonce = XNonce::default();
    nonce.copy_from_slice(&sum[..NONCE_LEN]);
    Ok(nonce)
}

#[inline]
fn put_above(mut put: impl FnMut(&[u8]), above: Above<'_>) {
    let mut front = [CHILD_LABEL; 33];
    match above {
        Above::Parent(tag) => {
            front[1..].copy_from_slice(tag);
            put(&front);
        }
        Above::Client(None) => put(&[ROOT_LABEL, 0]),
        Above::Client(Some(binding)) => {
            put(&[ROOT_LABEL, 32]);
            put(binding);
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod public_vectors;
