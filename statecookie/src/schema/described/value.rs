//! Values whose type is known from a description only.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde_json::{Map, Value, json};

use super::bound::{AnyBound, AnyRule, Kept, write_list};
use super::shape::{AnyShape, Row, Scalar};
use crate::bytes::Reader;
use crate::error::Malformed;
use crate::value::MutableValue;

/// A value of whatever type.
///
/// `Display` writes it as Rust would, with every character escaped that a terminal might act on; `Debug` is mute, since the
/// value may be a private one.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum AnyValue {
    /// A `bool`.
    Bool(bool),
    /// An unsigned number of any width.
    Unsigned(u128),
    /// A signed number of any width.
    Signed(i128),
    /// An `f32`.
    F32(f32),
    /// An `f64`.
    F64(f64),
    /// A `char`.
    Char(char),
    /// A string.
    Text(String),
    /// A duration.
    Duration(Duration),
    /// An array, a tuple or a sequence.
    List(Vec<AnyValue>),
    /// An option: nothing, or its value.
    Option(Option<Box<AnyValue>>),
    /// A variant without fields.
    Variant(Arc<str>),
    /// Named fields.
    Struct(Vec<(Arc<str>, AnyValue)>),
}

impl AnyValue {
    /// Whether `holds` is true of every scalar inside.
    pub(super) fn leaves(&self, holds: &mut impl FnMut(&Self) -> bool) -> bool {
        match self {
            Self::List(items) => items.iter().all(|item| item.leaves(holds)),
            Self::Option(value) => value.as_ref().is_none_or(|value| value.leaves(holds)),
            // The fields of a nested struct have bounds of their own.
            Self::Struct(_) => true,
            leaf => holds(leaf),
        }
    }

    pub(super) fn is_nan(&self) -> bool {
        match self {
            Self::F32(number) => number.is_nan(),
            Self::F64(number) => number.is_nan(),
            _ => false,
        }
    }

    /// The value as `Schema::to_json` writes it.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Bool(value) => json!(value),
            Self::Unsigned(value) => {
                i128::try_from(*value).map_or_else(|_| json!(value.to_string()), whole)
            }
            Self::Signed(value) => whole(*value),
            Self::F32(value) => float(*value, f64::from),
            Self::F64(value) => float(*value, |value| value),
            Self::Char(value) => json!(value.to_string()),
            Self::Text(value) => json!(value),
            Self::Duration(value) => json!(alloc::format!("{}s", value.as_secs_f64())),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Option(value) => value.as_ref().map_or(Value::Null, |value| value.to_json()),
            Self::Variant(name) => json!(**name),
            Self::Struct(rows) => {
                let rows = rows
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.to_json()));
                Value::Object(rows.collect::<Map<_, _>>())
            }
        }
    }
}

/// As `Schema::to_json` writes values: whole numbers beyond 53 bits, infinities and durations are strings.
impl serde::Serialize for AnyValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl fmt::Debug for AnyValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyValue(..)")
    }
}

impl fmt::Display for AnyValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Unsigned(value) => write!(f, "{value}"),
            Self::Signed(value) => write!(f, "{value}"),
            Self::F32(value) => write!(f, "{value:?}"),
            Self::F64(value) => write!(f, "{value:?}"),
            Self::Char(value) => write!(f, "{value:?}"),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::Duration(value) => write!(f, "{value:?}"),
            Self::List(items) => {
                f.write_str("[")?;
                write_list(f, items)?;
                f.write_str("]")
            }
            Self::Option(None) => f.write_str("None"),
            Self::Option(Some(value)) => write!(f, "Some({value})"),
            Self::Variant(name) => write!(f, "{}", name.escape_debug()),
            Self::Struct(rows) => {
                for (nth, (name, value)) in rows.iter().enumerate() {
                    let open = if nth == 0 { "{ " } else { ", " };
                    write!(f, "{open}{}: {value}", name.escape_debug())?;
                }
                f.write_str(if rows.is_empty() { "{}" } else { " }" })
            }
        }
    }
}

/// Reads values of the field codec by their shape.
pub(crate) struct Decoder<'a> {
    input: Reader<'a>,
    /// How many values may still be made or looked at: types that take no bytes could else be had without end.
    room: usize,
    /// The bounds that could not be checked.
    pub(crate) unchecked: Vec<String>,
}

impl<'a> Decoder<'a> {
    /// Sixteen values for each byte of the longest blob.
    pub(crate) const ROOM: usize = 16 * 65_536;

    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            input: Reader::new(bytes),
            room: Self::ROOM,
            unchecked: Vec::new(),
        }
    }

    /// What is left.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.input.rest()
    }

    pub(crate) fn end(&self) -> Result<(), Malformed> {
        self.input.end()
    }

    /// Whether there were more values than this reads.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.room == 0
    }

    /// A value that a bound lists: its lengths and inner bounds are the source's affair.
    pub(super) fn listed(&mut self, shape: &AnyShape) -> Result<AnyValue, Malformed> {
        self.value(shape, None)
    }

    /// A value with these lengths, whose inner bounds are kept.
    pub(crate) fn bounded(
        &mut self,
        shape: &AnyShape,
        bound: &AnyBound,
    ) -> Result<AnyValue, Malformed> {
        self.value(shape, Some(&bound.lengths))
    }

    /// Whether the value is within its bound; what nobody here can tell is written down.
    pub(crate) fn kept(&mut self, bound: &AnyBound, value: &AnyValue) -> Result<Kept, Malformed> {
        self.take(bound.weight())?;
        let kept = bound.kept(value);
        if kept == Kept::Unknown {
            let text = match &bound.rule {
                AnyRule::Signed(range) => {
                    alloc::format!("the signed bound `{}`", range.escape_debug())
                }
                _ => alloc::format!("{bound}"),
            };
            if !self.unchecked.contains(&text) {
                self.unchecked.push(text);
            }
        }
        Ok(kept)
    }

    fn take(&mut self, values: usize) -> Result<(), Malformed> {
        self.room = self.room.saturating_sub(values);
        if self.is_exhausted() {
            Err(Malformed::TooLong)
        } else {
            Ok(())
        }
    }

    fn value(&mut self, shape: &AnyShape, lengths: Option<&[u64]>) -> Result<AnyValue, Malformed> {
        self.take(1)?;
        Ok(match shape {
            AnyShape::Scalar(scalar) => self.scalar(*scalar)?,
            AnyShape::Text => {
                let (len, _) = self.length(lengths)?;
                let text = core::str::from_utf8(self.input.take(len)?);
                AnyValue::Text(text.map_err(|_| Malformed::BadValue)?.into())
            }
            AnyShape::Array(len, item) => self.items(*len, item, lengths)?,
            AnyShape::Sequence(item) => {
                let (len, inner) = self.length(lengths)?;
                if len > 0 && item.is_nothing() {
                    return Err(Malformed::TooLong);
                }
                self.items(len as u64, item, inner)?
            }
            AnyShape::Option(item) => AnyValue::Option(match self.read::<bool>()? {
                true => Some(self.value(item, lengths)?.into()),
                false => None,
            }),
            AnyShape::Enum(names) => {
                let index =
                    usize::try_from(self.input.varint()?).map_err(|_| Malformed::BadValue)?;
                AnyValue::Variant(names.get(index).ok_or(Malformed::BadValue)?.clone())
            }
            AnyShape::Struct(rows) => {
                let rows = rows.iter().map(|row| self.row(row, lengths.is_some()));
                AnyValue::Struct(rows.collect::<Result<_, _>>()?)
            }
        })
    }

    fn items(
        &mut self,
        len: u64,
        item: &AnyShape,
        lengths: Option<&[u64]>,
    ) -> Result<AnyValue, Malformed> {
        let mut items = Vec::new();
        for _ in 0..len {
            items.push(self.value(item, lengths)?);
        }
        Ok(AnyValue::List(items))
    }

    fn row(&mut self, row: &Row, bounded: bool) -> Result<(Arc<str>, AnyValue), Malformed> {
        let value = match bounded {
            true => self.bounded(&row.shape, &row.bound)?,
            false => self.listed(&row.shape)?,
        };
        if bounded && self.kept(&row.bound, &value)? == Kept::No {
            return Err(Malformed::InnerBound);
        }
        Ok((row.name.clone(), value))
    }

    /// A length within its bound and within the bytes left, and the bounds of what is inside.
    fn length<'l>(
        &mut self,
        lengths: Option<&'l [u64]>,
    ) -> Result<(usize, Option<&'l [u64]>), Malformed> {
        let len = self.input.length()?;
        match lengths.map(<[u64]>::split_first) {
            None => Ok((len, None)),
            Some(Some((max, inner))) if len as u64 <= *max => Ok((len, Some(inner))),
            Some(_) => Err(Malformed::TooLong),
        }
    }

    fn read<T: MutableValue>(&mut self) -> Result<T, Malformed> {
        T::read(&mut self.input, &[])
    }

    fn scalar(&mut self, scalar: Scalar) -> Result<AnyValue, Malformed> {
        Ok(match scalar {
            Scalar::U8 => AnyValue::Unsigned(self.read::<u8>()?.into()),
            Scalar::U16 => AnyValue::Unsigned(self.read::<u16>()?.into()),
            Scalar::U32 => AnyValue::Unsigned(self.read::<u32>()?.into()),
            Scalar::U64 => AnyValue::Unsigned(self.read::<u64>()?.into()),
            Scalar::U128 => AnyValue::Unsigned(self.read()?),
            Scalar::I8 => AnyValue::Signed(self.read::<i8>()?.into()),
            Scalar::I16 => AnyValue::Signed(self.read::<i16>()?.into()),
            Scalar::I32 => AnyValue::Signed(self.read::<i32>()?.into()),
            Scalar::I64 => AnyValue::Signed(self.read::<i64>()?.into()),
            Scalar::I128 => AnyValue::Signed(self.read()?),
            Scalar::F32 => AnyValue::F32(self.read()?),
            Scalar::F64 => AnyValue::F64(self.read()?),
            Scalar::Bool => AnyValue::Bool(self.read()?),
            Scalar::Char => AnyValue::Char(self.read()?),
            Scalar::Duration => AnyValue::Duration(self.read()?),
        })
    }
}

/// JSON's numbers are floats for many readers: beyond 53 bits they would be rounded.
fn whole(value: i128) -> Value {
    match i64::try_from(value) {
        Ok(small) if small.unsigned_abs() < 1 << 53 => json!(small),
        _ => json!(value.to_string()),
    }
}

/// The shortest text of the number, and a string where JSON has no number.
fn float<F: fmt::Display + Copy>(value: F, wide: impl Fn(F) -> f64) -> Value {
    let text = value.to_string();
    let exact: Option<f64> = text.parse().ok().filter(|_| wide(value).is_finite());
    exact.map_or_else(|| json!(text), |number| json!(number))
}
