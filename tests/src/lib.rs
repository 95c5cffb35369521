//! What the integration tests share.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "like the tests, what they share stops at the first surprise"
)]

pub mod cookies;
pub mod counting;
pub mod field_source;
pub mod jar_model;
pub mod kit;
pub mod redis;
pub mod remains;
pub mod rotation;
pub mod shop;
pub mod valgrind;
pub mod worst;

#[cfg(all(test, feature = "one-binary"))]
extern crate self as statecookie_tests;

#[cfg(all(test, feature = "one-binary"))]
mod one_binary;
