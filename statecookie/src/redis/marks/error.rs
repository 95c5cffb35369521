//! What can go wrong with marks in a Redis or Valkey: which store, and what to do. No password, no word of the server's.

use alloc::string::String;
use core::fmt;

/// A Redis or Valkey gave no verdict. `Display` names the store and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedisMarksError {
    /// The store's address and the name of its keys; no password.
    pub store: String,
    /// What is wrong.
    pub fault: RedisMarksFault,
}

impl fmt::Display for RedisMarksError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "high-water marks in {}: {}", self.store, self.fault)
    }
}

impl core::error::Error for RedisMarksError {}

/// What is wrong with a Redis or Valkey that should keep marks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedisMarksFault {
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
    /// User or password are wrong.
    #[error("it refused the login; look at user and password in the address")]
    Login,
    /// It refused a command.
    #[error(
        "it answered `{code}`; the server needs `EVALSHA`, `SCRIPT`, `HMGET`, `HSET`, `HDEL`, `PEXPIRE` and `TIME` on a primary with room"
    )]
    Refused {
        /// The code of its answer, such as `READONLY`, `NOPERM`, `OOM` or `WRONGTYPE`.
        code: String,
    },
}
