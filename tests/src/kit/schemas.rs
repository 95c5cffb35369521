//! The first three schemas: one, two and three tiers, every class and many shapes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use statecookie::{MutableValue, StateCookie};

/// One tier.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
pub struct Note {
    #[tier(0)]
    #[immutable]
    pub author: Name,
    #[tier(0)]
    #[private]
    pub rights: Option<Rights>,
    #[tier(0)]
    #[mutable(max_len = 12)]
    pub text: String,
    #[tier(0)]
    #[mutable(range = 0..=4)]
    pub quality: u8,
}

pub type Name = String;

/// What an enum of every kind of variant looks like in a signed field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Rights {
    Guest,
    Editor(u16),
    Owner { since: u64, shared: bool },
}

/// Two tiers, a signed bound, a list of choices.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    version = 3,
    session_max = "8h",
    tier(1, valid_for = "3h"),
    tier(0, valid_for = "10m", or_default)
)]
pub struct Basket {
    #[tier(1)]
    #[immutable]
    pub customer: u64,
    #[tier(1)]
    #[immutable]
    pub least: u16,
    #[tier(1)]
    #[immutable]
    pub limit: u16,
    #[tier(1)]
    #[private]
    pub rebate: u16,
    #[tier(0)]
    #[mutable(range = self.least..=self.limit * 2)]
    pub quantity: u16,
    #[tier(0)]
    #[mutable(one_of("", "EUR", "USD"), max_len = 3)]
    pub currency: String,
}

/// Three tiers, every class and many shapes.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    version = 2,
    pad = 8,
    validate = World::is_sound,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "30m"),
    tier(0, valid_for = "30s", or_default)
)]
pub struct World {
    #[tier(2)]
    #[immutable]
    pub account: u64,
    #[tier(2)]
    #[immutable]
    pub roles: Vec<Rights>,
    #[tier(2)]
    #[private]
    pub rating: i32,
    #[tier(2)]
    #[private]
    pub seen: BTreeMap<String, u16>,
    #[tier(1)]
    #[immutable]
    pub cart: Vec<Item>,
    #[tier(1)]
    #[mutable(range = 'a'..='f')]
    pub letter: char,
    #[tier(1)]
    #[mutable(check = is_even)]
    pub step: u32,
    #[tier(1)]
    #[mutable(any)]
    pub mode: Mode,
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    pub position: [[f32; 2]; 2],
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    pub yaw: f64,
    #[tier(0)]
    #[mutable(max_len = 3, each(max_len = 8))]
    pub tags: Vec<String>,
    #[tier(0)]
    #[mutable(range(max = Duration::from_secs(5)))]
    pub pause: Duration,
    #[tier(0)]
    #[mutable(range = -1000..1000)]
    pub offset: i64,
    #[tier(0)]
    #[mutable(any)]
    pub spot: Spot,
    #[tier(0)]
    #[mutable(range = 0..=9)]
    pub digit: Option<u8>,
    #[tier(0)]
    #[mutable(any)]
    #[serde(serialize_with = "as_text")]
    pub wide: u128,
    #[tier(0)]
    #[mutable(any)]
    pub ready: bool,
    #[tier(0)]
    #[mutable(one_of(None, Some(3)))]
    pub choice: Option<u8>,
}

impl World {
    fn is_sound(&self) -> bool {
        self.step <= 1000
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub name: String,
    pub count: u32,
    pub price: (i64, bool),
}

#[derive(MutableValue, Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Mode {
    Walk,
    Run,
    Fly,
}

#[derive(MutableValue, Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spot {
    #[mutable(range = 0..=99)]
    pub x: u16,
    #[mutable(any, max_len = 4)]
    pub label: String,
}

fn is_even(step: &u32) -> bool {
    step.is_multiple_of(2)
}

fn as_text<S: Serializer>(wide: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&wide.to_string())
}
