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
///
/// | on a field | means |
/// |---|---|
/// | `#[tier(n)]` | required: the field's tier; tiers are contiguous from 0, the highest is the root |
/// | `#[immutable]`, or nothing | the client reads it and cannot change it; needs serde's traits |
/// | `#[private]` | the client cannot read it; needs serde's traits |
/// | `#[mutable(..)]` | the client may change it within a bound; needs `MutableValue` |
/// | `#[approx(tolerance = X)]` | on numbers and arrays of them: a change within `X` of what was issued last is worth no cookie; `wrap = 360.0` for angles |
/// | `#[state(tier = n, ..)]` | the same words in one attribute, should another derive use them as well |
///
/// | in `mutable(..)` | means |
/// |---|---|
/// | `range = 0..=4`, `range(min = 0, max = 4)` | every number inside lies in the range; `self.field` may name immutable fields of the same or a higher tier |
/// | `max_len = 16`, `each(max_len = 8)` | the greatest length in bytes (text) or elements, and that of what is inside |
/// | `one_of(A, B)`, `check = path`, `any` | one of these; what the function accepts; every value but NaN |
/// | `derived`, behind a bound | the client works the value out and supplies it with its bundle; no cookie carries it, and a tier of nothing else has no cookie and no policy |
///
/// | in `#[statecookie(..)]` | means |
/// |---|---|
/// | `tier(n, valid_for = "10m", renew_after = "50%", or_default)` | required for each tier: its policy; renewal after half its validity by default |
/// | `tier(n, .., at_most_every = "100ms")` | changes of the tier alone go out no more often: the first one at once, later ones together |
/// | `tier(n, .., guarded)` | older states and forks of the tier are refused, by a store of high-water marks; `guarded = "accept"`: not while it is away |
/// | `name = ".."`, `version = 1` | in the schema's description; by default the struct's name and 1 |
/// | `session_max = "24h"`, `pad = 16` | the absolute end of a session; what private values are padded to a multiple of (the defaults) |
/// | `max_cookie_len = N` | the longest cookie, checked while compiling where the size is known |
/// | `validate = path` | a check across fields, `fn(&S) -> bool` or `-> Result<(), &'static str>` |
/// | `crate = path` | where the library is |
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
///
/// The fields take the words of `mutable(..)`, signed bounds excepted. An enum's variants travel by their index: to
/// reorder them is to change the schema.
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
