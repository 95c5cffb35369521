//! What a session of guarded tiers claims of its high-water mark, and what its pool makes of the answer.

use alloc::boxed::Box;
use core::time::Duration;

use super::cascade::Counters;
use super::issue::counters;
use super::pool::Inner;
use super::rules::Rules;
use super::{Origin, Pool, Session, random};
use crate::error::{FlushError, Reason, Refusal};
use crate::marks::{Act, Claim, HighWater, Mark, NotRevoked, Verdict};
use crate::schema::StateCookie;
use crate::tier::{Tier, TierSet};
use crate::time::{EntropyError, Timestamp};
use crate::wire::SeqVector;

/// Where the marks of a pool are kept.
pub(crate) enum MarkStore {
    /// Nowhere: nothing is guarded.
    Unneeded,
    /// With the caller, who commits claims by hand.
    ByHand,
    Held(Box<dyn HighWater>),
}

/// What a session knows of its own mark.
pub(crate) struct Guard {
    ticket: [u8; 16],
    /// The branch that the session issues on: drawn once, so that a claim that is made again is the same.
    pub(super) branch: [u8; 4],
    /// The id under which the client's cookies stand.
    session: [u8; 16],
    /// Where the client stands; nowhere before anything was issued.
    stands: Option<Mark>,
    /// The highest tier of an update that was claimed and may not have been issued: a store may have it.
    pending: Option<Tier>,
}

/// The claims behind one update; all must be accepted, in this order.
pub(crate) type Claims = [Option<Claim>; 2];

impl Guard {
    /// Of a session that nothing was issued of.
    pub(super) fn of_new<S: StateCookie>(
        pool: &Pool<S>,
        origin: &Origin,
    ) -> Result<Option<Box<Self>>, EntropyError> {
        Self::of(pool, origin, origin.branch, None)
    }

    /// Of one that was presented with these stamps, to go on with on a branch of its own.
    pub(super) fn of_presented<S: StateCookie>(
        pool: &Pool<S>,
        origin: &Origin,
        stamps: &S::Stamps,
    ) -> Result<Option<Box<Self>>, EntropyError> {
        if !const { S::TABLE.guards() } {
            return Ok(None);
        }
        let counters = counters(stamps.as_ref());
        let stands = mark(&pool.inner.rules, &counters, origin.branch);
        Self::of(pool, origin, random(pool)?, Some(stands))
    }

    fn of<S: StateCookie>(
        pool: &Pool<S>,
        origin: &Origin,
        branch: [u8; 4],
        stands: Option<Mark>,
    ) -> Result<Option<Box<Self>>, EntropyError> {
        if !const { S::TABLE.guards() } {
            return Ok(None);
        }
        Ok(Some(Box::new(Self {
            ticket: random(pool)?,
            branch,
            session: origin.session,
            stands,
            pending: None,
        })))
    }

    /// The update up to this tier was issued.
    pub(super) fn note(&mut self, rules: &Rules, origin: &Origin, counters: &Counters) {
        self.session = origin.session;
        self.branch = origin.branch;
        self.stands = Some(mark(rules, counters, origin.branch));
        self.pending = None;
    }
}

impl<S: StateCookie> Session<S> {
    /// What is claimed of a session that was presented.
    pub(super) fn presented_claim(&self, act: Act, now: Timestamp) -> Option<Claim> {
        let guard = self.guard.as_ref()?;
        Some(Claim {
            from: guard.stands,
            ..self.claim(guard, act, self.pool.inner.rules.guarded, now)
        })
    }

    /// What is claimed before tiers down from `highest` are issued: nothing if none of them is guarded.
    pub(super) fn claims(
        &self,
        highest: Tier,
        counters: &Counters,
        origin: &Origin,
        now: Timestamp,
    ) -> Claims {
        let rules = &self.pool.inner.rules;
        let tiers = TierSet::down_from(highest).intersection(rules.guarded);
        let Some(guard) = self.guard.as_ref().filter(|_| !tiers.is_empty()) else {
            return [None, None];
        };
        let same = origin.session == guard.session;
        let issue = Claim {
            session: origin.session,
            from: guard.stands.filter(|_| same),
            to: Some(mark(rules, counters, origin.branch)),
            ..self.claim(guard, Act::Issue, tiers, now)
        };
        // The last one decides: the old id ends only where the new one can begin, and only for who holds it.
        let leave = guard.stands.filter(|_| !same).map(|stands| Claim {
            session: guard.session,
            from: Some(stands),
            ..self.claim(guard, Act::Leave, tiers, now)
        });
        [Some(issue), leave]
    }

    fn claim(&self, guard: &Guard, act: Act, tiers: TierSet, now: Timestamp) -> Claim {
        let inner = &self.pool.inner;
        Claim {
            act,
            session: guard.session,
            from: None,
            to: None,
            ticket: guard.ticket,
            tiers,
            keep_for: self.ends_at().since(now).saturating_add(inner.keep_longer),
            grace: inner.grace,
        }
    }

    /// Tiers that a store may know of, and that were not issued: the next update carries them, lest the client stay behind.
    pub(super) fn claimed(&self) -> TierSet {
        if !const { S::TABLE.guards() } {
            return TierSet::EMPTY;
        }
        let pending = self.guard.as_ref().and_then(|guard| guard.pending);
        pending.map_or(TierSet::EMPTY, TierSet::only)
    }

    /// From here on a store may know of it.
    pub(super) fn note_claimed(&mut self, highest: Tier) {
        if let Some(guard) = &mut self.guard {
            guard.pending = Some(guard.pending.map_or(highest, |tier| tier.max(highest)));
        }
    }
}

impl<S: StateCookie> Session<S> {
    /// A refusal for good: no store has taken the claim.
    pub(super) fn refused_by(&mut self, verdict: Verdict) -> FlushError {
        if let Some(guard) = self.guard.as_mut().filter(|_| verdict != Verdict::Away) {
            guard.pending = None;
        }
        match verdict {
            Verdict::Accepted | Verdict::Away => FlushError::MarksAway,
            Verdict::Forked | Verdict::RolledBack => FlushError::Forked,
            Verdict::Revoked => FlushError::Revoked,
        }
    }
}

impl<S: StateCookie> Pool<S> {
    /// Ends a session for good, at every server whose pool has the same store: nothing of it is resumed any more
    /// ([`Reason::Revoked`]), and where it lives, no guarded tier of it is issued. For logout, and for a stolen session.
    ///
    /// Lower tiers of a session that lives somewhere go on there until a guarded one is due; end it there as well, or with
    /// [`refuse_session`](Self::refuse_session).
    ///
    /// ```
    /// # use statecookie::{Keys, MemoryMarks, Pool, Reason, StateCookie};
    /// # #[derive(StateCookie, Clone, Debug, PartialEq)]
    /// # #[statecookie(tier(0, valid_for = "1h", guarded))]
    /// # struct Visit { #[tier(0)] customer: u64 }
    /// let pool = Pool::<Visit>::builder("shop.example", Keys::ephemeral()?)
    ///     .high_water(MemoryMarks::up_to(1000))
    ///     .build()?;
    /// let mut session = pool.open(Visit { customer: 4711 })?;
    /// let copied = session.flush()?.expect("the first update");
    /// pool.revoke_session(session.id())?;
    /// let _state = session.end();
    /// assert_eq!(pool.resume(&copied).unwrap_err().reason, Reason::Revoked);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The store is away, or the pool holds none: the session was not ended.
    pub fn revoke_session(&self, session: [u8; 16]) -> Result<(), NotRevoked> {
        let MarkStore::Held(store) = &self.inner.marks else {
            return Err(NotRevoked);
        };
        match store.commit(&self.claim_revocation(session)) {
            Verdict::Accepted => Ok(()),
            _ => Err(NotRevoked),
        }
    }

    /// The claim that [`revoke_session`](Self::revoke_session) commits, for a program that commits by hand.
    pub fn claim_revocation(&self, session: [u8; 16]) -> Claim {
        let inner = &self.inner;
        let longest = Duration::from_secs(inner.rules.session_max);
        Claim {
            act: Act::Revoke,
            session,
            from: None,
            to: None,
            ticket: [0; 16],
            tiers: inner.rules.guarded,
            keep_for: longest.saturating_add(inner.keep_longer),
            grace: inner.grace,
        }
    }
}

impl<S> Inner<S> {
    /// What the store that the pool holds says; one that commits by hand was not asked.
    pub(super) fn verdict(&self, claims: &[Option<Claim>]) -> Result<(), Verdict> {
        for claim in claims.iter().flatten() {
            match &self.marks {
                MarkStore::Held(store) => self.settle(store.commit(claim), claim.tiers)?,
                // Never accepted by mistake, whatever the tiers do where a store is away.
                MarkStore::ByHand | MarkStore::Unneeded => return Err(Verdict::Away),
            }
        }
        Ok(())
    }

    /// Whether the claim's tiers go on with this verdict.
    pub(super) fn settle(&self, verdict: Verdict, tiers: TierSet) -> Result<(), Verdict> {
        let refusing = tiers.intersection(self.rules.refusing);
        match verdict {
            Verdict::Accepted => Ok(()),
            Verdict::Away if refusing.is_empty() => Ok(()),
            other => Err(other),
        }
    }

    pub(super) fn refusal(&self, verdict: Verdict) -> Refusal {
        let reason = match verdict {
            Verdict::Accepted | Verdict::Away => Reason::MarksAway,
            Verdict::Forked => Reason::Forked,
            Verdict::Revoked => Reason::Revoked,
            Verdict::RolledBack => Reason::RolledBack,
        };
        self.rules
            .lowest_guarded()
            .map_or(Refusal::new(reason), |tier| Refusal::at(reason, tier))
    }
}

/// The counters from the root down to the lowest guarded tier.
fn mark(rules: &Rules, counters: &Counters, branch: [u8; 4]) -> Mark {
    let mut vector = SeqVector::default();
    let lowest = rules.lowest_guarded().unwrap_or(rules.root).index();
    let counters = &counters[lowest..rules.count()];
    counters.iter().rev().for_each(|seq| vector.push(*seq));
    Mark::new(vector, branch)
}
