//! A server and a client with planted secrets, asked for everything that they can say.

use std::time::Duration;

use statecookie::testing::{BrokenEntropy, FixedEntropy, TestClock};
use statecookie::{
    BundleError, Jar, Key, KeyId, KeyRing, Keys, Limits, Mute, Pool, PoolBuilder, Presentation,
    Scratch, Secret, Session, StateCookie, Timestamp, inspect,
};
use statecookie_tests::shop::NOW;

use crate::plants::{BYTES, NUMBER, TEXT, pool_key};
use crate::said::Said;

/// Private values in two tiers. Its own `Debug` is derived: `Mute` holds it back.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    max_cookie_len = 4000,
    session_max = "4h",
    validate = Patient::is_sound,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s")
)]
pub(crate) struct Patient {
    #[tier(2)]
    #[immutable]
    pub ward: String,
    #[tier(2)]
    #[private]
    pub file: Mute<String>,
    #[tier(2)]
    #[private]
    pub number: Mute<u64>,
    #[tier(1)]
    #[private]
    pub sample: Mute<[u8; 24]>,
    #[tier(1)]
    #[immutable]
    pub limit: u8,
    #[tier(0)]
    #[mutable(range = 0..=self.limit)]
    pub dose: u8,
    #[tier(0)]
    #[mutable(max_len = 100)]
    pub note: String,
}

impl Patient {
    // Refuses one combination, for the sake of its error.
    fn is_sound(&self) -> Result<(), &'static str> {
        if self.note == "unsound" {
            Err("a note that says so")
        } else {
            Ok(())
        }
    }
}

pub(crate) fn patient() -> Patient {
    Patient {
        ward: "north".into(),
        file: Mute(TEXT.into()),
        number: Mute(NUMBER),
        sample: Mute(BYTES),
        limit: 9,
        dose: 3,
        note: "sleeps".into(),
    }
}

pub(crate) fn secret() -> Secret {
    Secret::from_bytes(&pool_key()).unwrap()
}

pub(crate) fn key(id: u32) -> Key {
    let at = |seconds: u64| Timestamp::from_secs(NOW.as_secs() + u64::from(id) * 10_800 + seconds);
    Key {
        id: KeyId(id),
        secret: secret(),
        activates_at: at(0),
        sign_until: at(10_800),
        accept_until: at(40_000),
        revoked: false,
    }
}

pub(crate) fn builder(keys: Keys, clock: &TestClock) -> PoolBuilder<Patient> {
    let builder = Pool::builder("ward.example", keys).clock(clock.clone());
    builder.entropy(FixedEntropy::new(1)).keep_issued()
}

pub(crate) fn ring() -> KeyRing {
    KeyRing::new(vec![key(0)]).unwrap()
}

pub(crate) fn full<S: StateCookie>(session: &mut Session<S>) -> Vec<u8> {
    session.flush_full().unwrap().into_bytes()
}

/// Everything that goes well.
pub(crate) fn what_goes_well(said: &mut Said) {
    said.debug(&secret());
    said.debug(&key(0));
    said.debug(&ring());
    said.debug(&statecookie::KeyPolicy::default());
    for keys in [Keys::embedded(secret()), Keys::ring(ring())] {
        said.debug(&keys);
        let clock = TestClock::at(NOW);
        let pool = builder(keys, &clock).build().unwrap();
        said.debug(&pool);
        said.text(format!("{:?}", pool.fingerprint()));
        schema(said, &pool);
        let update = server(said, &pool, &clock);
        client(said, &update);
    }
    said.debug(&Limits::default());
    said.debug(&statecookie::SystemClock);
    said.debug(&statecookie::SystemEntropy);
    said.debug(&clock());
    said.debug(&BrokenEntropy);
}

fn clock() -> TestClock {
    TestClock::at(NOW)
}

fn schema(said: &mut Said, pool: &Pool<Patient>) {
    let schema = pool.schema();
    said.debug(schema);
    said.text(schema.to_json());
    let table = &Patient::TABLE;
    said.debug(table);
    said.debug(&table.fields[0]);
    said.debug(&table.tiers[0]);
}

fn server(said: &mut Said, pool: &Pool<Patient>, clock: &TestClock) -> Vec<u8> {
    let mut session = pool.open(patient()).unwrap();
    said.debug(&session);
    said.debug(&*session);
    said.text(format!("{:?} {:?}", session.id(), session.key_id()));
    let update = session.flush().unwrap().unwrap();
    said.debug(&update);
    let bytes = update.into_bytes();
    session.edit().file_mut().0.push('!');
    said.debug(&session);
    said.debug(&session.touched());
    let partial = session.flush().unwrap().unwrap();
    said.debug(&partial.tiers());
    said.debug(&partial);
    let mut scratch = Scratch::new();
    said.debug(&scratch);
    let resumed = pool.resume_in(&mut scratch, &bytes).unwrap();
    said.debug(&scratch);
    said.debug(&resumed);
    said.debug(&resumed.session);
    said.debug(&resumed.key_id);
    said.debug(&clock.clone());
    let presentation: Presentation<'_, Patient> = pool.present(&bytes);
    drop(presentation.resume_request().unwrap());
    bytes
}

fn client(said: &mut Said, update: &[u8]) {
    let mut jar = Jar::new();
    said.debug(&jar);
    said.error(&jar.bundle().unwrap_err());
    said.debug(&jar.merge(update).unwrap());
    said.debug(&jar.merge(update).unwrap());
    {
        let mut view = jar.view::<Patient>().unwrap();
        view.set_note("awake".into()).unwrap();
        said.refused(view.set_dose(200));
    }
    said.debug(&jar);
    let bundle = jar.bundle().unwrap();
    for blob in [update, &bundle] {
        let inspection = inspect(blob).unwrap();
        said.both(&inspection);
        said.both(&inspection.kind);
        said.both(inspection.root.as_ref().unwrap());
        inspection
            .cookies
            .iter()
            .for_each(|cookie| said.both(cookie));
    }
    assert!(!matches!(jar.bundle(), Err(BundleError::NothingToPresent)));
}

/// What stands in no other list.
pub(crate) fn small_words(said: &mut Said) {
    use statecookie::{Bound, Class, Interval, Rule, Shape, Tier};
    let bound = Bound {
        lengths: &[3],
        rule: Rule::<Vec<u8>>::Range(Interval::from(0..=4)),
    };
    said.both(&bound);
    said.both(&bound.rule);
    said.both(&Interval::from(0..4));
    said.debug(&Shape::Text);
    said.debug(&Class::Private);
    said.both(&Tier::LOWEST);
    said.both(&KeyId(7));
    said.both(&NOW);
    said.debug(&Mute(TEXT));
    said.debug(&statecookie::Stamp::default());
    let bytes = [TEXT.as_bytes(), &BYTES].concat();
    said.debug(&statecookie::Reader::new(&bytes));
    said.text(format!("{:?}", Duration::from_secs(1)));
}
