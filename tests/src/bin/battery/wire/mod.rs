//! The oracle's own reading and writing of the wire: from `docs/wire-format.md` alone, without a line of the library's.

pub(crate) mod blob;
pub(crate) mod head;
pub(crate) mod put;
pub(crate) mod strict;

/// The most tiers of a schema.
pub(crate) const MOST_TIERS: usize = 8;
/// The bytes of a tag.
pub(crate) const TAG: usize = 16;
/// The bytes of a link.
pub(crate) const LINK: usize = 4;
/// Nonce and AEAD tag: what a private section takes besides its ciphertext.
pub(crate) const AROUND_PRIVATE: u64 = 24 + 16;
