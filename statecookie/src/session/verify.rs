//! Verifying a presented chain: structure, schema, key, tags and times, in the order of `docs/wire-format.md`, section 11.
//!
//! Nothing of a cookie is used before its tag is proven but what it takes to find the key.

use alloc::sync::Arc;
use core::cell::Cell;

use super::renewal::whole_secs;
use super::rules::Rules;
use super::{Origin, Pool};
use crate::error::{ParseError, Reason, Refusal};
use crate::keys::{KeyRefusal, Prepared};
use crate::schema::StateCookie;
use crate::seal::{self, Above, FullTag};
use crate::tier::{Millis, Stamp, Stamps, Tier, TierSet};
use crate::time::Timestamp;
use crate::wire::{Cookie, Linked, Root};

/// A chain whose tags and times are proven.
pub(super) struct Opened<'a, S: StateCookie> {
    pub(super) cookies: &'a Linked<'a>,
    pub(super) derived: Option<&'a [u8]>,
    pub(super) stamps: S::Stamps,
    pub(super) origin: Origin,
    pub(super) key: Arc<Prepared>,
    pub(super) rules: &'a Rules,
    /// The tiers whose cookies are missing or over.
    pub(super) defaulted: TierSet,
}

/// When the newest cookie became valid whose tag is proven; nothing until the root's is. It is known of refusals, too.
pub(super) type Newest = Cell<Option<Timestamp>>;

/// Opens what a client presents at `now`; the empty list `cookies` is the caller's, so that none of them is moved.
pub(super) fn open<'a, 'b: 'a, S: StateCookie>(
    pool: &'a Pool<S>,
    bundle: &'b [u8],
    cookies: &'a mut Linked<'b>,
    binding: Option<[u8; 32]>,
    now: Timestamp,
    newest: &Newest,
) -> Result<Opened<'a, S>, Refusal> {
    let derived = parse(pool, bundle, cookies)?;
    let cookies: &'a Linked<'b> = cookies;
    let Some(root) = cookies.first().and_then(Cookie::claimed_root) else {
        return Err(Refusal::new(Reason::Malformed));
    };
    let opened = check_claims(pool, cookies, root, derived)
        .and_then(|()| open_claimed(pool, cookies, root, binding, now, newest));
    let (key, origin, (stamps, defaulted)) =
        opened.map_err(|refusal| refusal.under(root.key_id))?;
    Ok(Opened {
        rules: &pool.inner.rules,
        cookies,
        derived,
        stamps,
        origin,
        key,
        defaulted,
    })
}

type Chained<S> = (<S as StateCookie>::Stamps, TierSet);

fn open_claimed<S: StateCookie>(
    pool: &Pool<S>,
    cookies: &Linked<'_>,
    root: &Root,
    binding: Option<[u8; 32]>,
    now: Timestamp,
    newest: &Newest,
) -> Result<(Arc<Prepared>, Origin, Chained<S>), Refusal> {
    let key = accepting_key(pool, root, now)?;
    let origin = Origin {
        session: root.session,
        branch: root.branch,
        born: root.born,
        end: root
            .end
            .min(root.born.saturating_add(pool.inner.rules.session_max)),
        binding,
    };
    let chain = Chain {
        pool,
        origin,
        key: &key,
        required: root.required,
        now,
        newest,
    };
    let opened = chain.open(cookies)?;
    Ok((key, origin, opened))
}

fn parse<'a, S: StateCookie>(
    pool: &Pool<S>,
    bundle: &'a [u8],
    cookies: &mut Linked<'a>,
) -> Result<Option<&'a [u8]>, Refusal> {
    let (_, derived) = cookies
        .read(bundle, pool.inner.limits.bytes)
        .map_err(refused)?;
    // A partial update stands on nothing.
    if !cookies.begin_with_root() {
        return Err(Refusal::new(Reason::Malformed));
    }
    Ok(derived)
}

fn refused(error: ParseError) -> Refusal {
    match error {
        ParseError::TooLarge { .. } => Refusal::new(Reason::TooLarge),
        ParseError::UnknownVersion => Refusal::new(Reason::UnknownVersion),
        ParseError::Unlinked { tier } => Refusal::at(Reason::Unlinked, tier),
        ParseError::Malformed { tier, .. } => Refusal {
            tier,
            ..Refusal::new(Reason::Malformed)
        },
    }
}

/// What can be told from the claims alone, before any cryptography.
fn check_claims<S: StateCookie>(
    pool: &Pool<S>,
    cookies: &Linked<'_>,
    root: &Root,
    derived: Option<&[u8]>,
) -> Result<(), Refusal> {
    let rules = &pool.inner.rules;
    let tiers = cookies.first().map_or(0, Cookie::claimed_tiers);
    if usize::from(tiers) != rules.count() || root.schema_hash != pool.inner.schema_hash {
        return Err(Refusal::new(Reason::UnknownSchema));
    }
    // Values of derived fields that the schema has not are nobody's.
    if derived.is_some() && !rules.derives {
        return Err(Refusal::new(Reason::Malformed));
    }
    for cookie in cookies.iter() {
        let (tier, shape) = (cookie.claimed_tier(), cookie.claimed_header().shape);
        let (immutable, private) = (rules.immutable.contains(tier), rules.private.contains(tier));
        if (shape.has_immutable(), shape.has_private()) != (immutable, private) {
            return Err(Refusal::at(Reason::Malformed, tier));
        }
    }
    match missing(rules, cookies.len()).highest() {
        Some(tier) if !may_default(rules, root.required, tier) => {
            Err(Refusal::at(Reason::MissingTier, tier))
        }
        _ => has_derived::<S>(rules, derived),
    }
}

/// A bundle that has no section for derived fields lacks the first of them.
fn has_derived<S: StateCookie>(rules: &Rules, derived: Option<&[u8]>) -> Result<(), Refusal> {
    if derived.is_some() || !rules.derives {
        return Ok(());
    }
    let reason = Reason::MissingDerived;
    let first = S::TABLE.derived().next();
    Err(first.map_or(Refusal::new(reason), |field| {
        Refusal::in_field(reason, field.tier, field.name)
    }))
}

/// The tiers below the cookies presented.
fn missing(rules: &Rules, presented: usize) -> TierSet {
    let lowest = rules.count().saturating_sub(presented);
    let below = lowest
        .checked_sub(1)
        .and_then(|below| Tier::new(below as u8));
    below.map_or(TierSet::EMPTY, TierSet::down_from)
}

/// Only tiers beyond those that the root requires, and only where this schema has defaults for them.
fn may_default(rules: &Rules, required: u8, tier: Tier) -> bool {
    rules.root.number() - tier.number() >= required && rules.defaultable.contains(tier)
}

fn accepting_key<S: StateCookie>(
    pool: &Pool<S>,
    root: &Root,
    now: Timestamp,
) -> Result<Arc<Prepared>, Refusal> {
    let keys = &pool.inner.keys;
    let key = match keys.accepting(root.key_id, now) {
        Err(KeyRefusal::UnknownKey) if pool.inner.ask_for(root.key_id, now) => {
            keys.accepting(root.key_id, now)
        }
        found => found,
    };
    key.map_err(|refusal| {
        Refusal::new(match refusal {
            KeyRefusal::UnknownKey => Reason::UnknownKey,
            KeyRefusal::KeyRevoked => Reason::KeyRevoked,
            KeyRefusal::KeyExpired => Reason::KeyExpired,
        })
    })
}

/// The chain under verification.
struct Chain<'a, S: StateCookie> {
    pool: &'a Pool<S>,
    origin: Origin,
    key: &'a Prepared,
    required: u8,
    now: Timestamp,
    newest: &'a Newest,
}

impl<S: StateCookie> Chain<'_, S> {
    /// Opens cookie after cookie from the root down and stops at the first failure.
    fn open(&self, cookies: &Linked<'_>) -> Result<Chained<S>, Refusal> {
        let rules = &self.pool.inner.rules;
        let mut stamps = S::Stamps::blank();
        let mut defaulted = missing(rules, cookies.len());
        let mut parent: Option<Stamp> = None;
        for cookie in cookies.iter() {
            let tier = cookie.claimed_tier();
            let stamp = self.open_one(cookie, parent.as_ref())?;
            if self.now
                > Timestamp::from_secs(stamp.not_after).saturating_add(self.pool.inner.leeway)
            {
                if !may_default(rules, self.required, tier) {
                    return Err(Refusal::at(Reason::Expired, tier));
                }
                defaulted = defaulted.union(TierSet::down_from(tier));
            }
            stamps.as_mut()[tier.index()] = stamp;
            parent = Some(stamp);
        }
        Ok((stamps, defaulted))
    }

    fn open_one(&self, cookie: &Cookie<'_>, parent: Option<&Stamp>) -> Result<Stamp, Refusal> {
        let tier = cookie.claimed_tier();
        let above = match parent {
            Some(parent) => Above::Parent(&parent.tag),
            None => Above::Client(self.origin.binding.as_ref()),
        };
        let tag = seal::open(self.key.sub_keys(), above, cookie.tagged(), cookie.tag())
            .ok_or(Refusal::at(Reason::BadTag, tier))?;
        let stamp = self.stamp(cookie, tag, parent);
        // No cookie is older than its parent.
        let not_before = Timestamp::from_secs(stamp.not_before);
        self.newest.set(Some(not_before));
        if parent.is_none() {
            self.check_session()?;
        }
        if self.now.saturating_add(self.pool.inner.leeway) < not_before {
            return Err(Refusal::at(Reason::NotYetValid, tier));
        }
        Ok(stamp)
    }

    /// A life longer than the local schema allows is clipped, not refused: a deploy may shorten it.
    fn stamp(&self, cookie: &Cookie<'_>, tag: FullTag, parent: Option<&Stamp>) -> Stamp {
        let header = cookie.claimed_header();
        let base = parent.map_or(0, |parent| parent.not_before);
        let ceiling = parent.map_or(self.origin.end, |parent| parent.not_after);
        let not_before = base.saturating_add(header.not_before);
        let valid_for = whole_secs(self.pool.inner.rules.valid_for[cookie.claimed_tier().index()]);
        let not_after = not_before.saturating_add(header.life.min(valid_for));
        Stamp {
            tag,
            seq: header.vector.as_slice().last().copied().unwrap_or_default(),
            not_before,
            not_after: not_after.min(ceiling),
            paced: Millis::default(),
            len: u16::try_from(cookie.signed_part().len() + cookie.mutable().len())
                .unwrap_or(u16::MAX),
        }
    }

    /// What only the root says, and only once its tag is proven.
    fn check_session(&self) -> Result<(), Refusal> {
        let root = self.pool.inner.rules.root;
        if self.pool.inner.revoked.contains(&self.origin) {
            return Err(Refusal::at(Reason::Revoked, root));
        }
        if self.now >= Timestamp::from_secs(self.origin.end) {
            return Err(Refusal::at(Reason::SessionEnded, root));
        }
        Ok(())
    }
}
