//! The schemas that the laws are run on.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use statecookie::{MutableValue, StateCookie};

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "30s"))]
pub(crate) struct One {
    #[tier(0)]
    #[immutable]
    pub(crate) name: String,
    #[tier(0)]
    #[private]
    pub(crate) balance: i64,
    #[tier(0)]
    #[mutable(range = 0..=4)]
    pub(crate) quality: u8,
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(
    version = 1,
    tier(1, valid_for = "1h", renew_after = "10%"),
    tier(0, valid_for = "10s", renew_after = "2s")
)]
pub(crate) struct Video {
    #[tier(1)]
    #[immutable]
    pub(crate) title: String,
    #[tier(1)]
    #[immutable]
    pub(crate) duration_ms: u32,
    #[tier(1)]
    #[private]
    pub(crate) licence: [u64; 4],
    #[tier(0)]
    #[mutable(range = 0..=self.duration_ms)]
    pub(crate) position_ms: u32,
    #[tier(0)]
    #[mutable(one_of(0.5, 1.0, 2.0))]
    pub(crate) speed: f32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) name: String,
    pub(crate) count: u16,
    pub(crate) wish: Option<Box<Item>>,
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s", or_default)
)]
pub(crate) struct Shop {
    #[tier(2)]
    #[immutable]
    pub(crate) customer: u64,
    #[tier(2)]
    #[private]
    pub(crate) credit_rating: u16,
    #[tier(1)]
    #[immutable]
    pub(crate) cart: Vec<Item>,
    #[tier(1)]
    #[mutable(range = 0..=4)]
    pub(crate) quality: u8,
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    pub(crate) position: [f32; 3],
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    pub(crate) yaw: f32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, MutableValue)]
pub(crate) enum Mood {
    #[default]
    Calm,
    Hurried,
}

#[derive(Clone, Debug, Default, PartialEq, MutableValue)]
pub(crate) struct Corner {
    #[mutable(range = -10..=10)]
    pub(crate) x: i16,
    #[mutable(max_len = 4)]
    pub(crate) label: String,
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(
    version = 3,
    tier(4, valid_for = "12h"),
    tier(3, valid_for = "3h"),
    tier(2, valid_for = "1h"),
    tier(1, valid_for = "2m", or_default),
    tier(0, valid_for = "30s", or_default),
    session_max = "13h",
    pad = 64
)]
pub(crate) struct Five {
    #[tier(4)]
    #[immutable]
    pub(crate) account: (u128, i8, char),
    #[tier(4)]
    #[private]
    pub(crate) notes: Vec<String>,
    #[tier(3)]
    #[immutable]
    pub(crate) rights: BTreeMap<String, Vec<Option<bool>>>,
    #[tier(2)]
    #[private]
    pub(crate) quota: Result<u64, ()>,
    #[tier(2)]
    #[mutable(any)]
    pub(crate) mood: Mood,
    #[tier(1)]
    #[mutable(max_len = 3)]
    pub(crate) corners: Vec<Corner>,
    #[tier(1)]
    #[mutable(range = ..=Duration::from_secs(60))]
    pub(crate) pause: Duration,
    #[tier(0)]
    #[mutable(max_len = 3, each(max_len = 5))]
    pub(crate) words: Vec<String>,
    #[tier(0)]
    #[mutable(range = 'a'..='z')]
    pub(crate) key: Option<char>,
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
pub(crate) struct AllPrivate {
    #[tier(1)]
    #[private]
    pub(crate) secret: [u8; 32],
    #[tier(0)]
    #[private]
    pub(crate) path: Vec<(u8, String)>,
}

/// Two of its tiers are guarded: what cookies alone promise stays the same.
#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h", guarded),
    tier(1, valid_for = "1h"),
    tier(0, valid_for = "1m", guarded = "accept")
)]
pub(crate) struct Guarded {
    #[tier(2)]
    #[private]
    pub(crate) account: u64,
    #[tier(1)]
    pub(crate) cart: Vec<u16>,
    #[tier(0)]
    #[mutable(range = 0..=9)]
    pub(crate) tries: u8,
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
pub(crate) struct AllMutable {
    #[tier(1)]
    #[mutable(any)]
    pub(crate) wide: u128,
    #[tier(1)]
    #[mutable(range = i64::MIN..0)]
    pub(crate) below: i64,
    #[tier(0)]
    #[mutable(max_len = 200)]
    pub(crate) text: String,
    #[tier(0)]
    #[mutable(any)]
    pub(crate) on: [bool; 9],
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
pub(crate) struct Generic<T, const N: usize>
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + 'static,
{
    #[tier(1)]
    #[immutable]
    pub(crate) inner: Vec<T>,
    #[tier(0)]
    #[mutable(any)]
    pub(crate) switches: [bool; N],
    #[tier(0)]
    #[mutable(range = 1..=6)]
    pub(crate) die: u8,
}

fn is_even(value: &u32) -> bool {
    value.is_multiple_of(2)
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1m"), validate = Paired::fits)]
pub(crate) struct Paired {
    #[tier(0)]
    #[immutable]
    pub(crate) low: u8,
    #[tier(0)]
    #[immutable]
    pub(crate) high: u8,
    #[tier(0)]
    #[mutable(check = is_even)]
    pub(crate) even: u32,
}

impl Paired {
    fn fits(&self) -> bool {
        self.low <= self.high
    }
}

fn is_magic(value: &u64) -> bool {
    *value == 0x5eed_5eed_5eed
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1m"))]
pub(crate) struct Picky {
    #[tier(0)]
    #[mutable(check = is_magic)]
    pub(crate) magic: u64,
}
