//! A schema with every class and every kind of bound, in a crate that knows the library under another name only.
#![forbid(unsafe_code)]

use std::time::Duration;

use cookie_state::{MutableValue, StateCookie};
use serde::{Deserialize, Serialize};

/// A line of the cart: signed, and none of the library's business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What.
    pub article: String,
    /// How many.
    pub count: u16,
}

/// A field-less enum as a mutable value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, MutableValue)]
#[statecookie(crate = ::cookie_state)]
pub enum Mood {
    /// In no hurry.
    #[default]
    Calm,
    /// In a hurry.
    Hurried,
}

/// A struct of bounded fields as a mutable value.
#[derive(Clone, Debug, Default, PartialEq, MutableValue)]
#[statecookie(crate = ::cookie_state)]
pub struct Corner {
    /// Metres from the entrance.
    #[mutable(range = -10..=10)]
    pub x: i16,
    /// What the visitor calls it.
    #[mutable(max_len = 4)]
    pub label: String,
}

/// A state with every class, every kind of bound and every option.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    crate = ::cookie_state,
    name = "visit",
    version = 7,
    tier(2, valid_for = "3h", renew_after = "1h"),
    tier(1, valid_for = "10m", renew_after = "40%"),
    tier(0, valid_for = "30s", or_default),
    session_max = "12h",
    pad = 32,
    max_cookie_len = 4_000,
    validate = Visit::has_room
)]
pub struct Visit {
    /// Read by the client, changed by nobody but the server.
    #[tier(2)]
    #[immutable]
    pub customer: u64,
    /// The end of a signed bound.
    #[tier(2)]
    pub limit: u16,
    /// Not even read.
    #[tier(2)]
    #[private]
    pub credit_rating: Option<u32>,
    /// Of any length.
    #[tier(1)]
    #[immutable]
    pub cart: Vec<Item>,
    /// A signed bound.
    #[tier(1)]
    #[mutable(range = 1..=self.limit.saturating_add(1))]
    pub places: u16,
    /// A list.
    #[tier(1)]
    #[mutable(one_of(0.5, 1.0, 2.0))]
    pub speed: f32,
    /// A function.
    #[tier(1)]
    #[mutable(check = is_even)]
    pub even: u32,
    /// The namespaced form.
    #[state(tier = 1, private)]
    pub notes: [u8; 3],
    /// A range of every element.
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    pub position: [f32; 3],
    /// Both lengths.
    #[tier(0)]
    #[mutable(max_len = 3, each(max_len = 5))]
    pub words: Vec<String>,
    /// Any variant.
    #[tier(0)]
    #[mutable(any)]
    pub mood: Mood,
    /// Bounds inside.
    #[tier(0)]
    #[mutable(max_len = 2)]
    pub corners: Vec<Corner>,
    /// A range of durations.
    #[state(tier = 0, mutable(range = ..=Duration::from_secs(60)))]
    pub pause: Duration,
}

/// A generic state: the where-clauses name the library too.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(crate = ::cookie_state, version = 1, tier(0, valid_for = "1m"))]
pub struct Generic<T: Clone + PartialEq, const N: usize> {
    /// Signed, of any type.
    #[tier(0)]
    pub signed: T,
    /// Of any length.
    #[tier(0)]
    #[mutable(range = 0..=3)]
    pub fixed: [u8; N],
}

fn is_even(value: &u32) -> bool {
    value.is_multiple_of(2)
}

impl Visit {
    /// Across fields.
    fn has_room(&self) -> Result<(), &'static str> {
        if self.cart.len() <= 100 {
            Ok(())
        } else {
            Err("the cart is full")
        }
    }
}
