//! The fields of one section of a cookie, read one after another.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::schema::{AnyField, AnySchema};
use crate::bytes::Reader;
use crate::error::Malformed;
use crate::schema::described::{AnyValue, Decoder, DescribedField, Kept};
use crate::tier::Class;

/// What was found of a field.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Found {
    /// A value within its bound, if it has one.
    Value(AnyValue),
    /// A value outside its bound.
    OutOfRange(AnyValue),
    /// A value of whose bound the JSON does not say enough; and what was not checked.
    Unchecked(AnyValue, Vec<String>),
    /// No byte is left for the value of a derived field.
    Missing,
    /// Bytes that are no value of the type.
    Malformed(Malformed),
    /// All bytes from here on to the end of the section: the type's text does not say what it is.
    Bytes(Vec<u8>),
    /// Among the bytes that could not be told apart, behind those that are no value, or one value more than this reads.
    NotReached,
}

/// Which it is, and no value: a private one may be in it.
impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(_) => f.write_str("Value(..)"),
            Self::OutOfRange(_) => f.write_str("OutOfRange(..)"),
            Self::Unchecked(_, what) => write!(f, "Unchecked(.., {what:?})"),
            Self::Missing => f.write_str("Missing"),
            Self::Malformed(cause) => write!(f, "Malformed({cause:?})"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::NotReached => f.write_str("NotReached"),
        }
    }
}

/// A field and what was found of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FoundField<'s> {
    /// The field.
    pub field: AnyField<'s>,
    /// What was found.
    pub found: Found,
}

/// The fields of one section, and what is left behind them.
pub(super) struct Section<'s, 'b> {
    pub(super) fields: Vec<FoundField<'s>>,
    /// Bytes that belong to no field, where all fields were read.
    pub(super) rest: Option<&'b [u8]>,
}

impl AnySchema {
    /// Reads `fields`, which are all of one class, from the bytes of their section.
    pub(super) fn section<'s, 'b>(
        &'s self,
        class: Class,
        fields: impl Iterator<Item = (usize, &'s DescribedField)>,
        bytes: &'b [u8],
    ) -> Section<'s, 'b> {
        match class {
            Class::Immutable | Class::Private => self.signed(fields, bytes),
            Class::Mutable | Class::Derived => open(fields, bytes),
        }
    }

    fn signed<'s, 'b>(
        &'s self,
        fields: impl Iterator<Item = (usize, &'s DescribedField)>,
        bytes: &'b [u8],
    ) -> Section<'s, 'b> {
        let mut input = Reader::new(bytes);
        let mut stopped = false;
        let mut found = Vec::new();
        for (place, field) in fields {
            let seen = match self.named.get(place).and_then(Option::as_ref) {
                _ if stopped => Found::NotReached,
                None => Found::Bytes(input.rest().to_vec()),
                Some(named) => named
                    .decode(&mut input)
                    .map_or_else(Found::Malformed, Found::Value),
            };
            stopped |= matches!(seen, Found::Bytes(_) | Found::Malformed(_));
            found.push(FoundField {
                field: AnyField::of(field),
                found: seen,
            });
        }
        Section {
            fields: found,
            rest: (!stopped).then(|| input.rest()),
        }
    }
}

fn open<'s, 'b>(
    fields: impl Iterator<Item = (usize, &'s DescribedField)>,
    bytes: &'b [u8],
) -> Section<'s, 'b> {
    let mut input = Decoder::new(bytes);
    let mut stopped = false;
    let mut found = Vec::new();
    for (_, field) in fields {
        let field = AnyField::of(field);
        let seen = match stopped {
            true => Found::NotReached,
            false => open_field(&field, &mut input),
        };
        stopped |= matches!(
            seen,
            Found::Malformed(_) | Found::Missing | Found::NotReached
        );
        found.push(FoundField { field, found: seen });
    }
    Section {
        fields: found,
        rest: (!stopped).then(|| input.rest()),
    }
}

fn open_field(field: &AnyField<'_>, input: &mut Decoder<'_>) -> Found {
    let Some((shape, bound)) = field.open() else {
        return Found::NotReached;
    };
    let is_over = field.class() == Class::Derived && input.rest().is_empty();
    let read = input.bounded(shape, bound);
    let read = read.and_then(|value| Ok((input.kept(bound, &value)?, value)));
    let unchecked = core::mem::take(&mut input.unchecked);
    match read {
        // How many values there are is not known here; to the server they are as good as any.
        Err(_) if input.is_exhausted() => Found::NotReached,
        Err(_) if is_over => Found::Missing,
        Err(cause) => Found::Malformed(cause),
        Ok((Kept::No, value)) => Found::OutOfRange(value),
        // Also where a bound inside it is not known.
        Ok((_, value)) if !unchecked.is_empty() => Found::Unchecked(value, unchecked),
        Ok((_, value)) => Found::Value(value),
    }
}
