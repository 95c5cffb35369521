//! The oracle's own encoding of values: `docs/wire-format.md`, section 2, without a line of the library's.

use std::time::Duration;

/// Bytes in the making.
pub(crate) type Out = Vec<u8>;

/// A varint in its shortest form.
pub(crate) fn u(out: &mut Out, value: u64) {
    wide(out, u128::from(value));
}

/// A varint of up to 128 bits.
pub(crate) fn wide(out: &mut Out, mut value: u128) {
    while value > 0x7f {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A signed number of 16 to 64 bits.
pub(crate) fn i(out: &mut Out, value: i64) {
    wide_i(out, i128::from(value));
}

/// A signed number of 128 bits: `2n`, or `-2n - 1` below zero.
pub(crate) fn wide_i(out: &mut Out, value: i128) {
    let doubled = (value as u128) << 1;
    wide(out, if value < 0 { !doubled } else { doubled });
}

/// A text behind its length.
pub(crate) fn text(out: &mut Out, text: &str) {
    bytes(out, text.as_bytes());
}

/// Bytes behind their length.
pub(crate) fn bytes(out: &mut Out, bytes: &[u8]) {
    u(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// A character: a text of one.
pub(crate) fn char(out: &mut Out, value: char) {
    text(out, value.encode_utf8(&mut [0; 4]));
}

/// A truth value.
pub(crate) fn flag(out: &mut Out, value: bool) {
    out.push(u8::from(value));
}

/// A float of four bytes.
pub(crate) fn f32(out: &mut Out, value: f32) {
    out.extend_from_slice(&value.to_bits().to_le_bytes());
}

/// A float of eight bytes.
pub(crate) fn f64(out: &mut Out, value: f64) {
    out.extend_from_slice(&value.to_bits().to_le_bytes());
}

/// A duration: whole seconds, then nanoseconds.
pub(crate) fn duration(out: &mut Out, value: Duration) {
    u(out, value.as_secs());
    u(out, u64::from(value.subsec_nanos()));
}

/// What may be there.
pub(crate) fn option<T>(out: &mut Out, value: &Option<T>, put: impl FnOnce(&mut Out, &T)) {
    flag(out, value.is_some());
    if let Some(value) = value {
        put(out, value);
    }
}

/// So many elements.
pub(crate) fn each<T>(out: &mut Out, values: &[T], mut put: impl FnMut(&mut Out, &T)) {
    u(out, values.len() as u64);
    values.iter().for_each(|value| put(out, value));
}
