//! The wire format read the slow way, written from `docs/wire-format.md` alone: the oracle of the parsing targets.

mod blob;
mod cookie;

pub use blob::{Blob, Kind};
pub use cookie::{Cookie, Header, Root};

/// The codes of section 11 that bytes alone can earn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `malformed`.
    Malformed,
    /// `too-large`.
    TooLarge,
    /// `unknown-version`.
    UnknownVersion,
    /// `unlinked`.
    Unlinked,
}

/// A number as section 1 says; whatever is not its shortest form is malformed.
pub(crate) fn varint(bytes: &mut &[u8]) -> Result<u64, Fault> {
    let end = bytes.iter().position(|byte| byte & 0x80 == 0);
    let len = end.ok_or(Fault::Malformed)? + 1;
    let (groups, rest) = bytes.split_at(len);
    let overlong = len > 1 && groups[len - 1] == 0;
    if overlong || len > 10 {
        return Err(Fault::Malformed);
    }
    let value = groups
        .iter()
        .rev()
        .fold(0_u128, |value, group| value << 7 | u128::from(group & 0x7f));
    *bytes = rest;
    u64::try_from(value).map_err(|_| Fault::Malformed)
}

/// The next `len` bytes.
pub(crate) fn take<'a>(bytes: &mut &'a [u8], len: usize) -> Result<&'a [u8], Fault> {
    if len > bytes.len() {
        return Err(Fault::Malformed);
    }
    let (taken, rest) = bytes.split_at(len);
    *bytes = rest;
    Ok(taken)
}

/// `str(x)`: the bytes behind their length.
pub(crate) fn prefixed<'a>(bytes: &mut &'a [u8]) -> Result<&'a [u8], Fault> {
    let len = varint(bytes)?;
    take(bytes, usize::try_from(len).map_err(|_| Fault::Malformed)?)
}

pub(crate) fn array<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], Fault> {
    take(bytes, N)?.try_into().map_err(|_| Fault::Malformed)
}

/// Appends a number in its shortest form.
pub(crate) fn put_varint(out: &mut Vec<u8>, value: u64) {
    let (low, high) = (value as u8 & 0x7f, value >> 7);
    if high == 0 {
        out.push(low);
    } else {
        out.push(low | 0x80);
        put_varint(out, high);
    }
}

/// Appends bytes behind their length.
pub(crate) fn put_prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, bytes.len() as u64);
    out.extend(bytes);
}
