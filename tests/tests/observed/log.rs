//! The events of `tracing`, as a real subscriber writes them.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use statecookie::testing::TestClock;
use statecookie::{
    Generation, KeyPolicy, KeySource, KeySourceError, Keys, Loaded, Pool, SourceWarning,
    StateCookie, Tracing, to_text,
};
use tracing_subscriber::filter::LevelFilter;

use super::pools::{
    ACCOUNT, START, Visit, after, builder, cookies, ring, secs, visit, with_bad_tag, with_step,
};

/// What a subscriber wrote.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines of a log that is kept at this level, of what `work` does.
fn logged(level: LevelFilter, work: impl FnOnce()) -> Vec<String> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    text.lines()
        .map(|line| line.trim_start().to_owned())
        .collect()
}

fn pool(clock: &TestClock) -> Pool<Visit> {
    builder(clock).observer(Tracing::default()).build().unwrap()
}

#[test]
fn each_event_has_its_level_and_its_fields() {
    let clock = TestClock::at(START);
    let lines = logged(LevelFilter::TRACE, || {
        let pool = pool(&clock);
        let bundle = cookies(&pool);
        clock.advance(secs(40));
        pool.resume_at(&bundle, after(50)).unwrap();
        for bytes in [&b""[..], &with_bad_tag(&bundle), &with_step(&bundle, 101)] {
            assert!(pool.resume(bytes).is_err());
        }
        assert!(pool.resume_at(&bundle, after(36_000)).is_err());
        assert!(
            pool.resume_at(&bundle, START.saturating_sub(secs(100)))
                .is_err()
        );
    });
    let len = cookies(&builder(&TestClock::at(START)).build().unwrap()).len();
    let issued =
        format!("TRACE statecookie: issued key_id=1 tiers={{2, 1, 0}} full=true bytes={len}");
    assert_eq!(
        lines,
        [
            "INFO statecookie: pool made",
            &issued,
            "TRACE statecookie: accepted key_id=1 defaulted={0} age_ms=50000 skew_ms=0",
            "DEBUG statecookie: refused reason=\"malformed\" key_proven=false",
            "DEBUG statecookie: refused reason=\"bad-tag\" tier=0 key_id=1 key_proven=true age_ms=40000 skew_ms=0",
            "DEBUG statecookie: refused reason=\"out-of-range\" tier=0 field=\"step\" key_id=1 key_proven=true age_ms=40000 skew_ms=0",
            "DEBUG statecookie: refused reason=\"key-expired\" key_id=1 key_proven=false",
            "DEBUG statecookie: refused reason=\"not-yet-valid\" tier=2 key_id=1 key_proven=true age_ms=0 skew_ms=100000",
        ]
    );
}

#[test]
fn nothing_that_a_client_does_reaches_a_log_kept_at_info() {
    let clock = TestClock::at(START);
    let lines = logged(LevelFilter::INFO, || {
        let pool = pool(&clock);
        let bundle = cookies(&pool);
        for at in 0..bundle.len() {
            for bits in [1, 0x80] {
                let mut changed = bundle.clone();
                changed[at] ^= bits;
                let _ = pool.resume(&changed);
                let _ = pool.resume(&changed[..at]);
            }
        }
        for secs in [700, 14_400, 40_000] {
            assert!(pool.resume_at(&bundle, after(secs)).is_err());
        }
    });
    assert_eq!(lines, ["INFO statecookie: pool made"]);
}

/// A source of three rings and as many troubles.
struct Troubled(Mutex<u64>);

impl KeySource for Troubled {
    fn name(&self) -> String {
        "the vault".into()
    }

    fn load(&self) -> Result<Loaded, KeySourceError> {
        let mut turn = self.0.lock().unwrap();
        *turn += 1;
        match *turn {
            1 => Ok(Loaded::new(ring([1]), Generation(1))),
            2 | 3 => Ok(Loaded::new(ring([1, 2]), Generation(2))),
            4 => Err(KeySourceError::Other {
                name: self.name(),
                reason: "sealed".into(),
            }),
            5 => {
                let mut loaded = Loaded::new(ring([1, 2]), Generation(2));
                loaded.warning = Some(SourceWarning::Other("the seal is old".into()));
                Ok(loaded)
            }
            _ => Ok(Loaded::new(ring([1, 2]), Generation(2))),
        }
    }
}

#[test]
fn a_rotation_is_information_and_a_source_that_fails_a_warning() {
    let clock = TestClock::at(START);
    let other = Keys::ring(ring([3]));
    let other = Pool::<Visit>::builder("visits", other).clock(TestClock::at(after(22_000)));
    let unknown = cookies(&other.build().unwrap());
    let lines = logged(LevelFilter::DEBUG, || {
        let pool = Pool::<Visit>::builder("visits", Keys::source(Troubled(Mutex::new(0))));
        let pool = pool.clock(clock.clone()).observer(Tracing::default());
        let pool = pool.build().unwrap();
        for _ in 0..4 {
            pool.refresh_keys();
        }
        for _ in 0..10 {
            assert!(pool.resume(&unknown).is_err());
        }
    });
    let refused = "DEBUG statecookie: refused reason=\"unknown-key\" key_id=3 key_proven=false";
    let refused = [refused; 10];
    let said = [
        "INFO statecookie: pool made",
        "INFO statecookie: key ring took over source=the vault generation=1",
        "INFO statecookie: key ring took over source=the vault generation=2",
        "DEBUG statecookie: key ring unchanged source=the vault generation=2",
        "WARN statecookie: the source gave no other key ring source=the vault generation=2 why=the vault: sealed",
        "WARN statecookie: key ring with a warning source=the vault generation=2 warning=the seal is old",
        // Once in each `KeyPolicy::refresh`, however often it is presented.
        "WARN statecookie: the source has not the key that was presented source=the vault generation=2 key_id=3",
    ];
    assert_eq!(lines, [&said[..], &refused[..]].concat());
    assert_eq!(KeyPolicy::default().refresh, Duration::from_secs(30));
}

mod one {
    use super::*;

    #[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
    pub(crate) struct Inner(pub u64);

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

    /// Complains about the very value.
    #[derive(Serialize, Clone, Debug, PartialEq)]
    pub(crate) struct Inner(pub u64);

    impl<'de> Deserialize<'de> for Inner {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let read = one::Inner::deserialize(deserializer)?;
            Err(D::Error::custom(format!("{} is not for me", read.0)))
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

#[test]
fn servers_that_disagree_are_a_warning_but_not_a_flood() {
    let clock = TestClock::at(START);
    let issuer = Pool::builder("shared", Keys::ring(ring([1]))).clock(clock.clone());
    let state = one::State {
        inner: one::Inner(ACCOUNT),
    };
    let update = issuer.build().unwrap().open(state).unwrap().flush();
    let update = update.unwrap().unwrap();
    let lines = logged(LevelFilter::WARN, || {
        let pool = Pool::<other::State>::builder("shared", Keys::ring(ring([1])));
        let pool = pool.observer(Tracing::default()).clock(clock.clone());
        let pool = pool.build().unwrap();
        for _ in 0..600 {
            assert!(pool.resume(&update).is_err());
            clock.advance(Duration::from_millis(500));
        }
        clock.go_back(secs(200));
        assert!(pool.resume(&update).is_err());
    });
    assert_eq!(
        lines.len(),
        5 + 1,
        "300 s, then a clock that went back: {lines:#?}"
    );
    assert_eq!(
        lines[1],
        "WARN statecookie: refused: servers disagree reason=\"internal-mismatch\" tier=0 field=\"inner\" key_id=1 key_proven=true age_ms=60000 skew_ms=0"
    );
}

#[test]
fn no_event_holds_a_value_a_cookie_a_key_or_a_session() {
    let clock = TestClock::at(START);
    let mut secrets = vec![
        ACCOUNT.to_string(),
        format!("{ACCOUNT:x}"),
        to_text(&super::pools::secret(1)),
    ];
    let lines = logged(LevelFilter::TRACE, || {
        let pool = pool(&clock);
        let mut session = pool.open(visit()).unwrap();
        let bundle = session.flush().unwrap().unwrap().into_bytes();
        secrets.push(hex(&session.id()));
        secrets.push(format!("{:?}", session.id()));
        for at in 0..bundle.len() {
            let mut changed = bundle.clone();
            changed[at] ^= 1;
            let _ = pool.resume(&changed);
        }
        secrets.extend(
            bundle
                .windows(8)
                .flat_map(|part| [hex(part), format!("{part:?}"), to_text(part)]),
        );
    });
    assert!(lines.len() > 100, "{} lines", lines.len());
    for line in &lines {
        let bare = |text: &String| !line.contains(text.trim_matches(['[', ']']));
        assert!(secrets.iter().all(bare), "{line}");
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
