//! Updates cut into cookies and put together again, as a client that means no good would.

use alloc::vec::Vec;

use crate::bytes::put_prefixed;
use crate::schema::{StateCookie, derived_values};
use crate::wire::{Blob, Cookie, Kind, MAX_BLOB};

/// The bytes of the cookies of a blob, from the highest tier down; none if it cannot be read.
pub(super) fn cut(blob: &[u8]) -> Vec<Vec<u8>> {
    let Ok(blob) = Blob::parse(blob, MAX_BLOB) else {
        return Vec::new();
    };
    let whole = |cookie: &Cookie<'_>| [cookie.signed_part(), cookie.mutable()].concat();
    blob.cookies.iter().map(whole).collect()
}

/// Cookies as a bundle, with the values that the state's derived fields have.
pub(super) fn bundle<S: StateCookie>(cookies: &[Vec<u8>], state: &S) -> Vec<u8> {
    bundle_with(cookies, derived_values(state).as_deref())
}

/// Cookies as a bundle, with these values of derived fields.
pub(super) fn bundle_with(cookies: &[Vec<u8>], derived: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = alloc::vec![Kind::of_bundle(derived).byte_for(cookies.len())];
    let cookies = cookies.iter().map(Vec::as_slice);
    cookies
        .chain(derived)
        .for_each(|part| put_prefixed(&mut bytes, part));
    bytes
}

/// Cookies as a full update.
pub(super) fn update(cookies: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = bundle_with(cookies, None);
    if let Some(kind) = bytes.first_mut() {
        *kind = Kind::Update.byte_for(cookies.len());
    }
    bytes
}

/// How many bytes of a cookie are signed, the tag among them.
pub(super) fn signed_len(cookie: &[u8]) -> usize {
    Cookie::parse(cookie).map_or(0, |cookie| cookie.signed_part().len())
}

/// The cookie with another mutable section.
pub(super) fn with_mutable(cookie: &[u8], mutable: &[u8]) -> Vec<u8> {
    let signed = cookie.get(..signed_len(cookie)).unwrap_or_default();
    [signed, mutable].concat()
}

/// The chain with an update's cookies in the place of those of the same tiers.
pub(super) fn merged(chain: &[Vec<u8>], update: &[u8]) -> Vec<Vec<u8>> {
    let newer = cut(update);
    let kept = chain.len().saturating_sub(newer.len());
    chain.iter().take(kept).cloned().chain(newer).collect()
}
