mod frames;

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use super::*;
use crate::keys::{KeyPolicy, Keys, Prepared, Secret};
use crate::testing::BrokenEntropy;
use crate::time::Timestamp;

fn key() -> Arc<Prepared> {
    let secret = Secret::from_bytes(&core::array::from_fn::<u8, 32, _>(|at| at as u8)).unwrap();
    let keys = Keys::embedded(secret).prepare(
        "pool",
        b"schema",
        Duration::from_secs(60),
        KeyPolicy::default(),
    );
    keys.unwrap()
        .signing(Timestamp::from_secs(1_800_000_000))
        .unwrap()
}

/// 32 bytes that begin with `first`.
fn bytes(first: u8) -> [u8; 32] {
    core::array::from_fn(|at| if at == 0 { first } else { at as u8 + 100 })
}

fn all_differ(inputs: &[(Above<'_>, &[u8])]) {
    let key = key();
    let tags = inputs
        .iter()
        .map(|(above, signed)| tag(key.sub_keys(), *above, signed));
    assert_eq!(tags.collect::<BTreeSet<_>>().len(), inputs.len());
}

// Two parents whose links are the same, as a client with some 80,000 sessions finds them: the link alone would not tell.
#[test]
fn a_child_is_good_under_its_very_parent_only() {
    let parent = bytes(7);
    let changed = |at: usize| {
        let mut other = parent;
        other[at] ^= 1;
        other
    };
    let others: Vec<FullTag> = (0..32).map(changed).collect();
    let under = |parent| (Above::Parent(parent), b"header and sections".as_slice());
    let inputs: Vec<_> = others.iter().chain([&parent]).map(under).collect();
    all_differ(&inputs);
}

#[test]
fn a_root_is_good_for_its_very_client_only() {
    let (one, other) = (bytes(1), bytes(2));
    let signed = b"header and sections".as_slice();
    all_differ(&[
        (Above::Client(None), signed),
        (Above::Client(Some(&one)), signed),
        (Above::Client(Some(&other)), signed),
    ]);
}

// Without the length, the first bytes of a header could be given out for an identity, and the other way round.
#[test]
fn an_identity_and_what_follows_it_do_not_run_together() {
    let identity = bytes(1);
    let behind = b"header and sections".as_slice();
    let together = [identity.as_slice(), behind].concat();
    let with_length = [&[32], identity.as_slice(), behind].concat();
    all_differ(&[
        (Above::Client(Some(&identity)), behind),
        (Above::Client(None), &together),
        (Above::Client(None), &with_length),
    ]);
}

// Under one label, a parent's tag could be given out for the length and the identity that stand at its place in a root.
#[test]
fn root_and_child_never_sign_the_same_bytes() {
    let (parent_of_none, parent_of_some) = (bytes(0), bytes(32));
    let signed = b"header and sections".as_slice();
    let root = [&parent_of_none[1..], signed].concat();
    let mut identity = [0; 32];
    identity[..31].copy_from_slice(&parent_of_some[1..]);
    identity[31] = signed[0];
    all_differ(&[
        (Above::Parent(&parent_of_none), signed),
        (Above::Client(None), &root),
        (Above::Parent(&parent_of_some), signed),
        (Above::Client(Some(&identity)), &signed[1..]),
    ]);
}

/// A generator that gives the same byte for ever.
struct Stuck(u8);

impl Entropy for Stuck {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        out.fill(self.0);
        Ok(())
    }
}

/// The nonce of a private section, where the generator gives nothing but `random`.
fn nonce(random: u8, above: Above<'_>, header: &[u8], text: &[u8]) -> [u8; NONCE_LEN] {
    let mut signed = header.to_vec();
    signed.extend([0; NONCE_LEN]);
    signed.extend(text);
    signed.extend([0; AEAD_TAG_LEN]);
    encrypt(
        key().sub_keys(),
        &Stuck(random),
        above,
        &mut signed,
        header.len(),
    )
    .unwrap();
    *signed[header.len()..].first_chunk().unwrap()
}

// A virtual machine that was restored twice draws the same bytes twice.
#[test]
fn a_generator_that_repeats_itself_gives_no_nonce_to_two_plaintexts() {
    let (one, other) = (bytes(1), bytes(2));
    let first = || nonce(1, Above::Parent(&one), b"header", b"plaintext");
    let nonces = [
        first(),
        nonce(1, Above::Parent(&one), b"header", b"plaintexT"),
        nonce(1, Above::Parent(&one), b"headeR", b"plaintext"),
        nonce(1, Above::Parent(&other), b"header", b"plaintext"),
        nonce(1, Above::Client(Some(&one)), b"header", b"plaintext"),
        nonce(1, Above::Client(None), b"header", b"plaintext"),
    ];
    assert_eq!(BTreeSet::from(nonces).len(), nonces.len());
    assert_eq!(first(), first(), "the same draw for the very same bytes");
}

#[test]
fn the_nonce_is_drawn_anew_for_the_same_plaintext() {
    let draw = |random| nonce(random, Above::Client(None), b"header", b"plaintext");
    let nonces: BTreeSet<_> = (0..100).map(draw).collect();
    assert_eq!(nonces.len(), 100);
}

#[test]
fn a_generator_that_fails_is_an_error_and_no_nonce() {
    let mut bytes = [0; NONCE_LEN + 16 + AEAD_TAG_LEN];
    let failed = encrypt(
        key().sub_keys(),
        &BrokenEntropy,
        Above::Client(None),
        &mut bytes,
        0,
    );
    assert_eq!(failed, Err(EntropyError));
}

#[test]
fn a_tag_is_compared_to_its_last_bit() {
    let key = key();
    let above = Above::Client(None);
    let full = tag(key.sub_keys(), above, b"signed");
    let received: [u8; TAG_LEN] = *full.first_chunk().unwrap();
    assert_eq!(
        open(key.sub_keys(), above, b"signed", &received),
        Some(full)
    );
    for bit in 0..8 * TAG_LEN {
        let mut changed = received;
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            open(key.sub_keys(), above, b"signed", &changed),
            None,
            "bit {bit}"
        );
    }
}
