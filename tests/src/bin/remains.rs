//! Uses a pool key, drops all that held it, and looks for it in its own memory.
//!
//! Needles come masked through standard input, the key among them; what was found goes out, one line each.
#![forbid(unsafe_code)]
#![expect(clippy::expect_used, reason = "a search that fails has to stop")]

use std::hint::black_box;
use std::time::Duration;
use std::{env, fmt, io};

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{Key, KeyFile, KeyId, KeyRing, Keys, Pool, Secret, StateCookie, Timestamp};
use statecookie_tests::remains::{Needle, search};
use statecookie_tests::shop::{self, NOW, Shop};
use zeroize::{Zeroize, Zeroizing};

/// A private value that wipes itself, so that what is found was the library's.
struct Wiped(Zeroizing<Vec<u8>>);

impl Wiped {
    /// Long enough for every buffer to grow on its way.
    fn of(secret: &[u8], times: usize) -> Self {
        let mut bytes = Zeroizing::new(Vec::with_capacity(times * secret.len()));
        (0..times).for_each(|_| bytes.extend_from_slice(secret));
        Self(bytes)
    }
}

impl Serialize for Wiped {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Wiped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Wiped;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Wiped, E> {
                Ok(Wiped::of(bytes, 1))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// Private values in both tiers, beside others that make buffers grow after them.
#[derive(StateCookie)]
#[statecookie(
    version = 1,
    max_cookie_len = 6000,
    tier(1, valid_for = "1h"),
    tier(0, valid_for = "1h")
)]
struct Patient {
    #[tier(1)]
    #[immutable]
    ward: String,
    #[tier(1)]
    #[private]
    file: Wiped,
    #[tier(1)]
    #[mutable(max_len = 8000)]
    wishes: String,
    #[tier(0)]
    #[private]
    reading: Wiped,
    #[tier(0)]
    #[mutable(max_len = 8000)]
    note: String,
}

fn main() {
    let scenario = env::args().nth(1).expect("usage: remains SCENARIO");
    let needles = Needle::read(io::stdin().lock());
    let (secrets, needles): (Vec<_>, Vec<_>) = needles
        .into_iter()
        .partition(|needle| needle.name == "secret");
    let secret = || {
        let mut bytes = Zeroizing::new(Vec::with_capacity(1024));
        secrets[0].reveal(&mut bytes);
        bytes
    };
    let report = || {
        for found in search(&needles) {
            println!("{} in {}", found.name, found.place);
        }
    };
    match scenario.as_str() {
        "nothing" => {}
        "planted-heap" => deep(|| drop(black_box(secret().to_vec()))),
        "planted-stack" => deep(|| on_the_stack(&secret())),
        "secret" => deep(|| secrets_of_every_notation(&secret())),
        "ring" => deep(|| drop(black_box(keys(&secret())))),
        "pool-that-is-not-used" => deep(|| {
            let secret = secret();
            drop(black_box([pool(derived(&secret)), pool(keys(&secret))]));
        }),
        "pool-of-derived-keys" => deep(|| visit(&pool(derived(&secret())))),
        "pool-of-a-ring" => deep(|| visit(&pool(keys(&secret())))),
        "pool-of-a-key-file" => deep(|| with_key_file(&secret())),
        "thread" => {
            let secret = secret();
            let pool = pool(derived(&secret));
            let thread = std::thread::spawn(move || visit(&pool));
            thread.join().expect("no panic");
        }
        "alive" => {
            let pool = pool(derived(&secret()));
            deep(|| visit(&pool));
            return report();
        }
        "next-period" => {
            let clock = TestClock::at(NOW);
            let pool = pool_with(derived(&secret()), clock.clone());
            deep(|| visit(&pool));
            clock.advance(Duration::from_secs(2 * 10_800 + 120));
            deep(|| visit(&pool));
            return report();
        }
        "private-values" => deep(|| private_values(&secret())),
        other => panic!("no scenario {other}"),
    }
    report();
}

/// Far down the stack, so that what is left there is not overwritten by whoever looks for it.
#[inline(never)]
fn deep(work: impl FnOnce()) {
    let between = [0_u8; 512 * 1024];
    black_box(&between);
    work();
    black_box(&between);
}

#[inline(never)]
fn on_the_stack(secret: &[u8]) {
    let mut room = [0_u8; 8192];
    room[4096..4096 + secret.len()].copy_from_slice(secret);
    black_box(&room);
}

/// Texts are the caller's own, and wiped here.
fn secrets_of_every_notation(secret: &[u8]) {
    let of_bytes = Secret::from_bytes(secret).expect("a good one");
    let mut digits = String::with_capacity(2 * secret.len());
    for byte in secret {
        for digit in [byte >> 4, byte & 15] {
            digits.push(char::from_digit(digit.into(), 16).expect("a digit"));
        }
    }
    let of_digits = Secret::from_hex(&digits).expect("a good one");
    let mut base64 = statecookie::to_text(secret);
    let of_base64 = Secret::from_base64(&base64).expect("a good one");
    assert!(of_bytes.clone() == of_digits && of_digits == of_base64);
    assert!(Secret::from_hex(&digits[1..]).is_err() && Secret::from_base64(&base64[1..]).is_err());
    digits.zeroize();
    base64.zeroize();
}

fn derived(secret: &[u8]) -> Keys {
    Keys::embedded(Secret::from_bytes(secret).expect("a good one"))
}

fn keys(secret: &[u8]) -> Keys {
    Keys::ring(ring(secret))
}

/// A pool whose ring comes from a file: written, read at the start, and read again.
fn with_key_file(secret: &[u8]) {
    let name = format!("statecookie-remains-{}", std::process::id());
    let file = KeyFile::at(env::temp_dir().join(name));
    let path = file.path().to_owned();
    file.write(&ring(secret)).expect("written");
    let pool = pool(Keys::source(file));
    let refresh = pool.refresh_keys().expect("a source");
    std::fs::remove_file(path).expect("gone");
    assert!(!refresh.is_failure(), "{refresh}");
    visit(&pool);
}

fn ring(secret: &[u8]) -> KeyRing {
    let at = |seconds: u64| Timestamp::from_secs(NOW.as_secs() + seconds);
    let key = Key {
        id: KeyId(1),
        secret: Secret::from_bytes(secret).expect("a good one"),
        activates_at: at(0),
        sign_until: at(10_800),
        accept_until: at(40_000),
        revoked: false,
    };
    let ring = KeyRing::new(vec![key.clone()]).expect("a good ring");
    let _ = format!("{key:?} {ring:?}");
    let text = ring.to_text().expect("whole seconds");
    KeyRing::from_text(text.as_bytes()).expect("the same ring")
}

fn pool(keys: Keys) -> Pool<Shop> {
    pool_with(keys, TestClock::at(NOW))
}

fn pool_with(keys: Keys, clock: TestClock) -> Pool<Shop> {
    let builder = Pool::builder("watched", keys).clock(clock);
    builder
        .entropy(FixedEntropy::new(1))
        .build()
        .expect("a good schema")
}

/// All that a server does with private values.
fn private_values(secret: &[u8]) {
    let keys = Keys::ephemeral().expect("a generator");
    let pool = Pool::<Patient>::new("ward.example", keys).expect("a good schema");
    let patient = |readings: usize, note: usize| Patient {
        ward: "w".repeat(40),
        file: Wiped::of(secret, 30),
        wishes: "w".repeat(1200),
        reading: Wiped::of(secret, readings),
        note: "n".repeat(note),
    };
    let mut session = pool.open(patient(7, 900)).expect("a good state");
    let bundle = session
        .flush()
        .expect("it can be issued")
        .expect("full")
        .into_bytes();
    session.replace(patient(9, 1500)).expect("a good state");
    let mut small = Vec::with_capacity(10);
    session.flush_into(&mut small).expect("it can be issued");
    session.replace(patient(40, 7000)).expect("a good state");
    assert!(session.flush().is_err(), "longer than a cookie may be");
    assert!(session.flush_into(&mut small).is_err());
    drop(pool.resume(&bundle).expect("a good bundle"));
    let mut cut = bundle;
    // Behind good tags, a note that is no text.
    *cut.last_mut().expect("not empty") = 0xff;
    assert!(pool.resume(&cut).is_err());
}

/// All that a server does with keys.
fn visit(pool: &Pool<Shop>) {
    let mut session = pool.open(shop::shop()).expect("a good state");
    let bundle = session
        .flush()
        .expect("it can be issued")
        .expect("full")
        .into_bytes();
    session.edit().set_quality(1).expect("in range");
    black_box(session.flush().expect("it can be issued"));
    let mut resumed = pool.resume(&bundle).expect("a good bundle").session;
    let _ = black_box(resumed.flush_full().expect("it can be issued"));
    let mut forged = bundle.clone();
    forged[20] ^= 1;
    assert!(pool.resume(&forged).is_err());
    black_box(pool.fingerprint());
}
