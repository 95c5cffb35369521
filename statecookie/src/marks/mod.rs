//! High-water marks: how far each session has come, kept beside the cookies so that an older state or a fork can be refused.

mod claim;
mod mark;
mod memory;
mod weigh;

use alloc::sync::Arc;

pub use claim::{Act, Claim};
pub use mark::{Mark, MarkRecord};
pub use memory::MemoryMarks;
pub use weigh::Weighed;

/// A store of high-water marks, one for each session, for the tiers that a schema declares `guarded`.
///
/// A store keeps one [`MarkRecord`] for each session id and commits claims. What a claim means is no affair of the
/// store's: [`Claim::weigh`] gives the verdict, and what is to be kept from now on. Looking, weighing and keeping are one
/// step that nothing else of that session comes between.
///
/// # What a store may get wrong, and what that costs
///
/// | mistake | what happens |
/// |---|---|
/// | it forgets a mark before [`Claim::keep_for`] is over: a restart without data, a replica that missed a write | that session may be taken back or forked until it is seen again, and one that was ended goes on. Nobody loses a session |
/// | it answers [`Verdict::Away`] although it could serve | a tier that refuses is neither issued nor resumed meanwhile; one that accepts is not guarded |
/// | it commits, and the answer is lost | nothing: a flush that is tried again is the same claim, or one further on |
/// | it keeps marks too long | memory |
///
/// What a store **must not** do:
///
/// | mistake | what happens |
/// |---|---|
/// | look and keep in two steps, so that two claims of one session are weighed against the same mark | both go on: the fork that it is there to refuse |
/// | drop marks to make room when it is full | an attack: who opens sessions enough makes it forget whom he likes. A full store is away |
/// | make a mark up, change one, or mix up sessions | a client that did nothing wrong is refused for good |
/// | accept before the record is where it survives what the store promises to survive | the first row of the table above, more often |
/// | answer [`Verdict::Accepted`] when it could not look | the choice between `guarded` and `guarded = "accept"` is taken away from the schema |
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Mutex, PoisonError};
/// use statecookie::{Claim, HighWater, MarkRecord, SystemClock, Clock, Verdict};
///
/// /// A table of bytes, as a database would have it.
/// #[derive(Default)]
/// struct Table(Mutex<HashMap<[u8; 16], Vec<u8>>>);
///
/// impl HighWater for Table {
///     fn commit(&self, claim: &Claim) -> Verdict {
///         // The lock is the transaction: nothing comes between looking and keeping.
///         let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
///         let stored = match rows.get(&claim.session()).map(|row| MarkRecord::from_bytes(row)) {
///             Some(None) => return Verdict::Away, // not what was kept
///             Some(record) => record,
///             None => None,
///         };
///         let weighed = claim.weigh(stored.as_ref(), SystemClock.now());
///         if let Some(record) = weighed.keep {
///             rows.insert(claim.session(), record.to_bytes());
///         }
///         weighed.verdict
///     }
/// }
/// # use statecookie::{Keys, Pool, Reason, StateCookie};
/// # #[derive(StateCookie, Clone, Debug, PartialEq)]
/// # #[statecookie(tier(0, valid_for = "1h", guarded))]
/// # struct Purse { #[tier(0)] coins: u32 }
/// let pool = Pool::<Purse>::builder("shop.example", Keys::ephemeral()?)
///     .high_water(Table::default())
///     .build()?;
/// let mut session = pool.open(Purse { coins: 9 })?;
/// let rich = session.flush()?.expect("the first update");
/// *session.edit().coins_mut() = 0;
/// let poor = session.flush()?.expect("a change");
/// # let poor = { let mut jar = statecookie::Jar::new(); let _ = jar.merge(&rich)?; let _ = jar.merge(&poor)?; jar.bundle()? };
/// let refused = pool.resume(&rich).unwrap_err();
/// assert_eq!(refused.reason, Reason::RolledBack);
/// assert_eq!(pool.resume(&poor)?.session.coins, 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait HighWater: Send + Sync {
    /// Weighs a claim against what is kept of its session, keeps what follows from it, and says which it was, in one step.
    ///
    /// The caller waits. Where no thread may wait, the pool is built with
    /// [`marks_by_hand`](crate::PoolBuilder::marks_by_hand), and no store is called by the library.
    fn commit(&self, claim: &Claim) -> Verdict;
}

/// What a store of high-water marks says to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "a claim that was not accepted must release nothing"]
pub enum Verdict {
    /// The claim holds, and is kept.
    Accepted,
    /// The store could not be asked, or is full: whether the claim holds is not known, nor whether it is kept.
    Away,
    /// Another server, or another request, has gone on from this state or a later one.
    Forked,
    /// The session was ended for good.
    Revoked,
    /// The session has come further on the same branch.
    RolledBack,
}

impl<T: HighWater + ?Sized> HighWater for Arc<T> {
    fn commit(&self, claim: &Claim) -> Verdict {
        (**self).commit(claim)
    }
}

/// A store that keeps nothing and accepts everything: guarded tiers are as if they were not.
///
/// For tests of something else, or to switch the guard off without a new build of the schema.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMarks;

impl HighWater for NoMarks {
    fn commit(&self, _claim: &Claim) -> Verdict {
        Verdict::Accepted
    }
}

/// The session was not ended for good: the store of high-water marks is away, or the pool has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the session is not ended for good: the store of high-water marks is away, or this pool holds none"
)]
pub struct NotRevoked;
