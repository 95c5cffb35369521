//! The deviations: what the bytes change in a header, a section, a blob.

use arbitrary::{Result, Unstructured};

use crate::facts::{Facts, NOW};
use crate::naive::Header;

/// Up to four fields of a header take values of the fuzzer's.
pub(super) fn edit(u: &mut Unstructured<'_>, facts: &Facts, header: &mut Header) -> Result<()> {
    for _ in 0..=u.arbitrary::<u8>()? % 4 {
        let (field, value) = (u.arbitrary::<u8>()? % 16, number(u)?);
        let low = value as u8;
        let Some(root) = &mut header.root else {
            edit_child(header, field, value);
            continue;
        };
        match field {
            0 => root.version ^= low,
            1 => root.required = low,
            2 => root.schema_hash[usize::from(low & 3)] ^= low,
            3 => root.key_id = value as u32,
            4 => {
                root.key_id = facts
                    .signing_id()
                    .wrapping_add_signed(i32::from(low.cast_signed()))
            }
            5 => root.session[usize::from(low & 15)] ^= low,
            6 => root.branch[usize::from(low & 3)] ^= low,
            7 => root.born = value,
            8 => root.born = NOW.saturating_sub(value),
            9 => root.lifetime = value,
            _ => edit_child(header, field, value),
        }
    }
    Ok(())
}

/// The fields that every header has.
fn edit_child(header: &mut Header, field: u8, value: u64) {
    let low = value as u8;
    match field {
        10 => header.not_before = value,
        11 => header.life = value,
        12 => header.shape ^= low,
        13 => header.link[usize::from(low & 3)] ^= low,
        14 => {
            let len = if low & 1 == 0 {
                &mut header.immutable_len
            } else {
                &mut header.private_len
            };
            *len = len.map(|len| len.wrapping_add_signed(i64::from(low.cast_signed() >> 1)));
        }
        _ => {
            let at = usize::from(field) % header.vector.len();
            header.vector[at] = value;
        }
    }
}

/// Small numbers are likely, all are possible.
fn number(u: &mut Unstructured<'_>) -> Result<u64> {
    Ok(match u.arbitrary::<u8>()? {
        small @ 0..=249 => small.into(),
        250 => u.arbitrary::<u16>()?.into(),
        251 => u.arbitrary::<u32>()?.into(),
        252 => u64::MAX - u.arbitrary::<u64>()? % 4_000_000_000,
        _ => u.arbitrary()?,
    })
}

/// Another section in the place of one: as many bytes as its length says, or the honest ones changed in some places.
pub(super) fn section(u: &mut Unstructured<'_>, bytes: &mut Vec<u8>) -> Result<()> {
    match u.arbitrary::<u8>()? {
        len @ 0..=199 => {
            let len = usize::from(len).min(u.len());
            *bytes = u.bytes(len)?.to_vec();
        }
        edits => {
            for _ in 200..=edits.min(203) {
                flip(u, bytes)?;
            }
        }
    }
    Ok(())
}

/// Changes one byte, if there is one.
pub(super) fn flip(u: &mut Unstructured<'_>, bytes: &mut [u8]) -> Result<()> {
    let (at, by) = (u.arbitrary::<u8>()?, u.arbitrary::<u8>()?);
    let len = bytes.len().max(1);
    if let Some(byte) = bytes.get_mut(usize::from(at) % len) {
        *byte ^= by;
    }
    Ok(())
}

/// Changes the finished blob.
pub(super) fn bend(u: &mut Unstructured<'_>, bytes: &mut Vec<u8>) -> Result<()> {
    match u.arbitrary::<u8>()? % 6 {
        0 => bytes.truncate(usize::from(u.arbitrary::<u16>()?)),
        1 => bytes.resize(bytes.len() + usize::from(u.arbitrary::<u8>()? & 7), 0),
        2 => bytes.extend_from_slice(u.bytes(u.len().min(8))?),
        3 => bytes.iter_mut().take(1).for_each(|kind| *kind ^= 0x18),
        4 => {
            let at = usize::from(u.arbitrary::<u16>()?) % bytes.len();
            bytes[at] ^= u.arbitrary::<u8>()?;
        }
        _ => bytes.resize(bytes.len() + usize::from(u.arbitrary::<u16>()?), 0),
    }
    Ok(())
}
