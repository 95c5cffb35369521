//! Client-based state sharing for server pools.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod bytes;
mod error;
#[doc(hidden)]
pub mod private;
mod range;
mod schema;
mod signed;
mod tier;
mod time;
mod value;

#[cfg(feature = "derive")]
pub use statecookie_derive::{MutableValue, StateCookie};

pub use bytes::Reader;
pub use error::*;
pub use range::{Bound, Interval, Rule};
pub use schema::{EmptyRange, Schema, SchemaError, StateCookie, Table};
pub use tier::{Class, KeyId, MAX_TIERS, Stamp, Stamps, Tier, TierSet};
pub use time::*;
pub use value::{MutableValue, Shape};
