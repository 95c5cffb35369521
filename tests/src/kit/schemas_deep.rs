//! Two more schemas: one whose parts must fit each other, and one of what the general codec can nest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use statecookie::StateCookie;

use super::schemas_wide::as_number;

/// Signed bounds of several kinds, and a validation across tiers and classes, defaults included.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    version = 1,
    session_max = "6h",
    pad = 32,
    validate = Till::adds_up,
    tier(2, valid_for = "2h", renew_after = "30m"),
    tier(1, valid_for = "20m"),
    tier(0, valid_for = "90s", or_default)
)]
pub struct Till {
    #[tier(2)]
    #[immutable]
    pub floor: i64,
    #[tier(2)]
    #[immutable]
    pub ceiling: i64,
    #[tier(2)]
    #[private]
    pub limit: u32,
    #[tier(1)]
    #[immutable]
    #[serde(serialize_with = "as_number")]
    pub rate: f64,
    #[tier(1)]
    #[immutable]
    pub slots: u8,
    #[tier(1)]
    #[mutable(range = self.floor..=self.ceiling)]
    pub amount: i64,
    #[tier(1)]
    #[mutable(range = -self.rate..self.rate * 2.0)]
    #[serde(serialize_with = "as_number")]
    pub ratio: f64,
    #[tier(1)]
    #[mutable(range = 1..self.slots.saturating_sub(1), max_len = 4)]
    pub places: Vec<Option<u8>>,
    #[tier(0)]
    #[mutable(range = self.floor - 10..=self.ceiling + 10)]
    pub last: i64,
    #[tier(0)]
    #[mutable(any)]
    pub confirmed: bool,
    #[tier(0)]
    #[mutable(range = 0..=100)]
    pub tip: u8,
}

impl Till {
    fn adds_up(&self) -> bool {
        let whole = self.amount <= 1000 || self.confirmed;
        let paid = i128::from(self.amount) + i128::from(self.tip) <= i128::from(self.limit);
        whole && paid && self.places.len() <= usize::from(self.slots)
    }
}

/// Immutable and private values that nest: every kind of the general codec's table.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    version = 1,
    session_max = "48h",
    pad = 64,
    tier(1, valid_for = "24h"),
    tier(0, valid_for = "1h")
)]
pub struct Archive {
    #[tier(1)]
    #[immutable]
    pub tree: Tree,
    #[tier(1)]
    #[immutable]
    pub seal: Seal,
    #[tier(1)]
    #[private]
    pub chest: Chest,
    #[tier(0)]
    #[immutable]
    pub marks: Vec<Unit>,
    #[tier(0)]
    #[immutable]
    pub pages: Pages,
    #[tier(0)]
    #[mutable(any)]
    pub read: bool,
}

/// Holds itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Tree {
    Leaf,
    Twig(u8),
    Fork(Box<Tree>, Box<Tree>),
    Crown { name: String, boughs: Vec<Tree> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seal(pub String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chest {
    pub unit: Unit,
    pub nothing: (),
    pub pair: Pair,
    pub nest: Option<Box<Chest>>,
    pub words: BTreeMap<String, Vec<Option<i16>>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pair(pub char, #[serde(serialize_with = "as_number")] pub f32);

/// A byte string.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pages(pub Vec<u8>);

impl Serialize for Pages {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Pages {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(Bytes)
    }
}

struct Bytes;

impl serde::de::Visitor<'_> for Bytes {
    type Value = Pages;

    fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("bytes")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Pages, E> {
        Ok(Pages(bytes.to_vec()))
    }
}
