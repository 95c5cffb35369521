//! The derive macros of StateCookie: `read -> check -> emit`, with one report through the first two.
//!
//! - `entry` reads the grammar of the attributes, `raw` the struct: both keep spans and judge nothing
//! - `check` turns what was read into a `plan`, which cannot hold nonsense, or fills the `report`
//! - `emit` writes tables and short calls into `statecookie::private`; `stub` what stands in for them after a mistake
//! - `value` is the second derive: mutable enums and structs
#![forbid(unsafe_code)]
#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
#![allow(unreachable_pub, reason = "nothing but macros can leave a macro crate")]

mod check;
mod emit;
mod entry;
mod plan;
mod raw;
mod report;
mod stub;
mod text;
mod value;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use crate::report::Report;

/// Derives `StateCookie` for a struct: tiers, classes and bounds come from its attributes.
#[proc_macro_derive(
    StateCookie,
    attributes(statecookie, tier, immutable, private, mutable, state, approx)
)]
pub fn derive_state_cookie(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut report = Report::default();
    let raw = raw::read(&input, &mut report);
    let plan = check::state(&raw, &mut report);
    match plan {
        Some(plan) if report.is_empty() => emit::state(&plan).into(),
        _ => report.with_stub(stub::state(&raw)).into(),
    }
}

/// Derives `MutableValue` for a field-less enum, or for a struct whose fields all declare a bound.
#[proc_macro_derive(MutableValue, attributes(mutable, state, statecookie))]
pub fn derive_mutable_value(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut report = Report::default();
    let plan = value::read(&input, &mut report);
    match plan {
        Some(plan) if report.is_empty() => value::emit(&plan).into(),
        _ => report.with_stub(stub::value(&input)).into(),
    }
}
