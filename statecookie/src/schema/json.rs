//! The schema as JSON: enough for another language to decode the public mutable values and to hold their bounds.
//!
//! Shapes and bounds are read back from the description itself, so that what is shown is what is agreed on.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::{Value, json};

use super::described::{AnyBound, AnyRule, AnyShape, AnyValue, Described, DescribedField};
use super::{Schema, TierPolicy, WhenAway};
use crate::error::Malformed;

impl Schema {
    /// The schema as JSON.
    ///
    /// | key | value |
    /// |---|---|
    /// | `name`, `version`, `pad` | as declared; `pad` in bytes |
    /// | `session_max` | in seconds |
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
            "session_max": self.table.session_max.as_secs(),
            "tiers": tiers,
            "fields": fields,
            "description": hex(&self.description),
            "hash": hex(&self.hash().to_le_bytes()),
        });
        json.to_string()
    }

    fn fields(&self) -> Result<Vec<Value>, Malformed> {
        let described = Described::read(&self.description)?;
        Ok(described.fields.iter().map(field).collect())
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

fn field(field: &DescribedField) -> Value {
    let mut json = json!({
        "name": field.name,
        "tier": field.tier.number(),
        "class": field.class.as_str(),
        "type": field.ty,
    });
    if let Some((of, within)) = &field.open {
        insert(&mut json, "shape", shape(of));
        insert(&mut json, "bound", bound(within));
    }
    json
}

fn shape(of: &AnyShape) -> Value {
    match of {
        AnyShape::Scalar(scalar) => json!({ "kind": "scalar", "scalar": scalar.as_str() }),
        AnyShape::Text => json!({ "kind": "text" }),
        AnyShape::Array(len, item) => json!({ "kind": "array", "len": len, "item": shape(item) }),
        AnyShape::Sequence(item) => json!({ "kind": "sequence", "item": shape(item) }),
        AnyShape::Option(item) => json!({ "kind": "option", "item": shape(item) }),
        AnyShape::Enum(names) => {
            let names: Vec<&str> = names.iter().map(|name| &**name).collect();
            json!({ "kind": "enum", "variants": names })
        }
        AnyShape::Struct(rows) => {
            let rows = rows.iter().map(|row| {
                json!({ "name": *row.name, "shape": shape(&row.shape), "bound": bound(&row.bound) })
            });
            json!({ "kind": "struct", "fields": rows.collect::<Vec<_>>() })
        }
    }
}

fn bound(of: &AnyBound) -> Value {
    let mut json = match &of.rule {
        AnyRule::Any => json!({ "rule": "any" }),
        AnyRule::Range {
            low,
            high,
            high_excluded,
        } => {
            let mut json = json!({ "rule": "range", "high_excluded": high_excluded });
            for (name, end) in [("low", low), ("high", high)] {
                if let Some(end) = end {
                    insert(&mut json, name, end.to_json());
                }
            }
            json
        }
        AnyRule::OneOf(values) => {
            let values: Vec<_> = values.iter().map(AnyValue::to_json).collect();
            json!({ "rule": "one_of", "values": values })
        }
        AnyRule::Check(path) => json!({ "rule": "check", "path": path }),
        AnyRule::Signed(range) => json!({ "rule": "signed", "range": range }),
    };
    insert(&mut json, "lengths", json!(of.lengths));
    json
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| alloc::format!("{byte:02x}"))
        .collect()
}
