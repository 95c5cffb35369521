//! The schemas of the vectors: one, two and three tiers, every class and shape; and skewed twins of one of them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};
use statecookie::{MutableValue, StateCookie};

/// One tier.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
pub(crate) struct Note {
    #[tier(0)]
    #[immutable]
    pub(crate) author: Name,
    #[tier(0)]
    #[private]
    pub(crate) rights: Option<Rights>,
    #[tier(0)]
    #[mutable(max_len = 12)]
    pub(crate) text: String,
    #[tier(0)]
    #[mutable(range = 0..=4)]
    pub(crate) quality: u8,
}

pub(crate) type Name = String;

/// What an enum of every kind of variant looks like in a signed field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Rights {
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
pub(crate) struct Basket {
    #[tier(1)]
    #[immutable]
    pub(crate) customer: u64,
    #[tier(1)]
    #[immutable]
    pub(crate) least: u16,
    #[tier(1)]
    #[immutable]
    pub(crate) limit: u16,
    #[tier(1)]
    #[private]
    pub(crate) rebate: u16,
    #[tier(0)]
    #[mutable(range = self.least..=self.limit * 2)]
    pub(crate) quantity: u16,
    #[tier(0)]
    #[mutable(one_of("", "EUR", "USD"), max_len = 3)]
    pub(crate) currency: String,
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
pub(crate) struct World {
    #[tier(2)]
    #[immutable]
    pub(crate) account: u64,
    #[tier(2)]
    #[immutable]
    pub(crate) roles: Vec<Rights>,
    #[tier(2)]
    #[private]
    pub(crate) rating: i32,
    #[tier(2)]
    #[private]
    pub(crate) seen: BTreeMap<String, u16>,
    #[tier(1)]
    #[immutable]
    pub(crate) cart: Vec<Item>,
    #[tier(1)]
    #[mutable(range = 'a'..='f')]
    pub(crate) letter: char,
    #[tier(1)]
    #[mutable(check = is_even)]
    pub(crate) step: u32,
    #[tier(1)]
    #[mutable(any)]
    pub(crate) mode: Mode,
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    pub(crate) position: [[f32; 2]; 2],
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    pub(crate) yaw: f64,
    #[tier(0)]
    #[mutable(max_len = 3, each(max_len = 8))]
    pub(crate) tags: Vec<String>,
    #[tier(0)]
    #[mutable(range(max = Duration::from_secs(5)))]
    pub(crate) pause: Duration,
    #[tier(0)]
    #[mutable(range = -1000..1000)]
    pub(crate) offset: i64,
    #[tier(0)]
    #[mutable(any)]
    pub(crate) spot: Spot,
    #[tier(0)]
    #[mutable(range = 0..=9)]
    pub(crate) digit: Option<u8>,
    #[tier(0)]
    #[mutable(any)]
    #[serde(serialize_with = "as_text")]
    pub(crate) wide: u128,
    #[tier(0)]
    #[mutable(any)]
    pub(crate) ready: bool,
    #[tier(0)]
    #[mutable(one_of(None, Some(3)))]
    pub(crate) choice: Option<u8>,
}

impl World {
    fn is_sound(&self) -> bool {
        self.step <= 1000
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) count: u32,
    pub(crate) price: (i64, bool),
}

#[derive(MutableValue, Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) enum Mode {
    Walk,
    Run,
    Fly,
}

#[derive(MutableValue, Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Spot {
    #[mutable(range = 0..=99)]
    pub(crate) x: u16,
    #[mutable(any, max_len = 4)]
    pub(crate) label: String,
}

fn is_even(step: &u32) -> bool {
    step.is_multiple_of(2)
}

fn as_text<S: Serializer>(wide: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&wide.to_string())
}

/// Types of other content under the same names: the description and so the keys are those of the true ones.
pub(crate) mod skewed {
    use serde::{Deserialize, Serialize};
    use statecookie::StateCookie;

    #[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
    #[statecookie(version = 1, tier(0, valid_for = "1h"))]
    pub(crate) struct Note {
        #[tier(0)]
        #[immutable]
        pub(crate) author: Name,
        #[tier(0)]
        #[private]
        pub(crate) rights: Option<Rights>,
        #[tier(0)]
        #[mutable(max_len = 12)]
        pub(crate) text: String,
        #[tier(0)]
        #[mutable(range = 0..=4)]
        pub(crate) quality: u8,
    }

    pub(crate) type Name = Vec<u8>;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub(crate) enum Rights {
        Guest(u8),
        Editor(u16, u16),
        Owner { since: u64, shared: u8 },
        Admin,
    }
}
