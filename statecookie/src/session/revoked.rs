//! What this server was told to refuse: sessions born before a time, and single ones.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use arc_swap::ArcSwapOption;

use super::{Origin, Pool, Session};
use crate::error::TooManyRevoked;
use crate::schema::StateCookie;
use crate::time::Timestamp;

/// How many single sessions are remembered: 1.5 MB.
const MOST: usize = 65_536;

/// A session's id, and the second from which on its cookies are over by themselves.
type Entry = ([u8; 16], u64);

/// Read for each presentation and each flush, without a lock; written rarely.
pub(super) struct Revoked {
    born_before: AtomicU64,
    /// Whether there is a list: a pool that revokes no session pays for one look at this.
    any: AtomicBool,
    /// By id.
    sessions: ArcSwapOption<Vec<Entry>>,
    writer: Mutex<()>,
}

impl Revoked {
    pub(super) const fn nothing() -> Self {
        Self {
            born_before: AtomicU64::new(0),
            any: AtomicBool::new(false),
            sessions: ArcSwapOption::const_empty(),
            writer: Mutex::new(()),
        }
    }

    /// Whether this session was given up.
    pub(super) fn contains(&self, origin: &Origin) -> bool {
        if origin.born < self.born_before.load(Ordering::Relaxed) {
            return true;
        }
        // Set behind the list: who sees it set sees a list.
        if !self.any.load(Ordering::Acquire) {
            return false;
        }
        let sessions = self.sessions.load();
        let sessions = sessions.as_deref();
        sessions.is_some_and(|sessions| position(sessions, &origin.session).is_ok())
    }

    fn add(&self, session: [u8; 16], until: u64, now: u64) -> Result<(), TooManyRevoked> {
        // A writer that panicked has published nothing.
        let _one = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sessions = self.sessions.load().as_deref().cloned().unwrap_or_default();
        sessions.retain(|(_, until)| now < *until);
        match position(&sessions, &session) {
            Ok(at) => sessions[at].1 = sessions[at].1.max(until),
            Err(_) if sessions.len() >= MOST => return Err(TooManyRevoked { most: MOST }),
            Err(at) => sessions.insert(at, (session, until)),
        }
        self.sessions.store(Some(Arc::new(sessions)));
        self.any.store(true, Ordering::Release);
        Ok(())
    }
}

fn position(sessions: &[Entry], session: &[u8; 16]) -> Result<usize, usize> {
    sessions.binary_search_by(|(id, _)| id.cmp(session))
}

impl<S: StateCookie> Pool<S> {
    /// From now on refuses every session born before `time`, and so everything issued before it: the emergency exit after cookies leaked.
    ///
    /// Against a leaked key it does not help: who has the key writes any birth.
    ///
    /// Per process: tell every server of the pool. A later call may only move the time forwards.
    pub fn refuse_born_before(&self, time: Timestamp) {
        // Wire times are whole seconds: a session born within this very second is refused too.
        let whole = time.as_millis().div_ceil(1000);
        self.inner
            .revoked
            .born_before
            .fetch_max(whole, Ordering::Relaxed);
    }

    /// From now on refuses this session, all its cookies, copied ones too, with [`Reason::Revoked`](crate::Reason::Revoked): for a logout, or a
    /// client that misbehaves. A session that lives on this server issues no more.
    ///
    /// Per process, and forgotten when the process ends: tell every server of the pool. (Where a tier is guarded, [`revoke_session`](Self::revoke_session) tells all of them at once, and for good.) 24 bytes are kept until the session's cookies are over by themselves.
    ///
    /// ```
    /// # use statecookie::{Keys, Pool, Reason, StateCookie};
    /// # #[derive(StateCookie, Clone, Debug, PartialEq)]
    /// # #[statecookie(version = 1, tier(0, valid_for = "1h"))]
    /// # struct Visit {
    /// #     #[tier(0)]
    /// #     #[mutable(range = 0..=4)]
    /// #     quality: u8,
    /// # }
    /// # let pool = Pool::<Visit>::new("shop.example", Keys::ephemeral()?)?;
    /// let mut session = pool.open(Visit { quality: 2 })?;
    /// let copied = session.flush_full()?;
    /// pool.refuse_session(session.id())?;
    /// assert_eq!(pool.resume(&copied).unwrap_err().reason, Reason::Revoked);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// 65,536 sessions are refused already; none of them is forgotten for another one.
    pub fn refuse_session(&self, session: [u8; 16]) -> Result<(), TooManyRevoked> {
        self.refuse_session_at(session, self.now())
    }

    /// [`refuse_session`](Self::refuse_session) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`refuse_session`](Self::refuse_session).
    pub fn refuse_session_at(
        &self,
        session: [u8; 16],
        now: Timestamp,
    ) -> Result<(), TooManyRevoked> {
        // It may have been born by a clock that is ahead.
        let ahead = self.inner.leeway.saturating_add(self.inner.keep_longer);
        let latest = now.saturating_add(ahead).as_millis();
        let until = latest
            .div_ceil(1000)
            .saturating_add(self.inner.rules.session_max);
        self.inner.revoked.add(session, until, now.as_secs())
    }
}

impl<S: StateCookie> Session<S> {
    pub(super) fn is_revoked(&self) -> bool {
        self.pool.inner.revoked.contains(&self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(session: u64, born: u64) -> Origin {
        Origin {
            session: u128::from(session).to_be_bytes(),
            branch: [0; 4],
            born,
            end: u64::MAX,
            binding: None,
        }
    }

    fn id(session: u64) -> [u8; 16] {
        origin(session, 0).session
    }

    #[test]
    fn refuses_the_sessions_it_was_told_and_no_others() {
        let revoked = Revoked::nothing();
        for session in [9, 4, 7, 4] {
            revoked.add(id(session), 100, 0).unwrap();
        }
        let refused = (0..12).filter(|session| revoked.contains(&origin(*session, 5)));
        assert!(refused.eq([4, 7, 9]));
        let sessions = revoked.sessions.load_full().unwrap();
        assert_eq!(sessions.len(), 3);
    }

    #[test]
    fn remembers_until_the_cookies_are_over_whatever_is_said_later() {
        let revoked = Revoked::nothing();
        revoked.add(id(1), 100, 0).unwrap();
        revoked.add(id(1), 50, 0).unwrap();
        revoked.add(id(2), 200, 99).unwrap();
        assert!(revoked.contains(&origin(1, 5)));
        revoked.add(id(3), 200, 100).unwrap();
        assert!(!revoked.contains(&origin(1, 5)));
        assert!(revoked.contains(&origin(2, 5)));
    }

    #[test]
    fn a_full_list_forgets_nobody() {
        let revoked = Revoked::nothing();
        let full = (0..MOST as u64).map(|session| (id(session), 100)).collect();
        revoked.sessions.store(Some(Arc::new(full)));
        revoked.any.store(true, Ordering::Release);
        let refused = Err(TooManyRevoked { most: MOST });
        assert_eq!(revoked.add(id(u64::MAX), 500, 99), refused);
        assert!(revoked.contains(&origin(0, 5)) && !revoked.contains(&origin(u64::MAX, 5)));
        revoked.add(id(17), 300, 99).unwrap();
        revoked.add(id(u64::MAX), 500, 100).unwrap();
        assert!(revoked.contains(&origin(17, 5)) && revoked.contains(&origin(u64::MAX, 5)));
        assert!(!revoked.contains(&origin(0, 5)));
    }
}
