//! What a server would say to what a client presents: the verifier's verdict, then that of the fields.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::look::AnyTier;
use super::pool::AnyPresentation;
use super::schema::AnySchema;
use super::section::FoundField;
use super::walk::Walk;
use crate::error::{Reason, Refusal};
use crate::session::{Proven, prove};
use crate::tier::{KeyId, Tier, TierSet};
use crate::time::{Clock, SystemClock, Timestamp};
use crate::wire::{Cookie, Linked, MAX_BLOB};

/// The verdict, and what it rests on.
#[derive(Clone)]
#[non_exhaustive]
pub struct Judged<'s> {
    /// The library's own verdict, as far as the schema's JSON goes: see `unchecked`.
    pub verdict: Result<AnyAccepted, AnyRefusal>,
    /// What a server checks and nobody can here; each of it may still refuse, with `internal-mismatch`, `out-of-range` or `malformed-value`.
    pub unchecked: Vec<String>,
    /// The tiers whose tags are proven.
    pub proven: TierSet,
    /// The values of the proven tiers, from the highest down; empty before all tags and times are good.
    pub tiers: Vec<AnyTier<'s>>,
    /// The values of the derived fields.
    pub derived: Vec<FoundField<'s>>,
    /// When each cookie begins and ends for this server, from the highest tier down, as claimed.
    pub times: Vec<AnyTimes>,
    /// What was judged.
    pub presented: &'s [u8],
    /// When it was judged.
    pub now: Timestamp,
}

/// What a server would restore.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AnyAccepted {
    /// The tiers whose fields take their defaults.
    pub defaulted: TierSet,
    /// How long ago the newest of the cookies became valid.
    pub age: Duration,
    /// How far the issuing server's clock was ahead.
    pub skew: Duration,
    /// The key.
    pub key_id: KeyId,
}

/// Why a server would refuse: as [`Refusal`], with names from the schema's JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AnyRefusal {
    /// The reason.
    pub reason: Reason,
    /// The tier at which it was found, if it is one tier's.
    pub tier: Option<Tier>,
    /// The field, if it is one field's.
    pub field: Option<String>,
    /// The id of the key that the root claims, once it was read.
    pub key: Option<KeyId>,
}

/// From when to when a cookie is valid, without leeway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AnyTimes {
    /// The tier.
    pub tier: Tier,
    /// Its not-before.
    pub not_before: Timestamp,
    /// Its not-after, clipped to the schema's validity, the parent's and the session's end.
    pub not_after: Timestamp,
}

impl AnyRefusal {
    pub(super) fn new(reason: Reason, tier: Option<Tier>, field: Option<&str>) -> Self {
        Self {
            reason,
            tier,
            field: field.map(String::from),
            key: None,
        }
    }
}

/// The verdict, and no byte of what was presented: who reads the log could present it.
impl fmt::Debug for Judged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judged")
            .field("verdict", &self.verdict)
            .field("unchecked", &self.unchecked)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// As [`Refusal`] says it.
impl fmt::Display for AnyRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.reason)?;
        if let Some(tier) = self.tier {
            write!(f, " at {tier}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", field `{}`", field.escape_debug())?;
        }
        self.key.map_or(Ok(()), |key| write!(f, ", key {key}"))
    }
}

impl core::error::Error for AnyRefusal {}

pub(super) fn judge(presented: AnyPresentation<'_>) -> Judged<'_> {
    let AnyPresentation {
        pool,
        bytes,
        binding,
        now,
        reveals,
    } = presented;
    let now = now.unwrap_or_else(|| SystemClock.now());
    let mut judged = Judged {
        verdict: Err(AnyRefusal::new(Reason::Malformed, None, None)),
        unchecked: Vec::new(),
        proven: TierSet::EMPTY,
        tiers: Vec::new(),
        derived: Vec::new(),
        times: times(&pool.schema, bytes),
        presented: bytes,
        now,
    };
    let mut cookies = Linked::new();
    match prove(&pool.pool, bytes, &mut cookies, binding, now) {
        Ok(proven) => {
            judged.proven = presented_tiers(proven.cookies);
            let read = Walk::new(&pool.schema, &proven, reveals, &mut judged).read();
            judged.verdict = match read {
                None => Ok(accepted(&proven)),
                Some(refusal) => Err(AnyRefusal {
                    key: Some(proven.key_id),
                    ..refusal
                }),
            };
        }
        Err(refusal) => {
            judged.proven = proven_tags(&refusal, &judged.times);
            judged.verdict = Err(named(&pool.schema, refusal));
        }
    }
    judged
}

fn accepted(proven: &Proven<'_>) -> AnyAccepted {
    AnyAccepted {
        defaulted: proven.defaulted,
        age: proven.age,
        skew: proven.skew,
        key_id: proven.key_id,
    }
}

fn presented_tiers(cookies: &Linked<'_>) -> TierSet {
    let tiers = cookies.iter().map(Cookie::claimed_tier);
    tiers.fold(TierSet::EMPTY, |set, tier| set.union(TierSet::only(tier)))
}

/// The verifier goes down from the root and stops: what stands above a bad tag is proven, and what a time refuses is, too.
fn proven_tags(refusal: &Refusal, times: &[AnyTimes]) -> TierSet {
    let is_proven = |tier: Tier| match (refusal.reason, refusal.tier) {
        (Reason::BadTag, Some(bad)) => tier > bad,
        (
            Reason::Revoked | Reason::SessionEnded | Reason::NotYetValid | Reason::Expired,
            Some(at),
        ) => tier >= at,
        (Reason::InternalMismatch, _) => true,
        _ => false,
    };
    let proven = times
        .iter()
        .map(|times| times.tier)
        .filter(|tier| is_proven(*tier));
    proven.fold(TierSet::EMPTY, |set, tier| set.union(TierSet::only(tier)))
}

/// The verifier knows no field of this schema; the first derived one is what a bundle without them lacks.
fn named(schema: &AnySchema, refusal: Refusal) -> AnyRefusal {
    let missing = match refusal.reason {
        Reason::MissingDerived => schema.derived().next(),
        _ => None,
    };
    AnyRefusal {
        reason: refusal.reason,
        tier: missing.map_or(refusal.tier, |(_, field)| Some(field.tier)),
        field: missing.map(|(_, field)| field.name.clone()),
        key: refusal.key,
    }
}

/// The times as the verifier reckons them, for those who explain its verdict.
fn times(schema: &AnySchema, bytes: &[u8]) -> Vec<AnyTimes> {
    let mut cookies = Linked::new();
    let root = match cookies.read(bytes, MAX_BLOB) {
        Ok(_) => cookies.first().and_then(Cookie::claimed_root),
        Err(_) => None,
    };
    let Some(root) = root else {
        return Vec::new();
    };
    let session_max = schema
        .session_max
        .map_or(u64::MAX, |max| max.as_secs().max(1));
    let mut not_after = root.end.min(root.born.saturating_add(session_max));
    let mut not_before = 0_u64;
    let mut times = Vec::new();
    for cookie in cookies.iter() {
        let (tier, header) = (cookie.claimed_tier(), cookie.claimed_header());
        let valid_for = schema.valid_for(tier).unwrap_or(Duration::MAX);
        let valid_for = valid_for
            .as_secs()
            .saturating_add(u64::from(valid_for.subsec_nanos() > 0));
        not_before = not_before.saturating_add(header.not_before);
        not_after = not_after.min(not_before.saturating_add(header.life.min(valid_for.max(1))));
        times.push(AnyTimes {
            tier,
            not_before: Timestamp::from_secs(not_before),
            not_after: Timestamp::from_secs(not_after),
        });
    }
    times
}
