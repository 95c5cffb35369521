#![cfg_attr(all(feature = "derive", feature = "server"), doc = include_str!("../README.md"))]
//!
//! # Map
//!
//! - The server: [`Pool`] opens and resumes a [`Session`], which gives an [`Update`] at each flush; [`Keys`], [`Secret`], [`KeyRing`].
//! - Keys that change: [`KeySource`] and [`KeyRing`]; `KeyFile` (feature `key-file`), `RedisKeys` (feature `redis`).
//! - The client: [`Jar`].
//! - The schema: [`StateCookie`] and [`MutableValue`] are derived, [`Schema`] describes.
//! - Older states and forks refused where it matters: [`HighWater`] and [`MemoryMarks`], for tiers that are `guarded`.
//! - Refusals: [`Refusal`] and its [`Reason`]; the rest of the errors say whose fault it is.
//! - What happens in a pool: [`Observer`] and its [`Event`]s, [`counters`], and `Tracing` (feature `tracing`).
//! - Looking inside without keys: [`inspect`].
//! - Without the struct, from the schema's JSON: `outside` (feature `outside`).
//! - Which field belongs in which tier, and how often to send: `advice` (feature `advice`).
#![no_std]
#![forbid(unsafe_code)]
#![warn(
    clippy::expect_used,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(feature = "server"),
    allow(
        dead_code,
        unused_imports,
        reason = "the keyless half reads, and never seals"
    )
)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "advice")]
pub mod advice;
mod approx;
mod bytes;
#[cfg(feature = "server")]
pub mod counters;
mod error;
mod jar;
#[cfg(feature = "server")]
mod keys;
#[cfg(feature = "server")]
mod marks;
mod mute;
#[cfg(feature = "server")]
mod observe;
#[cfg(feature = "outside")]
pub mod outside;
#[doc(hidden)]
pub mod private;
mod range;
#[cfg(feature = "redis")]
mod redis;
mod schema;
#[cfg(feature = "server")]
mod seal;
#[cfg(feature = "server")]
mod session;
mod signed;
#[cfg(any(feature = "testing", all(test, feature = "server")))]
pub mod testing;
mod tier;
mod time;
#[cfg(feature = "tracing")]
mod traced;
mod value;
mod wire;

#[cfg(feature = "derive")]
pub use statecookie_derive::{MutableValue, StateCookie};

pub use bytes::Reader;
pub use error::*;
pub use jar::{Jar, Merged, SupplyError, ViewError};
#[cfg(feature = "redis")]
pub(crate) use keys::RingSeal;
#[cfg(feature = "server")]
pub use keys::{
    Generation, Kept, Key, KeyEnvError, KeyEnvFault, KeyError, KeyHint, KeyPolicy, KeyRefusal,
    KeyRing, KeySource, KeySourceError, KeyTimes, Keys, Loaded, NoSigningKey, PolicyError, Refresh,
    RefreshCause, RefreshOutcome, ReplaceError, RingError, Secret, SourceWarning,
};
#[cfg(feature = "key-file")]
pub use keys::{
    KeyFile, KeyFileError, KeyFileFault, RingText, RingTextError, RingTextFault, RingWriteError,
};
#[cfg(feature = "server")]
pub use marks::{
    Act, Claim, HighWater, Mark, MarkRecord, MemoryMarks, NoMarks, NotRevoked, Verdict, Weighed,
};
pub use mute::Mute;
#[cfg(feature = "server")]
pub use observe::{Event, Freshness, Observer};
pub use range::{Bound, Interval, Rule};
#[cfg(feature = "redis")]
pub use redis::{
    RedisKeys, RedisKeysError, RedisKeysFault, RedisMarks, RedisMarksError, RedisMarksFault,
};
pub use schema::{EmptyRange, Schema, SchemaError, StateCookie, Table, WhenAway};
#[cfg(feature = "server")]
pub use session::{
    ClaimedFlush, ClaimedResume, KeyWatch, Limits, Pool, PoolBuilder, Presentation, Resumed,
    Scratch, Session, Update,
};
pub use tier::{Class, KeyId, MAX_TIERS, Stamp, Stamps, Tier, TierSet};
pub use time::*;
#[cfg(feature = "tracing")]
pub use traced::Tracing;
pub use value::{MutableValue, Shape};
pub use wire::*;
