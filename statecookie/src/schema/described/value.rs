//! Values whose type is known from a description only.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde_json::{Map, Value, json};

use super::bound::write_list;

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
