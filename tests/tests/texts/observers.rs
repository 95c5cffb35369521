//! What observers say: each event as it is, counted, exported, and as a real subscriber of `tracing` writes it.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use statecookie::counters::{Counters, KeyUse, Retirement};
use statecookie::testing::TestClock;
use statecookie::{
    Event, Generation, KeySource, KeySourceError, Keys, Loaded, Pool, PoolBuilder, Tracing,
};
use statecookie_tests::shop::NOW;
use tracing_subscriber::filter::LevelFilter;

use crate::battery::{Patient, builder, full, patient, ring};
use crate::said::Said;

/// What was written.
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

/// A source that always has the same ring.
struct Known;

impl KeySource for Known {
    fn name(&self) -> String {
        "what is known".into()
    }

    fn load(&self) -> Result<Loaded, KeySourceError> {
        Ok(Loaded::new(ring(), Generation(1)))
    }
}

pub(crate) fn of_observers(said: &mut Said) {
    said.debug(&Tracing::default());
    let counters = Counters::new("ward.example");
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let events = Arc::new(Mutex::new(Said::default()));
    let told = Arc::clone(&events);
    let clock = TestClock::at(NOW);
    let watched = builder(Keys::source(Known), &clock)
        .observer(Tracing::default())
        .observer(counters.clone())
        .observer(move |event: &Event<'_>| hear(&mut told.lock().unwrap(), event));
    tracing::subscriber::with_default(subscriber, || happen(watched, &clock, &counters, said));
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.lines().count() > 500, "{log}");
    log.lines().for_each(|line| said.text(line));
    let Said {
        texts,
        types,
        variants,
    } = std::mem::take(&mut *events.lock().unwrap());
    said.texts.extend(texts);
    said.types.extend(types);
    said.variants.extend(variants);
}

fn hear(said: &mut Said, event: &Event<'_>) {
    said.debug(event);
    if let Event::Accepted { freshness, .. } = event {
        said.debug(freshness);
    }
}

/// What goes well, and every changed byte.
fn happen(watched: PoolBuilder<Patient>, clock: &TestClock, counters: &Counters, said: &mut Said) {
    let pool = watched.build().unwrap();
    let mut session = pool.open(patient()).unwrap();
    let bundle = full(&mut session);
    session.edit().set_dose(5).unwrap();
    let _ = session.flush().unwrap();
    clock.advance(Duration::from_secs(5));
    pool.resume(&bundle).unwrap();
    for at in 0..bundle.len() {
        for bits in [1, 0x80] {
            let mut changed = bundle.clone();
            changed[at] ^= bits;
            let _ = pool.resume(&changed);
        }
    }
    counted(&pool, counters, said);
}

fn counted(pool: &Pool<Patient>, counters: &Counters, said: &mut Said) {
    said.debug(counters);
    let counts = counters.read_with_keys(pool);
    said.debug(&counts);
    said.text(counts.to_prometheus());
    said.debug(&counts.accepted_age);
    said.debug(&counts.refreshes);
    said.debug(&counts.updates[0]);
    said.debug(&counts.held[0]);
    for key in &counts.keys {
        said.both(&key.key);
        said.debug(key);
        key.refused.iter().for_each(|refused| said.debug(refused));
    }
    // Before, while, and after the key signs.
    for (hours, quiet) in [(0, 0), (4, 3600), (4, 36_000), (40, 0)] {
        let now = NOW.saturating_add(Duration::from_secs(hours * 3600));
        let uses = counters.key_uses_at(pool, Duration::from_secs(quiet), now);
        let say = |key: &KeyUse| {
            said.both(key);
            said.both(&key.retirement);
        };
        uses.iter().for_each(say);
    }
    said.both(&Retirement::NotWatched { since: None });
    said.both(&Retirement::Revoked { until: NOW });
}
