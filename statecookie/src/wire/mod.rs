//! The wire format: cookies, updates, bundles and their text form. It knows bytes, but no key, schema or field.

mod blob;
mod cookie;
mod header;
mod inspect;
mod text;
mod vector;

pub(crate) use blob::{Blob, Kind, Linked, Writer};
pub(crate) use cookie::{Cookie, Private};
pub(crate) use header::{Header, Lineage, Root, Shape};
pub(crate) use vector::SeqVector;

pub use inspect::{BlobKind, InspectedCookie, InspectedRoot, Inspection, inspect, inspect_cookie};
pub use text::{from_text, to_text};

/// The format version in a blob's kind and in a root.
pub(crate) const FORMAT_VERSION: u8 = 1;
/// Bytes of a tag that travel.
pub(crate) const TAG_LEN: usize = 16;
/// Bytes of a link: the first ones of the parent's tag.
pub(crate) const LINK_LEN: usize = 4;
/// Bytes of the nonce in front of the ciphertext of private values.
pub(crate) const NONCE_LEN: usize = 24;
/// Bytes of the AEAD tag behind the ciphertext of private values.
pub(crate) const AEAD_TAG_LEN: usize = 16;

/// The longest update or bundle, in bytes: what RSerPool's ASAP cookie parameter can carry.
pub const MAX_BLOB: usize = 65_524;
