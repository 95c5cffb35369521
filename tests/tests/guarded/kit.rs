//! Schemas with guarded tiers, servers on one store, and clients that keep everything they ever got.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use statecookie::testing::TestClock;
use statecookie::{
    Claim, FlushError, HighWater, Jar, Keys, MemoryMarks, Pool, PoolBuilder, Reason, RedisMarks,
    Resumed, Secret, Session, StateCookie, Timestamp, Verdict,
};
use statecookie_tests::redis::Redis;

/// Money in the middle: what is above is guarded with it, what is below is not.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "1h", guarded),
    tier(0, valid_for = "30m")
)]
pub(crate) struct Purse {
    #[tier(2)]
    pub(crate) owner: u64,
    #[tier(1)]
    pub(crate) coins: u32,
    #[tier(0)]
    pub(crate) step: u32,
}

/// The same, but it goes on where the store is away.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "1h", guarded = "accept"),
    tier(0, valid_for = "30m")
)]
pub(crate) struct Lenient {
    #[tier(2)]
    pub(crate) owner: u64,
    #[tier(1)]
    pub(crate) coins: u32,
    #[tier(0)]
    pub(crate) step: u32,
}

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(crate) fn purse() -> Purse {
    Purse {
        owner: 4711,
        coins: 100,
        step: 0,
    }
}

pub(crate) fn lenient() -> Lenient {
    Lenient {
        owner: 4711,
        coins: 100,
        step: 0,
    }
}

pub(crate) fn keys() -> Keys {
    let secret: [u8; 32] = core::array::from_fn(|at| at as u8 + 1);
    Keys::embedded(Secret::from_bytes(&secret).unwrap())
}

pub(crate) fn builder<S: StateCookie>(clock: &TestClock) -> PoolBuilder<S> {
    Pool::builder("purses", keys()).clock(clock.clone())
}

/// A server on this store.
pub(crate) fn server<S: StateCookie>(store: &Store, clock: &TestClock) -> Pool<S> {
    let builder = builder(clock).high_water(store.clone());
    builder.build().unwrap()
}

/// A store that counts what it is asked, and can be away.
#[derive(Clone)]
pub(crate) struct Store {
    inner: Arc<dyn HighWater>,
    asked: Arc<AtomicU64>,
    away: Arc<AtomicBool>,
}

impl Store {
    pub(crate) fn over(inner: impl HighWater + 'static) -> Self {
        Self {
            inner: Arc::new(inner),
            asked: Arc::default(),
            away: Arc::default(),
        }
    }

    pub(crate) fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    pub(crate) fn goes_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }
}

/// New stores of one kind, and the clock of the servers on them.
pub(crate) struct Stores<'a> {
    pub(crate) clock: TestClock,
    redis: Option<&'a Redis>,
    made: Cell<u32>,
}

/// Runs what must hold on every kind of store.
pub(crate) fn on_each_store(test: impl Fn(&Stores<'_>)) {
    let stores = |redis| Stores {
        clock: TestClock::at(NOW),
        redis,
        made: Cell::new(0),
    };
    test(&stores(None));
    // Where a mutant waits for them, in memory is enough.
    if !cfg!(feature = "one-binary") && !Redis::is_missing() {
        test(&stores(Some(&Redis::start())));
    }
}

impl Stores<'_> {
    /// One that knows nothing yet.
    pub(crate) fn new_store(&self) -> Store {
        let Some(redis) = self.redis else {
            return Store::over(MemoryMarks::up_to(1000).clock(self.clock.clone()));
        };
        self.made.set(self.made.get() + 1);
        let name = format!("purses {}", self.made.get());
        let marks = RedisMarks::at(&redis.address(), &name).unwrap();
        // Nothing here is about time: on a busy machine nothing is away.
        let patient = marks.timeout(secs(20));
        Store::over(patient.on_trouble(|error| panic!("{error}")))
    }

    /// Servers on one store, and the store.
    pub(crate) fn servers<S: StateCookie, const N: usize>(&self) -> ([Pool<S>; N], Store) {
        let store = self.new_store();
        ([(); N].map(|()| server(&store, &self.clock)), store)
    }
}

impl HighWater for Store {
    fn commit(&self, claim: &Claim) -> Verdict {
        self.asked.fetch_add(1, Ordering::SeqCst);
        match self.away.load(Ordering::SeqCst) {
            true => Verdict::Away,
            false => self.inner.commit(claim),
        }
    }
}

/// A client that keeps every bundle it could ever present.
pub(crate) struct Client {
    jar: Jar,
    pub(crate) bundles: Vec<Vec<u8>>,
}

impl Client {
    pub(crate) fn new() -> Self {
        Self {
            jar: Jar::new(),
            bundles: Vec::new(),
        }
    }

    /// Takes what the session issues, if anything.
    pub(crate) fn takes<S: StateCookie>(&mut self, session: &mut Session<S>) -> Vec<u8> {
        let update = session.flush().unwrap().expect("something to issue");
        self.merges(&update)
    }

    pub(crate) fn merges(&mut self, update: &[u8]) -> Vec<u8> {
        let _ = self.jar.merge(update).unwrap();
        let bundle = self.jar.bundle().unwrap();
        self.bundles.push(bundle.clone());
        bundle
    }
}

pub(crate) fn reason<S: StateCookie>(
    resumed: Result<Resumed<S>, statecookie::Refusal>,
) -> Option<Reason> {
    resumed.err().map(|refusal| refusal.reason)
}

/// Spends a coin; what comes of it.
pub(crate) fn spend(session: &mut Session<Purse>) -> Result<Vec<u8>, FlushError> {
    *session.edit().coins_mut() -= 1;
    Ok(session.flush()?.expect("a coin less").into_bytes())
}

pub(crate) fn step(session: &mut Session<Purse>) -> Result<Vec<u8>, FlushError> {
    *session.edit().step_mut() += 1;
    Ok(session.flush()?.expect("a step more").into_bytes())
}

pub(crate) fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
