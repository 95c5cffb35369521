//! The general codec of immutable and private fields: postcard's format through serde, strict and bounded.
//!
//! A keyless client decodes these bytes before anybody has verified them. So nothing is allocated that the bytes left
//! cannot hold, nesting ends at 64 levels, and there is one byte string for each value. The writer refuses what the
//! reader would refuse: a server never issues what nobody can restore.

mod decode;
mod encode;

use core::fmt;

pub(crate) use decode::decode;
#[cfg(feature = "outside")]
pub(crate) use decode::decode_seed;
pub(crate) use encode::encode;

use crate::error::Malformed;

/// How many levels of options, newtypes, sequences, tuples, maps, structs and variants' contents nest at most.
const MAX_DEPTH: u8 = 64;

/// What serde's traits want as an error: it keeps no message, so nothing of a value can get into a log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Fault(Malformed);

impl From<Malformed> for Fault {
    fn from(cause: Malformed) -> Self {
        Self(cause)
    }
}

impl serde::ser::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(Malformed::BadValue)
    }
}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(Malformed::BadValue)
    }
}

/// One level down, if there is one.
fn deeper(depth: u8) -> Result<u8, Fault> {
    if depth < MAX_DEPTH {
        Ok(depth + 1)
    } else {
        Err(Fault(Malformed::TooDeep))
    }
}

/// A count may not exceed the bytes its elements take: elements of zero size would cost time and memory for nothing.
fn covered(count: usize, bytes: usize) -> Result<(), Fault> {
    if count <= bytes {
        Ok(())
    } else {
        Err(Fault(Malformed::Unsupported))
    }
}

#[cfg(test)]
mod tests;
