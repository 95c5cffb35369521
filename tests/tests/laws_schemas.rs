//! The laws of the protocol, run on schemas of all sorts: one to five tiers, every class alone, generic, nested.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use statecookie::testing::{Laws, laws, laws_with};
use statecookie::{MutableValue, StateCookie};

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "30s"))]
struct One {
    #[tier(0)]
    #[immutable]
    name: String,
    #[tier(0)]
    #[private]
    balance: i64,
    #[tier(0)]
    #[mutable(range = 0..=4)]
    quality: u8,
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(
    version = 1,
    tier(1, valid_for = "1h", renew_after = "10%"),
    tier(0, valid_for = "10s", renew_after = "2s")
)]
struct Video {
    #[tier(1)]
    #[immutable]
    title: String,
    #[tier(1)]
    #[immutable]
    duration_ms: u32,
    #[tier(1)]
    #[private]
    licence: [u64; 4],
    #[tier(0)]
    #[mutable(range = 0..=self.duration_ms)]
    position_ms: u32,
    #[tier(0)]
    #[mutable(one_of(0.5, 1.0, 2.0))]
    speed: f32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Item {
    name: String,
    count: u16,
    wish: Option<Box<Item>>,
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s", or_default)
)]
struct Shop {
    #[tier(2)]
    #[immutable]
    customer: u64,
    #[tier(2)]
    #[private]
    credit_rating: u16,
    #[tier(1)]
    #[immutable]
    cart: Vec<Item>,
    #[tier(1)]
    #[mutable(range = 0..=4)]
    quality: u8,
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    position: [f32; 3],
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    yaw: f32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, MutableValue)]
enum Mood {
    #[default]
    Calm,
    Hurried,
}

#[derive(Clone, Debug, Default, PartialEq, MutableValue)]
struct Corner {
    #[mutable(range = -10..=10)]
    x: i16,
    #[mutable(max_len = 4)]
    label: String,
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
struct Five {
    #[tier(4)]
    #[immutable]
    account: (u128, i8, char),
    #[tier(4)]
    #[private]
    notes: Vec<String>,
    #[tier(3)]
    #[immutable]
    rights: BTreeMap<String, Vec<Option<bool>>>,
    #[tier(2)]
    #[private]
    quota: Result<u64, ()>,
    #[tier(2)]
    #[mutable(any)]
    mood: Mood,
    #[tier(1)]
    #[mutable(max_len = 3)]
    corners: Vec<Corner>,
    #[tier(1)]
    #[mutable(range = ..=Duration::from_secs(60))]
    pause: Duration,
    #[tier(0)]
    #[mutable(max_len = 3, each(max_len = 5))]
    words: Vec<String>,
    #[tier(0)]
    #[mutable(range = 'a'..='z')]
    key: Option<char>,
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
struct AllPrivate {
    #[tier(1)]
    #[private]
    secret: [u8; 32],
    #[tier(0)]
    #[private]
    path: Vec<(u8, String)>,
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
struct AllMutable {
    #[tier(1)]
    #[mutable(any)]
    wide: u128,
    #[tier(1)]
    #[mutable(range = i64::MIN..0)]
    below: i64,
    #[tier(0)]
    #[mutable(max_len = 200)]
    text: String,
    #[tier(0)]
    #[mutable(any)]
    on: [bool; 9],
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
struct Generic<T, const N: usize>
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + 'static,
{
    #[tier(1)]
    #[immutable]
    inner: Vec<T>,
    #[tier(0)]
    #[mutable(any)]
    switches: [bool; N],
    #[tier(0)]
    #[mutable(range = 1..=6)]
    die: u8,
}

fn is_even(value: &u32) -> bool {
    value % 2 == 0
}

#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1m"), validate = Paired::fits)]
struct Paired {
    #[tier(0)]
    #[immutable]
    low: u8,
    #[tier(0)]
    #[immutable]
    high: u8,
    #[tier(0)]
    #[mutable(check = is_even)]
    even: u32,
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
struct Picky {
    #[tier(0)]
    #[mutable(check = is_magic)]
    magic: u64,
}

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
