//! The cookies issued last, for a pool whose sessions keep them.

use alloc::vec::Vec;

use crate::bytes::put_prefixed;
use crate::tier::MAX_TIERS;
use crate::wire::{Blob, Kind, MAX_BLOB};

/// The newest cookie of each tier; the index is the tier's number.
#[derive(Default)]
pub(crate) struct Kept {
    cookies: [Vec<u8>; MAX_TIERS],
}

impl Kept {
    /// Puts the cookies of an update in the place of those it supersedes.
    pub(crate) fn keep(&mut self, update: &[u8]) {
        let Ok(blob) = Blob::parse(update, MAX_BLOB) else {
            return;
        };
        for cookie in blob.cookies.iter() {
            let place = &mut self.cookies[cookie.claimed_tier().index()];
            place.clear();
            place.extend_from_slice(cookie.signed_part());
            place.extend_from_slice(cookie.mutable());
        }
    }

    /// The cookies of all `tiers` as a bundle, if all were issued, with the values of derived fields if there are such.
    pub(crate) fn bundle(&self, tiers: usize, derived: Option<&[u8]>) -> Option<Vec<u8>> {
        let chain = self.cookies.get(..tiers)?;
        if chain.iter().any(Vec::is_empty) {
            return None;
        }
        let mut bundle =
            Vec::with_capacity(1 + chain.iter().map(|cookie| cookie.len() + 3).sum::<usize>());
        bundle.push(Kind::of_bundle(derived).byte_for(tiers));
        let cookies = chain.iter().rev().map(Vec::as_slice);
        cookies
            .chain(derived)
            .for_each(|part| put_prefixed(&mut bundle, part));
        Some(bundle)
    }
}
