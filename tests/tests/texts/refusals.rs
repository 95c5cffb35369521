//! Everything that a server refuses of a client, and a client of what it is sent: each reason, and each changed byte.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use statecookie::testing::TestClock;
use statecookie::{
    Jar, KeyId, KeyRing, Keys, Limits, Malformed, Pool, Reason, Secret, StateCookie, inspect,
};
use statecookie_tests::shop::NOW;
use statecookie_tests::worst::forge::varint;

use crate::battery::{Patient, builder, full, key, patient, ring};
use crate::plants::TEXT;
use crate::said::Said;

/// A pool and what it has issued to one patient.
fn issued() -> (Pool<Patient>, Vec<u8>) {
    let pool = builder(Keys::ring(ring()), &TestClock::at(NOW))
        .build()
        .unwrap();
    let bundle = full(&mut pool.open(patient()).unwrap());
    (pool, bundle)
}

fn later(seconds: u64) -> statecookie::Timestamp {
    NOW.saturating_add(Duration::from_secs(seconds))
}

/// Every reason by its own cause.
pub(crate) fn by_reason(said: &mut Said) {
    let (pool, bundle) = issued();
    let clock = TestClock::at(NOW);
    let mut expect = |pool: &Pool<Patient>, bytes: &[u8], at, reason| {
        let refusal = said.refused(pool.resume_at(bytes, at));
        assert_eq!(refusal.reason, reason);
        said.both(&refusal.reason);
    };
    let short = builder(Keys::ring(ring()), &clock).limits(Limits::default().bytes(100));
    expect(&short.build().unwrap(), &bundle, NOW, Reason::TooLarge);
    let changed = |at: usize, bits: u8| {
        let mut bytes = bundle.clone();
        bytes[at] ^= bits;
        bytes
    };
    expect(&pool, &changed(0, 0x60), NOW, Reason::UnknownVersion);
    expect(&pool, &bundle[..bundle.len() - 1], NOW, Reason::Malformed);
    // Where the root begins, behind its length, and where it ends with its tag, the first bytes of which are its child's link.
    let root = inspect(&bundle).unwrap().cookies[0].len;
    let start = 1 + varint(root as u64).len();
    let tag = start + root - 16;
    expect(&pool, &changed(tag, 1), NOW, Reason::Unlinked);
    expect(&pool, &changed(start + 3, 1), NOW, Reason::UnknownSchema);
    expect(
        &pool,
        &without_the_lowest(&bundle),
        NOW,
        Reason::MissingTier,
    );
    let mut other = key(0);
    other.id = KeyId(5);
    let other = builder(Keys::ring(KeyRing::new(vec![other]).unwrap()), &clock);
    expect(&other.build().unwrap(), &bundle, NOW, Reason::UnknownKey);
    expect(&revoking(&clock), &bundle, NOW, Reason::KeyRevoked);
    expect(&pool, &bundle, later(40_000), Reason::KeyExpired);
    expect(&pool, &changed(tag - 1, 1), NOW, Reason::BadTag);
    expect(&pool, &bundle, later(14_400), Reason::SessionEnded);
    expect(
        &pool,
        &bundle,
        NOW.saturating_sub(Duration::from_secs(100)),
        Reason::NotYetValid,
    );
    expect(&pool, &bundle, later(100), Reason::Expired);
    for (note, dose, reason) in [
        ("unsound", 3, Reason::Invalid),
        ("sleeps", 200, Reason::OutOfRange),
    ] {
        expect(
            &pool,
            &with_values(&bundle, dose, note.as_bytes()),
            NOW,
            reason,
        );
    }
    let no_text = with_values(&bundle, 3, b"\xff\xff");
    expect(&pool, &no_text, NOW, Reason::MalformedValue);
    pool.refuse_born_before(later(1));
    expect(&pool, &bundle, NOW, Reason::Revoked);
    mismatch(said);
}

/// The same pool with its key revoked and another one in its place.
fn revoking(clock: &TestClock) -> Pool<Patient> {
    let (mut lost, mut next) = (key(0), key(0));
    lost.revoked = true;
    next.id = KeyId(1);
    next.activates_at = NOW.saturating_sub(Duration::from_secs(1));
    let bytes: Vec<u8> = (0..32).collect();
    next.secret = Secret::from_bytes(&bytes).unwrap();
    let ring = KeyRing::new(vec![lost, next]).unwrap();
    builder(Keys::ring(ring), clock).build().unwrap()
}

/// The bundle without its last cookie, which is the only one below 128 bytes and short.
fn without_the_lowest(bundle: &[u8]) -> Vec<u8> {
    let lengths = inspect(bundle).unwrap();
    let lowest = lengths.cookies[2].len;
    let mut bytes = bundle[..bundle.len() - lowest - 1].to_vec();
    bytes[0] = 0x29;
    bytes
}

/// The bundle as a client would present it that writes its own values into tier 0.
fn with_values(bundle: &[u8], dose: u8, note: &[u8]) -> Vec<u8> {
    let lowest = &inspect(bundle).unwrap().cookies[2];
    let signed = lowest.len - lowest.mutable_len;
    let start = bundle.len() - lowest.len;
    let mut bytes = bundle[..start - 1].to_vec();
    bytes.push((signed + 2 + note.len()) as u8);
    bytes.extend(&bundle[start..start + signed]);
    bytes.extend([dose, note.len() as u8]);
    bytes.extend(note);
    bytes
}

mod one {
    use super::*;

    /// What a server wrote.
    #[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
    pub(crate) struct Inner(pub String);

    #[derive(StateCookie, Clone, Debug, PartialEq)]
    #[statecookie(name = "Shared", version = 1, tier(0, valid_for = "1h"))]
    pub(crate) struct State {
        #[tier(0)]
        #[private]
        pub inner: Inner,
    }
}

mod other {
    use super::*;

    /// What another one makes of it: it complains, and says of what.
    #[derive(Serialize, Clone, Debug, PartialEq)]
    pub(crate) struct Inner(pub String);

    impl<'de> Deserialize<'de> for Inner {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let read = one::Inner::deserialize(deserializer)?;
            Err(D::Error::custom(format!("`{}` is not for me", read.0)))
        }
    }

    #[derive(StateCookie, Clone, Debug, PartialEq)]
    #[statecookie(name = "Shared", version = 1, tier(0, valid_for = "1h"))]
    pub(crate) struct State {
        #[tier(0)]
        #[private]
        pub inner: Inner,
    }
}

/// Two servers that disagree on what is inside a type. The second one's error holds the private value; ours does not.
fn mismatch(said: &mut Said) {
    let clock = TestClock::at(NOW);
    let pool = Pool::builder("shared", Keys::ring(ring())).clock(clock.clone());
    let pool: Pool<one::State> = pool.build().unwrap();
    let state = one::State {
        inner: one::Inner(TEXT.into()),
    };
    let update = pool.open(state).unwrap().flush().unwrap().unwrap();
    let other = Pool::builder("shared", Keys::ring(ring())).clock(clock);
    let other: Pool<other::State> = other.build().unwrap();
    let refusal = said.refused(other.resume(&update));
    assert_eq!(refusal.reason, Reason::InternalMismatch);
    said.both(&refusal.reason);
    let state = other::State {
        inner: other::Inner(TEXT.into()),
    };
    said.refused(other.open(state));
}

/// Every byte of a bundle and of an update changed, in two ways, and every truncation: on the server and on the client.
/// Returns how many there were; a panic is caught, and fails the test by its message.
pub(crate) fn by_byte(said: &mut Said) -> usize {
    let (pool, bundle) = issued();
    let update = full(&mut pool.open(patient()).unwrap());
    let mut tried = 0;
    let mut try_bytes = |bytes: &[u8]| {
        tried += 1;
        let all = AssertUnwindSafe(|| {
            if let Err(refusal) = pool.resume(bytes) {
                said.error(&refusal);
            }
            if let Err(error) = inspect(bytes) {
                said.error(&error);
            }
            let mut jar = Jar::new();
            match jar.merge(bytes) {
                Err(error) => said.error(&error),
                Ok(merged) => said.debug(&merged),
            }
            if let Err(error) = jar.view::<Patient>() {
                said.error(&error);
            }
            said.debug(&jar);
        });
        assert!(catch_unwind(all).is_ok(), "a panic");
    };
    for blob in [bundle, update] {
        for at in 0..blob.len() {
            try_bytes(&blob[..at]);
            for bits in [1, 0x80] {
                let mut changed = blob.clone();
                changed[at] ^= bits;
                try_bytes(&changed);
            }
        }
    }
    tried
}

/// What has no content but its name.
pub(crate) fn malformed(said: &mut Said) {
    for cause in [
        Malformed::BadValue,
        Malformed::InnerBound,
        Malformed::NotCanonical,
        Malformed::Overflow,
        Malformed::TooDeep,
        Malformed::TooLong,
        Malformed::TrailingBytes,
        Malformed::Truncated,
        Malformed::Unsupported,
    ] {
        said.error(&cause);
    }
}
