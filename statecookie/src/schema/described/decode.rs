//! Reading values of the field codec by a shape: as strict as the codec itself, and bounded by a number of values.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::bound::{AnyBound, AnyRule, Kept};
use super::shape::{AnyShape, Row, Scalar};
use super::value::AnyValue;
use crate::bytes::Reader;
use crate::error::Malformed;
use crate::value::MutableValue;

/// Reads values of the field codec by their shape.
pub(crate) struct Decoder<'a> {
    input: Reader<'a>,
    /// How many values may still be made or looked at: types that take no bytes could else be had without end.
    room: usize,
    /// The bounds that could not be checked.
    pub(crate) unchecked: Vec<String>,
    /// Where those lie: one bound may hold for a million values, and its text is made once.
    noted: BTreeSet<usize>,
}

impl<'a> Decoder<'a> {
    /// Sixteen values for each byte of the longest blob.
    pub(crate) const ROOM: usize = 16 * 65_536;

    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self::with_room(bytes, Self::ROOM)
    }

    /// For fewer values than `room`.
    pub(super) const fn with_room(bytes: &'a [u8], room: usize) -> Self {
        Self {
            input: Reader::new(bytes),
            room,
            unchecked: Vec::new(),
            noted: BTreeSet::new(),
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
        if kept == Kept::Unknown && self.noted.insert(core::ptr::from_ref(bound).addr()) {
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
