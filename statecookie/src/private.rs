//! What generated code may touch, and nothing more. Not part of the public API.

pub use alloc::vec::Vec;

pub use crate::bytes::Reader;
pub use crate::error::{EncodeError, Invalid, Malformed, OutOfRange};
pub use crate::range::{Bound, Interval, Rule};
pub use crate::schema::{BoundVisitor, Field, Overlay, Source, StateCookie, Table, TierPolicy};
pub use crate::tier::{Class, Stamp, Tier, TierSet};
pub use crate::value::{Leaf, MutableValue, NoLeaf, Shape};
