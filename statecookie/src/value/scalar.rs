//! Numbers, `bool`, `char` and `Duration`: the values that a range is about.

use alloc::vec::Vec;
use core::time::Duration;

use super::{Leaf, MutableValue, NoLeaf, Shape};
use crate::bytes::{Reader, put_varint, put_varint128};
use crate::error::Malformed;

/// Implements the codec of a scalar from its shape and its two directions.
///
/// `$blank` is any value: arrays of scalars are filled in place, without the detour over `Option`.
macro_rules! scalar {
    ($ty:ty, $leaf:ident, $name:literal, $bytes:literal, $blank:expr,
     write($value:ident, $out:ident) $write:block, read($input:ident) $read:block $(, intact $intact:expr)?) => {
        impl MutableValue for $ty {
            type Leaf = $leaf;
            const SHAPE: Shape = Shape::Scalar($name, $bytes);

            #[inline]
            fn write(&self, $out: &mut Vec<u8>) {
                let $value = *self;
                $write
            }

            #[inline]
            fn read($input: &mut Reader<'_>, _lengths: &[usize]) -> Result<Self, Malformed> {
                $read
            }

            #[inline]
            fn read_array<const N: usize>(
                input: &mut Reader<'_>,
                lengths: &[usize],
            ) -> Result<[Self; N], Malformed> {
                let mut values = [$blank; N];
                for value in &mut values {
                    *value = Self::read(input, lengths)?;
                }
                Ok(values)
            }

            #[inline]
            #[allow(unused_mut, unused_variables, reason = "not every scalar has a leaf")]
            fn leaves(&self, mut holds: impl FnMut(&$leaf) -> bool) -> bool {
                scalar!(@leaves $leaf, self, holds)
            }

            #[inline]
            fn fits(&self, _lengths: &[usize]) -> bool {
                true
            }

            #[inline]
            fn intact(&self) -> bool {
                scalar!(@intact self $(, $intact)?)
            }
        }
    };
    (@leaves NoLeaf, $self:ident, $holds:ident) => { true };
    (@leaves $leaf:ident, $self:ident, $holds:ident) => { $holds($self) };
    (@intact $self:ident, $intact:expr) => { $intact(*$self) };
    (@intact $self:ident) => { true };
}

macro_rules! leaf {
    ($($ty:ty: $min:expr, $max:expr;)*) => {$(
        impl Leaf for $ty {
            const LIMITS: Option<(Self, Self)> = Some(($min, $max));

            fn put(&self, out: &mut Vec<u8>) {
                self.write(out);
            }
        }
    )*};
}

macro_rules! unsigned {
    ($($ty:ident $name:literal $bytes:literal;)*) => {$(
        scalar!($ty, $ty, $name, $bytes, 0,
            write(value, out) { put_varint(out, value as u64) },
            read(input) { $ty::try_from(input.varint()?).map_err(|_| Malformed::Overflow) });
        leaf!($ty: $ty::MIN, $ty::MAX;);
    )*};
}

macro_rules! signed {
    ($($ty:ident $name:literal $bytes:literal;)*) => {$(
        scalar!($ty, $ty, $name, $bytes, 0,
            write(value, out) { put_varint(out, zigzag(value as i64)) },
            read(input) { $ty::try_from(unzigzag(input.varint()?)).map_err(|_| Malformed::Overflow) });
        leaf!($ty: $ty::MIN, $ty::MAX;);
    )*};
}

macro_rules! float {
    ($($ty:ident $name:literal $bytes:literal;)*) => {$(
        scalar!($ty, $ty, $name, $bytes, 0.0,
            write(value, out) { out.extend_from_slice(&value.to_le_bytes()) },
            read(input) { input.array().map($ty::from_le_bytes) },
            intact |value: $ty| !value.is_nan());
        leaf!($ty: $ty::MIN, $ty::MAX;);
    )*};
}

unsigned! { u16 "u16" 3; u32 "u32" 5; u64 "u64" 10; usize "u64" 10; }
signed! { i16 "i16" 3; i32 "i32" 5; i64 "i64" 10; isize "i64" 10; }
float! { f32 "f32" 4; f64 "f64" 8; }

scalar!(u8, u8, "u8", 1, 0, write(value, out) { out.push(value) }, read(input) { input.byte() });
scalar!(i8, i8, "i8", 1, 0, write(value, out) { out.push(value as u8) },
    read(input) { input.byte().map(|byte| byte as i8) });
scalar!(u128, u128, "u128", 19, 0, write(value, out) { put_varint128(out, value) },
    read(input) { input.varint128() });
scalar!(i128, i128, "i128", 19, 0,
    write(value, out) { put_varint128(out, ((value << 1) ^ (value >> 127)) as u128) },
    read(input) { input.varint128().map(|bits| (bits >> 1) as i128 ^ -((bits & 1) as i128)) });
scalar!(bool, NoLeaf, "bool", 1, false, write(value, out) { out.push(u8::from(value)) },
    read(input) { flag(input) });
scalar!(char, char, "char", 5, '\0', write(value, out) { put_char(out, value) },
    read(input) { take_char(input) });
scalar!(Duration, Duration, "duration", 15, Duration::ZERO,
    write(value, out) { put_duration(out, value) }, read(input) { take_duration(input) });

leaf! {
    u8: u8::MIN, u8::MAX;
    i8: i8::MIN, i8::MAX;
    u128: u128::MIN, u128::MAX;
    i128: i128::MIN, i128::MAX;
    char: char::MIN, char::MAX;
    Duration: Duration::ZERO, Duration::MAX;
}

/// A byte that is 0 or 1.
#[inline]
pub(super) fn flag(input: &mut Reader<'_>) -> Result<bool, Malformed> {
    match input.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Malformed::BadValue),
    }
}

const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

const fn unzigzag(bits: u64) -> i64 {
    (bits >> 1) as i64 ^ -((bits & 1) as i64)
}

fn put_char(out: &mut Vec<u8>, value: char) {
    let mut utf8 = [0; 4];
    let utf8 = value.encode_utf8(&mut utf8).as_bytes();
    out.push(utf8.len() as u8);
    out.extend_from_slice(utf8);
}

/// Exactly one character: a longer text of which only the first counted would have many forms.
fn take_char(input: &mut Reader<'_>) -> Result<char, Malformed> {
    let len = usize::from(input.byte()?);
    if !(1..=4).contains(&len) {
        return Err(Malformed::BadValue);
    }
    let text = core::str::from_utf8(input.take(len)?).map_err(|_| Malformed::BadValue)?;
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(character),
        _ => Err(Malformed::BadValue),
    }
}

fn put_duration(out: &mut Vec<u8>, value: Duration) {
    put_varint(out, value.as_secs());
    put_varint(out, u64::from(value.subsec_nanos()));
}

fn take_duration(input: &mut Reader<'_>) -> Result<Duration, Malformed> {
    let secs = input.varint()?;
    let nanos = u32::try_from(input.varint()?).map_err(|_| Malformed::Overflow)?;
    if nanos >= 1_000_000_000 {
        return Err(Malformed::BadValue);
    }
    Ok(Duration::new(secs, nanos))
}
