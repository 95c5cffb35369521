//! A pool of servers whose struct is not at hand: it verifies, and opens and issues nothing.

use core::time::Duration;

use super::judge::{self, Judged};
use super::schema::AnySchema;
use crate::error::{PoolError, TooManyRevoked};
use crate::keys::{KeyPolicy, Keys};
use crate::seal;
use crate::session::{Limits, Pool, PoolBuilder, Unseen, UnseenRules, unseen_pool};
use crate::tier::{Class, Tier, TierSet};
use crate::time::Timestamp;

/// One server's end of a pool, as far as it can be had without the struct.
///
/// ```
/// # #[cfg(feature = "derive")]
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use statecookie::outside::{AnyPool, AnySchema};
/// use statecookie::{Keys, Pool, Reason, Schema, Secret, StateCookie, Timestamp};
///
/// #[derive(StateCookie)]
/// #[statecookie(version = 1, tier(0, valid_for = "1h"))]
/// struct Visit {
///     #[tier(0)]
///     #[mutable(range = 0..=4)]
///     quality: u8,
/// }
/// let secret: [u8; 32] = std::array::from_fn(|place| place as u8);
/// let keys = || Keys::embedded(Secret::from_bytes(&secret).unwrap());
/// let now = Timestamp::from_secs(1_800_000_000);
/// let mut session = Pool::new("shop.example", keys())?.open_at(Visit { quality: 2 }, now)?;
/// let mut update = session.flush_at(now)?.expect("all tiers").into_bytes();
///
/// let schema = AnySchema::from_json(&Schema::of::<Visit>()?.to_json())?;
/// let outside = AnyPool::builder("shop.example", keys(), schema).build()?;
/// assert!(outside.present(&update).at(now).judge().verdict.is_ok());
/// // The client may write here what it likes, and is refused.
/// *update.last_mut().expect("a byte") = 9;
/// let refusal = outside.present(&update).at(now).judge().verdict.unwrap_err();
/// assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::OutOfRange, Some("quality")));
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "derive"))]
/// # fn main() {}
/// ```
#[derive(Debug)]
pub struct AnyPool {
    pub(super) schema: AnySchema,
    pub(super) pool: Pool<Unseen>,
}

/// An [`AnyPool`] in the making.
#[must_use = "it is no pool before it is built"]
pub struct AnyPoolBuilder {
    schema: AnySchema,
    builder: PoolBuilder<Unseen>,
    born_before: Option<Timestamp>,
}

/// Bytes that a client presented, with the circumstances under which it did.
#[derive(Clone, Copy)]
#[must_use = "a presentation does nothing until it is judged"]
pub struct AnyPresentation<'p> {
    pub(super) pool: &'p AnyPool,
    pub(super) bytes: &'p [u8],
    pub(super) binding: Option<[u8; 32]>,
    pub(super) now: Option<Timestamp>,
    pub(super) reveals: bool,
}

impl AnyPool {
    /// A pool of that name, with these keys; leeway, limits and policy have the defaults of [`Pool`].
    pub fn builder(name: &str, keys: Keys, schema: AnySchema) -> AnyPoolBuilder {
        AnyPoolBuilder {
            schema,
            builder: Pool::builder(name, keys),
            born_before: None,
        }
    }

    /// The schema.
    pub fn schema(&self) -> &AnySchema {
        &self.schema
    }

    /// How far clocks may differ at a cookie's not-before and not-after.
    pub fn leeway(&self) -> Duration {
        self.pool.inner.leeway
    }

    /// Eight bytes by which operators compare replicas: see [`Pool::fingerprint`](crate::Pool::fingerprint).
    pub fn fingerprint(&self) -> [u8; 8] {
        self.pool.fingerprint()
    }

    /// As if the servers had been told [`Pool::refuse_session`](crate::Pool::refuse_session).
    ///
    /// # Errors
    ///
    /// As for [`Pool::refuse_session`](crate::Pool::refuse_session).
    pub fn refuse_session(&self, session: [u8; 16]) -> Result<(), TooManyRevoked> {
        self.pool.refuse_session(session)
    }

    /// What a client presents, with the circumstances still to be said: identity, time.
    pub fn present<'p>(&'p self, bytes: &'p [u8]) -> AnyPresentation<'p> {
        AnyPresentation {
            pool: self,
            bytes,
            binding: None,
            now: None,
            reveals: false,
        }
    }
}

impl AnyPoolBuilder {
    /// Another leeway than 60 s or half the shortest validity.
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.builder = self.builder.leeway(leeway);
        self
    }

    /// What is not accepted beyond.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.builder = self.builder.limits(limits);
        self
    }

    /// The policy under which the keys are checked against the schema's validities.
    pub fn key_policy(mut self, policy: KeyPolicy) -> Self {
        self.builder = self.builder.key_policy(policy);
        self
    }

    /// As if the servers had been told [`Pool::refuse_born_before`](crate::Pool::refuse_born_before).
    pub fn refuse_born_before(mut self, time: Timestamp) -> Self {
        self.born_before = Some(time);
        self
    }

    /// The pool. Unlike a server's, it may have keys none of which signs now.
    ///
    /// # Errors
    ///
    /// As for [`Pool::new`](crate::Pool::new): keys, policy and leeway do not fit the schema's validities.
    pub fn build(self) -> Result<AnyPool, PoolError> {
        let schema = self.schema;
        let pool = unseen_pool(self.builder, &schema.description, rules(&schema))?;
        if let Some(time) = self.born_before {
            pool.refuse_born_before(time);
        }
        Ok(AnyPool { schema, pool })
    }
}

impl<'p> AnyPresentation<'p> {
    /// Presented by a client that authenticated as this identity.
    pub fn identity(mut self, identity: &[u8]) -> Self {
        self.binding = Some(seal::binding(identity));
        self
    }

    /// Presented at this time, not the system's.
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// Private values are wanted, too, once they are proven.
    pub fn reveal_private(mut self) -> Self {
        self.reveals = true;
        self
    }

    /// What a server would say.
    pub fn judge(self) -> Judged<'p> {
        judge::judge(self)
    }
}

/// Nothing of the keys, and no byte presented.
impl core::fmt::Debug for AnyPresentation<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("AnyPresentation")
            .field("len", &self.bytes.len())
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl core::fmt::Debug for AnyPoolBuilder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("AnyPoolBuilder")
            .field("schema", &self.schema.name())
            .finish_non_exhaustive()
    }
}

fn rules(schema: &AnySchema) -> UnseenRules {
    let with = |holds: &dyn Fn(Tier) -> bool| {
        let tiers = TierSet::ALL.iter().filter(|tier| holds(*tier));
        tiers.fold(TierSet::EMPTY, |set, tier| set.union(TierSet::only(tier)))
    };
    UnseenRules {
        valid_for: schema.tiers.iter().map(|tier| tier.valid_for).collect(),
        defaultable: with(&|tier| schema.is_or_default(tier)),
        session_max: schema.session_max,
        pad: schema.pad(),
        immutable: with(&|tier| schema.has(tier, Class::Immutable)),
        private: with(&|tier| schema.has(tier, Class::Private)),
        mutable: with(&|tier| schema.has(tier, Class::Mutable)),
        derives: schema.derived().next().is_some(),
    }
}
