//! Verifying a presented chain: structure, schema, key, tags and times, in the order of `docs/wire-format.md`, section 11.
//!
//! Nothing of a cookie is used before its tag is proven but what it takes to find the key.

use alloc::sync::Arc;
use core::time::Duration;

use super::renewal::valid_secs;
use super::{Origin, Pool};
use crate::error::{ParseError, Reason, Refusal};
use crate::keys::{KeyRefusal, Prepared};
use crate::schema::StateCookie;
use crate::seal::{self, Above};
use crate::tier::{Stamp, Stamps, Tier, TierSet};
use crate::time::Timestamp;
use crate::wire::{Blob, Cookie, Kind, Lineage, Root};

/// A chain whose tags and times are proven.
pub(super) struct Opened<'a, S: StateCookie> {
    pub(super) blob: Blob<'a>,
    pub(super) stamps: S::Stamps,
    pub(super) origin: Origin,
    pub(super) key: Arc<Prepared>,
    /// How many of the cookies count; the tiers of the others are defaulted.
    pub(super) defaulted: TierSet,
    pub(super) age: Duration,
    pub(super) skew: Duration,
    pub(super) pad: usize,
}

/// Opens what a client presents at `now`.
pub(super) fn open<'a, S: StateCookie>(
    pool: &Pool<S>,
    bundle: &'a [u8],
    binding: Option<[u8; 32]>,
    now: Timestamp,
) -> Result<Opened<'a, S>, Refusal> {
    let blob = parse(pool, bundle)?;
    let root = root_of(&blob)?;
    check_claims(pool, &blob, &root).map_err(|refusal| refusal.under(root.key_id))?;
    let key = accepting_key(pool, &root, now)?;
    let origin = Origin {
        session: root.session,
        branch: root.branch,
        born: root.born,
        end: root.end.min(root.born.saturating_add(pool.inner.rules.session_max)),
        binding,
    };
    let chain = Chain { pool, origin, key: &key, required: root.required, now };
    let (stamps, defaulted) = chain.open(&blob).map_err(|refusal| refusal.under(root.key_id))?;
    let newest = stamps.as_ref().iter().map(|stamp| stamp.not_before).max().unwrap_or(0);
    Ok(Opened {
        age: now.since(Timestamp::from_secs(newest)),
        skew: Timestamp::from_secs(newest).since(now),
        pad: pool.inner.rules.pad,
        blob,
        stamps,
        origin,
        key,
        defaulted,
    })
}

/// The chain under verification.
struct Chain<'a, S: StateCookie> {
    pool: &'a Pool<S>,
    origin: Origin,
    key: &'a Prepared,
    required: u8,
    now: Timestamp,
}

impl<S: StateCookie> Chain<'_, S> {
    /// Opens cookie after cookie from the root down and stops at the first failure.
    fn open(&self, blob: &Blob<'_>) -> Result<(S::Stamps, TierSet), Refusal> {
        let mut stamps = S::Stamps::blank();
        let root = self.pool.inner.rules.root;
        let lowest = root.index() + 1 - blob.cookies().len();
        let mut defaulted = if lowest > 0 {
            Tier::new(lowest as u8 - 1).map_or(TierSet::EMPTY, TierSet::down_from)
        } else {
            TierSet::EMPTY
        };
        let mut parent: Option<Stamp> = None;
        for cookie in blob.cookies() {
            let tier = cookie.tier();
            let stamp = self.open_one(cookie, parent.as_ref())?;
            if self.is_over(tier, &stamp) {
                self.may_default(tier)?;
                defaulted = defaulted.union(TierSet::down_from(tier));
            }
            stamps.as_mut()[tier.index()] = stamp;
            parent = Some(stamp);
        }
        Ok((stamps, defaulted))
    }

    fn open_one(&self, cookie: &Cookie<'_>, parent: Option<&Stamp>) -> Result<Stamp, Refusal> {
        let tier = cookie.tier();
        let above = match parent {
            Some(parent) => Above::Parent(&parent.tag),
            None => Above::Client(self.origin.binding.as_ref()),
        };
        let keys = self.key.sub_keys();
        let tag = seal::open(keys, above, cookie.signed(), cookie.tag())
            .ok_or(Refusal::at(Reason::BadTag, tier))?;
        let stamp = self.stamp(cookie, tag, parent)?;
        if parent.is_none() {
            self.check_session(&stamp)?;
        }
        if self.now.saturating_add(self.pool.inner.leeway) < Timestamp::from_secs(stamp.not_before) {
            return Err(Refusal::at(Reason::NotYetValid, tier));
        }
        Ok(stamp)
    }

    /// A life longer than the local schema allows is clipped, not refused: a deploy may shorten it.
    fn stamp(
        &self,
        cookie: &Cookie<'_>,
        tag: seal::FullTag,
        parent: Option<&Stamp>,
    ) -> Result<Stamp, Refusal> {
        let tier = cookie.tier();
        let header = cookie.header();
        let mismatch = Refusal::at(Reason::InternalMismatch, tier);
        let base = parent.map_or(0, |parent| parent.not_before);
        let ceiling = parent.map_or(self.origin.end, |parent| parent.not_after);
        let not_before = base.checked_add(header.not_before).ok_or(mismatch)?;
        let valid_for = valid_secs(&self.pool.inner.rules.tiers[tier.index()]);
        let life = header.life.min(valid_for);
        let not_after = not_before.checked_add(life).ok_or(mismatch)?;
        Ok(Stamp {
            tag,
            seq: *header.vector.as_slice().last().ok_or(mismatch)?,
            not_before,
            not_after: not_after.min(ceiling).max(not_before),
            len: u32::try_from(cookie.len()).unwrap_or(u32::MAX),
        })
    }

    fn check_session(&self, root: &Stamp) -> Result<(), Refusal> {
        let tier = self.pool.inner.rules.root;
        let _ = root;
        if self.origin.born < self.pool.refused_before() {
            return Err(Refusal::at(Reason::Revoked, tier));
        }
        if self.now >= Timestamp::from_secs(self.origin.end) {
            return Err(Refusal::at(Reason::SessionEnded, tier));
        }
        Ok(())
    }

    fn is_over(&self, tier: Tier, stamp: &Stamp) -> bool {
        let _ = tier;
        self.now > Timestamp::from_secs(stamp.not_after).saturating_add(self.pool.inner.leeway)
    }

    /// Only tiers beyond those that the root requires, and only where this schema has defaults for them.
    fn may_default(&self, tier: Tier) -> Result<(), Refusal> {
        let rules = &self.pool.inner.rules;
        let position = rules.root.number() - tier.number();
        if position >= self.required && rules.defaultable.contains(tier) {
            Ok(())
        } else {
            Err(Refusal::at(Reason::Expired, tier))
        }
    }
}
