//! Claims that the caller commits: for programs in which no thread may wait for a store.

use alloc::vec::Vec;
use core::fmt;

use super::guard::Claims;
use super::issue::{Occasion, Plan};
use super::resume::tell;
use super::verify::Newest;
use super::{Presentation, Progress, Resumed, Scratch, Session, Update};
use crate::error::{FlushError, Refusal};
use crate::marks::{Claim, Verdict};
use crate::schema::StateCookie;
use crate::time::Timestamp;

/// A session that was verified and restored, held back until its claim is settled: see [`Presentation::claim`].
#[must_use = "the session is held back until its claim is settled"]
pub struct ClaimedResume<S: StateCookie> {
    resumed: Resumed<S>,
    claim: Option<Claim>,
    newest: Option<Timestamp>,
    at: Timestamp,
}

impl<S: StateCookie> ClaimedResume<S> {
    /// What to commit first; nothing where no tier is guarded.
    pub const fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// Gives the session out, if what the store said to the claim allows it. Without a claim it does not matter what is said.
    ///
    /// # Errors
    ///
    /// The store refuses, or it is away and a guarded tier refuses then.
    pub fn settle(self, verdict: Verdict) -> Result<Resumed<S>, Refusal> {
        let (pool, key_id) = (self.resumed.session.pool.clone(), self.resumed.key_id);
        let settled = match &self.claim {
            Some(claim) => pool.inner.settle(verdict, claim.tiers),
            None => Ok(()),
        };
        let verdict = settled
            .map(|()| self.resumed)
            .map_err(|verdict| pool.inner.refusal(verdict).under(key_id));
        tell(&pool, &verdict, self.newest, self.at);
        verdict
    }
}

impl<S: StateCookie> fmt::Debug for ClaimedResume<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimedResume")
            .field("claim", &self.claim)
            .finish_non_exhaustive()
    }
}

/// An update that is ready, held back until its claims are settled: see [`Session::claim_flush`].
///
/// Dropping it issues nothing, and the session stays as dirty as it was. If a store has accepted its claim meanwhile, the
/// next flush goes as far as this one would have.
#[must_use = "the update is held back until its claims are settled"]
pub struct ClaimedFlush<'s, S: StateCookie> {
    session: &'s mut Session<S>,
    held: Option<Held<S>>,
}

struct Held<S: StateCookie> {
    plan: Plan,
    stamps: S::Stamps,
    bytes: Vec<u8>,
    claims: Claims,
    /// How many of them the store was asked.
    answered: usize,
    refused: Option<Verdict>,
}

impl<S: StateCookie> ClaimedFlush<'_, S> {
    /// What to commit next, until [`answer`](Self::answer) was told what came of it: nothing where no guarded tier is re-issued,
    /// nothing is to be flushed, or a claim was refused; two claims, one after the other, for the first flush under a new
    /// session id.
    pub fn claim(&self) -> Option<&Claim> {
        let held = self.held.as_ref()?;
        let next = held.claims.get(held.answered).and_then(Option::as_ref);
        next.filter(|_| held.refused.is_none())
    }

    /// What the store said to the [`claim`](Self::claim). Without one it does not matter what is said.
    ///
    /// The second claim ends the session's old id. So it is not handed out where the first one was refused: the client would be
    /// left with neither.
    pub fn answer(&mut self, verdict: Verdict) {
        let Some(tiers) = self.claim().map(Claim::tiers) else {
            return;
        };
        let settled = self.session.pool.inner.settle(verdict, tiers);
        if let Some(held) = &mut self.held {
            held.answered += 1;
            held.refused = settled.err();
        }
    }

    /// Gives the update out, if what the store said to the claims allows it.
    ///
    /// # Errors
    ///
    /// The store refuses; it is away and a guarded tier refuses then; or a claim was not answered, whatever the tiers say. The
    /// session stays as dirty as it was.
    pub fn settle(self) -> Result<Option<Update>, FlushError> {
        let unanswered = self.claim().map(|_| Verdict::Away);
        let Some(held) = self.held else {
            return Ok(None);
        };
        if let Some(verdict) = held.refused.or(unanswered) {
            return Err(self.session.refused_by(verdict));
        }
        let tiers = held.plan.tiers();
        self.session.stamps = held.stamps;
        self.session.commit(held.plan, &held.bytes);
        Ok(Some(Update {
            full: tiers.contains(self.session.pool.inner.rules.root),
            bytes: held.bytes,
            tiers,
        }))
    }
}

impl<S: StateCookie> fmt::Debug for ClaimedFlush<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims = self.held.as_ref().map(|held| &held.claims);
        f.debug_struct("ClaimedFlush")
            .field("claims", &claims)
            .finish_non_exhaustive()
    }
}

impl<'a, S: StateCookie> Presentation<'a, S> {
    /// [`resume`](Self::resume) in two steps, for a pool whose [marks are committed by
    /// hand](crate::PoolBuilder::marks_by_hand): everything is verified, and the session comes out once the claim is settled.
    ///
    /// ```
    /// # use statecookie::{Claim, HighWater, Keys, MemoryMarks, Pool, StateCookie, Verdict};
    /// # #[derive(StateCookie, Clone, Debug, PartialEq)]
    /// # #[statecookie(tier(0, valid_for = "1h", guarded))]
    /// # struct Purse { #[tier(0)] coins: u32 }
    /// # let marks = MemoryMarks::up_to(1000);
    /// # // In earnest: `async fn`, and `.await` behind it.
    /// # let commit = |claim: &Claim| marks.commit(claim);
    /// let pool = Pool::<Purse>::builder("shop.example", Keys::ephemeral()?)
    ///     .marks_by_hand()
    ///     .build()?;
    ///
    /// let mut session = pool.open(Purse { coins: 9 })?;
    /// let mut flush = session.claim_flush()?;
    /// while let Some(claim) = flush.claim() {
    ///     let verdict = commit(claim); // .await
    ///     flush.answer(verdict);
    /// }
    /// let update = flush.settle()?.expect("the first update");
    ///
    /// let resume = pool.present(&update).claim()?;
    /// let verdict = resume.claim().map_or(Verdict::Accepted, &commit); // .await
    /// let resumed = resume.settle(verdict)?;
    /// assert_eq!(resumed.session.coins, 9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`Pool::resume`](crate::Pool::resume), but for what a store would say.
    pub fn claim(self) -> Result<ClaimedResume<S>, Refusal> {
        self.claim_as(Progress::Presented)
    }

    /// [`resume_request`](Self::resume_request) in two steps: see [`claim`](Self::claim).
    ///
    /// # Errors
    ///
    /// As for [`claim`](Self::claim).
    pub fn claim_request(self) -> Result<ClaimedResume<S>, Refusal> {
        self.claim_as(Progress::Running)
    }

    fn claim_as(self, progress: Progress) -> Result<ClaimedResume<S>, Refusal> {
        let (pool, at) = (self.pool(), self.at_or_now());
        let newest = Newest::new(None);
        let (resumed, claim) = self
            .restored(&mut Scratch::new(), progress, at, &newest)
            .inspect_err(|refusal| tell(pool, &Err(*refusal), newest.get(), at))?;
        Ok(ClaimedResume {
            resumed,
            claim,
            newest: newest.get(),
            at,
        })
    }
}

impl<S: StateCookie> Session<S> {
    /// [`flush`](Self::flush) in two steps, for a pool whose [marks are committed by
    /// hand](crate::PoolBuilder::marks_by_hand): the update is ready, and comes out once its claims are settled. The example is at
    /// [`Presentation::claim`].
    ///
    /// # Errors
    ///
    /// As for [`flush`](Self::flush), but for what a store would say.
    pub fn claim_flush(&mut self) -> Result<ClaimedFlush<'_, S>, FlushError> {
        self.claim_flush_at(self.pool.now())
    }

    /// [`claim_flush`](Self::claim_flush) at a given time.
    ///
    /// # Errors
    ///
    /// As for [`claim_flush`](Self::claim_flush).
    pub fn claim_flush_at(&mut self, now: Timestamp) -> Result<ClaimedFlush<'_, S>, FlushError> {
        self.claim_as(now, Occasion::Ordinary)
    }

    /// [`flush_full`](Self::flush_full) in two steps: see [`claim_flush`](Self::claim_flush).
    ///
    /// # Errors
    ///
    /// As for [`claim_flush`](Self::claim_flush).
    pub fn claim_flush_full(&mut self) -> Result<ClaimedFlush<'_, S>, FlushError> {
        self.claim_as(self.pool.now(), Occasion::Full)
    }

    /// [`flush_without_renewal`](Self::flush_without_renewal) in two steps: see [`claim_flush`](Self::claim_flush).
    ///
    /// # Errors
    ///
    /// As for [`claim_flush`](Self::claim_flush).
    pub fn claim_flush_without_renewal(&mut self) -> Result<ClaimedFlush<'_, S>, FlushError> {
        self.claim_as(self.pool.now(), Occasion::WithoutRenewal)
    }

    fn claim_as(
        &mut self,
        now: Timestamp,
        occasion: Occasion,
    ) -> Result<ClaimedFlush<'_, S>, FlushError> {
        let Some(plan) = self.checked_plan(now, occasion)? else {
            return Ok(ClaimedFlush {
                session: self,
                held: None,
            });
        };
        let mut bytes = self.buffer();
        let before = self.stamps.clone();
        let written = self.write_update(&plan, &mut bytes);
        let stamps = core::mem::replace(&mut self.stamps, before);
        if let Err(error) = written {
            zeroize::Zeroize::zeroize(&mut bytes);
            return Err(error);
        }
        let claims = self.claims_of(&plan);
        Ok(ClaimedFlush {
            session: self,
            held: Some(Held {
                plan,
                stamps,
                bytes,
                claims,
                answered: 0,
                refused: None,
            }),
        })
    }
}
