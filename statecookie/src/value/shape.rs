//! The recursive shape of a mutable type: what it takes on the wire, and how many lengths it has.

use alloc::vec::Vec;

use crate::bytes::{put_prefixed, put_varint};

/// The recursive shape of a mutable type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// A scalar by its name (`u8`, ..., `f64`, `bool`, `char`, `duration`) and the largest number of bytes it takes.
    Scalar(&'static str, usize),
    /// A string.
    Text,
    /// That many of one shape.
    Array(usize, &'static Shape),
    /// A length and so many of one shape.
    Sequence(&'static Shape),
    /// One byte, 0 or 1, and the value if 1.
    Option(&'static Shape),
    /// The variants' names in order; the index travels as a varint.
    Enum(&'static [&'static str]),
    /// Named fields in order, each with the lengths it declares.
    Struct(&'static [(&'static str, Shape, &'static [usize])]),
}

impl Shape {
    /// How many lengths a field of this shape declares: one for each level of variable length.
    pub const fn levels(&self) -> usize {
        match self {
            Self::Text => 1,
            Self::Sequence(item) => 1 + item.levels(),
            Self::Array(_, item) | Self::Option(item) => item.levels(),
            Self::Scalar(..) | Self::Enum(_) | Self::Struct(_) => 0,
        }
    }

    /// The largest number of bytes that a value with these `lengths` takes; `usize::MAX` stands for anything as large.
    pub const fn longest(&self, lengths: &[usize]) -> usize {
        match self {
            Self::Scalar(_, bytes) => *bytes,
            Self::Enum(names) => varint_len(names.len().saturating_sub(1)),
            Self::Array(len, item) => len.saturating_mul(item.longest(lengths)),
            Self::Option(item) => item.longest(lengths).saturating_add(1),
            Self::Text => sequence(1, lengths),
            Self::Sequence(item) => match lengths.split_first() {
                Some((_, inner)) => sequence(item.longest(inner), lengths),
                None => usize::MAX,
            },
            Self::Struct(fields) => longest_struct(fields),
        }
    }

    /// A number of bytes that every value takes at least.
    pub(crate) const fn shortest(&self) -> usize {
        match self {
            Self::Scalar(name, bytes) if is_float(name) => *bytes,
            Self::Array(len, item) => len.saturating_mul(item.shortest()),
            Self::Struct(fields) => shortest_struct(fields),
            Self::Scalar(..) | Self::Text | Self::Sequence(_) | Self::Option(_) | Self::Enum(_) => {
                1
            }
        }
    }

    /// Whether a value takes no bytes at all.
    pub(crate) const fn is_nothing(&self) -> bool {
        match self {
            Self::Array(len, item) => *len == 0 || item.is_nothing(),
            Self::Struct(fields) => are_nothing(fields),
            _ => false,
        }
    }

    /// Appends the shape to a schema's description; a struct's bounds are not in its shape, so it describes itself.
    pub(crate) fn describe(&self, out: &mut Vec<u8>) {
        match self {
            Self::Scalar(name, _) => {
                put_varint(out, 0);
                put_prefixed(out, name.as_bytes());
            }
            Self::Text => put_varint(out, 1),
            Self::Array(len, item) => {
                put_varint(out, 2);
                put_varint(out, *len as u64);
                item.describe(out);
            }
            Self::Sequence(item) => {
                put_varint(out, 3);
                item.describe(out);
            }
            Self::Option(item) => {
                put_varint(out, 4);
                item.describe(out);
            }
            Self::Enum(names) => {
                put_varint(out, 5);
                put_varint(out, names.len() as u64);
                names
                    .iter()
                    .for_each(|name| put_prefixed(out, name.as_bytes()));
            }
            Self::Struct(_) => put_varint(out, 6),
        }
    }
}

const fn sequence(item: usize, lengths: &[usize]) -> usize {
    match lengths.first() {
        Some(len) => len.saturating_mul(item).saturating_add(varint_len(*len)),
        None => usize::MAX,
    }
}

const fn longest_struct(fields: &[(&str, Shape, &[usize])]) -> usize {
    match fields.split_first() {
        Some(((_, shape, lengths), rest)) => {
            shape.longest(lengths).saturating_add(longest_struct(rest))
        }
        None => 0,
    }
}

/// The scalars whose bytes do not become fewer with the value.
const fn is_float(name: &str) -> bool {
    matches!(name.as_bytes(), b"f32" | b"f64")
}

const fn shortest_struct(fields: &[(&str, Shape, &[usize])]) -> usize {
    match fields.split_first() {
        Some(((_, shape, _), rest)) => shape.shortest().saturating_add(shortest_struct(rest)),
        None => 0,
    }
}

const fn are_nothing(fields: &[(&str, Shape, &[usize])]) -> bool {
    match fields.split_first() {
        Some(((_, shape, _), rest)) => shape.is_nothing() && are_nothing(rest),
        None => true,
    }
}

const fn varint_len(value: usize) -> usize {
    let bits = usize::BITS - value.leading_zeros();
    if bits == 0 {
        1
    } else {
        bits.div_ceil(7) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: Shape = Shape::Scalar("u16", 3);

    #[test]
    fn counts_one_level_for_each_length_on_the_way_in() {
        assert_eq!(Shape::Array(4, &Shape::Option(&Shape::Text)).levels(), 1);
        assert_eq!(Shape::Sequence(&Shape::Sequence(&ITEM)).levels(), 2);
        assert_eq!(Shape::Struct(&[("a", Shape::Text, &[3])]).levels(), 0);
    }

    #[test]
    fn knows_the_shortest_encoding() {
        assert_eq!(Shape::Array(3, &Shape::Scalar("f64", 8)).shortest(), 24);
        assert_eq!(Shape::Array(3, &Shape::Option(&ITEM)).shortest(), 3);
        assert_eq!(Shape::Array(0, &ITEM).shortest(), 0);
        assert_eq!(
            Shape::Struct(&[("a", Shape::Text, &[3]), ("b", ITEM, &[])]).shortest(),
            2
        );
    }

    #[test]
    fn a_struct_is_nothing_only_if_all_its_fields_are() {
        const NOTHING: Shape = Shape::Array(0, &ITEM);
        assert!(Shape::Struct(&[("a", NOTHING, &[]), ("b", NOTHING, &[])]).is_nothing());
        assert!(!Shape::Struct(&[("a", NOTHING, &[]), ("b", ITEM, &[])]).is_nothing());
        assert!(!Shape::Struct(&[("a", ITEM, &[]), ("b", NOTHING, &[])]).is_nothing());
    }

    #[test]
    fn knows_the_longest_encoding() {
        assert_eq!(Shape::Text.longest(&[127]), 128);
        assert_eq!(Shape::Text.longest(&[128]), 130);
        assert_eq!(Shape::Sequence(&Shape::Text).longest(&[2, 3]), 1 + 2 * 4);
        assert_eq!(Shape::Array(3, &Shape::Option(&ITEM)).longest(&[]), 12);
        assert_eq!(
            Shape::Struct(&[("a", Shape::Text, &[3]), ("b", ITEM, &[])]).longest(&[]),
            7
        );
        assert_eq!(Shape::Enum(&["a"; 200]).longest(&[]), 2);
        assert_eq!(
            Shape::Sequence(&Shape::Text).longest(&[usize::MAX, 9]),
            usize::MAX
        );
    }
}
