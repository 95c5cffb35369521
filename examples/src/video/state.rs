//! The state of a viewer: the struct that a user of the library annotates.

use statecookie::StateCookie;

use super::film::LEAST_KBPS;
use super::playback::playback;

/// One viewer's film on one server. The position has no cookie at all: the client reads it off the RTP timestamps that it
/// gets anyway, and supplies it when it goes to another server.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(2, valid_for = "6h"), tier(1, valid_for = "1h"))]
pub struct Derived {
    /// The film's title.
    #[tier(2)]
    #[immutable]
    pub title: String,
    /// How long it lasts, in milliseconds.
    #[tier(2)]
    #[immutable]
    pub duration_ms: u32,
    /// The most that the viewer has paid for, in kbit/s.
    #[tier(2)]
    #[immutable]
    pub licence_kbps: u32,
    /// The contract behind the licence; no business of the viewer's.
    #[tier(2)]
    #[private]
    pub contract: u64,
    /// The RTP source (SSRC), the same on every server.
    #[tier(2)]
    #[immutable]
    pub ssrc: u32,
    /// The RTP timestamp of the film's beginning.
    #[tier(2)]
    #[immutable]
    pub base: u32,
    /// What is sent, in kbit/s: the viewer's choice, within the licence.
    #[tier(1)]
    #[mutable(range = LEAST_KBPS..=self.licence_kbps)]
    pub bit_rate_kbps: u32,
    /// Up to where the film was shown, in milliseconds.
    #[tier(0)]
    #[mutable(range = 0..=self.duration_ms, derived)]
    pub position_ms: u32,
}

playback!(Derived, derived);
