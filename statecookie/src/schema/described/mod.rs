//! A schema as its description tells it, for those who do not have the struct.
//!
//! Who reads a description may have it from anywhere: depth, counts and lengths are checked before anything is made of them.

#![cfg_attr(
    not(feature = "outside"),
    allow(
        dead_code,
        unreachable_pub,
        unused_imports,
        reason = "JSON shows what only the room outside reads back"
    )
)]

mod bound;
mod decode;
mod shape;
mod value;

use alloc::string::String;
use alloc::vec::Vec;

pub(crate) use bound::{AnyBound, AnyRule, Kept};
pub(crate) use decode::Decoder;
pub(crate) use shape::{AnyShape, Scalar};
pub use value::AnyValue;

use crate::bytes::Reader;
use crate::error::Malformed;
use crate::tier::{Class, MAX_TIERS, Tier};

/// What the description says for all fields, and the fields in the order of declaration.
#[derive(Clone, Debug)]
pub(crate) struct Described {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) pad: usize,
    pub(crate) tiers: u8,
    pub(crate) fields: Vec<DescribedField>,
}

/// What the description says of one field.
#[derive(Clone, Debug)]
pub(crate) struct DescribedField {
    pub(crate) name: String,
    pub(crate) tier: Tier,
    pub(crate) class: Class,
    /// The declared type's tokens.
    pub(crate) ty: String,
    /// Of mutable and derived fields.
    pub(crate) open: Option<(AnyShape, AnyBound)>,
}

impl Described {
    /// Reads a whole description.
    pub(crate) fn read(description: &[u8]) -> Result<Self, Malformed> {
        let mut input = Reader::new(description);
        if text(&mut input)? != "statecookie schema 1" {
            return Err(Malformed::Unsupported);
        }
        let name = text(&mut input)?.into();
        let version = u32::try_from(input.varint()?).map_err(|_| Malformed::Overflow)?;
        let pad = usize::try_from(input.varint()?).map_err(|_| Malformed::Overflow)?;
        let tiers = u8::try_from(input.varint()?).map_err(|_| Malformed::Overflow)?;
        if pad == 0 || tiers == 0 || usize::from(tiers) > MAX_TIERS {
            return Err(Malformed::BadValue);
        }
        let fields = many(&mut input, |input| field(input, tiers))?;
        input.end()?;
        Ok(Self {
            name,
            version,
            pad,
            tiers,
            fields,
        })
    }
}

fn field(input: &mut Reader<'_>, tiers: u8) -> Result<DescribedField, Malformed> {
    let name = text(input)?.into();
    let tier = u8::try_from(input.varint()?).map_err(|_| Malformed::BadValue)?;
    let tier = Tier::new(tier).filter(|tier| tier.number() < tiers);
    let class = match input.varint()? {
        0 => Class::Immutable,
        1 => Class::Private,
        2 => Class::Mutable,
        3 => Class::Derived,
        _ => return Err(Malformed::BadValue),
    };
    let ty = text(input)?.into();
    let open = match class {
        Class::Mutable | Class::Derived => Some(shape_and_bound(input, 0)?),
        Class::Immutable | Class::Private => None,
    };
    Ok(DescribedField {
        name,
        tier: tier.ok_or(Malformed::BadValue)?,
        class,
        ty,
        open,
    })
}

fn shape_and_bound(input: &mut Reader<'_>, depth: u8) -> Result<(AnyShape, AnyBound), Malformed> {
    let shape = AnyShape::read(input, depth)?;
    let bound = AnyBound::read(input, &shape)?;
    Ok((shape, bound))
}

/// A count, and so many; each takes a byte at least, so that no count costs more than the bytes that back it.
fn many<'d, T>(
    input: &mut Reader<'d>,
    mut read: impl FnMut(&mut Reader<'d>) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    let count = input.length()?;
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(read(input)?);
    }
    Ok(items)
}

fn text<'d>(input: &mut Reader<'d>) -> Result<&'d str, Malformed> {
    let len = input.length()?;
    core::str::from_utf8(input.take(len)?).map_err(|_| Malformed::BadValue)
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;
    use crate::bytes::{put_prefixed, put_varint};

    fn description(fields: &[u8], count: u64) -> Vec<u8> {
        let mut out = Vec::new();
        put_prefixed(&mut out, b"statecookie schema 1");
        put_prefixed(&mut out, b"S");
        [1, 16, 1, count]
            .iter()
            .for_each(|n| put_varint(&mut out, *n));
        out.extend_from_slice(fields);
        out
    }

    fn field(shape: &[u8]) -> Vec<u8> {
        let mut out = vec![1, b'a', 0, 2, 1, b'T'];
        out.extend_from_slice(shape);
        out.extend([0, 0]);
        description(&out, 1)
    }

    #[test]
    fn refuses_what_is_nested_too_deeply() {
        let nested = |levels: usize| field(&[&vec![4; levels][..], &[0, 2, b'u', b'8']].concat());
        assert!(Described::read(&nested(64)).is_ok());
        assert_eq!(
            Described::read(&nested(65)).unwrap_err(),
            Malformed::TooDeep
        );
        assert_eq!(
            Described::read(&nested(100_000)).unwrap_err(),
            Malformed::TooDeep
        );
    }

    #[test]
    fn believes_no_count() {
        let many = description(&[], u64::MAX);
        assert_eq!(Described::read(&many).unwrap_err(), Malformed::Truncated);
        let mut variants = vec![5];
        put_varint(&mut variants, 1 << 40);
        assert_eq!(
            Described::read(&field(&variants)).unwrap_err(),
            Malformed::Truncated
        );
    }

    #[test]
    fn refuses_every_truncation_and_what_is_behind_the_end() {
        let mut good = field(&[0, 2, b'u', b'8']);
        assert!(Described::read(&good).is_ok());
        for len in 0..good.len() {
            assert!(Described::read(&good[..len]).is_err(), "{len}");
        }
        good.push(0);
        assert_eq!(
            Described::read(&good).unwrap_err(),
            Malformed::TrailingBytes
        );
    }
}
