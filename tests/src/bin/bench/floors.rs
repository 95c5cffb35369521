//! The floors: bare primitives on the same values, without framing, into a given buffer.

use std::hint::black_box;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use rand::{Rng, SeedableRng};
use serde::Serialize;
use sha2::Sha256;
use statecookie_tests::shop::{self, SECRET, Shop};

use crate::harness::{Operation, repeated};

type Private = (u16, String);

fn keyed() -> Hmac<Sha256> {
    Hmac::new_from_slice(&SECRET).expect("every length is a key")
}

fn tag(keyed: &Hmac<Sha256>, parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = keyed.clone();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

fn encode<T: Serialize>(value: &T, out: &mut [u8]) -> usize {
    postcard::to_slice(value, out).expect("it fits").len()
}

/// Tier 0: one encoding and one HMAC over it.
pub(crate) fn partial() -> Operation {
    let (mac, shop) = (keyed(), shop::shop());
    let mut out = [0; 64];
    repeated(move || {
        let len = encode(black_box(&(shop.position, shop.yaw)), &mut out);
        let tag = tag(&mac, &[&out[..len]]);
        out[len..len + 16].copy_from_slice(&tag[..16]);
        black_box(&out);
    })
}

/// All tiers: three encodings, three HMACs, the hedge's, a nonce of a local generator, one seal.
pub(crate) fn full() -> Operation {
    let (mac, state) = (keyed(), shop::shop());
    let cipher = XChaCha20Poly1305::new(&SECRET.into());
    let mut random = rand::rngs::StdRng::seed_from_u64(1);
    let mut out = [0; 256];
    repeated(move || {
        let Shop {
            customer,
            name,
            credit_rating,
            discount,
            cart,
            quality,
            position,
            yaw,
        } = black_box(&state);
        let mut nonce = [0; 24];
        random.fill_bytes(&mut nonce);
        let open = encode(&(customer, name), &mut out);
        let end = open + encode(&(credit_rating, discount), &mut out[open..]);
        let nonce: [u8; 24] = tag(&mac, &[&nonce, &out[..end]])[..24]
            .try_into()
            .expect("24 bytes");
        let sum =
            cipher.encrypt_inout_detached(&XNonce::from(nonce), &[], (&mut out[open..end]).into());
        let sum = sum.expect("it is short enough");
        let root = tag(&mac, &[&nonce, &out[..end], &sum]);
        let len = encode(&(cart, quality), &mut out[end..]);
        let middle = tag(&mac, &[&root, &out[end..end + len]]);
        let len = encode(&(position, yaw), &mut out);
        black_box(tag(&mac, &[&middle, &out[..len]]));
    })
}

/// The bundle: three HMACs, one opening, the decoding of all values.
pub(crate) fn resume() -> Operation {
    let (mac, state) = (keyed(), shop::shop());
    let cipher = XChaCha20Poly1305::new(&SECRET.into());
    let nonce = XNonce::from([7; 24]);
    let open = postcard::to_allocvec(&(state.customer, &state.name)).expect("it encodes");
    let mut sealed =
        postcard::to_allocvec(&(state.credit_rating, &state.discount)).expect("it encodes");
    let sum = cipher
        .encrypt_inout_detached(&nonce, &[], sealed.as_mut_slice().into())
        .expect("short enough");
    let middle = postcard::to_allocvec(&(&state.cart, state.quality)).expect("it encodes");
    let low = postcard::to_allocvec(&(state.position, state.yaw)).expect("it encodes");
    let mut plain = sealed.clone();
    repeated(move || {
        let root = tag(&mac, &[&nonce, &open, black_box(&sealed), &sum]);
        let above = tag(&mac, &[&root, &middle]);
        black_box(tag(&mac, &[&above, &low]));
        plain.copy_from_slice(&sealed);
        cipher
            .decrypt_inout_detached(&nonce, &[], plain.as_mut_slice().into(), &sum)
            .expect("it opens");
        let (customer, name) = postcard::from_bytes(&open).expect("it decodes");
        let (credit_rating, discount): Private = postcard::from_bytes(&plain).expect("it decodes");
        let (cart, quality) = postcard::from_bytes(&middle).expect("it decodes");
        let (position, yaw) = postcard::from_bytes(&low).expect("it decodes");
        black_box(Shop {
            customer,
            name,
            credit_rating,
            discount,
            cart,
            quality,
            position,
            yaw,
        });
    })
}
