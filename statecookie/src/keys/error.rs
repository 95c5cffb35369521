//! What can be wrong with keys: the operator's errors, and why a key does not serve. None holds a byte of a key.

use alloc::string::String;
use core::time::Duration;

use crate::tier::KeyId;
use crate::time::EntropyError;

/// These bytes cannot be a pool's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Every byte is zero: memory that nobody filled.
    #[error("the key is all zero")]
    AllZero,
    /// The random generator failed.
    #[error("no key was generated: {0}")]
    Entropy(#[from] EntropyError),
    /// The text is not strict base64 of the standard or the URL-safe alphabet; white space counts.
    #[error("the key is not base64 (white space counts)")]
    NotBase64,
    /// The text is not an even number of hexadecimal digits; white space counts.
    #[error("the key is not an even number of hexadecimal digits (white space counts)")]
    NotHex,
    /// One byte is repeated over the whole length.
    #[error("the key repeats one single byte")]
    RepeatedByte,
    /// Longer than [`Secret::MAX_LEN`](crate::Secret::MAX_LEN) bytes.
    #[error("the key is longer than 1024 bytes")]
    TooLong,
    /// Shorter than [`Secret::MIN_LEN`](crate::Secret::MIN_LEN) bytes.
    #[error("the key has {len} bytes, it needs at least 32")]
    TooShort {
        /// Its length in bytes.
        len: usize,
    },
}

/// An environment variable holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the environment variable `{variable}` holds no key: {fault}; generate one with `openssl rand -hex 32`"
)]
#[non_exhaustive]
pub struct KeyEnvError {
    /// The variable's name.
    pub variable: String,
    /// What is wrong with it.
    pub fault: KeyEnvFault,
}

/// What is wrong with an environment variable that should hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyEnvFault {
    /// What it holds is not a key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It is not set.
    #[error("it is not set")]
    NotSet,
    /// It holds something else than text.
    #[error("it is not text")]
    NotText,
}

/// A pool's keys were not replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplaceError {
    /// The pool derives its keys from a root secret; there is no ring to replace.
    #[error("the pool derives its keys, it has no key ring to replace")]
    DerivedKeys,
    /// The pool's ring comes from a source, which would bring back its own.
    #[error("the pool's key ring comes from a source: change it there")]
    FromSource,
    /// The new ring violates the pool's policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
}

/// These keys do not make a key ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RingError {
    /// There is no key in it.
    #[error("the key ring is empty")]
    Empty,
    /// Two keys become active at the same time: which is the newest?
    #[error("keys {0} and {1} have the same `activates_at`")]
    SameActivation(KeyId, KeyId),
    /// Two keys have one id.
    #[error("key id {0} stands twice in the key ring")]
    SameId(KeyId),
    /// Two keys have one secret, so retiring one would retire nothing.
    #[error("keys {0} and {1} have the same secret")]
    SameSecret(KeyId, KeyId),
    /// More than [`KeyRing::MAX_KEYS`](crate::KeyRing::MAX_KEYS) keys.
    #[error("the key ring has {0} keys, at most 256 are allowed")]
    TooManyKeys(usize),
    /// A key's times are not `activates_at` < `sign_until` <= `accept_until`.
    #[error("key {0} violates activates_at < sign_until <= accept_until")]
    Windows(KeyId),
}

/// A pool's policy violates an inequality on which its keys' hand-over rests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A key would be forgotten while cookies that it signed are still valid.
    #[error(
        "accept_until - sign_until >= longest validity + skew is violated by key {key}: {kept:?} < {longest:?} + {skew:?}"
    )]
    AcceptTooShort {
        /// The key.
        key: KeyId,
        /// `accept_until - sign_until`.
        kept: Duration,
        /// The longest validity of the schema's tiers.
        longest: Duration,
        /// How far the pool's clocks may be apart.
        skew: Duration,
    },
    /// The leeway would outweigh the shortest validity.
    #[error("leeway < shortest validity is violated: {leeway:?} >= {shortest:?}")]
    LeewayTooLong {
        /// The leeway of not-before and not-after.
        leeway: Duration,
        /// The shortest validity of the schema's tiers.
        shortest: Duration,
    },
    /// A server would sign with a key that another one has not read yet.
    #[error(
        "publish_ahead >= refresh + skew is violated: {publish_ahead:?} < {refresh:?} + {skew:?}"
    )]
    PublishTooLate {
        /// How long before its activation a key is published.
        publish_ahead: Duration,
        /// How often servers look for new keys.
        refresh: Duration,
        /// How far the pool's clocks may be apart.
        skew: Duration,
    },
    /// The rotation of derived keys is zero or has a fraction of a second.
    #[error("the rotation of derived keys is a positive number of whole seconds, not {rotation:?}")]
    RotationNotWholeSeconds {
        /// The rotation.
        rotation: Duration,
    },
    /// A server could miss a whole generation of keys between two looks.
    #[error("rotation >= 2 x refresh is violated: {rotation:?} < 2 x {refresh:?}")]
    RotationTooFast {
        /// How long a key signs.
        rotation: Duration,
        /// How often servers look for new keys.
        refresh: Duration,
    },
}

/// No key signs now: the newest activated one has passed its `sign_until`, or none is activated yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key signs at this time")]
pub struct NoSigningKey;

/// Why a presented key id does not serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRefusal {
    /// The key's `accept_until` has passed.
    #[error("the key has expired")]
    KeyExpired,
    /// The key was revoked.
    #[error("the key was revoked")]
    KeyRevoked,
    /// No key of that id is held.
    #[error("no key of that id is held")]
    UnknownKey,
}
