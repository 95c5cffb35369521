//! The bound of a mutable field, as a description has it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::decode::Decoder;
use super::shape::AnyShape;
use super::value::AnyValue;
use super::{many, text};
use crate::bytes::Reader;
use crate::error::Malformed;
use crate::range::Interval;

/// Lengths from the outside in, and what else must hold.
#[derive(Clone, Debug)]
pub(crate) struct AnyBound {
    pub(crate) lengths: Vec<u64>,
    pub(crate) rule: AnyRule,
}

/// What must hold of a value beside its lengths.
#[derive(Clone, Debug)]
pub(crate) enum AnyRule {
    Any,
    Range {
        low: Option<AnyValue>,
        high: Option<AnyValue>,
        high_excluded: bool,
    },
    OneOf(Vec<AnyValue>),
    /// The path of a function that only the servers have.
    Check(String),
    /// The text of a range that only the servers can evaluate.
    Signed(String),
}

/// Whether a value is within its bound, as far as the description tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Yes,
    No,
    /// Nothing that can be checked here speaks against it.
    Unknown,
}

impl AnyBound {
    pub(super) fn read(input: &mut Reader<'_>, shape: &AnyShape) -> Result<Self, Malformed> {
        let lengths = many(input, Reader::varint)?;
        if lengths.len() != shape.levels() {
            return Err(Malformed::BadValue);
        }
        let rule = match input.varint()? {
            0 => AnyRule::Any,
            1 => range(input, shape.leaf())?,
            2 => AnyRule::OneOf(many(input, |input| prefixed(input, shape))?),
            3 => AnyRule::Check(text(input)?.into()),
            4 => AnyRule::Signed(text(input)?.into()),
            _ => return Err(Malformed::BadValue),
        };
        Ok(Self { lengths, rule })
    }

    /// Whether a value with these lengths, whose inner bounds are kept, is within the bound.
    pub(crate) fn kept(&self, value: &AnyValue) -> Kept {
        if !value.leaves(&mut |leaf| !leaf.is_nan()) {
            return Kept::No;
        }
        let holds = match &self.rule {
            AnyRule::Any => true,
            AnyRule::Range {
                low,
                high,
                high_excluded,
            } => {
                value.leaves(&mut |leaf| within(leaf, low.as_ref(), high.as_ref(), *high_excluded))
            }
            AnyRule::OneOf(values) => values.contains(value),
            AnyRule::Check(_) | AnyRule::Signed(_) => return Kept::Unknown,
        };
        if holds { Kept::Yes } else { Kept::No }
    }

    /// The text of a signed bound.
    pub(crate) fn signed(&self) -> Option<&str> {
        match &self.rule {
            AnyRule::Signed(range) => Some(range),
            _ => None,
        }
    }

    /// How many values a look at it takes beside the value's own.
    pub(super) fn weight(&self) -> usize {
        match &self.rule {
            AnyRule::OneOf(values) => values.len(),
            _ => 0,
        }
    }
}

fn range(input: &mut Reader<'_>, leaf: &AnyShape) -> Result<AnyRule, Malformed> {
    let flags = input.varint()?;
    let mut end = |flag: u64| match flags & flag {
        0 => Ok(None),
        _ => prefixed(input, leaf).map(Some),
    };
    let rule = AnyRule::Range {
        low: end(1)?,
        high: end(2)?,
        high_excluded: flags & 4 != 0,
    };
    if flags > 7 || !matches!(leaf, AnyShape::Scalar(_)) {
        return Err(Malformed::BadValue);
    }
    Ok(rule)
}

/// A value behind its length.
fn prefixed(input: &mut Reader<'_>, shape: &AnyShape) -> Result<AnyValue, Malformed> {
    let len = input.length()?;
    // In proportion to its bytes: a list of values that take none would else be made without end.
    let room = len.saturating_mul(16).saturating_add(2);
    let mut inside = Decoder::with_room(input.take(len)?, room);
    let value = inside.listed(shape)?;
    inside.end()?;
    Ok(value)
}

/// What [`Interval`] says of a number of that type.
fn within(
    leaf: &AnyValue,
    low: Option<&AnyValue>,
    high: Option<&AnyValue>,
    high_excluded: bool,
) -> bool {
    macro_rules! interval {
        ($($variant:ident)*) => {
            match leaf {
                $(AnyValue::$variant(number) => {
                    let end = |end: Option<&AnyValue>| match end {
                        Some(AnyValue::$variant(end)) => Some(*end),
                        _ => None,
                    };
                    let interval = Interval { low: end(low), high: end(high), high_excluded };
                    interval.contains(number)
                })*
                // No range speaks of any other.
                _ => true,
            }
        };
    }
    interval!(Unsigned Signed F32 F64 Char Duration)
}

/// As it is written in an attribute.
impl fmt::Display for AnyBound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rule {
            AnyRule::Any => f.write_str("any value"),
            AnyRule::Range {
                low,
                high,
                high_excluded,
            } => write_range(f, low.as_ref(), high.as_ref(), *high_excluded),
            AnyRule::OneOf(values) => {
                f.write_str("one of ")?;
                write_list(f, values)
            }
            AnyRule::Check(path) => write!(f, "what `{}` accepts", path.escape_debug()),
            AnyRule::Signed(range) => write!(f, "{}", range.escape_debug()),
        }?;
        match &self.lengths[..] {
            [] => Ok(()),
            [len] => write!(f, ", at most {len} long"),
            lengths => {
                write!(f, ", at most {lengths:?} long, from the outside in")
            }
        }
    }
}

fn write_range(
    f: &mut fmt::Formatter<'_>,
    low: Option<&AnyValue>,
    high: Option<&AnyValue>,
    high_excluded: bool,
) -> fmt::Result {
    low.map_or(Ok(()), |low| write!(f, "{low}"))?;
    let dots = if high_excluded || high.is_none() {
        ".."
    } else {
        "..="
    };
    f.write_str(dots)?;
    high.map_or(Ok(()), |high| write!(f, "{high}"))
}

pub(super) fn write_list(f: &mut fmt::Formatter<'_>, values: &[AnyValue]) -> fmt::Result {
    for (nth, value) in values.iter().enumerate() {
        let comma = if nth == 0 { "" } else { ", " };
        write!(f, "{comma}{value}")?;
    }
    Ok(())
}
