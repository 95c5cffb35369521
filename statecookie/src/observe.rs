//! What a pool tells whoever watches it: one trait, and the events.

use core::time::Duration;

use crate::error::Refusal;
use crate::keys::Refresh;
use crate::tier::{KeyId, TierSet};
use crate::time::Timestamp;

/// Watches a pool: for counters, logs, alarms. [`Counters`](crate::counters::Counters) is one, and every function of
/// `&Event<'_>` is.
///
/// It is called on the thread that resumes, flushes or refreshes, before that call returns: what it waits for, each client
/// waits for. A panic in it is the caller's: where an update was issued, the session counts it as issued, and
/// [`flush_full`](crate::Session::flush_full) makes it good. A pool without an observer pays one branch for each event.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use std::sync::Arc;
/// use statecookie::{Event, Keys, Pool, StateCookie};
///
/// #[derive(StateCookie, Clone, Debug, PartialEq)]
/// #[statecookie(tier(0, valid_for = "1h"))]
/// struct Visit {
///     #[tier(0)]
///     customer: u64,
/// }
///
/// let refused = Arc::new(AtomicU64::new(0));
/// let count = Arc::clone(&refused);
/// let pool = Pool::<Visit>::builder("shop.example", Keys::ephemeral()?)
///     .observer(move |event: &Event<'_>| {
///         if let Event::Refused { .. } = event {
///             count.fetch_add(1, Ordering::Relaxed);
///         }
///     })
///     .build()?;
/// assert!(pool.resume(b"forged").is_err());
/// assert_eq!(refused.load(Ordering::Relaxed), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Observer: Send + Sync {
    /// Something happened.
    fn observe(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Send + Sync> Observer for F {
    fn observe(&self, event: &Event<'_>) {
        self(event);
    }
}

/// What happened in a pool. No event holds a value, a byte of a cookie or of a key, or a session's id: a session's id is no
/// secret, but whoever reads the logs could follow one client by it. A program that wants it has it in
/// [`Session::id`](crate::Session::id).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// What a client presented was verified and restored.
    #[non_exhaustive]
    Accepted {
        /// The key under which it stands.
        key_id: KeyId,
        /// The tiers whose fields took their defaults.
        defaulted: TierSet,
        /// How old it is.
        freshness: Freshness,
        /// When it was presented.
        at: Timestamp,
    },
    /// An update was issued: not necessarily sent.
    #[non_exhaustive]
    Issued {
        /// The key under which it stands.
        key_id: KeyId,
        /// The tiers that it carries.
        tiers: TierSet,
        /// Whether these are all of them.
        full: bool,
        /// Its length in bytes.
        len: usize,
        /// When it was issued.
        at: Timestamp,
    },
    /// The source of the keys was asked; [`PoolBuilder::on_refresh`](crate::PoolBuilder::on_refresh) is told the same.
    #[non_exhaustive]
    Refreshed {
        /// Why, and what came of it.
        refresh: &'a Refresh,
    },
    /// What a client presented was refused.
    #[non_exhaustive]
    Refused {
        /// Why, and where. Its key id is only claimed, and may be anything, unless `proven` says otherwise.
        refusal: Refusal,
        /// How old it is, if the root's tag was proven before it was refused: then the pool has issued it under the key of that
        /// id. `None` if nothing is proven.
        proven: Option<Freshness>,
        /// When it was presented.
        at: Timestamp,
    },
    /// The pool was made.
    #[non_exhaustive]
    Started {
        /// When.
        at: Timestamp,
    },
}

/// How the newest proven cookie of what was presented stands to this server's clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Freshness {
    /// How long ago it became valid; zero if it has not yet.
    pub age: Duration,
    /// How far ahead it becomes valid: so much the issuing server's clock is ahead of this one's at least. Zero if it is
    /// valid already: a clock that is behind looks like age.
    pub skew: Duration,
}

impl Freshness {
    pub(crate) fn of(newest: Timestamp, now: Timestamp) -> Self {
        Self {
            age: now.since(newest),
            skew: newest.since(now),
        }
    }
}

/// Those who watch one pool, in the order in which they came.
#[derive(Default)]
pub(crate) struct Observers(alloc::vec::Vec<alloc::boxed::Box<dyn Observer>>);

impl Observers {
    pub(crate) fn add(&mut self, observer: impl Observer + 'static) {
        self.0.push(alloc::boxed::Box::new(observer));
    }

    /// Tells all of them; where there is none, the event is not even made.
    #[inline]
    pub(crate) fn tell<'a>(&self, event: impl FnOnce() -> Event<'a>) {
        if !self.0.is_empty() {
            self.tell_all(&event());
        }
    }

    #[cold]
    fn tell_all(&self, event: &Event<'_>) {
        for observer in &self.0 {
            observer.observe(event);
        }
    }
}
