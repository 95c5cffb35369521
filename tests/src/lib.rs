//! What the integration tests share.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "like the tests, what they share stops at the first surprise"
)]

pub mod counting;
pub mod field_source;
pub mod remains;
pub mod shop;
pub mod valgrind;
pub mod worst;
