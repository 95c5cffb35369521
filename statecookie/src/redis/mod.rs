//! A guest: keys and high-water marks in a Redis or Valkey that many machines share. It uses what stands at the crate's root.

mod copy;
mod error;
mod marks;
mod rotation;
mod store;
mod turn;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;
use core::time::Duration;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    Clock, Entropy, KeyHint, KeyId, KeyPolicy, KeySource, KeySourceError, Loaded, RingSeal, Secret,
    SourceWarning, SystemClock, SystemEntropy,
};

pub use error::{RedisKeysError, RedisKeysFault};
pub use marks::{RedisMarks, RedisMarksError, RedisMarksFault};

use rotation::Schedule;
use store::Store;
use turn::Held;

/// Keys in a Redis or Valkey: the servers of a pool create, publish and rotate them there, and agree on one ring without
/// knowing each other.
///
/// Every server is given the same address, pool name, local key and policy. What lies in the store is encrypted under the
/// local key, so that neither the store nor who reads along can use it; what does not open is never overwritten. Every
/// change is a compare-and-set of the whole ring, and a word to those who [watch](crate::Pool::watch_keys) that they may look. A server that holds a ring puts it back when the store has lost it or went
/// back to an older one. `docs/operations.md` says what happens when.
///
/// Looking at the store waits for the network, each step at most [`timeout`](Self::timeout): see
/// [`PoolBuilder::ask_for_unknown_keys`](crate::PoolBuilder::ask_for_unknown_keys).
///
/// ```
/// use statecookie::{Keys, Pool, PoolError, RedisKeys, Secret, StateCookie, SystemEntropy};
///
/// #[derive(StateCookie, Clone, Debug, PartialEq)]
/// #[statecookie(tier(0, valid_for = "1h"))]
/// struct Visit {
///     #[tier(0)]
///     customer: u64,
/// }
///
/// // In earnest: Secret::from_env("POOL_LOCAL_KEY")?
/// let local = Secret::generate(&SystemEntropy)?;
/// let keys = RedisKeys::at("redis://:word@127.0.0.1:1", "shop.example", &local)?;
/// let error = Pool::<Visit>::new("shop.example", Keys::source(keys)).unwrap_err();
/// let told = error.to_string();
/// assert!(told.starts_with("key store 127.0.0.1:1, key `statecookie:keys:shop.example`: it cannot be reached"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RedisKeys {
    store: Store,
    seal: RingSeal,
    schedule: Schedule,
    timeout: Duration,
    copy: Option<PathBuf>,
    joins_only: bool,
    clock: Box<dyn Clock>,
    entropy: Box<dyn Entropy>,
    known: Mutex<Known>,
}

/// What this server knows.
#[derive(Default)]
struct Known {
    held: Option<Held>,
    /// Whether the store was ever reached.
    reached: bool,
    /// Whether what is held lies on the disk, too.
    copied: bool,
}

impl RedisKeys {
    /// The ring of this pool in the store at this address: `redis://host:6379`, `redis://user:password@host:6379/0`, or
    /// `unix:///path`. Nothing is asked yet. The local key is known to the servers alone.
    ///
    /// # Errors
    ///
    /// The address is none; the error does not hold it, as there may be a password in it.
    pub fn at(address: &str, pool_name: &str, local: &Secret) -> Result<Self, RedisKeysError> {
        let store = Store::at(address, pool_name).ok_or_else(|| RedisKeysError {
            store: format!("of pool `{pool_name}`"),
            fault: RedisKeysFault::Address,
        })?;
        Ok(Self {
            store,
            seal: RingSeal::new(local, pool_name),
            schedule: Schedule {
                policy: KeyPolicy::default(),
                longest: Duration::from_secs(86_400),
            },
            timeout: Duration::from_secs(2),
            copy: None,
            joins_only: false,
            clock: Box::new(SystemClock),
            entropy: Box::new(SystemEntropy),
            known: Mutex::default(),
        })
    }

    /// The policy by which keys are made: that of the pool.
    #[must_use]
    pub fn key_policy(mut self, policy: KeyPolicy) -> Self {
        self.schedule.policy = policy;
        self
    }

    /// The longest `valid_for` of the pool's schema, for which a key's cookies are accepted after it has signed last; 24 h. A
    /// pool refuses a ring for which it is too short.
    #[must_use]
    pub fn longest_validity(mut self, longest: Duration) -> Self {
        self.schedule.longest = longest;
        self
    }

    /// How long each step of talking to the store may take: connecting, writing, reading; 2 s. A whole look takes at most six
    /// times as long.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout.max(Duration::from_millis(1));
        self
    }

    /// Keeps the last good ring in this file, sealed as it lies in the store, for a server that starts while the store is
    /// away, and for a store that restarts empty. One file for each server.
    #[must_use]
    pub fn local_copy(mut self, path: impl Into<PathBuf>) -> Self {
        self.copy = Some(path.into());
        self
    }

    /// Never creates the first ring: an empty store is an error for a server that holds none.
    #[must_use]
    pub fn join_only(mut self) -> Self {
        self.joins_only = true;
        self
    }

    /// Another clock than the system's: that of the pool.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    fn look(&self) -> Result<Loaded, RedisKeysFault> {
        // Held while the store is asked: else what was read first could count as the newer one.
        let mut known = self.known()?;
        match self.turn(known.held.as_ref(), None) {
            Ok(agreed) => Ok(self.hold(&mut known, agreed)),
            // A server that starts while the store cannot serve: the copy does, and a key of its own is never made.
            Err(fault) if !known.reached && fault.is_outage() => match &known.held {
                Some(held) => Ok(loaded(held.clone(), Some(self.instead_of(fault)))),
                None => Err(fault),
            },
            Err(fault) => Err(fault),
        }
    }

    fn known(&self) -> Result<MutexGuard<'_, Known>, RedisKeysFault> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.held.is_none() {
            known.held = self.copied()?;
            known.copied = known.held.is_some();
        }
        Ok(known)
    }

    fn hold(&self, known: &mut Known, agreed: Held) -> Loaded {
        let same = known
            .held
            .as_ref()
            .is_some_and(|held| held.sealed == agreed.sealed);
        known.copied &= same;
        known.reached = true;
        known.held = Some(agreed.clone());
        let warning = self.keep_copy(known, &agreed);
        loaded(agreed, warning)
    }

    fn copied(&self) -> Result<Option<Held>, RedisKeysFault> {
        let Some(path) = &self.copy else {
            return Ok(None);
        };
        let read = copy::read(path).map_err(|error| RedisKeysFault::Copy {
            path: path.clone(),
            kind: error.kind(),
        })?;
        let Some(sealed) = read else {
            return Ok(None);
        };
        let foreign = || RedisKeysFault::CopyForeign { path: path.clone() };
        self.open(&sealed).map(Some).ok_or_else(foreign)
    }

    fn keep_copy(&self, known: &mut Known, agreed: &Held) -> Option<SourceWarning> {
        let path = self.copy.as_ref().filter(|_| !known.copied)?;
        match copy::replace(path, &agreed.sealed, &*self.entropy) {
            Ok(()) => {
                known.copied = true;
                None
            }
            Err(error) => Some(SourceWarning::Other(format!(
                "the local copy {} cannot be written: {}",
                path.display(),
                error.kind()
            ))),
        }
    }

    fn instead_of(&self, fault: RedisKeysFault) -> SourceWarning {
        SourceWarning::Other(format!("{}; the local copy serves", self.blame(fault)))
    }

    fn blame(&self, fault: RedisKeysFault) -> RedisKeysError {
        RedisKeysError {
            store: self.store.name(),
            fault,
        }
    }

    /// Looks at the store: what [`KeySource::load`] does, with an error to match on.
    ///
    /// # Errors
    ///
    /// The store is away or empty, refuses, or holds what does not open; the local copy cannot be read. The error names the
    /// store and what to do.
    pub fn read(&self) -> Result<Loaded, RedisKeysError> {
        self.look().map_err(|fault| self.blame(fault))
    }

    /// Revokes a key of the ring in the store for good, after a leak. It makes the key that signs next where it has to, so that policy and longest
    /// validity must be the pool's here, too: a ring made for a shorter one is refused by every pool.
    ///
    /// Every cookie under it is refused as
    /// [`KeyRevoked`](crate::Reason::KeyRevoked), and if it signs, another key does from now on. Every server knows when it has looked next; this one's pool
    /// when it was told to ([`Pool::refresh_keys`](crate::Pool::refresh_keys)).
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read), or there is no such key; then nothing is changed. A store that is away cannot be told.
    pub fn revoke(&self, id: KeyId) -> Result<Loaded, RedisKeysError> {
        let told = self.known().and_then(|mut known| {
            let agreed = self.turn(known.held.as_ref(), Some(id))?;
            Ok(self.hold(&mut known, agreed))
        });
        told.map_err(|fault| self.blame(fault))
    }
}

fn loaded(held: Held, warning: Option<SourceWarning>) -> Loaded {
    let mut loaded = Loaded::new(held.ring, held.generation);
    loaded.warning = warning;
    loaded
}

impl KeySource for RedisKeys {
    fn name(&self) -> String {
        self.store.name()
    }

    fn load(&self) -> Result<Loaded, KeySourceError> {
        self.look().map_err(|fault| KeySourceError::Other {
            name: format!("key store {}", self.store.name()),
            reason: fault.to_string(),
        })
    }

    fn listen(&self, tell: &dyn Fn(KeyHint) -> bool) -> bool {
        // Who cannot listen polls all the same.
        let _ = self.store.listen(self.timeout, tell);
        true
    }
}

impl fmt::Debug for RedisKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisKeys")
            .field("store", &self.store.name())
            .finish_non_exhaustive()
    }
}
