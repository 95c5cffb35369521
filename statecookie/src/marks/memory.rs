//! Marks in the memory of one process: for a pool of one server, or of several in one process.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use core::fmt;
use std::sync::{Mutex, PoisonError};

use super::{Claim, HighWater, MarkRecord, Verdict};
use crate::time::{Clock, SystemClock, Timestamp};

/// High-water marks in memory, up to a number of sessions. Clones share them.
///
/// A mark is kept until its session ends, and never dropped to make room: a store that is full is away for sessions that it
/// does not know, and serves those that it knows. Each takes some 400 bytes.
///
/// It guards what this process does. Servers on several machines, or a server that is started again, share nothing by it: a
/// client may present an older state to the other one. That takes a store behind all of them, such as `RedisMarks`.
///
/// ```
/// use statecookie::{Keys, MemoryMarks, Pool, Reason, StateCookie};
///
/// #[derive(StateCookie, Clone, Debug, PartialEq)]
/// #[statecookie(tier(0, valid_for = "1h", guarded))]
/// struct Purse {
///     #[tier(0)]
///     coins: u32,
/// }
///
/// let (keys, marks) = (Keys::ephemeral()?, MemoryMarks::up_to(100_000));
/// let one = Pool::<Purse>::builder("shop.example", keys.clone()).high_water(marks.clone()).build()?;
/// let two = Pool::<Purse>::builder("shop.example", keys).high_water(marks.clone()).build()?;
///
/// let mut session = one.open(Purse { coins: 9 })?;
/// let update = session.flush()?.expect("the first update");
/// let mut resumed = two.resume(&update)?.session;
/// let newer = resumed.flush()?.expect("full, after a fail-over");
///
/// // The same state once more would be a fork.
/// assert_eq!(one.resume(&update).unwrap_err().reason, Reason::Forked);
/// assert!(one.resume(&newer).is_ok());
/// assert_eq!(marks.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct MemoryMarks {
    shelf: Arc<Mutex<Shelf>>,
    clock: Arc<dyn Clock>,
}

struct Shelf {
    capacity: usize,
    records: BTreeMap<[u8; 16], (Timestamp, MarkRecord)>,
    /// When each of them may go.
    ends: BTreeSet<(Timestamp, [u8; 16])>,
}

impl MemoryMarks {
    /// For so many sessions at most.
    #[must_use]
    pub fn up_to(capacity: usize) -> Self {
        Self {
            shelf: Arc::new(Mutex::new(Shelf {
                capacity,
                records: BTreeMap::new(),
                ends: BTreeSet::new(),
            })),
            clock: Arc::new(SystemClock),
        }
    }

    /// Another clock than the system's; for this clone, and those made of it.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// How many sessions are known now.
    pub fn len(&self) -> usize {
        let now = self.clock.now();
        self.with(|shelf| {
            shelf.drop_over(now);
            shelf.records.len()
        })
    }

    /// Whether no session is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn with<T>(&self, act: impl FnOnce(&mut Shelf) -> T) -> T {
        act(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl HighWater for MemoryMarks {
    fn commit(&self, claim: &Claim) -> Verdict {
        let now = self.clock.now();
        self.with(|shelf| shelf.commit(claim, now))
    }
}

impl Shelf {
    fn commit(&mut self, claim: &Claim, now: Timestamp) -> Verdict {
        self.drop_over(now);
        let stored = self.records.get(&claim.session());
        // Nothing makes room: who could have a mark dropped by opening sessions could take that session back.
        if stored.is_none() && self.records.len() >= self.capacity {
            return Verdict::Away;
        }
        let weighed = claim.weigh(stored.map(|(_, record)| record), now);
        if let Some(record) = weighed.keep {
            self.keep(
                claim.session(),
                now.saturating_add(claim.keep_for()),
                record,
            );
        }
        weighed.verdict
    }

    fn keep(&mut self, session: [u8; 16], until: Timestamp, record: MarkRecord) {
        if let Some((before, _)) = self.records.insert(session, (until, record)) {
            self.ends.remove(&(before, session));
        }
        self.ends.insert((until, session));
    }

    fn drop_over(&mut self, now: Timestamp) {
        while let Some((until, session)) = self.ends.first().copied() {
            if now < until {
                return;
            }
            self.ends.remove(&(until, session));
            self.records.remove(&session);
        }
    }
}

impl fmt::Debug for MemoryMarks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (known, capacity) = self.with(|shelf| (shelf.records.len(), shelf.capacity));
        f.debug_struct("MemoryMarks")
            .field("known", &known)
            .field("capacity", &capacity)
            .finish_non_exhaustive()
    }
}
