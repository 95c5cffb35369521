//! Pool and session: what a server does with the state of one client.

mod by_hand;
mod cascade;
mod draft;
mod guard;
mod issue;
mod kept;
mod limits;
mod pace;
mod pool;
mod refresh;
mod rehearse;
mod renewal;
mod restore;
mod resume;
mod revoked;
mod rules;
mod unreleased;
#[cfg(feature = "outside")]
mod unseen;
mod update;
mod verify;
mod watch;

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;

use zeroize::Zeroizing;

use crate::error::{FlushError, StateError};
use crate::keys::Prepared;
use crate::schema::{StateCookie, derived_values};
use crate::seal;
use crate::tier::{Class, KeyId, Stamps, Tier, TierSet};
use crate::time::Timestamp;

pub use by_hand::{ClaimedFlush, ClaimedResume};
pub use limits::Limits;
pub use pool::{Pool, PoolBuilder};
#[cfg(feature = "outside")]
pub(crate) use restore::{is_padding, reason, unread};
pub use resume::{Presentation, Resumed, Scratch};
#[cfg(feature = "outside")]
pub(crate) use unseen::{Proven, Unseen, UnseenRules, prove, unseen_pool};
pub use update::Update;
pub use watch::KeyWatch;

use guard::Guard;
use issue::Occasion;
use kept::Kept;
use renewal::Ends;
use rules::Rules;

/// One client's state on one server; reads like the state itself.
///
/// Not `Clone`: a clone would be a fork of the session.
pub struct Session<S: StateCookie> {
    state: S,
    pool: Pool<S>,
    key: Arc<Prepared>,
    origin: Origin,
    stamps: S::Stamps,
    /// What an approximated value is held against.
    issued: S::Issued,
    touched: TierSet,
    progress: Progress,
    kept: Option<Box<Kept>>,
    /// Nothing where no tier is guarded.
    guard: Option<Box<Guard>>,
}

/// What stays the same from cookie to cookie of a session.
#[derive(Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) session: [u8; 16],
    pub(crate) branch: [u8; 4],
    /// Seconds since the epoch.
    pub(crate) born: u64,
    /// The absolute end, in seconds since the epoch.
    pub(crate) end: u64,
    pub(crate) binding: Option<[u8; 32]>,
}

/// How far a session's chain has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing was issued under this session id: the first flush is full.
    New,
    /// Another server's chain was presented: the first flush is full, on a branch of its own.
    Presented,
    /// Updates may be partial.
    Running,
}

impl<S: StateCookie> Session<S> {
    pub(crate) fn open(
        pool: Pool<S>,
        state: S,
        identity: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<Self, StateError> {
        let rules = pool.inner.rules;
        check(&state, &rules)?;
        let key = pool
            .inner
            .keys
            .signing(now)
            .map_err(|_| StateError::NoSigningKey)?;
        let born = now.as_secs();
        let origin = Origin {
            session: random(&pool)?,
            branch: random(&pool)?,
            born,
            end: born.saturating_add(rules.session_max),
            binding: identity.map(seal::binding),
        };
        Ok(Self {
            issued: state.__issued(),
            state,
            key,
            guard: Guard::of_new(&pool, &origin)?,
            origin,
            stamps: S::Stamps::blank(),
            touched: TierSet::EMPTY,
            progress: Progress::New,
            kept: None,
            pool,
        })
    }

    /// The setters: those of mutable fields check the bound, and each marks its tier as touched. (An approximated value does
    /// so where it is further from what was issued last than its tolerance.)
    pub fn edit(&mut self) -> S::Edit<'_> {
        self.state.__edit(&mut self.touched)
    }

    /// Puts another state in the place of the present one and marks the tiers whose encoded values differ.
    ///
    /// A `HashMap` with another order of iteration is a difference.
    ///
    /// # Errors
    ///
    /// A bound or `validate` refuses the new state, or it cannot be encoded; the present state stays.
    pub fn replace(&mut self, mut state: S) -> Result<(), StateError> {
        let rules = self.pool.inner.rules;
        let all = TierSet::down_from(rules.root);
        check(&state, &rules)?;
        // Approximated values are compared with what was issued, not with what is replaced.
        let approximated = state.__issued();
        state.__put(self.state.__issued());
        let mut changed = TierSet::EMPTY;
        for tier in all.iter() {
            if differs(&self.state, &state, tier)? {
                changed.insert(tier);
            }
        }
        state.__put(approximated);
        self.touched = self.touched.union(changed);
        self.state = state;
        Ok(())
    }

    /// The update that brings the client up to date, if anything changed or is due; the first one is full.
    ///
    /// # Errors
    ///
    /// Nothing was issued, and the session stays as dirty as it was: see [`FlushError`].
    pub fn flush(&mut self) -> Result<Option<Update>, FlushError> {
        self.flush_at(self.pool.now())
    }

    /// [`flush`](Self::flush) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`flush`](Self::flush).
    pub fn flush_at(&mut self, now: Timestamp) -> Result<Option<Update>, FlushError> {
        self.flush_owned(now, Occasion::Ordinary)
    }

    /// [`flush`](Self::flush) onto the end of `out`: gives the tiers re-issued, if any.
    ///
    /// # Errors
    ///
    /// As for [`flush`](Self::flush); `out` is as it was.
    pub fn flush_into(&mut self, out: &mut Vec<u8>) -> Result<Option<TierSet>, FlushError> {
        self.flush_into_at(out, self.pool.now())
    }

    /// [`flush_into`](Self::flush_into) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`flush_into`](Self::flush_into).
    pub fn flush_into_at(
        &mut self,
        out: &mut Vec<u8>,
        now: Timestamp,
    ) -> Result<Option<TierSet>, FlushError> {
        self.issue(now, Occasion::Ordinary, out)
    }

    /// An update of all tiers, whatever changed: the answer to a gap at the client, or to a lost send.
    ///
    /// # Errors
    ///
    /// As for [`flush`](Self::flush).
    pub fn flush_full(&mut self) -> Result<Update, FlushError> {
        self.flush_full_at(self.pool.now())
    }

    /// [`flush_full`](Self::flush_full) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`flush`](Self::flush).
    pub fn flush_full_at(&mut self, now: Timestamp) -> Result<Update, FlushError> {
        let update = self.flush_owned(now, Occasion::Full)?;
        update.ok_or(FlushError::SessionEnded)
    }

    /// [`flush`](Self::flush) that renews nothing: for health pings and other requests that no user made.
    ///
    /// # Errors
    ///
    /// As for [`flush`](Self::flush).
    pub fn flush_without_renewal(&mut self) -> Result<Option<Update>, FlushError> {
        self.flush_without_renewal_at(self.pool.now())
    }

    /// [`flush_without_renewal`](Self::flush_without_renewal) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`flush`](Self::flush).
    pub fn flush_without_renewal_at(
        &mut self,
        now: Timestamp,
    ) -> Result<Option<Update>, FlushError> {
        self.flush_owned(now, Occasion::WithoutRenewal)
    }

    /// When the next flush has something to do without a further change: at once if the session is dirty, unless
    /// `at_most_every` holds all changes back.
    ///
    /// `None` if no cookie can be renewed any more. The change of a key is not foreseen.
    pub fn next_due(&self) -> Option<Timestamp> {
        let now = if S::TABLE.paces() {
            self.pool.now()
        } else {
            Timestamp::from_millis(0)
        };
        self.next_due_at(now)
    }

    /// [`next_due`](Self::next_due) as seen at a given time: what is held back goes at once if the clock went back since.
    pub fn next_due_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.progress != Progress::Running || !self.claimed().is_empty() {
            return Some(Timestamp::from_millis(0));
        }
        let (tiers, stamps) = (self.pool.inner.rules.tiers, self.stamps.as_ref());
        let renewed = renewal::next_due(tiers, stamps, self.ends());
        let touched = self.touched();
        if touched.is_empty() {
            return renewed;
        }
        let first = pace::first(touched, tiers, stamps, now);
        Some(renewed.map_or(first, |renewed| renewed.min(first)))
    }

    /// Whether the state holds what no update has carried yet. An approximated value within its tolerance does not count.
    pub fn is_dirty(&self) -> bool {
        self.progress != Progress::Running
            || !self.touched().is_empty()
            || !self.claimed().is_empty()
    }

    /// The tiers that were changed since they were last issued; approximated values beyond their tolerance are changes.
    pub fn touched(&self) -> TierSet {
        self.touched
            .union(self.state.__strayed(&self.issued, false))
    }

    /// Binds the session to an identity from now on, under a new session id: call it at login. The next flush is full.
    ///
    /// The new session is born now, so that it is newer than the old one; it ends when that would have ended.
    ///
    /// Cookies of the old session id stay valid until they expire; where a tier is guarded, they end with that flush.
    ///
    /// # Errors
    ///
    /// The random generator failed; the session is as it was.
    pub fn rebind(&mut self, identity: &[u8]) -> Result<(), StateError> {
        self.rebind_at(identity, self.pool.now())
    }

    /// Takes the binding away, under a new session id: call it at logout if the session goes on. The next flush is full.
    ///
    /// # Errors
    ///
    /// The random generator failed; the session is as it was.
    pub fn unbind(&mut self) -> Result<(), StateError> {
        self.unbind_at(self.pool.now())
    }

    /// [`rebind`](Self::rebind) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`rebind`](Self::rebind).
    pub fn rebind_at(&mut self, identity: &[u8], now: Timestamp) -> Result<(), StateError> {
        self.begin_anew(Some(seal::binding(identity)), now)
    }

    /// [`unbind`](Self::unbind) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`unbind`](Self::unbind).
    pub fn unbind_at(&mut self, now: Timestamp) -> Result<(), StateError> {
        self.begin_anew(None, now)
    }

    /// Ends the session here and gives the state back.
    ///
    /// What the client holds stays valid until it expires; where a tier is guarded, [`Pool::revoke_session`] ends it before.
    pub fn end(self) -> S {
        self.state
    }

    /// The whole chain as issued last, for channels whose client library keeps only the last message; derived fields have
    /// the values that they have here.
    ///
    /// `None` before the first full update, or if the pool was not built with [`keep_issued`](PoolBuilder::keep_issued).
    pub fn bundle(&self) -> Option<Vec<u8>> {
        let derived = derived_values(&self.state);
        let kept = self.kept.as_ref()?;
        kept.bundle(self.pool.inner.rules.count(), derived.as_deref())
    }

    /// The session's id, the same in all its cookies; not a secret.
    pub const fn id(&self) -> [u8; 16] {
        self.origin.session
    }

    /// The key under which the chain stands.
    pub fn key_id(&self) -> KeyId {
        self.key.id()
    }

    /// The absolute end of the session.
    pub const fn ends_at(&self) -> Timestamp {
        Timestamp::from_secs(self.origin.end)
    }

    /// The tiers that a flush would renew at that time, whatever was changed.
    #[cfg(any(feature = "testing", test))]
    pub(crate) fn renewed_at(&self, now: Timestamp) -> TierSet {
        let tiers = self.pool.inner.rules.tiers;
        renewal::due(now, tiers, self.stamps.as_ref(), self.ends())
    }

    fn begin_anew(&mut self, binding: Option<[u8; 32]>, now: Timestamp) -> Result<(), StateError> {
        let (session, branch) = (random(&self.pool)?, random(&self.pool)?);
        let born = now.as_secs().clamp(self.origin.born, self.origin.end);
        self.origin = Origin {
            session,
            branch,
            born,
            binding,
            ..self.origin
        };
        if let Some(guard) = &mut self.guard {
            guard.branch = branch;
        }
        // The root's counter goes on, so that what is still under way of the old session is older than all of the new one.
        if self.progress == Progress::Running {
            self.progress = Progress::Presented;
        }
        Ok(())
    }

    fn flush_owned(
        &mut self,
        now: Timestamp,
        occasion: Occasion,
    ) -> Result<Option<Update>, FlushError> {
        let mut bytes = self.buffer();
        let tiers = self.issue(now, occasion, &mut bytes)?;
        let root = self.pool.inner.rules.root;
        Ok(tiers.map(|tiers| Update {
            bytes,
            tiers,
            full: tiers.contains(root),
        }))
    }

    /// At its full size from the start: a buffer that grows leaves private values behind that nobody wipes.
    fn buffer(&self) -> Vec<u8> {
        let lengths = self.stamps.as_ref().iter();
        let last: usize = lengths.map(|stamp| stamp.len as usize).sum();
        Vec::with_capacity(last + 256)
    }

    fn ends(&self) -> Ends {
        Ends {
            session: self.origin.end,
            key: self.key.accept_until().as_secs(),
        }
    }
}

impl<S: StateCookie> Deref for Session<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.state
    }
}

/// Mute about the state: its private fields are nobody's business.
impl<S: StateCookie> fmt::Debug for Session<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut session = f.debug_struct("Session");
        session
            .field("key", &self.key.id())
            .field("touched", &self.touched);
        session
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

/// Every bound, the combination, and that another server could restore it.
fn check<S: StateCookie>(state: &S, rules: &Rules) -> Result<(), StateError> {
    state.__check(TierSet::down_from(rules.root))?;
    state.__validate()?;
    rehearse::rehearse(state, rules)?;
    Ok(())
}

/// Whether the encoded values of a tier differ. What cannot be encoded now differs from all that can.
fn differs<S: StateCookie>(old: &S, new: &S, tier: Tier) -> Result<bool, StateError> {
    for class in Class::SENT {
        // Private values stand in them in the clear, and in no buffer with others.
        let (mut before, mut after) = (Zeroizing::new(Vec::new()), Zeroizing::new(Vec::new()));
        new.__write(tier, class, &mut after)?;
        if old.__write(tier, class, &mut before).is_err() || before != after {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn random<const N: usize, S: StateCookie>(
    pool: &Pool<S>,
) -> Result<[u8; N], crate::time::EntropyError> {
    let mut bytes = [0; N];
    pool.entropy().fill(&mut bytes)?;
    Ok(bytes)
}
