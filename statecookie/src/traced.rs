//! A pool's events as events of the `tracing` crate (feature `tracing`).

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use ::tracing::{Level, event};

use crate::{
    Event, Freshness, Kept, Observer, Reason, Refresh, RefreshCause, RefreshOutcome, Refusal, Tier,
    Timestamp,
};

/// Hands a pool's events to `tracing`, with the target `statecookie`. To be given to
/// [`PoolBuilder::observer`](crate::PoolBuilder::observer).
///
/// | level | what |
/// |---|---|
/// | `warn` | the last good key ring goes on because the source gave no other; the source asks for something to be seen to; it was asked for a key id that a client presented, and has it not; a refusal as `internal-mismatch`, at most one a minute |
/// | `info` | the pool was made; a newer key ring took over |
/// | `debug` | every other refusal; the source has nothing new |
/// | `trace` | what is accepted, and what is issued |
///
/// What a client can bring about as often as it likes is said at `debug` and below, so that an attacker cannot flood a log that is
/// kept at `info`; [`Counters`](crate::counters::Counters) tell how much of it there is. The source is asked for a key id at most once in
/// each [`KeyPolicy::refresh`](crate::KeyPolicy::refresh), so that no more is said of that.
///
/// The fields: `reason`, `tier`, `field`, `key_id`, `key_proven`, `age_ms`, `skew_ms`, `tiers`, `full`, `bytes`, `source`,
/// `generation`. They are names and numbers of the operator's. No event holds a value, a byte of a cookie or a key, or a
/// session's id (see [`Event`]).
///
/// ```
/// use statecookie::{Keys, Pool, StateCookie, Tracing};
///
/// #[derive(StateCookie, Clone, Debug, PartialEq)]
/// #[statecookie(tier(0, valid_for = "1h"))]
/// struct Visit {
///     #[tier(0)]
///     customer: u64,
/// }
///
/// let pool = Pool::<Visit>::builder("shop.example", Keys::ephemeral()?)
///     .observer(Tracing::default())
///     .build()?;
/// assert!(pool.resume(b"").is_err()); // DEBUG statecookie: refused reason="malformed" key_proven=false
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
pub struct Tracing {
    /// When a mismatch was said at `warn` last: milliseconds, and one more.
    warned: AtomicU64,
}

impl Observer for Tracing {
    fn observe(&self, event: &Event<'_>) {
        match event {
            Event::Started { .. } => event!(target: "statecookie", Level::INFO, "pool made"),
            Event::Accepted {
                key_id,
                defaulted,
                freshness,
                ..
            } => event!(
                target: "statecookie",
                Level::TRACE,
                key_id = key_id.0,
                defaulted = ?defaulted,
                age_ms = millis(freshness.age),
                skew_ms = millis(freshness.skew),
                "accepted"
            ),
            Event::Issued {
                key_id,
                tiers,
                full,
                len,
                ..
            } => event!(
                target: "statecookie",
                Level::TRACE,
                key_id = key_id.0,
                tiers = ?tiers,
                full,
                bytes = len,
                "issued"
            ),
            Event::Refused {
                refusal,
                proven,
                at,
            } => self.refused(refusal, *proven, *at),
            Event::Refreshed { refresh } => Asked::of(refresh).say(),
        }
    }
}

/// An event at a level that is known at compile time only, from the same fields.
macro_rules! refusal {
    ($level:ident, $refusal:ident, $proven:ident, $said:literal) => {
        event!(
            target: "statecookie",
            Level::$level,
            reason = $refusal.reason.as_str(),
            tier = $refusal.tier.map(Tier::number),
            field = $refusal.field,
            key_id = $refusal.key.map(|key| key.0),
            key_proven = $proven.is_some(),
            age_ms = $proven.map(|proven| millis(proven.age)),
            skew_ms = $proven.map(|proven| millis(proven.skew)),
            $said
        )
    };
}

impl Tracing {
    /// A client can present again and again what one server issued and another does not understand.
    const PAUSE: u64 = 60_000;

    fn refused(&self, refusal: &Refusal, proven: Option<Freshness>, at: Timestamp) {
        if refusal.reason == Reason::InternalMismatch && self.may_warn(at) {
            refusal!(WARN, refusal, proven, "refused: servers disagree");
        } else {
            refusal!(DEBUG, refusal, proven, "refused");
        }
    }

    fn may_warn(&self, at: Timestamp) -> bool {
        let now = at.as_millis().saturating_add(1);
        let last = self.warned.load(Ordering::Relaxed);
        // A clock that was set back must not silence it for as long as it was set back.
        let early = last != 0 && now.abs_diff(last) < Self::PAUSE;
        !early
            && self
                .warned
                .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

impl fmt::Debug for Tracing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tracing")
    }
}

/// What came of asking a source, as fields.
struct Asked<'a> {
    refresh: &'a Refresh,
    generation: u64,
    key: Option<u32>,
    why: Option<&'a Kept>,
}

macro_rules! asked {
    ($level:ident, $asked:ident, $said:literal) => {
        event!(
            target: "statecookie",
            Level::$level,
            source = %$asked.refresh.source,
            generation = $asked.generation,
            key_id = $asked.key,
            warning = $asked.refresh.warning.as_ref().map(display),
            why = $asked.why.map(display),
            $said
        )
    };
}

impl<'a> Asked<'a> {
    fn of(refresh: &'a Refresh) -> Self {
        let (generation, why) = match &refresh.outcome {
            RefreshOutcome::Kept { generation, why } => (generation, Some(why)),
            RefreshOutcome::Replaced { generation } | RefreshOutcome::Unchanged { generation } => {
                (generation, None)
            }
        };
        let key = match refresh.cause {
            RefreshCause::UnknownKey(id) => Some(id.0),
            RefreshCause::Asked | RefreshCause::Start => None,
        };
        Self {
            refresh,
            generation: generation.0,
            key,
            why,
        }
    }

    fn say(&self) {
        match self.refresh.outcome {
            RefreshOutcome::Kept { .. } => asked!(WARN, self, "the source gave no other key ring"),
            _ if self.refresh.warning.is_some() => asked!(WARN, self, "key ring with a warning"),
            RefreshOutcome::Replaced { .. } => asked!(INFO, self, "key ring took over"),
            RefreshOutcome::Unchanged { .. } if self.key.is_some() => {
                asked!(WARN, self, "the source has not the key that was presented");
            }
            RefreshOutcome::Unchanged { .. } => asked!(DEBUG, self, "key ring unchanged"),
        }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
