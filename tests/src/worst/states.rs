//! The states whose values are worst: deep, dense, long, of no size.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use statecookie::{MutableValue, StateCookie};

/// One immutable value, of any type.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
pub struct Signed<T: Serialize + DeserializeOwned + 'static> {
    /// What it is.
    #[tier(0)]
    #[immutable]
    pub value: T,
}

/// One private value, of any type, padded as far as padding goes.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, pad = 4096, tier(0, valid_for = "1h"))]
pub struct Hidden<T: Serialize + DeserializeOwned + 'static> {
    /// What it is.
    #[tier(0)]
    #[private]
    pub value: T,
}

/// A list that the client may make as long as a bundle can be.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
pub struct List<T: MutableValue + PartialEq + Clone + fmt::Debug> {
    /// What it is.
    #[tier(0)]
    #[mutable(any, max_len = 65_524)]
    pub value: Vec<T>,
}

/// A text that the client may make as long as a bundle can be.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
pub struct Text {
    /// What it is.
    #[tier(0)]
    #[mutable(max_len = 65_524)]
    pub value: String,
}

/// Texts, as many and as long as a bundle can carry.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
pub struct Texts {
    /// What it is.
    #[tier(0)]
    #[mutable(max_len = 65_524, each(max_len = 65_524))]
    pub value: Vec<String>,
}

/// Lists of lists of lists.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
pub struct Nested {
    /// What it is.
    #[tier(0)]
    #[mutable(any, max_len = 65_524, each(max_len = 65_524, each(max_len = 65_524)))]
    pub value: Vec<Vec<Vec<u8>>>,
}

/// Eight tiers, each with an immutable text.
#[derive(StateCookie, Clone, Debug, Default, PartialEq)]
#[statecookie(
    version = 1,
    tier(7, valid_for = "1h"),
    tier(6, valid_for = "1h"),
    tier(5, valid_for = "1h"),
    tier(4, valid_for = "1h"),
    tier(3, valid_for = "1h"),
    tier(2, valid_for = "1h"),
    tier(1, valid_for = "1h"),
    tier(0, valid_for = "1h")
)]
pub struct Tall {
    /// The root's.
    #[tier(7)]
    pub root: String,
    /// Tier 6's.
    #[tier(6)]
    pub six: String,
    /// Tier 5's.
    #[tier(5)]
    pub five: String,
    /// Tier 4's.
    #[tier(4)]
    pub four: String,
    /// Tier 3's.
    #[tier(3)]
    pub three: String,
    /// Tier 2's.
    #[tier(2)]
    pub two: String,
    /// Tier 1's.
    #[tier(1)]
    pub one: String,
    /// Tier 0's.
    #[tier(0)]
    pub lowest: String,
}

impl Tall {
    /// The state with the same text in every tier.
    pub fn of(text: &str) -> Self {
        let text = || text.to_owned();
        Self {
            root: text(),
            six: text(),
            five: text(),
            four: text(),
            three: text(),
            two: text(),
            one: text(),
            lowest: text(),
        }
    }
}

/// A type that holds lists of itself: two levels of nesting for each.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Tree(pub Vec<Tree>);

/// A type that holds itself: one level of nesting for each.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub enum Onion {
    /// The last one.
    Core,
    /// One more.
    Layer(Box<Onion>),
}

/// A type that holds itself beside much else, all of which each level keeps on the stack until it is complete.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Wide {
    /// Much else: as many bytes on the wire.
    pub much: [u64; 32],
    /// One more.
    pub next: Option<Box<Wide>>,
}

/// What takes one byte on the wire and much in memory.
pub type Roomy = Option<[u64; 32]>;
