//! Pools on key files, and what a client holds of them.

use std::path::Path;
use std::sync::{Arc, Mutex};

use statecookie::testing::TestClock;
use statecookie::{
    Kept, KeyFile, KeyFileFault, KeySourceError, Keys, Pool, PoolBuilder, PoolError, Refresh,
    RefreshOutcome, StateCookie,
};

use crate::rings::NOW;

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "1h"))]
pub(crate) struct Visit {
    #[tier(0)]
    customer: u64,
}

pub(crate) fn builder(path: &Path, clock: &TestClock) -> PoolBuilder<Visit> {
    builder_of(Keys::source(KeyFile::at(path)), clock)
}

pub(crate) fn builder_of(keys: Keys, clock: &TestClock) -> PoolBuilder<Visit> {
    Pool::builder("visits", keys).clock(clock.clone())
}

pub(crate) fn clock() -> TestClock {
    TestClock::at(NOW)
}

pub(crate) fn pool(path: &Path, clock: &TestClock) -> Pool<Visit> {
    builder(path, clock).build().unwrap()
}

/// What a new client is given.
pub(crate) fn cookies(pool: &Pool<Visit>) -> Vec<u8> {
    let mut session = pool.open(Visit { customer: 4711 }).unwrap();
    session.flush().unwrap().unwrap().into_bytes()
}

/// A pool's events, as they come.
#[derive(Clone, Default)]
pub(crate) struct Events(Arc<Mutex<Vec<Refresh>>>);

impl Events {
    pub(crate) fn of(&self, builder: PoolBuilder<Visit>) -> Pool<Visit> {
        let events = Arc::clone(&self.0);
        let told = move |refresh: &Refresh| events.lock().unwrap().push(refresh.clone());
        builder.on_refresh(told).build().unwrap()
    }

    /// Those since the last call.
    pub(crate) fn take(&self) -> Vec<Refresh> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// The generation that took over.
pub(crate) fn replaced(refresh: Option<Refresh>) -> u64 {
    match refresh.unwrap().outcome {
        RefreshOutcome::Replaced { generation } => generation.0,
        outcome => panic!("{outcome}"),
    }
}

/// Why the file gave no ring, where the last good one goes on.
pub(crate) fn kept(refresh: Option<Refresh>) -> KeyFileFault {
    let refresh = refresh.unwrap();
    assert!(refresh.is_failure());
    match refresh.outcome {
        RefreshOutcome::Kept {
            why: Kept::Source(KeySourceError::File(error)),
            ..
        } => error.fault,
        outcome => panic!("{outcome}"),
    }
}

/// The error of a first start, and what it says.
pub(crate) fn refused(builder: PoolBuilder<Visit>) -> (KeyFileFault, String) {
    let error = builder.build().unwrap_err();
    let said = error.to_string();
    match error {
        PoolError::KeySource(KeySourceError::File(error)) => (error.fault, said),
        error => panic!("{error}"),
    }
}
