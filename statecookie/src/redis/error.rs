//! What can go wrong with keys in a Redis or Valkey: which store, and what to do. No secret, no password, no word of the server's.

use alloc::string::String;
use core::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;

use crate::{KeyError, KeyId, RingError};

/// A Redis or Valkey gave no key ring. `Display` names the store and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedisKeysError {
    /// The store's address and the name under which the ring lies there; no password.
    pub store: String,
    /// What is wrong.
    pub fault: RedisKeysFault,
}

impl fmt::Display for RedisKeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key store {}: {}", self.store, self.fault)
    }
}

impl core::error::Error for RedisKeysError {}

/// What is wrong with a Redis or Valkey that should hold keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedisKeysFault {
    /// The address is none.
    #[error(
        "write the address as `redis://host:6379`, with `user:password@` before the host if need be"
    )]
    Address,
    /// It did not answer in time, or not at all.
    #[error(
        "it cannot be reached or does not answer in time; is it running, and is there a way to it?"
    )]
    Away,
    /// Other servers changed the ring again and again while this one tried to.
    #[error("others changed the ring all the time; ask again")]
    Contended,
    /// The local copy of the ring cannot be read.
    #[error("the local copy {} cannot be read: {kind}; repair its permissions, or remove it", .path.display())]
    Copy {
        /// The copy.
        path: PathBuf,
        /// What the system said.
        kind: ErrorKind,
    },
    /// The local copy does not open with the local key.
    #[error("the local copy {} does not open with this local key and pool name; if neither is wrong, remove it", .path.display())]
    CopyForeign {
        /// The copy.
        path: PathBuf,
    },
    /// There is no ring in it, and this server was told to create none.
    #[error("there is no key ring in it; start a server that may create one")]
    Empty,
    /// What lies there does not open with the local key.
    #[error(
        "what lies there does not open with this local key and pool name, or was changed; nothing is overwritten: \
         give every server the same, and delete it by hand if it is to be given up"
    )]
    Foreign,
    /// The system gave no new key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// User or password are wrong.
    #[error("it refused the login; look at user and password in the address")]
    Login,
    /// It refused a command.
    #[error(
        "it answered `{code}`; the server needs `GETRANGE`, `GET`, `SET` and `EVAL` on a primary"
    )]
    Refused {
        /// The code of its answer, such as `READONLY`, `NOPERM`, `OOM` or `WRONGTYPE`.
        code: String,
    },
    /// The keys make no ring: with a short rotation and a long validity there would be too many.
    #[error("the keys make no ring: {0}")]
    Ring(#[from] RingError),
    /// What lies there is longer than any ring.
    #[error("what lies there is longer than any key ring")]
    TooLong,
    /// The ring has no key of that id.
    #[error("its ring has no key {id}")]
    UnknownKey {
        /// The id.
        id: KeyId,
    },
}

impl RedisKeysFault {
    /// Whether the store may be good but cannot serve now.
    pub(super) fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Away | Self::Contended | Self::Login | Self::Refused { .. }
        )
    }
}
