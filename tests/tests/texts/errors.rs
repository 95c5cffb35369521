//! The errors of operators, servers' own programs and clients' own programs, each caused by what holds a secret.

use std::time::Duration;

use serde::ser::Error as _;
use serde::{Deserialize, Serialize, Serializer};
use statecookie::testing::{BrokenEntropy, FixedEntropy, TestClock};
use statecookie::{
    BundleError, Jar, Key, KeyEnvFault, KeyId, KeyPolicy, KeyRefusal, KeyRing, Keys, Limits,
    MergeError, NoSigningKey, PolicyError, Pool, PoolBuilder, PoolError, ReplaceError, SchemaError,
    Secret, StateCookie, StateError, Timestamp, TooManyRevoked,
};
use statecookie_tests::shop::NOW;

use crate::battery::{Patient, builder, full, key, patient, ring, secret};
use crate::plants::{TEXT, pool_key};
use crate::said::Said;

pub(crate) fn of_keys(said: &mut Said) {
    let bytes = pool_key();
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let base64 = statecookie::to_text(&bytes);
    said.refused(Secret::from_bytes(&bytes[..20]));
    said.refused(Secret::from_bytes(&bytes.repeat(30)));
    said.refused(Secret::from_bytes(&[0; 40]));
    said.refused(Secret::from_bytes(&[bytes[0]; 40]));
    said.refused(Secret::from_hex(&digits[1..]));
    said.refused(Secret::from_hex(&format!("{digits}zz")));
    said.refused(Secret::from_base64(&format!("{base64}\n")));
    said.refused(Secret::generate(&BrokenEntropy));
    said.refused(KeyRing::new(vec![]));
    said.refused(KeyRing::new(vec![key(0); 257]));
    said.refused(KeyRing::new(vec![key(0), key(0)]));
    let twin = Key {
        id: KeyId(9),
        ..key(0)
    };
    said.refused(KeyRing::new(vec![key(0), twin]));
    said.refused(KeyRing::new(vec![key(0), key(1)]));
    let over = Key {
        sign_until: NOW,
        ..key(0)
    };
    said.refused(KeyRing::new(vec![over]));
    of_variables(said);
    said.error(&KeyRefusal::KeyExpired);
    said.error(&KeyRefusal::KeyRevoked);
    said.error(&KeyRefusal::UnknownKey);
    said.error(&NoSigningKey);
    said.error(&ReplaceError::DerivedKeys);
    let leeway = Duration::from_secs(1);
    let policy = PolicyError::LeewayTooLong {
        leeway,
        shortest: leeway,
    };
    said.error(&ReplaceError::Policy(policy));
}

/// A variable can be set only for another process: this test itself, once more.
const VARIABLE: &str = "STATECOOKIE_TEXTS_SECRET";

pub(crate) fn is_the_other_process() -> bool {
    if std::env::var_os(VARIABLE).is_none() {
        return false;
    }
    let error = Secret::from_env(VARIABLE).unwrap_err();
    println!("{error} {error:?} {error:#?} {}", error.fault);
    true
}

fn of_variables(said: &mut Said) {
    use std::os::unix::ffi::OsStringExt;
    let digits: String = pool_key()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let no_text = std::ffi::OsString::from_vec([TEXT.as_bytes(), &[0xff], &pool_key()].concat());
    for value in [format!("{digits} ").into(), no_text] {
        let mut program = std::process::Command::new(std::env::current_exe().unwrap());
        let run = program.args([
            "--exact",
            "nothing_that_is_said_betrays_a_secret",
            "--nocapture",
        ]);
        let output = run.env(VARIABLE, value).output().unwrap();
        assert!(output.status.success());
        said.text(String::from_utf8_lossy(&output.stdout));
        said.text(String::from_utf8_lossy(&output.stderr));
    }
    let missing = said.refused(Secret::from_env("STATECOOKIE_NO_SUCH_VARIABLE"));
    said.error(&missing.fault);
    let bad = said.refused(Secret::from_env("CARGO_PKG_NAME"));
    said.error(&bad.fault);
    said.error(&KeyEnvFault::NotText);
}

pub(crate) fn of_pools(said: &mut Said) {
    let clock = TestClock::at(NOW);
    let base = KeyPolicy::default();
    let late = KeyPolicy {
        publish_ahead: Duration::ZERO,
        ..base
    };
    let skewed = KeyPolicy {
        skew: Duration::from_secs(50_000),
        publish_ahead: Duration::from_secs(200_000),
        ..base
    };
    let fast = KeyPolicy {
        rotation: Duration::from_secs(40),
        ..base
    };
    let plain = |keys| builder(keys, &clock);
    let ring = || Keys::ring(ring());
    let rotated = |rotation| Keys::embedded_with_rotation(secret(), rotation);
    let mut refused = |builder: PoolBuilder<Patient>| match said.refused(builder.build()) {
        PoolError::Policy(error) => said.error(&error),
        error => said.text(error.to_string()),
    };
    refused(plain(ring()).key_policy(late));
    refused(plain(ring()).key_policy(skewed));
    refused(plain(ring()).key_policy(fast));
    refused(plain(rotated(Duration::from_millis(1500))));
    refused(plain(ring()).leeway(Duration::from_secs(30)));
    refused(plain(ring()).limits(Limits::default().cookies(1)));
    clock.set(Timestamp::from_secs(5));
    refused(plain(ring()));
    for error in [
        said.refused(Pool::<Empty>::new("x", ring())),
        said.refused(Pool::<Outside>::new("x", ring())),
    ] {
        if let PoolError::Schema(error) = error {
            said.error(&error);
            if let SchemaError::EmptyRange(error) = error {
                said.error(&error);
            }
        }
    }
}

const HIGH: u8 = 9;
const LOW: u8 = 1;

#[derive(StateCookie)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
struct Empty {
    #[tier(0)]
    #[mutable(range = HIGH..=LOW)]
    value: u8,
}

#[derive(StateCookie)]
#[statecookie(
    version = 1,
    tier(1, valid_for = "1h"),
    tier(0, valid_for = "1h", or_default)
)]
struct Outside {
    #[tier(1)]
    root: u8,
    #[tier(0)]
    #[mutable(range = LOW..=HIGH)]
    value: u8,
}

/// A private value that cannot be written, and says so with all that it holds.
#[derive(Deserialize, Clone)]
struct Sulky(String);

impl Serialize for Sulky {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 == TEXT {
            Err(S::Error::custom(format!("`{}` cannot be written", self.0)))
        } else {
            self.0.serialize(serializer)
        }
    }
}

#[derive(StateCookie)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
struct Moody {
    #[tier(0)]
    #[private]
    value: Sulky,
}

pub(crate) fn of_states(said: &mut Said) {
    let clock = TestClock::at(NOW);
    let pool = builder(Keys::ring(ring()), &clock).build().unwrap();
    let outside = |dose: u8, note: &str| Patient {
        dose,
        note: note.into(),
        ..patient()
    };
    said.refused(pool.open(outside(200, "")));
    let unsound = said.refused(pool.open(outside(3, "unsound")));
    if let StateError::Invalid(error) = unsound {
        said.error(&error);
    }
    let mut session = pool.open(patient()).unwrap();
    said.refused(session.edit().set_dose(200));
    said.refused(session.replace(outside(10, "")));
    *session.edit().limit_mut() = 1;
    said.refused(session.flush());
    session.replace(patient()).unwrap();
    session.edit().set_note("unsound".into()).unwrap();
    said.refused(session.flush());
    session.edit().set_note(String::new()).unwrap();
    *session.edit().ward_mut() = "x".repeat(6000);
    said.refused(session.flush());
    *session.edit().ward_mut() = String::new();
    drop(full(&mut session));
    said.refused(session.flush_full_at(Timestamp::from_secs(NOW.as_secs() + 14_400)));
    said.refused(session.flush_full_at(Timestamp::from_secs(NOW.as_secs() + 10_800)));
    said.refused(pool.open_at(patient(), Timestamp::from_secs(5)));
    let short = builder(Keys::ring(ring()), &clock).limits(Limits::default().bytes(60));
    let short = short.build().unwrap();
    said.refused(short.open(patient()).unwrap().flush());
    pool.refuse_born_before(Timestamp::from_secs(NOW.as_secs() + 1));
    said.refused(session.flush_full());
    said.error(&TooManyRevoked { most: 3 });
    without_chance(said);
    moods(said);
}

fn without_chance(said: &mut Said) {
    let broken = builder(Keys::ring(ring()), &TestClock::at(NOW)).entropy(BrokenEntropy);
    let broken = broken.build().unwrap();
    let error = said.refused(broken.open(patient()));
    said.text(error.to_string());
    let bundle = {
        let pool = builder(Keys::ring(ring()), &TestClock::at(NOW))
            .build()
            .unwrap();
        full(&mut pool.open(patient()).unwrap())
    };
    let mut resumed = broken.resume(&bundle).unwrap().session;
    said.refused(resumed.flush());
    said.error(&statecookie::EntropyError);
}

fn moods(said: &mut Said) {
    let pool = Pool::<Moody>::builder("moody", Keys::ring(ring())).clock(TestClock::at(NOW));
    let pool = pool.entropy(FixedEntropy::new(2)).build().unwrap();
    let moody = |text: &str| Moody {
        value: Sulky(text.into()),
    };
    let error = said.refused(pool.open(moody(TEXT)));
    if let StateError::Encode(error) = error {
        said.error(&error);
    }
    let mut session = pool.open(moody("well")).unwrap();
    session.edit().value_mut().0 = TEXT.into();
    said.refused(session.flush());
}

pub(crate) fn of_clients(said: &mut Said) {
    let clock = TestClock::at(NOW);
    let pool = builder(Keys::ring(ring()), &clock).build().unwrap();
    let mut session = pool.open(patient()).unwrap();
    let first = full(&mut session);
    session.edit().set_dose(4).unwrap();
    let _lost = session.flush().unwrap();
    session.edit().limit_mut();
    let partial = session.flush().unwrap().unwrap();
    let mut jar = Jar::new();
    said.refused(jar.view::<Patient>().map(drop));
    said.debug(&jar.merge(&partial).unwrap());
    said.refused(jar.switch(&partial));
    said.debug(&jar.merge(&first).unwrap());
    said.debug(
        &jar.merge(&full(&mut pool.open(patient()).unwrap()))
            .unwrap(),
    );
    said.refused(jar.view::<Moody>().map(drop));
    said.refused(jar.view::<Empty>().map(drop));
    let bundle = jar.bundle().unwrap();
    said.refused(jar.merge(&bundle));
    if let MergeError::Parse(error) = said.refused(jar.merge(&[0xff; 70_000])) {
        said.error(&error);
    }
    said.refused(Jar::new().bundle());
    let limit = statecookie::MAX_BLOB;
    said.error(&BundleError::TooLarge { limit });
}
