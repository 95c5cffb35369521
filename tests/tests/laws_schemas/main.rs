//! The laws of the protocol, run on schemas of all sorts: one to five tiers, every class alone, generic, nested.
#![forbid(unsafe_code)]
#![allow(
    clippy::duplicated_attributes,
    reason = "two tiers may both be `or_default`; the lint looks at words, not at tiers"
)]

mod setters;
mod states;

use statecookie::testing::{Laws, laws, laws_with};
use states::*;

#[test]
fn one_tier() {
    laws::<One>();
}

#[test]
fn two_tiers_with_a_signed_bound() {
    laws::<Video>();
}

#[test]
fn three_tiers_of_the_shop() {
    laws::<Shop>();
}

#[test]
fn five_tiers_with_nested_collections() {
    laws::<Five>();
}

#[test]
fn all_private() {
    laws::<AllPrivate>();
}

#[test]
fn guarded() {
    laws::<Guarded>();
}

#[test]
fn all_mutable() {
    laws::<AllMutable>();
}

#[test]
fn generic() {
    laws::<Generic<(u16, Option<String>), 4>>();
}

#[test]
fn checks_and_validate_by_chance() {
    laws::<Paired>();
}

#[test]
fn states_of_ones_own() {
    laws_with(|| Picky {
        magic: 0x5eed_5eed_5eed,
    });
}

#[test]
#[should_panic(
    expected = "no value was found by chance for `magic`; run the laws on states of your own"
)]
fn what_chance_does_not_find_is_said() {
    Laws::<Picky>::new().cases(1).round_trip();
}

#[test]
fn one_law_with_more_cases_and_another_seed() {
    Laws::<Shop>::new().seed(1_000).cases(60).recombination();
}
