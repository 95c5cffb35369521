//! Runs what the library does with secrets on keys that Memcheck takes for undefined. Whatever is computed from them is
//! undefined too, and each branch or address that depends on it is an error to Memcheck. Here they are counted: a decision
//! is one such branch.
//!
//! What is decided has to come out: whether a tag is good, whether padding is zero. Each such verdict is one decision, or two
//! where it is asked about twice on its way; `.ci/decisions.py` holds the places against the list of verdicts.
#![forbid(unsafe_code)]
#![expect(clippy::expect_used, reason = "a measurement that fails has to stop")]

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{Key, KeyId, KeyRing, Keys, Pool, Secret, Session, StateCookie, Timestamp};
use statecookie_tests::shop::{self, NOW, Shop};
use statecookie_tests::valgrind::{errors, is_public, is_running, make_public, make_secret};

/// Private values of fixed length in two tiers: reading them takes no decision. One tier has padding.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s")
)]
struct Vault {
    #[tier(2)]
    #[private]
    number: [u8; 16],
    #[tier(1)]
    #[private]
    rates: [f64; 3],
    #[tier(1)]
    #[private]
    level: u8,
    #[tier(0)]
    #[mutable(any)]
    turn: u8,
}

const VAULT: Vault = Vault {
    number: *b"sixteen of bytes",
    rates: [1.5, 2.5, 3.5],
    level: 7,
    turn: 0,
};

const SECRETS: [[u8; 33]; 2] = [
    *b"what nobody but the pool may know",
    *b"and what it will be signing next!",
];

fn main() {
    assert!(is_running(), "this is a program to run under Valgrind");
    // Another tool than Memcheck follows no bits; it is asked only which backends run.
    if !is_public(&0_u8) {
        let pool = pool(Keys::embedded(secret(0)), NOW);
        let mut session = pool.open(VAULT).expect("a good state");
        let update = session.flush_full().expect("it can be issued");
        assert!(pool.resume(&update).is_ok());
        return;
    }
    notations();
    let first = pool(Keys::embedded(secret(0)), NOW);
    sessions("derived", &first, 0);
    let ring = ring();
    let second = watch("ring: a pool", 0, || pool(Keys::ring(ring), NOW));
    // Whether the key that a session holds still signs is asked of a ring's fingerprints.
    sessions("ring", &second, 1);
    values_that_vary();
    controls();
}

/// How a secret may come in. A good key is told from a weak one, and its notation found out, by one verdict each.
fn notations() {
    let bytes = SECRETS[0];
    make_secret(&bytes);
    let made = watch("a secret of bytes", 1, || Secret::from_bytes(&bytes));
    let same = watch("two secrets compared", 1, || {
        made == Secret::from_bytes(&bytes)
    });
    make_public(&same);
    assert!(same);
    let hex: String = SECRETS[0]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    make_secret(hex.as_str());
    assert!(watch("a secret of digits", 2, || Secret::from_hex(&hex)).is_ok());
    let base64 = statecookie::to_text(&SECRETS[0]);
    make_secret(base64.as_str());
    assert!(watch("a secret of base64", 6, || Secret::from_base64(&base64)).is_ok());
}

/// A secret that Memcheck takes for undefined from its first byte on.
fn secret(which: usize) -> Secret {
    let bytes = SECRETS[which];
    make_secret(&bytes);
    Secret::from_bytes(&bytes).expect("a good one")
}

fn ring() -> KeyRing {
    let key = |id: usize| Key {
        id: KeyId(id as u32),
        secret: secret(id),
        activates_at: at(id as u64 * 10_800),
        sign_until: at((id as u64 + 1) * 10_800),
        accept_until: at((id as u64 + 3) * 10_800),
        revoked: false,
    };
    let keys = vec![key(0), key(1)];
    watch("ring: two keys", 1, || KeyRing::new(keys)).expect("a good ring")
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(NOW.as_secs() + seconds)
}

/// Derivation is in all of them: the pool's first key is derived when it is made, the next one when it signs first.
fn sessions(name: &str, pool: &Pool<Vault>, still_signs: usize) {
    let mut session = pool.open(VAULT).expect("a good state");
    make_secret(&session.number);
    make_secret(&session.rates);
    make_secret(&session.level);
    let mut issue = |what, now| {
        let name = format!("{name}: {what}");
        issue(&name, still_signs, &mut session, now)
    };
    let bundle = issue("flush", NOW);
    resumptions(name, pool, &bundle);
    let later = issue("flush under the next key", at(10_800));
    assert!(pool.resume_at(&later, at(10_800)).is_ok());
    let print = watch(&format!("{name}: fingerprint"), 0, || pool.fingerprint());
    assert!(!is_public(&print), "it depends on the secret");
}

fn issue(name: &str, verdicts: usize, session: &mut Session<Vault>, now: Timestamp) -> Vec<u8> {
    let update = watch(name, verdicts, || session.flush_full_at(now)).expect("it can be issued");
    let bytes = update.into_bytes();
    assert!(
        !is_public(&bytes[..]),
        "tags and ciphertext depend on the secret"
    );
    // An update is what the client is sent.
    make_public(&bytes[..]);
    bytes
}

/// Three tags, two private sections with a tag of their own, one of them with padding. A forged tag is refused by one verdict, wherever it
/// differs.
fn resumptions(name: &str, pool: &Pool<Vault>, bundle: &[u8]) {
    let resumed = watch(&format!("{name}: resume"), 3 + 2 + 1, || {
        pool.resume(bundle)
    });
    let resumed = resumed.map(|resumed| resumed.session.number);
    assert!(resumed.is_ok_and(|number| !is_public(&number)));
    // The tag of tier 0 stands before its mutable section of one byte; the two above it are good.
    let tag = bundle.len() - 1 - 16;
    let refuse = |byte: usize| {
        let mut forged = bundle.to_vec();
        forged[tag + byte] ^= 1;
        let name = format!("{name}: refuse a tag that differs at byte {byte}");
        counted(&name, 3, || assert!(pool.resume(&forged).is_err()))
    };
    let decisions: Vec<usize> = (0..16).map(refuse).collect();
    assert!(decisions[0] > 0, "Memcheck saw no verdict");
    assert!(
        decisions.iter().all(|count| *count == decisions[0]),
        "{decisions:?}"
    );
}

/// What is not constant in time, and is not promised to be: reading a number or a text of variable length.
fn values_that_vary() {
    let secret = shop::SECRET;
    make_secret(&secret);
    let keys = Keys::embedded(Secret::from_bytes(&secret).expect("a good one"));
    let clock = TestClock::at(NOW);
    let pool = Pool::<Shop>::builder("watched", keys)
        .clock(clock)
        .build()
        .expect("a good schema");
    let mut session = pool.open(shop::shop()).expect("a good state");
    let bundle = session.flush_full().expect("it can be issued").into_bytes();
    make_public(&bundle[..]);
    let before = errors();
    assert!(pool.resume(&bundle).is_ok());
    let decisions = errors() - before;
    println!(
        "{decisions:4} reading a private number and a text of variable length, where none is promised"
    );
    assert!(decisions > 3 + 2 + 1, "Memcheck saw none of them");
}

/// Leaks of known size, which have to be found.
fn controls() {
    let key = SECRETS[0];
    make_secret(&key);
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length will do");
    mac.update(b"a message");
    let tag: [u8; 32] = mac.finalize().into_bytes().into();
    let mut received = tag;
    make_public(&received);
    let found = leak("a tag compared until it differs", || {
        early_exit(&tag, &received)
    });
    assert!(
        found > 10,
        "sixteen equal bytes, a decision each but for what the compiler joins"
    );
    received[0] ^= 1;
    let at_once = leak("the same, differing at once", || {
        early_exit(&tag, &received)
    });
    assert!((1..found).contains(&at_once));
    let table: Vec<u8> = (0..=255).collect();
    let read = || table[usize::from(tag[0])] > 0;
    assert!(leak("a table read at a secret place", read) > 0);
}

#[inline(never)]
fn early_exit(tag: &[u8; 32], received: &[u8; 32]) -> bool {
    for (one, other) in tag.iter().zip(received).take(16) {
        if black_box(one) != black_box(other) {
            return false;
        }
    }
    true
}

/// The frame by which what was planted is known from what was found.
#[inline(never)]
fn leak(name: &str, work: impl FnOnce() -> bool) -> usize {
    let before = errors();
    black_box(work());
    let found = errors() - before;
    println!("{found:4} control: {name}");
    found
}

fn watch<T>(name: &str, verdicts: usize, work: impl FnOnce() -> T) -> T {
    let mut done = None;
    counted(name, verdicts, || done = Some(work()));
    done.expect("it ran")
}

fn counted(name: &str, verdicts: usize, work: impl FnOnce()) -> usize {
    let before = errors();
    work();
    let decisions = errors() - before;
    println!("{decisions:4} {name}, of {verdicts} verdicts");
    assert!(decisions <= 2 * verdicts, "{name}: {decisions} decisions");
    decisions
}

fn pool(keys: Keys, now: Timestamp) -> Pool<Vault> {
    let builder = Pool::builder("watched", keys).clock(TestClock::at(now));
    builder
        .entropy(FixedEntropy::new(1))
        .build()
        .expect("a good schema")
}
