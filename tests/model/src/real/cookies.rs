//! Updates cut into cookies and bundles put together, by `docs/wire-format.md`, section 8, and without the library.

use crate::model::accept::Presented;
use crate::model::rules::Rules;
use crate::model::state::{MAX_TIERS, NONE, SLOTS};

/// The bytes of one cookie as issued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CookieBytes {
    pub(crate) signed: Vec<u8>,
    pub(crate) mutable: Vec<u8>,
}

/// What an update carried.
#[derive(Clone, Debug, Default)]
pub(crate) struct UpdateBytes {
    pub(crate) blob: Vec<u8>,
    /// By tier; empty above the highest one.
    pub(crate) cookies: [CookieBytes; MAX_TIERS],
}

/// Every update issued so far, by its place in the model's table.
pub(crate) type Issued = [UpdateBytes; SLOTS];

const TAG: usize = 16;
const BUNDLE: u8 = 1 << 5 | 1 << 3;

impl CookieBytes {
    pub(crate) fn tag(&self) -> &[u8] {
        &self.signed[self.signed.len().saturating_sub(TAG)..]
    }
}

/// Cuts an update; every mutable section here is one byte long.
pub(crate) fn cut(blob: &[u8]) -> Option<UpdateBytes> {
    let count = usize::from(blob.first()? & 7) + 1;
    let mut update = UpdateBytes {
        blob: blob.to_vec(),
        ..UpdateBytes::default()
    };
    let mut rest = &blob[1..];
    for tier in (0..count).rev() {
        let (len, after) = rest.split_first()?;
        // No cookie here is longer than one byte of length can say.
        let (cookie, after) = after
            .split_at_checked(usize::from(*len))
            .filter(|_| *len < 128)?;
        let (signed, mutable) = cookie.split_at_checked(cookie.len().checked_sub(1)?)?;
        update.cookies[tier] = CookieBytes {
            signed: signed.to_vec(),
            mutable: mutable.to_vec(),
        };
        rest = after;
    }
    rest.is_empty().then_some(update)
}

/// The bundle that a client makes of those cookies with those values.
pub(crate) fn bundle(rules: &Rules, issued: &Issued, presented: &Presented) -> Vec<u8> {
    let tiers = || {
        (0..rules.tiers)
            .rev()
            .filter(|tier| presented.cookies[*tier] != NONE)
    };
    let mut bytes = vec![BUNDLE | (tiers().count() as u8).wrapping_sub(1) & 7];
    for tier in tiers() {
        let cookie = &issued[presented.cookies[tier] as usize].cookies[tier];
        bytes.push(cookie.signed.len() as u8 + 1);
        bytes.extend(&cookie.signed);
        bytes.push(presented.mutable[tier]);
    }
    bytes
}
