//! The pool: what every server of it is made from, and the door to its sessions.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use crate::error::{PoolError, Refusal, StateError};
use crate::keys::{KeyPolicy, Keys, PreparedKeys, Refresh, check_leeway, default_leeway};
use crate::marks::HighWater;
use crate::observe::{Event, Observer, Observers};
use crate::schema::{Schema, StateCookie};
use crate::session::guard::MarkStore;
use crate::session::limits::Limits;
use crate::session::revoked::Revoked;
use crate::session::rules::Rules;
use crate::session::{Presentation, Resumed, Scratch, Session};
use crate::time::{Clock, Entropy, SystemClock, SystemEntropy, Timestamp};

/// One server's end of a pool: opens sessions and resumes those of other servers with the same name, schema and keys.
///
/// A pool is cheap to clone; clones share everything.
///
/// ```
/// # use statecookie::{Keys, Pool, StateCookie};
/// #[derive(StateCookie, Clone, Debug, PartialEq)]
/// #[statecookie(version = 1, tier(0, valid_for = "1h"))]
/// struct Visit {
///     #[tier(0)]
///     #[mutable(range = 0..=4)]
///     quality: u8,
/// }
/// let pool = Pool::<Visit>::new("shop.example", Keys::ephemeral()?)?;
/// let mut session = pool.open(Visit { quality: 2 })?;
/// let update = session.flush()?.expect("the first update carries all tiers");
/// let resumed = pool.resume(&update)?;
/// assert_eq!(resumed.session.quality, 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Pool<S> {
    pub(crate) inner: Arc<Inner<S>>,
}

/// What the clones of a pool share.
pub(crate) struct Inner<S> {
    pub(crate) schema: Schema,
    pub(crate) schema_hash: [u8; 4],
    pub(crate) rules: Rules,
    pub(crate) keys: PreparedKeys,
    pub(crate) leeway: Duration,
    pub(crate) limits: Limits,
    pub(crate) keeps_issued: bool,
    clock: Box<dyn Clock>,
    entropy: Box<dyn Entropy>,
    pub(super) asks_for_unknown: bool,
    pub(super) on_refresh: Option<OnRefresh>,
    pub(super) revoked: Revoked,
    pub(super) observers: Observers,
    pub(super) marks: MarkStore,
    /// How long ago a mark may have been superseded for a request to be answered from it.
    pub(super) grace: Duration,
    /// How long marks are kept behind the end of their session.
    pub(super) keep_longer: Duration,
    state: PhantomData<fn() -> S>,
}

/// What is told of each refresh of the keys.
pub(super) type OnRefresh = Box<dyn Fn(&Refresh) + Send + Sync>;

impl<S: StateCookie> Pool<S> {
    /// A pool with the defaults: the system's clock and generator, a leeway of 60 s or half the shortest validity.
    ///
    /// `name` keeps pools apart that share a key: their cookies are not exchangeable.
    ///
    /// # Errors
    ///
    /// The schema's bounds are empty or exclude a default, the source of the keys gave none, keys and policy do not fit the
    /// schema's validities, or no key signs now.
    pub fn new(name: &str, keys: Keys) -> Result<Self, PoolError> {
        Self::builder(name, keys).build()
    }

    /// A pool whose clock, generator, leeway, limits or key policy are set by hand.
    pub fn builder(name: &str, keys: Keys) -> PoolBuilder<S> {
        PoolBuilder {
            name: name.into(),
            keys,
            policy: KeyPolicy::default(),
            leeway: None,
            limits: Limits::default(),
            keeps_issued: false,
            clock: Box::new(SystemClock),
            entropy: Box::new(SystemEntropy),
            asks_for_unknown: true,
            on_refresh: None,
            observers: Observers::default(),
            marks: MarkStore::Unneeded,
            grace: Duration::from_secs(5),
            state: PhantomData,
        }
    }

    /// Begins a session; nothing is issued before its first [`flush`](Session::flush).
    ///
    /// # Errors
    ///
    /// A mutable value is outside its bound, `validate` refuses the state, or no session id could be made.
    pub fn open(&self, state: S) -> Result<Session<S>, StateError> {
        self.open_at(state, self.now())
    }

    /// [`open`](Self::open) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_at(&self, state: S, now: Timestamp) -> Result<Session<S>, StateError> {
        Session::open(self.clone(), state, None, now)
    }

    /// Begins a session that only a client with this authenticated identity can resume.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_bound(&self, state: S, identity: &[u8]) -> Result<Session<S>, StateError> {
        self.open_bound_at(state, identity, self.now())
    }

    /// [`open_bound`](Self::open_bound) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open).
    pub fn open_bound_at(
        &self,
        state: S,
        identity: &[u8],
        now: Timestamp,
    ) -> Result<Session<S>, StateError> {
        Session::open(self.clone(), state, Some(identity), now)
    }

    /// Verifies what a client presents, and goes on with its session for good: the first flush is full.
    ///
    /// # Errors
    ///
    /// The first check that failed (`docs/wire-format.md`, section 11). Tell the peer nothing but that it was refused.
    pub fn resume(&self, bundle: &[u8]) -> Result<Resumed<S>, Refusal> {
        self.present(bundle).resume()
    }

    /// [`resume`](Self::resume) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`resume`](Self::resume).
    pub fn resume_at(&self, bundle: &[u8], now: Timestamp) -> Result<Resumed<S>, Refusal> {
        self.present(bundle).at(now).resume()
    }

    /// [`resume`](Self::resume) of a session that was opened for this identity.
    ///
    /// # Errors
    ///
    /// As for [`resume`](Self::resume); another identity, or none, is a bad tag.
    pub fn resume_bound(&self, bundle: &[u8], identity: &[u8]) -> Result<Resumed<S>, Refusal> {
        self.present(bundle).identity(identity).resume()
    }

    /// [`resume`](Self::resume) with a buffer of the caller's, so that nothing but the state itself is allocated.
    ///
    /// # Errors
    ///
    /// As for [`resume`](Self::resume).
    pub fn resume_in(&self, scratch: &mut Scratch, bundle: &[u8]) -> Result<Resumed<S>, Refusal> {
        self.present(bundle).resume_in(scratch)
    }

    /// Resumes for one request only: goes on with partial updates under the presented chain.
    ///
    /// For protocols in which every request resumes, such as HTTP. Where the same client may send several requests at once,
    /// their updates are forks; the jar keeps the greatest.
    ///
    /// # Errors
    ///
    /// As for [`resume`](Self::resume).
    pub fn resume_request(&self, bundle: &[u8]) -> Result<Resumed<S>, Refusal> {
        self.present(bundle).resume_request()
    }

    /// What a client presents, with the circumstances still to be said: identity, time.
    pub fn present<'a>(&'a self, bundle: &'a [u8]) -> Presentation<'a, S> {
        Presentation::new(self, bundle)
    }

    /// Eight bytes by which operators compare replicas: equal where name, schema and keys are.
    pub fn fingerprint(&self) -> [u8; 8] {
        self.inner.keys.fingerprint()
    }

    /// The schema, with its bounds evaluated.
    pub fn schema(&self) -> &Schema {
        &self.inner.schema
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.inner.entropy
    }
}

impl<S> Clone for Pool<S> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<S> fmt::Debug for Pool<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("leeway", &self.inner.leeway)
            .finish_non_exhaustive()
    }
}

/// A pool in the making.
pub struct PoolBuilder<S> {
    name: String,
    keys: Keys,
    policy: KeyPolicy,
    leeway: Option<Duration>,
    limits: Limits,
    keeps_issued: bool,
    clock: Box<dyn Clock>,
    entropy: Box<dyn Entropy>,
    asks_for_unknown: bool,
    on_refresh: Option<OnRefresh>,
    observers: Observers,
    marks: MarkStore,
    grace: Duration,
    state: PhantomData<fn() -> S>,
}

impl<S: StateCookie> PoolBuilder<S> {
    /// How far the clocks of two servers may differ: tolerated at a cookie's not-before and not-after.
    ///
    /// Default: 60 s or half the shortest validity, whichever is less.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.leeway = Some(leeway);
        self
    }

    /// How keys are refreshed and published; checked against the schema's validities.
    #[must_use]
    pub fn key_policy(mut self, policy: KeyPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// What is neither issued nor accepted beyond.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sessions keep the bytes they issued, so that [`Session::bundle`] can give the whole chain at any time.
    #[must_use]
    pub fn keep_issued(mut self) -> Self {
        self.keeps_issued = true;
        self
    }

    /// Another clock than the system's.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Another cryptographic generator than the system's.
    #[must_use]
    pub fn entropy(mut self, entropy: impl Entropy + 'static) -> Self {
        self.entropy = Box::new(entropy);
        self
    }

    /// Is told each time the source of the keys was asked, by the thread that asked: for logs, metrics, alarms.
    #[must_use]
    pub fn on_refresh(mut self, told: impl Fn(&Refresh) + Send + Sync + 'static) -> Self {
        self.on_refresh = Some(Box::new(told));
        self
    }

    /// Is told what happens in the pool, beside those that were given before: see [`Observer`].
    #[must_use]
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.add(observer);
        self
    }

    /// Whether a resume that meets an unknown key id asks the source of the keys itself; `true`.
    ///
    /// It does so at most once in each [`KeyPolicy::refresh`], and that resume alone waits for the answer; the others are refused as
    /// before. Where no thread may wait, say in an asynchronous program with a store behind a network, set it to `false`,
    /// and call [`Pool::refresh_keys_for`] on a thread that may.
    #[must_use]
    pub fn ask_for_unknown_keys(mut self, asks: bool) -> Self {
        self.asks_for_unknown = asks;
        self
    }

    /// The store of high-water marks, by which older states and forks of `guarded` tiers are refused: one for all servers of
    /// the pool.
    ///
    /// It is asked in every resume, before the session is given out, and in every flush that re-issues a guarded tier, before
    /// the update is. That thread waits for it. What it costs and what happens when it is away: `docs/high-water.md`.
    #[must_use]
    pub fn high_water(mut self, store: impl HighWater + 'static) -> Self {
        self.marks = MarkStore::Held(Box::new(store));
        self
    }

    /// The program commits claims to a store of high-water marks by itself: with [`Presentation::claim`] and
    /// [`Session::claim_flush`](Session::claim_flush), where no thread may wait. Plain resumes, and flushes of guarded tiers, are
    /// refused.
    #[must_use]
    pub fn marks_by_hand(mut self) -> Self {
        self.marks = MarkStore::ByHand;
        self
    }

    /// For how long a request is still answered from the state before the present one, because a client sends several at
    /// once; 5 s. It can issue no guarded tier then. Only for [`resume_request`](Pool::resume_request).
    #[must_use]
    pub fn parallel_grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// The pool.
    ///
    /// # Errors
    ///
    /// As for [`Pool::new`].
    pub fn build(self) -> Result<Pool<S>, PoolError> {
        let pool = self.build_for(Schema::of::<S>()?, Rules::of(&S::TABLE))?;
        let (inner, at) = (&pool.inner, pool.now());
        inner
            .keys
            .signing(at)
            .map_err(|_| PoolError::NoSigningKey)?;
        inner.observers.tell(|| Event::Started { at });
        inner.tell(inner.keys.first());
        Ok(pool)
    }

    /// A pool of this schema, whether or not a key signs now.
    pub(super) fn build_for(self, schema: Schema, rules: Rules) -> Result<Pool<S>, PoolError> {
        let (cookies, tiers) = (self.limits.cookies, rules.count());
        if cookies < tiers {
            return Err(PoolError::Limits { cookies, tiers });
        }
        self.check_marks()?;
        let leeway = self
            .leeway
            .unwrap_or_else(|| default_leeway(rules.shortest_validity()));
        check_leeway(leeway, rules.shortest_validity())?;
        let keys = self.keys.prepare(
            &self.name,
            schema.description(),
            rules.longest_validity(),
            self.policy,
        )?;
        let inner = Inner {
            schema_hash: schema.hash().to_le_bytes(),
            schema,
            rules,
            keys,
            leeway,
            limits: self.limits.bytes(self.limits.bytes),
            keeps_issued: self.keeps_issued,
            clock: self.clock,
            entropy: self.entropy,
            asks_for_unknown: self.asks_for_unknown,
            on_refresh: self.on_refresh,
            revoked: Revoked::nothing(),
            observers: self.observers,
            marks: self.marks,
            grace: self.grace,
            keep_longer: self.policy.skew.saturating_mul(2),
            state: PhantomData,
        };
        Ok(Pool {
            inner: Arc::new(inner),
        })
    }

    fn check_marks(&self) -> Result<(), PoolError> {
        match (const { S::TABLE.guards() }, &self.marks) {
            (true, MarkStore::Unneeded) => Err(PoolError::NoHighWater),
            (false, MarkStore::ByHand | MarkStore::Held(_)) => Err(PoolError::NothingGuarded),
            _ => Ok(()),
        }
    }
}
