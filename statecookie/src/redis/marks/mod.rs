//! High-water marks in a Redis or Valkey, behind all servers of a pool.

mod error;
mod script;

use alloc::boxed::Box;
use alloc::format;
use core::fmt;
use core::time::Duration;

use crate::{Claim, HighWater, Verdict};

pub use error::{RedisMarksError, RedisMarksFault};

use script::Store;

/// High-water marks in a Redis or Valkey that all servers of a pool share.
///
/// Each claim is one atomic script, on one key: `statecookie:marks:<pool name>:<session id>`, a hash of less than 400 bytes that
/// expires with its session. Time is that of the store's own clock. Connections are kept and used again; one that was cut
/// while it lay idle is made anew. `docs/high-water.md` says how to set the store up, and what is lost when it loses data.
///
/// A store that is away, slow or refuses is [`Verdict::Away`]: what happens then, each guarded tier says.
///
/// ```
/// use statecookie::{FlushError, Keys, Pool, RedisMarks, StateCookie};
///
/// #[derive(StateCookie, Clone, Debug, PartialEq)]
/// #[statecookie(tier(0, valid_for = "1h", guarded))]
/// struct Purse {
///     #[tier(0)]
///     coins: u32,
/// }
///
/// let marks = RedisMarks::at("redis://:word@127.0.0.1:1", "shop.example")?
///     .on_trouble(|error| eprintln!("{error}"));
/// let pool = Pool::<Purse>::builder("shop.example", Keys::ephemeral()?)
///     .high_water(marks)
///     .build()?;
/// // Nobody listens there: what is guarded is not issued.
/// let refused = pool.open(Purse { coins: 9 })?.flush().unwrap_err();
/// assert_eq!(refused, FlushError::MarksAway);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RedisMarks {
    store: Store,
    on_trouble: Option<Told>,
}

type Told = Box<dyn Fn(&RedisMarksError) + Send + Sync>;

impl RedisMarks {
    /// The marks of this pool in the store at this address: `redis://host:6379`, `redis://user:password@host:6379/0`, or
    /// `unix:///path`. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// The address is none; the error does not hold it, as there may be a password in it.
    pub fn at(address: &str, pool_name: &str) -> Result<Self, RedisMarksError> {
        let store = Store::at(address, pool_name).ok_or_else(|| RedisMarksError {
            store: format!("of pool `{pool_name}`"),
            fault: RedisMarksFault::Address,
        })?;
        Ok(Self {
            store,
            on_trouble: None,
        })
    }

    /// How long each step of talking to the store may take: connecting, writing, reading; 500 ms. A claim takes at most six
    /// steps.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.store.timeout = timeout.max(Duration::from_millis(1));
        self
    }

    /// Is told each time a claim could not be committed, by the thread that wanted to: for logs, metrics, alarms.
    #[must_use]
    pub fn on_trouble(mut self, told: impl Fn(&RedisMarksError) + Send + Sync + 'static) -> Self {
        self.on_trouble = Some(Box::new(told));
        self
    }

    /// What [`HighWater::commit`] does, with an error to match on.
    ///
    /// # Errors
    ///
    /// The store could not be asked. Whether the claim was committed is not known then.
    pub fn try_commit(&self, claim: &Claim) -> Result<Verdict, RedisMarksError> {
        self.store.commit(claim).map_err(|fault| RedisMarksError {
            store: self.store.name(),
            fault,
        })
    }
}

impl HighWater for RedisMarks {
    fn commit(&self, claim: &Claim) -> Verdict {
        self.try_commit(claim).unwrap_or_else(|error| {
            if let Some(told) = &self.on_trouble {
                told(&error);
            }
            Verdict::Away
        })
    }
}

impl fmt::Debug for RedisMarks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisMarks")
            .field("store", &self.store.name())
            .finish_non_exhaustive()
    }
}
