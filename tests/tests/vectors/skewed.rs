//! Types of other content under the same names: the description and so the keys are those of the true ones.

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
