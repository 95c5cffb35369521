//! Pools that are watched, and what clients hold of them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use statecookie::counters::Counters;
use statecookie::testing::TestClock;
use statecookie::{
    Event, Generation, Key, KeyId, KeyRing, KeySource, KeySourceError, Keys, Loaded, Pool,
    PoolBuilder, Secret, StateCookie, Timestamp,
};

/// Three tiers, of which the lowest has defaults; a private value, and a bound that a client may break.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    session_max = "4h",
    validate = Visit::is_sound,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s", or_default)
)]
pub(crate) struct Visit {
    #[tier(2)]
    #[private]
    pub account: u64,
    #[tier(1)]
    #[mutable(range = 0..=4)]
    pub quality: u8,
    #[tier(0)]
    #[mutable(range = 0..=100)]
    pub step: u8,
}

impl Visit {
    fn is_sound(&self) -> Result<(), &'static str> {
        if self.step == 99 {
            Err("ninety-nine steps")
        } else {
            Ok(())
        }
    }
}

/// Of no pattern, so that it is found where it stands.
pub(crate) const ACCOUNT: u64 = 7_305_846_192;

pub(crate) fn visit() -> Visit {
    Visit {
        account: ACCOUNT,
        quality: 2,
        step: 1,
    }
}

/// The first key is activated; whole minutes of it are easy to read.
pub(crate) const START: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(crate) const fn after(secs: u64) -> Timestamp {
    Timestamp::from_secs(START.as_secs() + secs)
}

pub(crate) const HOUR: u64 = 3600;

pub(crate) fn secret(id: u32) -> [u8; 32] {
    let mut secret = *b"everybody may read this secret 0";
    secret[31] = id as u8;
    secret
}

/// Key n of rotations of 3 h: signs for 4 h from its activation, is accepted for 6 h more.
pub(crate) fn key(id: u32) -> Key {
    let start = u64::from(id - 1) * 3 * HOUR;
    Key {
        id: KeyId(id),
        secret: Secret::from_bytes(&secret(id)).unwrap(),
        activates_at: after(start),
        sign_until: after(start + 4 * HOUR),
        accept_until: after(start + 10 * HOUR),
        revoked: false,
    }
}

pub(crate) fn ring(ids: impl IntoIterator<Item = u32>) -> KeyRing {
    KeyRing::new(ids.into_iter().map(key).collect()).unwrap()
}

pub(crate) fn builder(clock: &TestClock) -> PoolBuilder<Visit> {
    Pool::builder("visits", Keys::ring(ring(1..=3))).clock(clock.clone())
}

/// A pool, its clock, and its counters.
pub(crate) fn counted() -> (Pool<Visit>, TestClock, Counters) {
    let (clock, counters) = (TestClock::at(START), Counters::new("visits"));
    let pool = builder(&clock).observer(counters.clone()).build().unwrap();
    (pool, clock, counters)
}

/// A source that gives a newer ring at its second turn, and fails at its fourth.
#[derive(Default)]
pub(crate) struct Turns(Mutex<u64>);

impl KeySource for Turns {
    fn name(&self) -> String {
        "turns".into()
    }

    fn load(&self) -> Result<Loaded, KeySourceError> {
        let mut turn = self.0.lock().unwrap();
        *turn += 1;
        let last: u32 = if *turn < 2 { 1 } else { 2 };
        match *turn {
            4 => Err(KeySourceError::Other {
                name: "turns".into(),
                reason: "it is away".into(),
            }),
            _ => Ok(Loaded::new(ring(1..=last), Generation(last.into()))),
        }
    }
}

/// What a new client is given.
pub(crate) fn cookies(pool: &Pool<Visit>) -> Vec<u8> {
    let mut session = pool.open(visit()).unwrap();
    session.flush().unwrap().unwrap().into_bytes()
}

/// The bundle with another value of tier 0, as a client may write it.
pub(crate) fn with_step(bundle: &[u8], step: u8) -> Vec<u8> {
    let mut bytes = bundle.to_vec();
    *bytes.last_mut().unwrap() = step;
    bytes
}

/// The bundle with a wrong tag of the cookie that ends so many bytes before the end.
pub(crate) fn with_bad_tag(bundle: &[u8]) -> Vec<u8> {
    let mut bytes = bundle.to_vec();
    let last = bytes.len() - 2;
    bytes[last] ^= 1;
    bytes
}

pub(crate) const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// What an observer was told, in words.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    pub(crate) fn observer(&self) -> impl Fn(&Event<'_>) + Send + Sync + use<> {
        let told = Arc::clone(&self.0);
        move |event: &Event<'_>| told.lock().unwrap().push(in_words(event))
    }

    /// Since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn in_words(event: &Event<'_>) -> String {
    match event {
        Event::Started { at, .. } => format!("started at {at}"),
        Event::Accepted {
            key_id,
            defaulted,
            freshness,
            at,
            ..
        } => format!(
            "accepted under {key_id}, defaulted {defaulted:?}, age {:?}, skew {:?}, at {at}",
            freshness.age, freshness.skew
        ),
        Event::Refused {
            refusal,
            proven: Some(freshness),
            at,
            ..
        } => format!(
            "refused {refusal}, proven, age {:?}, skew {:?}, at {at}",
            freshness.age, freshness.skew
        ),
        Event::Refused { refusal, .. } => format!("refused {refusal}"),
        Event::Issued {
            key_id,
            tiers,
            full,
            len,
            at,
            ..
        } => {
            format!("issued {tiers:?} under {key_id}, full {full}, {len} bytes, at {at}")
        }
        Event::Refreshed { refresh, .. } => format!("refreshed: {refresh}"),
        other => format!("{other:?}"),
    }
}
