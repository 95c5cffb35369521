//! Counters that watch a pool: verdicts by reason, tier and key; age and skew; which keys are still presented.
//!
//! ```
//! use statecookie::counters::Counters;
//! use statecookie::{Keys, Pool, Reason, StateCookie};
//!
//! #[derive(StateCookie, Clone, Debug, PartialEq)]
//! #[statecookie(tier(0, valid_for = "1h"))]
//! struct Visit {
//!     #[tier(0)]
//!     customer: u64,
//! }
//!
//! let counters = Counters::new("shop.example");
//! let pool = Pool::<Visit>::builder("shop.example", Keys::ephemeral()?)
//!     .observer(counters.clone())
//!     .build()?;
//! let update = pool.open(Visit { customer: 4711 })?.flush()?.expect("the first one is full");
//! let key_id = pool.resume(&update)?.key_id;
//! assert!(pool.resume(b"").is_err());
//!
//! let counts = counters.read();
//! assert_eq!((counts.accepted(), counts.refused(Reason::Malformed)), (1, 1));
//! assert!(counts.key(key_id).is_some_and(|key| key.last_presented.is_some()));
//! assert!(counts.to_prometheus().contains("statecookie_accepted_total{pool=\"shop.example\",key=\""));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod counts;
mod histogram;
mod page;
mod prometheus;
mod retire;
mod table;
mod tallies;

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use crate::{Event, Observer, Pool, StateCookie};

pub use counts::{Counts, KeyCounts, KeyLabel, RefreshCounts, RefusedCount, UpdateCounts};
pub use histogram::Histogram;
pub use prometheus::to_prometheus;
pub use retire::{KeyUse, Retirement};

use table::Table;
use tallies::Tallies;

/// Counts what happens in one pool. To be given to [`PoolBuilder::observer`](crate::PoolBuilder::observer); its clones are the
/// same counters, of which one is read.
///
/// Counting an event takes some atomic additions, seven at most and one for each default, and neither waits nor allocates: but for
/// the first event under a key, and those under keys beyond the 256 that have an entry, which wait for each other.
/// All counts begin with the process, and wrap at 2^64.
///
/// Nothing that a client chooses makes an entry: refusals are counted by key only where the root's tag was proven under it, and
/// under [`KeyLabel::Unproven`] otherwise. At most 256 keys have an entry of their own; each takes some 2 KiB.
#[derive(Clone)]
pub struct Counters(Arc<Inner>);

struct Inner {
    pool: String,
    keys: Table,
    tallies: Tallies,
}

impl Counters {
    /// Counters at zero. The name is the label `pool` of what is exported; each pool has counters of its own.
    pub fn new(pool: &str) -> Self {
        Self(Arc::new(Inner {
            pool: pool.into(),
            keys: Table::default(),
            tallies: Tallies::default(),
        }))
    }

    /// What was counted up to now. One number is read after another while others may count on: sums may differ by the
    /// events that are under way.
    pub fn read(&self) -> Counts {
        let inner = &*self.0;
        inner.tallies.read(inner.pool.clone(), inner.keys.read())
    }

    /// [`read`](Self::read) with the times of the keys that the pool holds now, so that they are exported, too.
    pub fn read_with_keys<S: StateCookie>(&self, pool: &Pool<S>) -> Counts {
        Counts {
            held: pool.key_times(),
            ..self.read()
        }
    }
}

impl Observer for Counters {
    fn observe(&self, event: &Event<'_>) {
        let Inner { keys, tallies, .. } = &*self.0;
        match *event {
            Event::Accepted {
                key_id,
                defaulted,
                freshness,
                at,
            } => {
                tallies.accept(freshness, defaulted);
                keys.with(key_id, at, |slot| slot.accept(at));
            }
            Event::Refused {
                ref refusal,
                proven,
                at,
            } => match (proven, refusal.key) {
                (Some(freshness), Some(key)) => {
                    tallies.refuse(freshness);
                    keys.with(key, at, |slot| slot.refuse(refusal, at));
                }
                _ => keys.unproven.refuse(refusal, at),
            },
            Event::Issued {
                tiers, full, len, ..
            } => tallies.issue(tiers, full, len),
            Event::Refreshed { refresh } => tallies.refresh(&refresh.outcome),
            Event::Started { at } => tallies.watched_since.note_first(at),
        }
    }
}

impl fmt::Debug for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counters")
            .field("pool", &self.0.pool)
            .finish_non_exhaustive()
    }
}
