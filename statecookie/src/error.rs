//! Every public error, grouped by whose fault it is: the bytes', the client program's, the operator's.
//!
//! No error holds a byte of a value, a key or a cookie. What a peer may learn is one constant refusal; the rest is for
//! logs and metrics of the operator.

mod refusal;

use alloc::string::String;

use crate::tier::Tier;
use crate::time::EntropyError;

pub use refusal::{Reason, Refusal};

/// Bytes that are not what the format allows; nothing was believed of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// A value that its type does not have: a `bool` of 2, a surrogate, bad UTF-8, an unknown variant.
    #[error("a value that its type does not have")]
    BadValue,
    /// A field of a nested value lies outside its declared bound.
    #[error("a nested value lies outside its bound")]
    InnerBound,
    /// A number was not written in its shortest form.
    #[error("a number is not in its shortest form")]
    NotCanonical,
    /// A number is larger than its type.
    #[error("a number is larger than its type")]
    Overflow,
    /// Values are nested deeper than 64 levels.
    #[error("values are nested too deeply")]
    TooDeep,
    /// A string or collection is longer than declared, or the whole longer than the limit.
    #[error("longer than allowed")]
    TooLong,
    /// Bytes are left behind the end.
    #[error("bytes are left behind the end")]
    TrailingBytes,
    /// The bytes end before the value does.
    #[error("the bytes end too early")]
    Truncated,
    /// Another format version, kind of blob, or type that the format cannot carry.
    #[error("not of this format")]
    Unsupported,
}

/// An update, bundle or cookie that could not be read; nothing was believed of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// Longer than the limit.
    #[error("longer than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// Another format version than this one.
    #[error("of an unknown format version")]
    UnknownVersion,
    /// A cookie that does not stand below the one before it.
    #[error("the cookie of {tier} does not belong to the one before it")]
    Unlinked {
        /// The tier which the cookie claims.
        tier: Tier,
    },
    /// Bytes that the format does not allow.
    #[error("malformed: {cause}")]
    Malformed {
        /// The tier which the cookie at fault claims, if it could be read.
        tier: Option<Tier>,
        /// What is wrong.
        cause: Malformed,
    },
}

/// A mutable field's value is outside the bound that its schema declares.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` is outside its bound: {bound}")]
#[non_exhaustive]
pub struct OutOfRange {
    /// The field's name.
    pub field: &'static str,
    /// The bound, evaluated.
    pub bound: String,
}

/// The struct's own `validate` refused the fields' combination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the state is not valid: {reason}")]
#[non_exhaustive]
pub struct Invalid {
    /// What the validation function said.
    pub reason: &'static str,
}

/// A value of the server's own that cannot be written in the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}` cannot be written: {cause}")]
#[non_exhaustive]
pub struct EncodeError {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong with it.
    pub cause: Malformed,
}

/// An update that the jar could not take; the jar is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// The bytes could not be read.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// A bundle: it goes from the client to a server.
    #[error("not an update but a bundle")]
    NotAnUpdate,
    /// A partial update where a full one is needed: it cannot begin a session.
    #[error("not a full update")]
    NotFull,
}

/// The jar has nothing that a server could take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The client has to work out the value of a derived field, and has not supplied it.
    #[error("`{field}` is derived and has no value yet: set it in the view, or with `bundle_with`")]
    DerivedMissing {
        /// The field's name.
        field: &'static str,
    },
    /// No full update was merged yet.
    #[error("there is no complete chain to present")]
    NothingToPresent,
    /// The cookies with the client's own values are longer than a blob may be.
    #[error("the bundle is longer than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
}

impl OutOfRange {
    /// The error of a field and its evaluated bound.
    pub(crate) fn new(field: &'static str, bound: String) -> Self {
        Self { field, bound }
    }
}

/// Why a session could not be opened or its state not be replaced; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// A value cannot be written in the format.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The random generator failed.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// The struct's own validation refused the state.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// No key of the pool signs at this time.
    #[error("no key of the pool signs at this time")]
    NoSigningKey,
    /// A mutable value is outside its bound.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
}

/// Why a flush issued nothing; session and buffer are as they were before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlushError {
    /// A cookie would be longer than the struct's `max_cookie_len`.
    #[error(
        "the cookie of {tier} would take {len} bytes, {limit} are allowed (immutable {immutable}, private {private}, mutable {mutable})"
    )]
    CookieTooLong {
        /// The tier.
        tier: Tier,
        /// The length of the whole cookie.
        len: usize,
        /// The struct's `max_cookie_len`.
        limit: usize,
        /// The length of the immutable values.
        immutable: usize,
        /// The length of the private values, padded.
        private: usize,
        /// The length of the mutable values.
        mutable: usize,
    },
    /// A value cannot be written in the format.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The random generator failed.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// Another server or request went on with the session: this one issues no guarded tier of it any more.
    #[error(
        "another server or request went on with the session; present the client's newest cookies again"
    )]
    Forked,
    /// The struct's own validation refused the state.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The store of high-water marks could not be asked, and a guarded tier that is due refuses then; try again.
    #[error(
        "the store of high-water marks is away, and a guarded tier refuses then (where marks are committed by hand: use `claim_flush`)"
    )]
    MarksAway,
    /// No key of the pool signs at this time.
    #[error("no key of the pool signs at this time")]
    NoSigningKey,
    /// A mutable value is outside its signed bound.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// The pool refuses this session, or all born when it was; open a new one.
    #[error("the session was revoked")]
    Revoked,
    /// The session has reached its absolute end; open a new one.
    #[error("the session has reached its absolute end")]
    SessionEnded,
    /// All cookies together would be longer than the pool's limit.
    #[error("the update would take {len} bytes, {limit} are allowed")]
    TooLong {
        /// The length of the update.
        len: usize,
        /// The pool's limit.
        limit: usize,
    },
}

impl ParseError {
    /// The same error, blamed on a tier if it was not yet.
    #[must_use]
    pub(crate) fn in_tier(self, claimed: Tier) -> Self {
        match self {
            Self::Malformed { tier, cause } => Self::Malformed {
                tier: tier.or(Some(claimed)),
                cause,
            },
            other => other,
        }
    }
}

impl From<Malformed> for ParseError {
    fn from(cause: Malformed) -> Self {
        Self::Malformed { tier: None, cause }
    }
}

/// Why a pool cannot be made: its schema, its keys or its policy.
#[cfg(feature = "server")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PoolError {
    /// The limits leave no room for one cookie of each tier.
    #[error("a limit of {cookies} cookies is less than the schema's {tiers} tiers")]
    Limits {
        /// The cookies allowed.
        cookies: usize,
        /// The tiers of the schema.
        tiers: usize,
    },
    /// The schema guards tiers, and the pool has no store of high-water marks.
    #[error(
        "the schema has `guarded` tiers: give the pool a store with `high_water`, or commit by hand with `marks_by_hand`"
    )]
    NoHighWater,
    /// The pool has a store of high-water marks, and the schema guards no tier.
    #[error(
        "the schema has no `guarded` tier, so that the store of high-water marks would guard nothing: declare one, or leave the store out"
    )]
    NothingGuarded,
    /// No key of the pool signs now: a server that can only accept would lose every client at its next change.
    #[error("no key of the pool signs at this time")]
    NoSigningKey,
    /// The source of the keys gave no ring.
    #[error(transparent)]
    KeySource(#[from] crate::keys::KeySourceError),
    /// Keys or policy do not fit the schema's validities.
    #[error(transparent)]
    Policy(#[from] crate::keys::PolicyError),
    /// A bound of the schema cannot be.
    #[error(transparent)]
    Schema(#[from] crate::schema::SchemaError),
}

/// So many single sessions are refused already; this one is not.
///
/// [`refuse_born_before`](crate::Pool::refuse_born_before) refuses any number at once.
#[cfg(feature = "server")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{most} sessions are refused already: refuse those born before a time instead")]
pub struct TooManyRevoked {
    /// The most that are remembered.
    pub most: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blame_stays_where_it_was_put_first() {
        let (low, high) = (Tier::LOWEST, Tier::new(1).unwrap());
        let blamed = ParseError::from(Malformed::Overflow)
            .in_tier(low)
            .in_tier(high);
        let expected = ParseError::Malformed {
            tier: Some(low),
            cause: Malformed::Overflow,
        };
        assert_eq!(blamed, expected);
        assert_eq!(
            ParseError::UnknownVersion.in_tier(low),
            ParseError::UnknownVersion
        );
    }
}
