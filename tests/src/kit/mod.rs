//! The conformance kit's half in Rust: the schemas of the vectors, and what runs one case of them against the library.

pub mod blob;
pub mod parts;
pub mod run;
#[allow(
    missing_docs,
    reason = "a schema's fields say themselves what they hold"
)]
pub mod schemas;
#[allow(
    missing_docs,
    reason = "a schema's fields say themselves what they hold"
)]
pub mod schemas_deep;
#[allow(
    missing_docs,
    reason = "a schema's fields say themselves what they hold"
)]
pub mod schemas_derived;
#[allow(
    missing_docs,
    reason = "a schema's fields say themselves what they hold"
)]
pub mod schemas_wide;
pub mod sign;
pub mod states;

/// When the vectors are issued unless said otherwise; inside key 166666 of the embedded default.
pub const NOW: u64 = 1_800_000_000;
