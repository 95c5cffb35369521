//! Readers that have no public name, for fuzzing alone. Not part of the public API.

use alloc::vec::Vec;

use serde::de::DeserializeOwned;

use crate::bytes::{Reader, put_prefixed};
use crate::error::{Malformed, ParseError};
use crate::signed;
use crate::wire::{Blob, Header, MAX_BLOB, Writer};

/// Reads a header from the front of `bytes`: how many it took, and what would be written for it.
///
/// # Errors
///
/// There is no header in front.
pub fn header(bytes: &[u8]) -> Result<(usize, Vec<u8>), ParseError> {
    let mut input = Reader::new(bytes);
    let header = Header::read(&mut input)?;
    let mut written = Vec::new();
    header.write(&mut written);
    Ok((bytes.len() - input.len(), written))
}

/// Reads an update or bundle: what would be written for it, without padding.
///
/// # Errors
///
/// The bytes are no update or bundle.
pub fn blob(bytes: &[u8]) -> Result<Vec<u8>, ParseError> {
    let blob = Blob::parse(bytes, MAX_BLOB)?;
    let mut written = Vec::new();
    let mut writer = Writer::begin(&mut written, blob.kind);
    for cookie in blob.cookies.iter() {
        let place = writer.cookie(cookie.signed_part().len() + cookie.mutable().len());
        place.extend_from_slice(cookie.signed_part());
        place.extend_from_slice(cookie.mutable());
    }
    if let Some(derived) = blob.derived {
        put_prefixed(&mut written, derived);
    }
    Ok(written)
}

/// Reads a signed field's value from the front of `bytes`, and how many it took.
///
/// # Errors
///
/// There is no value of the type in front.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, usize), Malformed> {
    let mut input = Reader::new(bytes);
    let value = signed::decode(&mut input)?;
    Ok((value, bytes.len() - input.len()))
}
