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

/// A `Note` that differs in what its description holds; its own keys follow from that.
macro_rules! twin {
    ($module:ident: $version:literal, $pad:literal, $field:ident: $type:ident, $len:literal, $range:expr) => {
        pub(crate) mod $module {
            use serde::Serialize;
            use statecookie::StateCookie;

            use crate::schemas::Rights;

            #[derive(StateCookie, Clone, Serialize)]
            #[statecookie(version = $version, pad = $pad, tier(0, valid_for = "1h"))]
            pub(crate) struct Note {
                #[tier(0)]
                #[immutable]
                pub(crate) $field: $type,
                #[tier(0)]
                #[private]
                pub(crate) rights: Option<Rights>,
                #[tier(0)]
                #[mutable(max_len = $len)]
                pub(crate) text: String,
                #[tier(0)]
                #[mutable(range = $range)]
                pub(crate) quality: u8,
            }

            type Name = String;

            pub(crate) fn note() -> Note {
                let $field: Name = "Zoë".into();
                Note {
                    $field,
                    rights: None,
                    text: "a".into(),
                    quality: 1,
                }
            }
        }
    };
}

twin!(newer: 2, 16, author: Name, 12, 0..=4);
twin!(padded: 1, 32, author: Name, 12, 0..=4);
twin!(renamed: 1, 16, writer: Name, 12, 0..=4);
twin!(retyped: 1, 16, author: String, 12, 0..=4);
twin!(longer: 1, 16, author: Name, 13, 0..=4);
twin!(wider: 1, 16, author: Name, 12, 0..=5);
twin!(half_open: 1, 16, author: Name, 12, 0..4);
twin!(same: 1, 16, author: Name, 12, 0..=4);
