//! The shape of a mutable type, as a description has it.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::bound::AnyBound;
use super::{many, shape_and_bound, text};
use crate::bytes::Reader;
use crate::error::Malformed;

/// Levels of arrays, sequences, options and structs, one inside the other.
const MAX_DEPTH: u8 = 64;

/// The recursive shape of a mutable type.
#[derive(Clone, Debug)]
pub(crate) enum AnyShape {
    Scalar(Scalar),
    Text,
    Array(u64, Box<AnyShape>),
    Sequence(Box<AnyShape>),
    Option(Box<AnyShape>),
    Enum(Vec<Arc<str>>),
    Struct(Vec<Row>),
}

/// A field of a nested struct.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: Arc<str>,
    pub(crate) shape: AnyShape,
    pub(crate) bound: AnyBound,
}

/// What a range is about, and `bool`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scalar {
    U8,
    U16,
    U32,
    U64,
    U128,
    I8,
    I16,
    I32,
    I64,
    I128,
    F32,
    F64,
    Bool,
    Char,
    Duration,
}

impl AnyShape {
    pub(super) fn read(input: &mut Reader<'_>, depth: u8) -> Result<Self, Malformed> {
        if depth > MAX_DEPTH {
            return Err(Malformed::TooDeep);
        }
        let inside = |input: &mut _| Self::read(input, depth + 1).map(Box::new);
        Ok(match input.varint()? {
            0 => Self::Scalar(Scalar::read(input)?),
            1 => Self::Text,
            2 => Self::Array(input.varint()?, inside(input)?),
            3 => Self::Sequence(inside(input)?),
            4 => Self::Option(inside(input)?),
            5 => Self::Enum(many(input, |input| text(input).map(Arc::from))?),
            6 => Self::Struct(many(input, |input| Row::read(input, depth + 1))?),
            _ => return Err(Malformed::BadValue),
        })
    }

    /// How many lengths its bound has: one for each level of variable length.
    pub(super) fn levels(&self) -> usize {
        match self {
            Self::Text => 1,
            Self::Sequence(item) => 1 + item.levels(),
            Self::Array(_, item) | Self::Option(item) => item.levels(),
            Self::Scalar(_) | Self::Enum(_) | Self::Struct(_) => 0,
        }
    }

    /// The scalar that a range speaks of.
    pub(super) fn leaf(&self) -> &Self {
        match self {
            Self::Array(_, item) | Self::Sequence(item) | Self::Option(item) => item.leaf(),
            other => other,
        }
    }

    /// Whether a value takes no bytes at all.
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Self::Array(len, item) => *len == 0 || item.is_nothing(),
            Self::Struct(rows) => rows.iter().all(|row| row.shape.is_nothing()),
            _ => false,
        }
    }
}

impl Row {
    fn read(input: &mut Reader<'_>, depth: u8) -> Result<Self, Malformed> {
        let name = text(input)?.into();
        let (shape, bound) = shape_and_bound(input, depth)?;
        Ok(Self { name, shape, bound })
    }
}

impl Scalar {
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        let name = text(input)?;
        Self::named(name).ok_or(Malformed::BadValue)
    }

    /// The scalar of that name, but that `usize` and `isize` have none of their own.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "u8" => Self::U8,
            "u16" => Self::U16,
            "u32" => Self::U32,
            "u64" => Self::U64,
            "u128" => Self::U128,
            "i8" => Self::I8,
            "i16" => Self::I16,
            "i32" => Self::I32,
            "i64" => Self::I64,
            "i128" => Self::I128,
            "f32" => Self::F32,
            "f64" => Self::F64,
            "bool" => Self::Bool,
            "char" => Self::Char,
            "duration" => Self::Duration,
            _ => return None,
        })
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::U128 => "u128",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::I128 => "i128",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Bool => "bool",
            Self::Char => "char",
            Self::Duration => "duration",
        }
    }
}
