//! Client-based state sharing for server pools.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod bytes;
mod error;
mod jar;
#[doc(hidden)]
pub mod private;
mod range;
mod schema;
mod signed;
mod tier;
mod time;
mod value;
mod wire;

#[cfg(feature = "derive")]
pub use statecookie_derive::{MutableValue, StateCookie};

pub use bytes::Reader;
pub use error::*;
pub use jar::{Jar, Merged};
pub use range::{Bound, Interval, Rule};
pub use schema::{StateCookie, Table};
pub use tier::{Class, KeyId, MAX_TIERS, Stamp, Stamps, Tier, TierSet};
pub use time::*;
pub use value::{MutableValue, Shape};
pub use wire::*;
