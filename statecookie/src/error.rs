//! Every public error, grouped by whose fault it is: the bytes', the client program's, the operator's.
//!
//! No error holds a byte of a value, a key or a cookie. What a peer may learn is one constant refusal; the rest is for
//! logs and metrics of the operator.

use alloc::string::String;

use crate::tier::Tier;

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

impl OutOfRange {
    /// The error of a field and its evaluated bound.
    pub(crate) fn new(field: &'static str, bound: String) -> Self {
        Self { field, bound }
    }
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
