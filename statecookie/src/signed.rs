//! A stand-in for the signed codec until its own room is built: the `postcard` crate as it is.

use alloc::vec::Vec;

use crate::bytes::Reader;
use crate::error::Malformed;

pub(crate) fn encode<T: serde::Serialize + ?Sized>(
    value: &T,
    out: &mut Vec<u8>,
) -> Result<(), Malformed> {
    let bytes = postcard::to_allocvec(value).map_err(|_| Malformed::Unsupported)?;
    out.extend_from_slice(&bytes);
    Ok(())
}

#[allow(
    dead_code,
    reason = "the reading side belongs to the rooms that hold cookies"
)]
pub(crate) fn decode<T: serde::de::DeserializeOwned>(
    input: &mut Reader<'_>,
) -> Result<T, Malformed> {
    let rest = input.rest();
    let (value, left) = postcard::take_from_bytes(rest).map_err(|_| Malformed::BadValue)?;
    input.take(rest.len() - left.len())?;
    Ok(value)
}
