//! Two more schemas: values that the client derives, and values and tiers that a server sends approximately.

use serde::Serialize;
use statecookie::{MutableValue, StateCookie};

/// Two tiers on the wire: the source's lowest is wholly derived. Bounds that are fixed, signed and nested.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    version = 4,
    session_max = "6h",
    validate = Film::is_legible,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m", or_default)
)]
pub struct Film {
    #[tier(0)]
    #[mutable(range = 0..=self.length_ms, derived)]
    pub position_ms: u32,
    #[tier(2)]
    #[immutable]
    pub length_ms: u32,
    #[tier(2)]
    #[private]
    pub licence: String,
    #[tier(2)]
    #[mutable(range = 0..=100, derived)]
    pub volume: u8,
    #[tier(1)]
    #[mutable(range = 0..=8)]
    pub quality: u8,
    #[tier(1)]
    #[mutable(max_len = 6, derived)]
    pub subtitle: String,
    #[tier(0)]
    #[mutable(any, derived)]
    pub viewport: Viewport,
}

impl Film {
    fn is_legible(&self) -> bool {
        self.quality > 0 || self.subtitle.is_empty()
    }
}

#[derive(MutableValue, Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Viewport {
    #[mutable(range = 1..=7680)]
    pub width: u16,
    #[mutable(one_of(0.5, 1.0, 2.0))]
    pub zoom: f32,
}

/// What a server holds back changes nothing on the wire, nor in the description.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    version = 1,
    session_max = "12h",
    tier(1, valid_for = "2h", at_most_every = "1s"),
    tier(0, valid_for = "1m", at_most_every = "100ms")
)]
pub struct Glider {
    #[tier(1)]
    #[immutable]
    pub pilot: u32,
    #[tier(1)]
    #[private]
    #[approx(tolerance = 5)]
    pub rating: i16,
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    #[approx(tolerance = 0.5)]
    pub position: [f32; 3],
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    #[approx(tolerance = 1.0, wrap = 360.0)]
    pub yaw: f64,
    #[tier(0)]
    #[mutable(any)]
    pub landed: bool,
}
