//! Accepting: from the bytes that a client presents to a session, or a refusal.

use alloc::vec::Vec;
use core::time::Duration;

use zeroize::Zeroize;

use super::guard::Guard;
use super::restore;
use super::verify::{self, Newest, Opened};
use super::{Pool, Progress, Session};
use crate::error::{Reason, Refusal};
use crate::marks::{Act, Claim, Verdict};
use crate::observe::{Event, Freshness};
use crate::schema::StateCookie;
use crate::seal;
use crate::tier::{KeyId, TierSet};
use crate::time::{EntropyError, Timestamp};
use crate::wire::Linked;

/// A state that was verified and restored, and what is worth knowing about it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Resumed<S: StateCookie> {
    /// The session, ready to go on.
    pub session: Session<S>,
    /// The tiers whose fields took their defaults, because their cookie was missing or had expired.
    pub defaulted: TierSet,
    /// How long ago the newest of the presented cookies became valid.
    pub age: Duration,
    /// How far the issuing server's clock was ahead of this one's, as far as the cookies show it.
    pub skew: Duration,
    /// The key under which the chain was presented.
    pub key_id: KeyId,
}

/// A buffer for decrypted private values, to be used again and again; wiped after each use.
#[derive(Default)]
pub struct Scratch(pub(super) Vec<u8>);

impl Scratch {
    /// An empty one; it grows to the size of the private values it meets.
    pub const fn new() -> Self {
        Self(Vec::new())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl core::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Scratch(..)")
    }
}

/// A bundle that a client presents, with the circumstances under which it does.
#[derive(Clone, Copy)]
#[must_use = "a presentation does nothing until it is resumed"]
pub struct Presentation<'a, S: StateCookie> {
    pool: &'a Pool<S>,
    bundle: &'a [u8],
    binding: Option<[u8; 32]>,
    now: Option<Timestamp>,
}

impl<'a, S: StateCookie> Presentation<'a, S> {
    pub(super) fn new(pool: &'a Pool<S>, bundle: &'a [u8]) -> Self {
        Self {
            pool,
            bundle,
            binding: None,
            now: None,
        }
    }

    /// Presented by a client that authenticated as this identity: the session must be bound to it.
    pub fn identity(mut self, identity: &[u8]) -> Self {
        self.binding = Some(seal::binding(identity));
        self
    }

    /// Presented at this time, not the clock's.
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// Goes on with the session for good: see [`Pool::resume`].
    ///
    /// # Errors
    ///
    /// As for [`Pool::resume`].
    pub fn resume(self) -> Result<Resumed<S>, Refusal> {
        self.resume_in(&mut Scratch::new())
    }

    /// [`resume`](Self::resume) with a buffer of the caller's.
    ///
    /// # Errors
    ///
    /// As for [`Pool::resume`].
    pub fn resume_in(self, scratch: &mut Scratch) -> Result<Resumed<S>, Refusal> {
        self.accept(scratch, Progress::Presented)
    }

    /// Goes on with the session for one request: see [`Pool::resume_request`].
    ///
    /// # Errors
    ///
    /// As for [`Pool::resume`].
    pub fn resume_request(self) -> Result<Resumed<S>, Refusal> {
        self.resume_request_in(&mut Scratch::new())
    }

    /// [`resume_request`](Self::resume_request) with a buffer of the caller's.
    ///
    /// # Errors
    ///
    /// As for [`Pool::resume`].
    pub fn resume_request_in(self, scratch: &mut Scratch) -> Result<Resumed<S>, Refusal> {
        self.accept(scratch, Progress::Running)
    }

    fn accept(self, scratch: &mut Scratch, progress: Progress) -> Result<Resumed<S>, Refusal> {
        let at = self.at_or_now();
        let newest = Newest::new(None);
        let verdict = self.judge(scratch, progress, at, &newest);
        tell(self.pool, &verdict, newest.get(), at);
        verdict
    }

    pub(super) const fn pool(&self) -> &'a Pool<S> {
        self.pool
    }

    pub(super) fn at_or_now(&self) -> Timestamp {
        self.now.unwrap_or_else(|| self.pool.now())
    }

    fn judge(
        &self,
        scratch: &mut Scratch,
        progress: Progress,
        now: Timestamp,
        newest: &Newest,
    ) -> Result<Resumed<S>, Refusal> {
        let (resumed, claim) = self.restored(scratch, progress, now, newest)?;
        if const { S::TABLE.guards() } {
            let inner = &resumed.session.pool.inner;
            inner
                .verdict(&[claim])
                .map_err(|verdict| inner.refusal(verdict).under(resumed.key_id))?;
        }
        Ok(resumed)
    }

    /// Verified and restored, and what is to be claimed before it is given out.
    pub(super) fn restored(
        &self,
        scratch: &mut Scratch,
        progress: Progress,
        now: Timestamp,
        newest: &Newest,
    ) -> Result<(Resumed<S>, Option<Claim>), Refusal> {
        let mut cookies = Linked::new();
        let (pool, bundle, binding) = (self.pool, self.bundle, self.binding);
        let opened = verify::open(pool, bundle, &mut cookies, binding, now, newest)?;
        let key_id = opened.key.id();
        let under = |refusal: Refusal| refusal.under(key_id);
        let state = restore_state::<S>(&opened, scratch).map_err(under)?;
        let defaulted = opened.defaulted;
        let session = self
            .session(opened, state, progress)
            .map_err(|_| under(pool.inner.refusal(Verdict::Away)))?;
        let act = match progress {
            Progress::Running => Act::Request,
            _ => Act::Resume,
        };
        let claim = session.presented_claim(act, now);
        let Freshness { age, skew } = Freshness::of(newest.get().unwrap_or(now), now);
        let resumed = Resumed {
            session,
            defaulted,
            age,
            skew,
            key_id,
        };
        Ok((resumed, claim))
    }

    fn session(
        &self,
        opened: Opened<'_, S>,
        state: S,
        progress: Progress,
    ) -> Result<Session<S>, EntropyError> {
        // The parent of what was defaulted is re-issued too, so that the new cookies are not siblings of those left away.
        let above = opened.defaulted.highest().and_then(|tier| tier.above());
        let above = above.map_or(TierSet::EMPTY, TierSet::only);
        Ok(Session {
            guard: Guard::of_presented(self.pool, &opened.origin, &opened.stamps)?,
            issued: state.__issued(),
            state,
            pool: self.pool.clone(),
            key: opened.key,
            origin: opened.origin,
            stamps: opened.stamps,
            touched: above.union(opened.defaulted),
            progress,
            kept: None,
        })
    }
}

/// What came of a presentation, for those who watch the pool.
pub(super) fn tell<S: StateCookie>(
    pool: &Pool<S>,
    verdict: &Result<Resumed<S>, Refusal>,
    newest: Option<Timestamp>,
    at: Timestamp,
) {
    pool.inner.observers.tell(|| {
        let proven = newest.map(|newest| Freshness::of(newest, at));
        match verdict {
            Ok(resumed) => Event::Accepted {
                key_id: resumed.key_id,
                defaulted: resumed.defaulted,
                freshness: proven.unwrap_or_default(),
                at,
            },
            Err(refusal) => Event::Refused {
                refusal: *refusal,
                proven,
                at,
            },
        }
    });
}

fn restore_state<S: StateCookie>(
    opened: &Opened<'_, S>,
    scratch: &mut Scratch,
) -> Result<S, Refusal> {
    let restored =
        restore::decrypt(opened, &mut scratch.0).and_then(|()| restore::read(opened, &scratch.0));
    scratch.0.as_mut_slice().zeroize();
    scratch.0.clear();
    let state = restored?;
    state
        .__validate()
        .map_err(|_| Refusal::new(Reason::Invalid))?;
    Ok(state)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek, SeekFrom};

    use super::*;

    #[test]
    fn a_scratch_is_mute() {
        let scratch = Scratch(alloc::vec![7; 3]);
        assert_eq!(alloc::format!("{scratch:?}"), "Scratch(..)");
    }

    // A state whose `Deserialize` panics leaves plaintext in the scratch.
    #[test]
    fn a_dropped_scratch_leaves_no_plaintext_behind() {
        const SECRET: u8 = 0xa7;
        let left_by = |dropped: &dyn Fn(Vec<u8>)| {
            let mut process = std::fs::File::open("/proc/self/mem").unwrap();
            let mut left = alloc::vec![0; 40_000];
            let plain = alloc::vec![SECRET; 40_000];
            let at = plain.as_ptr() as u64;
            dropped(plain);
            process.seek(SeekFrom::Start(at)).unwrap();
            process.read_exact(&mut left).unwrap();
            left.iter().filter(|byte| **byte == SECRET).count()
        };
        // Another thread may take the freed block at once: then this look says nothing, and the next one does.
        assert!((0..100).any(|_| left_by(&drop) > 10_000), "the control");
        assert!((0..100).all(|_| left_by(&|plain| drop(Scratch(plain))) < 10_000));
    }
}
