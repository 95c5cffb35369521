//! Issuing: from a touched session to the bytes of an update. All or nothing.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::cascade::{self, Step};
use super::guard::Claims;
use super::renewal::{self, Life};
use super::unreleased::Unreleased;
use super::{Origin, Progress, Session, pace, random};
use crate::bytes::varint_len;
use crate::error::FlushError;
use crate::keys::Prepared;
use crate::observe::Event;
use crate::schema::StateCookie;
use crate::seal::{Above, FullTag};
use crate::session::draft::{Draft, Seal};
use crate::tier::{Stamp, Tier, TierSet};
use crate::time::{EntropyError, Timestamp};
use crate::wire::{Header, Kind, LINK_LEN, Lineage, Root, SeqVector, Shape};

/// Why a flush was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    Ordinary,
    Full,
    WithoutRenewal,
}

/// What is going to be issued, before a byte of it is written.
pub(super) struct Plan {
    step: Step,
    origin: Origin,
    /// The key to go over to, if it is another one than the chain's.
    rekey: Option<Arc<Prepared>>,
    /// The tiers whose values are others than those issued.
    differ: TierSet,
    /// The tier that causes the update by its change alone.
    cause: Option<Tier>,
    now: Timestamp,
}

impl Plan {
    /// The tiers that are re-issued.
    pub(super) fn tiers(&self) -> TierSet {
        TierSet::down_from(self.step.highest)
    }
}

impl<S: StateCookie> Session<S> {
    pub(super) fn issue(
        &mut self,
        now: Timestamp,
        occasion: Occasion,
        out: &mut Vec<u8>,
    ) -> Result<Option<TierSet>, FlushError> {
        let Some(plan) = self.checked_plan(now, occasion)? else {
            return Ok(None);
        };
        let tiers = plan.tiers();
        let mut draft = Unreleased::behind(out);
        let before = self.stamps.clone();
        // The claim is the last thing that can fail: what is claimed and then not issued leaves the client behind.
        let ready = self
            .write_update(&plan, draft.out)
            .and_then(|()| self.claim_before_release(&plan, &before));
        if let Err(error) = ready {
            self.stamps = before;
            return Err(error);
        }
        self.commit(plan, draft.release());
        Ok(Some(tiers))
    }

    pub(super) fn checked_plan(
        &self,
        now: Timestamp,
        occasion: Occasion,
    ) -> Result<Option<Plan>, FlushError> {
        let plan = self.plan(now, occasion)?;
        if let Some(plan) = &plan {
            self.check_before_issuing(plan)?;
        }
        Ok(plan)
    }

    fn claim_before_release(&mut self, plan: &Plan, before: &S::Stamps) -> Result<(), FlushError> {
        if !const { S::TABLE.guards() } {
            return Ok(());
        }
        let claims = self.claims_of(plan);
        // Should the store panic, nothing was issued.
        let after = core::mem::replace(&mut self.stamps, before.clone());
        let verdict = self.pool.inner.verdict(&claims);
        self.stamps = after;
        verdict.map_err(|verdict| self.refused_by(verdict))
    }

    /// What must be accepted before the update is given out; from now on a store may know of it.
    pub(super) fn claims_of(&mut self, plan: &Plan) -> Claims {
        let Plan {
            step, origin, now, ..
        } = plan;
        let claims = self.claims(step.highest, &step.counters, origin, *now);
        if claims[0].is_some() {
            self.note_claimed(step.highest);
        }
        claims
    }

    fn plan(&self, now: Timestamp, occasion: Occasion) -> Result<Option<Plan>, FlushError> {
        if now.as_secs() >= self.origin.end {
            return Err(FlushError::SessionEnded);
        }
        if self.is_revoked() {
            return Err(FlushError::Revoked);
        }
        let inner = &self.pool.inner;
        let rekey = self.new_key(now)?;
        let renews = occasion != Occasion::WithoutRenewal;
        let due = if renews {
            renewal::due(now, inner.rules.tiers, self.stamps.as_ref(), self.ends())
        } else {
            TierSet::EMPTY
        };
        let touched = self.touched();
        let ready = self.ready(touched, now).union(self.claimed());
        // One chain, one key: whatever goes out after a key change must begin at the root.
        let rekeyed = rekey.is_some() && (renews || !ready.is_empty());
        let full = rekeyed || occasion == Occasion::Full || self.progress != Progress::Running;
        let root = inner.rules.root;
        let Some(highest) = cascade::highest(ready, due, full, root) else {
            return Ok(None);
        };
        let cause =
            Some(highest).filter(|tier| !full && ready.contains(*tier) && !due.contains(*tier));
        let differ = touched.union(self.state.__strayed(&self.issued, true));
        let highest = with_what_is_leaned_on::<S>(highest, differ);
        let highest = self.under_a_live_parent(highest, now);
        let step = match self.progress {
            Progress::New => cascade::first(root),
            Progress::Presented | Progress::Running => {
                cascade::cascade(&self.counters(), highest, root)
            }
        };
        let origin = self.next_origin(step)?;
        Ok(Some(Plan {
            step,
            origin,
            rekey,
            differ,
            cause,
            now,
        }))
    }

    /// The tiers whose changes are not held back.
    fn ready(&self, touched: TierSet, now: Timestamp) -> TierSet {
        if !S::TABLE.paces() {
            return touched;
        }
        let tiers = self.pool.inner.rules.tiers;
        pace::ready(touched, tiers, self.stamps.as_ref(), now)
    }

    /// A cookie under a parent that is over would be restored nowhere: the parent goes along, whatever the occasion.
    fn under_a_live_parent(&self, mut highest: Tier, now: Timestamp) -> Tier {
        let stamps = self.stamps.as_ref();
        while let Some(above) = highest.above() {
            match stamps.get(above.index()) {
                Some(parent) if parent.not_after <= now.as_secs() => highest = above,
                _ => break,
            }
        }
        highest
    }

    /// The key to sign with now, if it is another one than the chain's.
    fn new_key(&self, now: Timestamp) -> Result<Option<Arc<Prepared>>, FlushError> {
        let keys = &self.pool.inner.keys;
        if keys.is_signing(&self.key, now) {
            return Ok(None);
        }
        keys.signing(now)
            .map(Some)
            .map_err(|_| FlushError::NoSigningKey)
    }

    /// Fresh branch bytes after a fail-over, so that two servers which were handed the same bundle give chains that differ.
    fn next_origin(&self, step: Step) -> Result<Origin, EntropyError> {
        let mut origin = self.origin;
        if step.new_session {
            origin.session = random(&self.pool)?;
        }
        if step.new_session || self.progress == Progress::Presented {
            origin.branch = match &self.guard {
                Some(guard) if !step.new_session => guard.branch,
                _ => random(&self.pool)?,
            };
        }
        Ok(origin)
    }

    fn counters(&self) -> cascade::Counters {
        counters(self.stamps.as_ref())
    }

    /// A server never issues what no server would restore.
    fn check_before_issuing(&self, plan: &Plan) -> Result<(), FlushError> {
        if !plan.differ.is_empty() {
            let tiers = TierSet::down_from(plan.step.highest);
            self.state.__check_signed_bounds(tiers)?;
            self.state.__validate()?;
        }
        Ok(())
    }

    /// Puts the new stamps in the place of the old ones; on error, some of them.
    pub(super) fn write_update(
        &mut self,
        plan: &Plan,
        out: &mut Vec<u8>,
    ) -> Result<(), FlushError> {
        let highest = plan.step.highest;
        out.push(Kind::Update.byte_for(highest.index() + 1));
        for tier in TierSet::down_from(highest).iter() {
            let stamp = self.write_cookie(plan, tier, out)?;
            self.stamps.as_mut()[tier.index()] = stamp;
        }
        self.check_limit(self.stamps.as_ref())
    }

    fn write_cookie(
        &self,
        plan: &Plan,
        tier: Tier,
        out: &mut Vec<u8>,
    ) -> Result<Stamp, FlushError> {
        let rules = &self.pool.inner.rules;
        let parent = self.stamps.as_ref().get(tier.index() + 1);
        let life = self.life(plan, tier, parent);
        let header = self.header(plan, tier, parent, life);
        let seal = Seal {
            keys: self.key_of(plan).sub_keys(),
            entropy: self.pool.entropy(),
            above: match parent {
                Some(parent) => Above::Parent(&parent.tag),
                None => Above::Client(plan.origin.binding.as_ref()),
            },
        };
        let mut draft = Draft::begin(out, tier, &header);
        let tag = draft.write_signed(&self.state, rules, seal)?;
        let len = draft.write_mutable(&self.state, rules)?;
        let len = u16::try_from(len).map_err(|_| self.too_long(tier, len))?;
        Ok(Stamp {
            tag,
            seq: plan.step.counters[tier.index()],
            not_before: life.not_before,
            not_after: life.not_after,
            paced: self.stamps.as_ref()[tier.index()].paced,
            len,
        })
    }

    fn key_of<'a>(&'a self, plan: &'a Plan) -> &'a Prepared {
        plan.rekey.as_ref().unwrap_or(&self.key)
    }

    fn life(&self, plan: &Plan, tier: Tier, parent: Option<&Stamp>) -> Life {
        let previous = self.stamps.as_ref()[tier.index()]
            .not_before
            .max(plan.origin.born);
        let valid_for = renewal::valid_secs(&self.pool.inner.rules.tiers[tier.index()]);
        let parent = parent.map(|parent| Life {
            not_before: parent.not_before,
            not_after: parent.not_after,
        });
        let ends = renewal::Ends {
            session: plan.origin.end,
            key: self.key_of(plan).accept_until().as_secs(),
        };
        renewal::life(plan.now.as_secs(), valid_for, previous, parent, ends)
    }
    fn header(&self, plan: &Plan, tier: Tier, parent: Option<&Stamp>, life: Life) -> Header {
        let rules = &self.pool.inner.rules;
        let (immutable, private) = (rules.immutable.contains(tier), rules.private.contains(tier));
        let counters = plan.step.counters[tier.index()..rules.count()].iter().rev();
        let mut vector = SeqVector::default();
        counters.for_each(|counter| vector.push(*counter));
        Header {
            shape: Shape::of(tier, rules.root, immutable, private),
            lineage: match parent {
                Some(parent) => Lineage::Child {
                    link: link(&parent.tag),
                },
                None => Lineage::Root(self.root(plan)),
            },
            vector,
            not_before: life.not_before - parent.map_or(0, |parent| parent.not_before),
            life: life.not_after - life.not_before,
            immutable_len: None,
            private_len: None,
        }
    }

    fn root(&self, plan: &Plan) -> Root {
        let inner = &self.pool.inner;
        Root {
            required: inner.rules.required(),
            schema_hash: inner.schema_hash,
            key_id: self.key_of(plan).id(),
            session: plan.origin.session,
            branch: plan.origin.branch,
            born: plan.origin.born,
            end: plan.origin.end,
        }
    }

    /// Not the update alone but the whole bundle must fit: a client presents all of it, with values of derived fields of
    /// whatever length they may have.
    fn check_limit(&self, stamps: &[Stamp]) -> Result<(), FlushError> {
        let mut len = 1 + stamps
            .iter()
            .map(|stamp| prefixed(stamp.len.into()))
            .sum::<usize>();
        if const { S::TABLE.derives() } {
            len += prefixed(S::TABLE.derived_len);
        }
        let limit = self.pool.inner.limits.bytes;
        if len > limit {
            Err(FlushError::TooLong { len, limit })
        } else {
            Ok(())
        }
    }

    /// One cookie alone is longer than a blob can be.
    fn too_long(&self, tier: Tier, len: usize) -> FlushError {
        let others = self.stamps.as_ref().iter().enumerate();
        let others = others.filter(|(number, _)| *number != tier.index());
        let others = others.map(|(_, stamp)| prefixed(stamp.len.into()));
        FlushError::TooLong {
            len: 1 + prefixed(len) + others.sum::<usize>(),
            limit: self.pool.inner.limits.bytes,
        }
    }

    pub(super) fn commit(&mut self, plan: Plan, update: &[u8]) {
        if self.pool.inner.keeps_issued {
            self.kept.get_or_insert_default().keep(update);
        }
        self.origin = plan.origin;
        if let Some(guard) = &mut self.guard {
            guard.note(&self.pool.inner.rules, &self.origin, &plan.step.counters);
        }
        if let Some(key) = plan.rekey {
            self.key = key;
        }
        let tiers = TierSet::down_from(plan.step.highest);
        self.state.__note(&mut self.issued, tiers);
        self.touched = if S::TABLE.paces() {
            self.touched.without(tiers)
        } else {
            TierSet::EMPTY
        };
        if let (true, Some(cause)) = (S::TABLE.paces(), plan.cause) {
            pace::note(&mut self.stamps.as_mut()[cause.index()], plan.now);
        }
        self.progress = Progress::Running;
        self.pool.inner.observers.tell(|| Event::Issued {
            key_id: self.key.id(),
            tiers,
            full: tiers.contains(self.pool.inner.rules.root),
            len: update.len(),
            at: plan.now,
        });
    }
}

/// The sequence numbers of a chain.
pub(super) fn counters(stamps: &[Stamp]) -> cascade::Counters {
    let mut counters = cascade::Counters::default();
    for (counter, stamp) in counters.iter_mut().zip(stamps) {
        *counter = stamp.seq;
    }
    counters
}

/// What a server restores is what was issued of each tier. Where `validate` or a signed bound looks at a higher tier, the
/// values there must be those that were just checked: what is held back goes along.
fn with_what_is_leaned_on<S: StateCookie>(highest: Tier, differ: TierSet) -> Tier {
    if !(S::TABLE.paces() || S::TABLE.approximates()) {
        return highest;
    }
    let leaned_on = differ.intersection(S::TABLE.leaned_on).highest();
    leaned_on.map_or(highest, |tier| tier.max(highest))
}

/// What so many bytes take with their length in front.
const fn prefixed(len: usize) -> usize {
    varint_len(len as u64) + len
}

fn link(tag: &FullTag) -> [u8; LINK_LEN] {
    let mut link = [0; LINK_LEN];
    link.copy_from_slice(&tag[..LINK_LEN]);
    link
}
