//! What a flush gives: the bytes of an update, and which tiers they carry.

use alloc::vec::Vec;
use core::fmt;

use crate::tier::TierSet;

/// The cookies of tiers k..0 as one blob, to be sent to the client.
///
/// An update that is not sent must be made good by [`flush_full`](crate::Session::flush_full): the session counts its
/// cookies as issued.
#[must_use = "an update that is not sent leaves the client behind"]
#[derive(Clone, PartialEq, Eq)]
pub struct Update {
    pub(crate) bytes: Vec<u8>,
    pub(crate) tiers: TierSet,
    pub(crate) full: bool,
}

impl Update {
    /// The blob.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The blob, owned.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The tiers whose cookies it carries.
    pub const fn tiers(&self) -> TierSet {
        self.tiers
    }

    /// Whether it carries all tiers, so that it stands on its own.
    pub const fn is_full(&self) -> bool {
        self.full
    }

    /// The text form (base64url without padding) for channels that carry only text.
    pub fn to_text(&self) -> alloc::string::String {
        crate::wire::to_text(&self.bytes)
    }
}

impl AsRef<[u8]> for Update {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl core::ops::Deref for Update {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update")
            .field("tiers", &self.tiers)
            .field("len", &self.bytes.len())
            .finish()
    }
}
