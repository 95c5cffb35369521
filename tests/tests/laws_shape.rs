//! What a derive cannot see is pinned: the shape of the serde types inside the signed fields.
#![forbid(unsafe_code)]

use serde::{Deserialize, Serialize};
use statecookie::StateCookie;
use statecookie::testing::{assert_shape, shape_of};

#[derive(Serialize, Deserialize)]
struct Item {
    name: String,
    price: (u32, char),
}

#[derive(Serialize, Deserialize)]
enum Payment {
    Cash { change: i16 },
    Card,
}

#[derive(StateCookie)]
#[statecookie(version = 4, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
struct Order {
    #[tier(0)]
    #[mutable(range = 0..=4)]
    quality: u8,
    #[tier(1)]
    #[immutable]
    items: Vec<Item>,
    #[tier(0)]
    #[private]
    payment: std::collections::BTreeMap<u64, Option<Payment>>,
}

const SHAPE: &str = "\
items: seq (Item(name: string, price: (u32, char)))
payment: map (u64, option Payment Cash|Card: Cash (change: i16)) / map (u64, option Payment Cash|Card: Card )
";

#[test]
fn fields_variants_and_types_are_in_the_shape() {
    assert_eq!(shape_of::<Order>(), SHAPE);
    assert_shape::<Order>(4, SHAPE);
}

#[test]
#[should_panic(expected = "the shape of `Order` has changed: raise `version` above 4")]
fn a_changed_shape_under_the_same_version_fails() {
    assert_shape::<Order>(4, "items: seq (u8)\n");
}

#[test]
#[should_panic(expected = "`Order` has version 4, the test says 3")]
fn a_raised_version_wants_the_new_shape() {
    assert_shape::<Order>(3, SHAPE);
}
