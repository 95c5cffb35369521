//! The same state with its position on the wire, for the comparison: whole or in part, on every frame or once a second.

use statecookie::StateCookie;

use super::film::LEAST_KBPS;
use super::playback::playback;

/// One tier: every change sends everything.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "6h"))]
pub struct Whole {
    /// The film's title.
    #[tier(0)]
    pub title: String,
    /// How long it lasts, in milliseconds.
    #[tier(0)]
    pub duration_ms: u32,
    /// The most that the viewer has paid for, in kbit/s.
    #[tier(0)]
    pub licence_kbps: u32,
    /// The contract behind the licence.
    #[tier(0)]
    #[private]
    pub contract: u64,
    /// The RTP source.
    #[tier(0)]
    pub ssrc: u32,
    /// The RTP timestamp of the film's beginning.
    #[tier(0)]
    pub base: u32,
    /// What is sent, in kbit/s.
    #[tier(0)]
    #[mutable(range = LEAST_KBPS..=self.licence_kbps)]
    pub bit_rate_kbps: u32,
    /// Up to where the film was shown, in milliseconds.
    #[tier(0)]
    #[mutable(range = 0..=self.duration_ms)]
    pub position_ms: u32,
}

/// Three tiers: a frame changes the lowest alone.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "6h"),
    tier(1, valid_for = "1h"),
    tier(0, valid_for = "1m")
)]
pub struct Partial {
    /// The film's title.
    #[tier(2)]
    pub title: String,
    /// How long it lasts, in milliseconds.
    #[tier(2)]
    pub duration_ms: u32,
    /// The most that the viewer has paid for, in kbit/s.
    #[tier(2)]
    pub licence_kbps: u32,
    /// The contract behind the licence.
    #[tier(2)]
    #[private]
    pub contract: u64,
    /// The RTP source.
    #[tier(2)]
    pub ssrc: u32,
    /// The RTP timestamp of the film's beginning.
    #[tier(2)]
    pub base: u32,
    /// What is sent, in kbit/s.
    #[tier(1)]
    #[mutable(range = LEAST_KBPS..=self.licence_kbps)]
    pub bit_rate_kbps: u32,
    /// Up to where the film was shown, in milliseconds.
    #[tier(0)]
    #[mutable(range = 0..=self.duration_ms)]
    pub position_ms: u32,
}

/// The same three tiers, but the lowest one is sent once a second: a fail-over may repeat so much.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "6h"),
    tier(1, valid_for = "1h"),
    tier(0, valid_for = "1m", at_most_every = "1s")
)]
pub struct Approximated {
    /// The film's title.
    #[tier(2)]
    pub title: String,
    /// How long it lasts, in milliseconds.
    #[tier(2)]
    pub duration_ms: u32,
    /// The most that the viewer has paid for, in kbit/s.
    #[tier(2)]
    pub licence_kbps: u32,
    /// The contract behind the licence.
    #[tier(2)]
    #[private]
    pub contract: u64,
    /// The RTP source.
    #[tier(2)]
    pub ssrc: u32,
    /// The RTP timestamp of the film's beginning.
    #[tier(2)]
    pub base: u32,
    /// What is sent, in kbit/s.
    #[tier(1)]
    #[mutable(range = LEAST_KBPS..=self.licence_kbps)]
    pub bit_rate_kbps: u32,
    /// Up to where the film was shown, in milliseconds.
    #[tier(0)]
    #[mutable(range = 0..=self.duration_ms)]
    pub position_ms: u32,
}

playback!(Whole, kept);
playback!(Partial, kept);
playback!(Approximated, kept);

#[cfg(test)]
mod tests;
