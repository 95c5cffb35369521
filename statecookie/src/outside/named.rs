//! What the text of a signed field's type names beyond doubt, and values of that.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, SeqAccess, Visitor};

use crate::bytes::Reader;
use crate::error::Malformed;
use crate::schema::described::{AnyValue, Scalar};
use crate::signed;

/// A type made of primitives, strings, options, arrays, tuples and vectors.
///
/// Every value takes a byte at least: no count costs more than the bytes that back it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Named {
    Scalar(Scalar),
    Text,
    Option(Box<Named>),
    Sequence(Box<Named>),
    Array(usize, Box<Named>),
    Tuple(Vec<Named>),
}

/// Levels of types, one inside the other.
const MAX_DEPTH: u8 = 64;

impl Named {
    /// The type whose tokens these are; `None` where any of them may be a type of the application's own.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut rest = text;
        let named = read(&mut rest, 0)?;
        rest.is_empty().then_some(named)
    }

    /// Reads a value as servers do: with the general codec.
    pub(super) fn decode(&self, input: &mut Reader<'_>) -> Result<AnyValue, Malformed> {
        signed::decode_seed(self, input)
    }
}

fn read(rest: &mut &str, depth: u8) -> Option<Named> {
    if depth > MAX_DEPTH {
        return None;
    }
    if eat(rest, "[") {
        let item = read(rest, depth + 1)?;
        let len = eat(rest, ";").then(|| number(rest)).flatten()?;
        return (len > 0 && eat(rest, "]")).then(|| Named::Array(len, item.into()));
    }
    if eat(rest, "(") {
        return tuple(rest, depth);
    }
    let word = word(rest);
    let inside = |rest: &mut &str| {
        let item = eat(rest, "<").then(|| read(rest, depth + 1)).flatten()?;
        eat(rest, ">").then(|| item.into())
    };
    match word {
        "Option" | "std::option::Option" | "core::option::Option" => {
            inside(rest).map(Named::Option)
        }
        "Vec" | "std::vec::Vec" | "alloc::vec::Vec" => inside(rest).map(Named::Sequence),
        "String" | "std::string::String" | "alloc::string::String" => Some(Named::Text),
        "std::time::Duration" | "core::time::Duration" => Some(Named::Scalar(Scalar::Duration)),
        "usize" => Some(Named::Scalar(Scalar::U64)),
        "isize" => Some(Named::Scalar(Scalar::I64)),
        // Only this library calls it so; a type of that name is somebody's own.
        "duration" => None,
        scalar => Scalar::named(scalar).map(Named::Scalar),
    }
}

/// Behind its parenthesis; a tuple of nothing takes no bytes.
fn tuple(rest: &mut &str, depth: u8) -> Option<Named> {
    let mut items = Vec::new();
    loop {
        items.push(read(rest, depth + 1)?);
        let comma = eat(rest, ",");
        if eat(rest, ")") {
            // In parentheses alone it is no tuple.
            return match items.len() {
                1 if !comma => items.pop(),
                _ => Some(Named::Tuple(items)),
            };
        }
        if !comma {
            return None;
        }
    }
}

fn eat(rest: &mut &str, token: &str) -> bool {
    let found = rest.strip_prefix(token);
    *rest = found.unwrap_or(rest);
    found.is_some()
}

/// A path without its leading colons.
fn word<'t>(rest: &mut &'t str) -> &'t str {
    eat(rest, "::");
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let (word, behind) = rest.split_at(end.unwrap_or(rest.len()));
    *rest = behind;
    word
}

fn number(rest: &mut &str) -> Option<usize> {
    let word = word(rest);
    let digits = word.strip_suffix("usize").unwrap_or(word);
    digits.parse().ok()
}

impl<'de> DeserializeSeed<'de> for &Named {
    type Value = AnyValue;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<AnyValue, D::Error> {
        match self {
            Named::Scalar(scalar) => deserialize_scalar(*scalar, self, from),
            Named::Text => from.deserialize_string(self),
            Named::Option(_) => from.deserialize_option(self),
            Named::Sequence(_) => from.deserialize_seq(self),
            Named::Array(len, _) => from.deserialize_tuple(*len, self),
            Named::Tuple(items) => from.deserialize_tuple(items.len(), self),
        }
    }
}

fn deserialize_scalar<'de, D: Deserializer<'de>>(
    scalar: Scalar,
    named: &Named,
    from: D,
) -> Result<AnyValue, D::Error> {
    match scalar {
        Scalar::U8 => from.deserialize_u8(named),
        Scalar::U16 => from.deserialize_u16(named),
        Scalar::U32 => from.deserialize_u32(named),
        Scalar::U64 => from.deserialize_u64(named),
        Scalar::U128 => from.deserialize_u128(named),
        Scalar::I8 => from.deserialize_i8(named),
        Scalar::I16 => from.deserialize_i16(named),
        Scalar::I32 => from.deserialize_i32(named),
        Scalar::I64 => from.deserialize_i64(named),
        Scalar::I128 => from.deserialize_i128(named),
        Scalar::F32 => from.deserialize_f32(named),
        Scalar::F64 => from.deserialize_f64(named),
        Scalar::Bool => from.deserialize_bool(named),
        Scalar::Char => from.deserialize_char(named),
        // Its own way is the struct that serde makes of it.
        Scalar::Duration => serde::Deserialize::deserialize(from).map(AnyValue::Duration),
    }
}

/// Takes what the decoder gives for the type that it was asked for.
impl<'de> Visitor<'de> for &Named {
    type Value = AnyValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the named type")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<AnyValue, E> {
        Ok(AnyValue::Bool(value))
    }

    fn visit_i8<E: Error>(self, value: i8) -> Result<AnyValue, E> {
        Ok(AnyValue::Signed(value.into()))
    }

    fn visit_i16<E: Error>(self, value: i16) -> Result<AnyValue, E> {
        Ok(AnyValue::Signed(value.into()))
    }

    fn visit_i32<E: Error>(self, value: i32) -> Result<AnyValue, E> {
        Ok(AnyValue::Signed(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<AnyValue, E> {
        Ok(AnyValue::Signed(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<AnyValue, E> {
        Ok(AnyValue::Signed(value))
    }

    fn visit_u8<E: Error>(self, value: u8) -> Result<AnyValue, E> {
        Ok(AnyValue::Unsigned(value.into()))
    }

    fn visit_u16<E: Error>(self, value: u16) -> Result<AnyValue, E> {
        Ok(AnyValue::Unsigned(value.into()))
    }

    fn visit_u32<E: Error>(self, value: u32) -> Result<AnyValue, E> {
        Ok(AnyValue::Unsigned(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<AnyValue, E> {
        Ok(AnyValue::Unsigned(value.into()))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<AnyValue, E> {
        Ok(AnyValue::Unsigned(value))
    }

    fn visit_f32<E: Error>(self, value: f32) -> Result<AnyValue, E> {
        Ok(AnyValue::F32(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<AnyValue, E> {
        Ok(AnyValue::F64(value))
    }

    fn visit_char<E: Error>(self, value: char) -> Result<AnyValue, E> {
        Ok(AnyValue::Char(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<AnyValue, E> {
        Ok(AnyValue::Text(value.into()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<AnyValue, E> {
        Ok(AnyValue::Text(value))
    }

    fn visit_none<E: Error>(self) -> Result<AnyValue, E> {
        Ok(AnyValue::Option(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<AnyValue, D::Error> {
        let Named::Option(item) = self else {
            return Err(D::Error::custom(""));
        };
        let value = item.deserialize(from)?;
        Ok(AnyValue::Option(Some(value.into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<AnyValue, A::Error> {
        let mut items = Vec::new();
        match self {
            Named::Sequence(item) => {
                while let Some(value) = elements.next_element_seed(&**item)? {
                    items.push(value);
                }
            }
            Named::Array(len, item) => {
                for _ in 0..*len {
                    items.extend(elements.next_element_seed(&**item)?);
                }
            }
            Named::Tuple(types) => {
                for item in types {
                    items.extend(elements.next_element_seed(item)?);
                }
            }
            Named::Scalar(_) | Named::Text | Named::Option(_) => {
                return Err(A::Error::custom(""));
            }
        }
        Ok(AnyValue::List(items))
    }
}

#[cfg(test)]
mod tests;
