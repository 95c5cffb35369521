//! Two more schemas: eight tiers; and every type of number, with every kind of range.

use std::time::Duration;

use serde::{Serialize, Serializer};
use statecookie::StateCookie;

use super::schemas::{Mode, Spot};

/// As many tiers as there can be: some without mutable fields, one with nothing but a private one, three `or_default`.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    version = 1,
    session_max = "12h",
    tier(7, valid_for = "6h"),
    tier(6, valid_for = "5h"),
    tier(5, valid_for = "4h"),
    tier(4, valid_for = "3h", renew_after = "10%"),
    tier(3, valid_for = "2h"),
    tier(2, valid_for = "1h", or_default),
    tier(1, valid_for = "10m", or_default),
    tier(0, valid_for = "61s", renew_after = "7s", or_default)
)]
pub struct Ladder {
    #[tier(7)]
    #[immutable]
    pub house: u32,
    #[tier(6)]
    #[private]
    pub pin: String,
    #[tier(5)]
    #[mutable(any)]
    pub open: bool,
    #[tier(4)]
    #[immutable]
    pub floors: [u8; 3],
    #[tier(4)]
    #[private]
    pub key: (u8, Option<char>),
    #[tier(3)]
    #[mutable(range = 1..)]
    pub level: u32,
    #[tier(2)]
    #[mutable(range = -1..=1)]
    pub lean: i8,
    #[tier(1)]
    #[mutable(any, max_len = 4)]
    pub name: String,
    #[tier(0)]
    #[mutable(range = 0..=9)]
    pub step: u8,
}

/// Every number, signed and not; ranges closed, half-open and without an end; nothing is padded.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    name = "all numbers",
    version = 70_000,
    pad = 1,
    tier(1, valid_for = "2h"),
    tier(0, valid_for = "31s")
)]
pub struct Numbers {
    #[tier(1)]
    #[immutable]
    pub tiny: i8,
    #[tier(1)]
    #[immutable]
    pub short: i16,
    #[tier(1)]
    #[immutable]
    pub plain: i32,
    #[tier(1)]
    #[immutable]
    pub long: i64,
    #[tier(1)]
    #[immutable]
    #[serde(serialize_with = "as_text")]
    pub huge: i128,
    #[tier(1)]
    #[immutable]
    pub size: usize,
    #[tier(1)]
    #[immutable]
    pub shift: isize,
    #[tier(1)]
    #[immutable]
    #[serde(serialize_with = "as_number")]
    pub ratio: f32,
    #[tier(1)]
    #[immutable]
    #[serde(serialize_with = "as_number")]
    pub exact: f64,
    #[tier(1)]
    #[immutable]
    pub sign: char,
    #[tier(1)]
    #[immutable]
    pub wait: Duration,
    #[tier(1)]
    #[private]
    pub code: u16,
    #[tier(1)]
    #[private]
    pub known: bool,
    #[tier(0)]
    #[mutable(range = -3..=3)]
    pub a: i8,
    #[tier(0)]
    #[mutable(range = ..0)]
    pub b: i16,
    #[tier(0)]
    #[mutable(range = 1..)]
    pub c: i32,
    #[tier(0)]
    #[mutable(any)]
    pub d: u64,
    #[tier(0)]
    #[mutable(range(min = -170_141_183_460_469_231_731_687_303_715_884_105_727))]
    #[serde(serialize_with = "as_text")]
    pub e: i128,
    #[tier(0)]
    #[mutable(range = ..=1_099_511_627_776)]
    pub f: usize,
    #[tier(0)]
    #[mutable(range = -1.0..)]
    pub g: f32,
    #[tier(0)]
    #[mutable(range = 0.1..=f64::INFINITY)]
    #[serde(serialize_with = "as_number")]
    pub h: f64,
    #[tier(0)]
    #[mutable(any)]
    #[serde(serialize_with = "as_number")]
    pub i: f64,
    #[tier(0)]
    #[mutable(one_of(0.0, 0.1, f32::NEG_INFINITY))]
    #[serde(serialize_with = "as_number")]
    pub j: f32,
    #[tier(0)]
    #[mutable(range = 10..=20)]
    pub k: [Option<u16>; 2],
    #[tier(0)]
    #[mutable(range = ..100, max_len = 2, each(max_len = 3))]
    pub l: Vec<Vec<u8>>,
    #[tier(0)]
    #[mutable(any, max_len = 3)]
    pub m: Option<String>,
    #[tier(0)]
    #[mutable(range(min = Duration::from_millis(1), max = Duration::from_secs(3)), max_len = 2)]
    pub n: Vec<Duration>,
    #[tier(0)]
    #[mutable(any, max_len = 3)]
    pub o: Vec<Mode>,
    #[tier(0)]
    #[mutable(any, max_len = 2)]
    pub p: Vec<Spot>,
    #[tier(0)]
    #[mutable(range = 'a'..)]
    pub q: char,
    #[tier(0)]
    #[mutable(range = ..isize::MAX)]
    pub r: isize,
}

fn as_text<S: Serializer>(number: &i128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&number.to_string())
}

/// JSON has numbers that are finite only.
pub(super) fn as_number<S: Serializer>(
    number: &(impl Into<f64> + Copy + Serialize),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let wide: f64 = (*number).into();
    if serializer.is_human_readable() && !wide.is_finite() {
        serializer.serialize_str(&wide.to_string())
    } else {
        number.serialize(serializer)
    }
}
