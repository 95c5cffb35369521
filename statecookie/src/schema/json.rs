//! The schema as JSON: enough for another language to decode the public mutable values and to hold their bounds.
//!
//! Shapes and bounds are read back from the description itself, so that what is shown is what is agreed on.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Map, Value, json};

use super::{Schema, TierPolicy, WhenAway};
use crate::bytes::Reader;
use crate::error::Malformed;
use crate::tier::Class;
use crate::value::MutableValue;

impl Schema {
    /// The schema as JSON.
    ///
    /// | key | value |
    /// |---|---|
    /// | `name`, `version`, `pad` | as declared; `pad` in bytes |
    /// | `tiers` | list of `number`, `valid_for` and `renew_after` in seconds, `or_default`; `at_most_every` in seconds and `guarded` (`refuse` or `accept`) where they are declared |
    /// | `fields` | list of `name`, `tier`, `class`, `type`; for mutable and derived fields also `shape` and `bound`; `approx`, as written, where it is declared |
    /// | `shape` | `kind`: `scalar` with `scalar`, `text`, `array` with `len` and `item`, `sequence` and `option` with `item`, `enum` with `variants`, `struct` with `fields` (`name`, `shape`, `bound`) |
    /// | `bound` | `lengths` from the outside in; `rule`: `any`, `range` with `low`, `high` (either may be missing) and `high_excluded`, `one_of` with `values`, `check` with `path`, `signed` with `range` |
    /// | `description` | the canonical byte string in hexadecimal |
    /// | `hash` | its FNV-1a (32 bits), the four bytes as on the wire, in hexadecimal |
    ///
    /// Values inside bounds are JSON's own; whole numbers beyond 53 bits, infinities and durations (in seconds, `"1.5s"`) are strings.
    pub fn to_json(&self) -> String {
        let tiers: Vec<_> = (0_u8..).zip(self.table.tiers).map(tier).collect();
        // The description was written by this library: were it not readable, there would be no fields to show.
        let mut fields = self.fields().unwrap_or_default();
        // How a server issues is no part of the description: it is nobody else's affair.
        for (field, declared) in fields.iter_mut().zip(self.table.fields) {
            if let Some(approx) = declared.approx {
                insert(field, "approx", json!(approx));
            }
        }
        let json = json!({
            "name": self.table.name,
            "version": self.table.version,
            "pad": self.table.pad,
            "tiers": tiers,
            "fields": fields,
            "description": hex(&self.description),
            "hash": hex(&self.hash().to_le_bytes()),
        });
        json.to_string()
    }

    fn fields(&self) -> Result<Vec<Value>, Malformed> {
        let mut input = Reader::new(&self.description);
        let _label = text(&mut input)?;
        let _name = text(&mut input)?;
        for _version_pad_tiers in 0..3 {
            input.varint()?;
        }
        let count = input.varint()?;
        let fields = (0..count)
            .map(|_| field(&mut input))
            .collect::<Result<_, _>>()?;
        input.end()?;
        Ok(fields)
    }
}

fn tier((number, policy): (u8, &TierPolicy)) -> Value {
    let mut tier = json!({
        "number": number,
        "valid_for": policy.valid_for.as_secs(),
        "renew_after": policy.renew_after.as_secs_f64(),
        "or_default": policy.or_default,
    });
    if let Some(every) = policy.at_most_every {
        insert(&mut tier, "at_most_every", json!(every.as_secs_f64()));
    }
    match policy.guarded {
        Some(WhenAway::Accept) => insert(&mut tier, "guarded", json!("accept")),
        Some(WhenAway::Refuse) => insert(&mut tier, "guarded", json!("refuse")),
        None => {}
    }
    tier
}

fn insert(object: &mut Value, key: &str, value: Value) {
    if let Some(map) = object.as_object_mut() {
        map.insert(key.to_string(), value);
    }
}

fn field(input: &mut Reader<'_>) -> Result<Value, Malformed> {
    let name = text(input)?;
    let tier = input.varint()?;
    let class = match input.varint()? {
        0 => Class::Immutable,
        1 => Class::Private,
        2 => Class::Mutable,
        3 => Class::Derived,
        _ => return Err(Malformed::BadValue),
    };
    let mut field = json!({
        "name": name, "tier": tier, "class": class.as_str(), "type": text(input)?,
    });
    if matches!(class, Class::Mutable | Class::Derived) {
        let shape = Shape::read(input)?;
        let bound = bound(input, &shape)?;
        insert(&mut field, "shape", shape.json()?);
        insert(&mut field, "bound", bound);
    }
    Ok(field)
}

/// A shape as the description has it.
enum Shape<'d> {
    Scalar(&'d str),
    Text,
    Array(u64, Box<Shape<'d>>),
    Sequence(Box<Shape<'d>>),
    Option(Box<Shape<'d>>),
    Enum(Vec<&'d str>),
    Struct(Vec<(&'d str, Shape<'d>, Value)>),
}

impl<'d> Shape<'d> {
    fn read(input: &mut Reader<'d>) -> Result<Self, Malformed> {
        Ok(match input.varint()? {
            0 => Self::Scalar(text(input)?),
            1 => Self::Text,
            2 => Self::Array(input.varint()?, Self::read(input)?.into()),
            3 => Self::Sequence(Self::read(input)?.into()),
            4 => Self::Option(Self::read(input)?.into()),
            5 => {
                let count = input.varint()?;
                Self::Enum((0..count).map(|_| text(input)).collect::<Result<_, _>>()?)
            }
            6 => {
                let count = input.varint()?;
                Self::Struct(
                    (0..count)
                        .map(|_| Self::row(input))
                        .collect::<Result<_, _>>()?,
                )
            }
            _ => return Err(Malformed::BadValue),
        })
    }

    fn row(input: &mut Reader<'d>) -> Result<(&'d str, Self, Value), Malformed> {
        let name = text(input)?;
        let shape = Self::read(input)?;
        let bound = bound(input, &shape)?;
        Ok((name, shape, bound))
    }

    fn json(&self) -> Result<Value, Malformed> {
        Ok(match self {
            Self::Scalar(name) => json!({ "kind": "scalar", "scalar": name }),
            Self::Text => json!({ "kind": "text" }),
            Self::Array(len, item) => json!({ "kind": "array", "len": len, "item": item.json()? }),
            Self::Sequence(item) => json!({ "kind": "sequence", "item": item.json()? }),
            Self::Option(item) => json!({ "kind": "option", "item": item.json()? }),
            Self::Enum(names) => json!({ "kind": "enum", "variants": names }),
            Self::Struct(rows) => {
                let rows = rows.iter().map(|(name, shape, bound)| {
                    Ok(json!({ "name": name, "shape": shape.json()?, "bound": bound }))
                });
                json!({ "kind": "struct", "fields": rows.collect::<Result<Vec<_>, Malformed>>()? })
            }
        })
    }

    /// The scalar that a range speaks of.
    fn leaf(&self) -> &Self {
        match self {
            Self::Array(_, item) | Self::Sequence(item) | Self::Option(item) => item.leaf(),
            other => other,
        }
    }

    /// A value of this shape.
    fn value(&self, input: &mut Reader<'_>) -> Result<Value, Malformed> {
        Ok(match self {
            Self::Scalar(name) => scalar(name, input)?,
            Self::Text => json!(text(input)?),
            Self::Array(len, item) => many(*len, item, input)?,
            Self::Sequence(item) => {
                let len = input.varint()?;
                many(len, item, input)?
            }
            Self::Option(item) => match bool::read(input, &[])? {
                true => item.value(input)?,
                false => Value::Null,
            },
            Self::Enum(names) => {
                let index = usize::try_from(input.varint()?).map_err(|_| Malformed::BadValue)?;
                json!(names.get(index).ok_or(Malformed::BadValue)?)
            }
            Self::Struct(rows) => {
                let values = rows
                    .iter()
                    .map(|(name, shape, _)| Ok((String::from(*name), shape.value(input)?)));
                Value::Object(values.collect::<Result<Map<_, _>, Malformed>>()?)
            }
        })
    }
}

fn many(len: u64, item: &Shape<'_>, input: &mut Reader<'_>) -> Result<Value, Malformed> {
    let items = (0..len)
        .map(|_| item.value(input))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Value::Array(items))
}

fn bound(input: &mut Reader<'_>, shape: &Shape<'_>) -> Result<Value, Malformed> {
    let count = input.varint()?;
    let lengths = (0..count)
        .map(|_| input.varint())
        .collect::<Result<Vec<_>, _>>()?;
    let mut bound = match input.varint()? {
        0 => json!({ "rule": "any" }),
        1 => range(input, shape.leaf())?,
        2 => {
            let count = input.varint()?;
            let values = (0..count)
                .map(|_| prefixed(input, shape))
                .collect::<Result<Vec<_>, _>>()?;
            json!({ "rule": "one_of", "values": values })
        }
        3 => json!({ "rule": "check", "path": text(input)? }),
        4 => json!({ "rule": "signed", "range": text(input)? }),
        _ => return Err(Malformed::BadValue),
    };
    if let Some(map) = bound.as_object_mut() {
        map.insert("lengths".to_string(), json!(lengths));
    }
    Ok(bound)
}

fn range(input: &mut Reader<'_>, leaf: &Shape<'_>) -> Result<Value, Malformed> {
    let flags = input.varint()?;
    let mut range = json!({ "rule": "range", "high_excluded": flags & 4 != 0 });
    for (flag, name) in [(1, "low"), (2, "high")] {
        if flags & flag != 0
            && let Some(map) = range.as_object_mut()
        {
            map.insert(name.to_string(), prefixed(input, leaf)?);
        }
    }
    Ok(range)
}

/// A value behind its length.
fn prefixed(input: &mut Reader<'_>, shape: &Shape<'_>) -> Result<Value, Malformed> {
    let len = input.length()?;
    let mut inside = Reader::new(input.take(len)?);
    let value = shape.value(&mut inside)?;
    inside.end()?;
    Ok(value)
}

fn scalar(name: &str, input: &mut Reader<'_>) -> Result<Value, Malformed> {
    Ok(match name {
        "u8" => json!(u8::read(input, &[])?),
        "u16" | "u32" | "u64" => whole(u64::read(input, &[])?.into()),
        "u128" => {
            let value = u128::read(input, &[])?;
            i128::try_from(value).map_or_else(|_| json!(value.to_string()), whole)
        }
        "i8" => json!(i8::read(input, &[])?),
        "i16" | "i32" | "i64" => whole(i64::read(input, &[])?.into()),
        "i128" => whole(i128::read(input, &[])?),
        "f32" => float(f32::read(input, &[])?, f64::from),
        "f64" => float(f64::read(input, &[])?, |value| value),
        "bool" => json!(bool::read(input, &[])?),
        "char" => json!(char::read(input, &[])?.to_string()),
        "duration" => {
            let duration = core::time::Duration::read(input, &[])?;
            json!(alloc::format!("{}s", duration.as_secs_f64()))
        }
        _ => return Err(Malformed::BadValue),
    })
}

/// JSON's numbers are floats for many readers: beyond 53 bits they would be rounded.
fn whole(value: i128) -> Value {
    match i64::try_from(value) {
        Ok(small) if small.unsigned_abs() < 1 << 53 => json!(small),
        _ => json!(value.to_string()),
    }
}

/// The shortest text of the number, and a string where JSON has no number.
fn float<F: core::fmt::Display + Copy>(value: F, wide: impl Fn(F) -> f64) -> Value {
    let text = value.to_string();
    let exact: Option<f64> = text.parse().ok().filter(|_| wide(value).is_finite());
    exact.map_or_else(|| json!(text), |number| json!(number))
}

fn text<'d>(input: &mut Reader<'d>) -> Result<&'d str, Malformed> {
    let len = input.length()?;
    core::str::from_utf8(input.take(len)?).map_err(|_| Malformed::BadValue)
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| alloc::format!("{byte:02x}"))
        .collect()
}
