//! The schemas under attack: those of the vectors, one without anything private, and one with derived fields.

pub(crate) use statecookie_tests::kit::schemas::{Basket, Note, World};
pub(crate) use statecookie_tests::kit::schemas_deep::{Archive, Till};
pub(crate) use statecookie_tests::kit::schemas_wide::{Ladder, Numbers};

use serde::Serialize;
use statecookie::StateCookie;

/// Four tiers, nothing private, the lower two with defaults.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    version = 1,
    session_max = "6h",
    validate = Plain::is_sound,
    tier(3, valid_for = "2h"),
    tier(2, valid_for = "1h"),
    tier(1, valid_for = "10m", or_default),
    tier(0, valid_for = "20s", or_default)
)]
pub(crate) struct Plain {
    #[tier(3)]
    #[immutable]
    pub(crate) longest: u32,
    #[tier(3)]
    #[mutable(any, max_len = 5)]
    pub(crate) name: String,
    #[tier(2)]
    #[immutable]
    pub(crate) articles: Vec<(u16, bool)>,
    #[tier(1)]
    #[mutable(range = 0..=self.longest)]
    pub(crate) at: u32,
    #[tier(0)]
    #[mutable(range = ..=100)]
    pub(crate) speed: i16,
    #[tier(0)]
    #[mutable(any)]
    pub(crate) backwards: bool,
}

/// Derived fields in a tier that has a cookie and in one that has none, below a tier with defaults.
#[derive(StateCookie, Clone, Debug, PartialEq, Serialize)]
#[statecookie(
    version = 1,
    session_max = "6h",
    tier(2, valid_for = "2h"),
    tier(1, valid_for = "10m", or_default)
)]
pub(crate) struct Film {
    #[tier(2)]
    #[immutable]
    pub(crate) length: u32,
    #[tier(2)]
    #[private]
    pub(crate) licence: String,
    #[tier(1)]
    #[mutable(range = ..=8)]
    pub(crate) quality: u8,
    #[tier(1)]
    #[mutable(max_len = 6, derived)]
    pub(crate) subtitle: String,
    #[tier(0)]
    #[mutable(range = 0..=self.length, derived)]
    pub(crate) position: u32,
}

impl Film {
    pub(crate) fn honest_one() -> Self {
        Self {
            length: 90_000,
            licence: "ape".into(),
            quality: 4,
            subtitle: "en".into(),
            position: 300,
        }
    }
}

impl Plain {
    pub(crate) fn honest_one() -> Self {
        Self {
            longest: 1000,
            name: "Ada".into(),
            articles: vec![(1, true), (65_535, false)],
            at: 999,
            speed: -7,
            backwards: true,
        }
    }

    fn is_sound(&self) -> bool {
        !self.backwards || self.speed <= 0
    }
}
