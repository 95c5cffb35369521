//! A pool over states that nobody here can make: what verifying needs is known of them, and their type is not.
//!
//! So the one verifier also serves who has a schema's description only. It stops before the fields: those need the type.

use alloc::vec::Vec;
use core::time::Duration;

use super::rules::{self, Rules};
use super::verify::Newest;
use super::{Pool, PoolBuilder, Scratch, restore, verify};

use crate::error::{EncodeError, Invalid, OutOfRange, PoolError, Refusal};
use crate::observe::Freshness;
use crate::schema::{BoundVisitor, Field, Overlay, Schema, Source, StateCookie, Table};
use crate::tier::{Class, KeyId, MAX_TIERS, Stamp, Tier, TierSet};
use crate::time::Timestamp;
use crate::wire::Linked;

/// A state that has no value: a pool of it verifies, and opens and restores nothing.
pub(crate) enum Unseen {}

/// What a description and the tiers' policies say.
pub(crate) struct UnseenRules {
    pub(crate) valid_for: Vec<Duration>,
    pub(crate) defaultable: TierSet,
    /// The absolute end of a session after its birth, if it is known.
    pub(crate) session_max: Option<Duration>,
    pub(crate) pad: usize,
    pub(crate) immutable: TierSet,
    pub(crate) private: TierSet,
    pub(crate) mutable: TierSet,
    pub(crate) derives: bool,
}

/// What is proven of a presentation.
pub(crate) struct Proven<'a> {
    pub(crate) cookies: &'a Linked<'a>,
    pub(crate) derived: Option<&'a [u8]>,
    pub(crate) defaulted: TierSet,
    pub(crate) age: Duration,
    pub(crate) skew: Duration,
    pub(crate) key_id: KeyId,
    plain: Scratch,
}

/// Builds a pool that verifies what servers of this schema issue.
pub(crate) fn unseen_pool(
    builder: PoolBuilder<Unseen>,
    description: &[u8],
    known: UnseenRules,
) -> Result<Pool<Unseen>, PoolError> {
    let root = known.valid_for.len().clamp(1, MAX_TIERS) - 1;
    let rules = Rules {
        valid_for: rules::valid_for(known.valid_for.into_iter()),
        root: Tier::new(root as u8).unwrap_or(Tier::LOWEST),
        session_max: known
            .session_max
            .map_or(u64::MAX, |max| max.as_secs().max(1)),
        pad: known.pad,
        immutable: known.immutable,
        private: known.private,
        mutable: known.mutable,
        defaultable: known.defaultable,
        derives: known.derives,
        ..Rules::of(&NOTHING)
    };
    builder.build_for(Schema::described(description.to_vec(), &NOTHING), rules)
}

/// Runs every check that comes before the fields are read.
pub(crate) fn prove<'a, 'b: 'a>(
    pool: &'a Pool<Unseen>,
    bundle: &'b [u8],
    cookies: &'a mut Linked<'b>,
    binding: Option<[u8; 32]>,
    now: Timestamp,
) -> Result<Proven<'a>, Refusal> {
    let mut plain = Scratch::new();
    let newest = Newest::new(None);
    let opened = verify::open(pool, bundle, cookies, binding, now, &newest)?;
    let key_id = opened.key.id();
    restore::decrypt(&opened, &mut plain.0).map_err(|refusal| refusal.under(key_id))?;
    let freshness = Freshness::of(newest.get().unwrap_or(now), now);
    Ok(Proven {
        derived: opened.derived,
        defaulted: opened.defaulted,
        age: freshness.age,
        skew: freshness.skew,
        key_id,
        plain,
        cookies: opened.cookies,
    })
}

impl Proven<'_> {
    /// The decrypted private section of a tier, with its padding; empty where it has none.
    pub(crate) fn private(&self, tier: Tier) -> &[u8] {
        let mut rest = &self.plain.0[..];
        for cookie in self.cookies.iter() {
            let len = cookie
                .private()
                .map_or(0, |private| private.ciphertext.len());
            let (section, behind) = rest.split_at_checked(len).unwrap_or_default();
            if cookie.claimed_tier() == tier {
                return section;
            }
            rest = behind;
        }
        &[]
    }
}

/// What only a value would need is never asked.
impl StateCookie for Unseen {
    const TABLE: Table = NOTHING;
    type Stamps = [Stamp; MAX_TIERS];
    type Issued = ();
    type Edit<'s> = ();
    type View<'j> = ();

    fn __write(&self, _: Tier, _: Class, _: &mut Vec<u8>) -> Result<(), EncodeError> {
        match *self {}
    }

    fn __read<R: Source>(source: &mut R) -> Result<Self, R::Error> {
        source.signed::<Never>(&NEVER).map(|never| match never {})
    }

    fn __check(&self, _: TierSet) -> Result<(), OutOfRange> {
        match *self {}
    }

    fn __check_signed_bounds(&self, _: TierSet) -> Result<(), OutOfRange> {
        match *self {}
    }

    fn __validate(&self) -> Result<(), Invalid> {
        match *self {}
    }

    fn __bounds<V: BoundVisitor>(_: &mut V) -> Result<(), V::Error> {
        Ok(())
    }

    fn __issued(&self) -> Self::Issued {
        match *self {}
    }

    fn __edit<'s>(&'s mut self, _: &'s mut TierSet) -> Self::Edit<'s> {
        match *self {}
    }

    fn __view<'j, R: Source>(
        source: &mut R,
        _: &'j mut (dyn Overlay + Send),
    ) -> Result<Self::View<'j>, R::Error> {
        source.signed::<Never>(&NEVER).map(|never| match never {})
    }
}

/// The table of a struct that is not at hand: what verifying needs of it is in the rules.
const NOTHING: Table = Table {
    name: "",
    version: 0,
    tiers: &[],
    fields: &[],
    session_max: Duration::ZERO,
    pad: 1,
    max_cookie_len: None,
    leaned_on: TierSet::EMPTY,
    derived_len: 0,
};

/// What no bytes give.
enum Never {}

static NEVER: Field = Field {
    name: "",
    tier: Tier::LOWEST,
    class: Class::Immutable,
    ty: "",
    approx: None,
};

impl serde::Serialize for Never {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        match *self {}
    }
}

impl<'de> serde::Deserialize<'de> for Never {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("never"))
    }
}
