//! The values of fields, for people and as JSON.

use serde_json::{Value, json};
use statecookie::outside::{Found, FoundField};

use crate::page::Page;

/// One row for each field.
pub(crate) fn as_text(page: &mut Page, fields: &[FoundField<'_>]) {
    for field in fields {
        page.row(&name(field), row(field));
    }
}

/// What a terminal might act on is escaped; names come from a file that anybody may have written.
fn name(field: &FoundField<'_>) -> String {
    field.field.name().escape_debug().to_string()
}

fn row(field: &FoundField<'_>) -> String {
    let ty = field.field.type_text().escape_debug();
    let class = field.field.class().as_str();
    match &field.found {
        Found::Value(value) => format!("{value}  ({class} {ty}{})", bound(field)),
        Found::OutOfRange(value) => {
            format!("{value}  OUT OF RANGE ({class} {ty}{})", bound(field))
        }
        Found::Unchecked(value, what) => {
            format!(
                "{value}  ({class} {ty}; not checked here: {})",
                what.join("; ")
            )
        }
        Found::Malformed(cause) => format!("NO VALUE: {cause}  ({class} {ty})"),
        Found::Bytes(bytes) => {
            format!(
                "{} bytes {}  ({class} {ty}; its text does not say how to read it)",
                bytes.len(),
                hex(bytes)
            )
        }
        Found::NotReached => format!("not told apart from the bytes above  ({class} {ty})"),
        _ => format!("({class} {ty})"),
    }
}

fn bound(field: &FoundField<'_>) -> String {
    match field.field.bound_text() {
        Some(bound) => format!(" within {bound}"),
        None => String::new(),
    }
}

pub(crate) fn as_json(fields: &[FoundField<'_>]) -> Value {
    fields.iter().map(field).collect()
}

fn field(field: &FoundField<'_>) -> Value {
    let mut json = json!({
        "name": field.field.name(),
        "class": field.field.class().as_str(),
        "type": field.field.type_text(),
    });
    let (found, more) = match &field.found {
        Found::Value(value) => ("value", json!({ "value": value })),
        Found::OutOfRange(value) => ("out-of-range", json!({ "value": value })),
        Found::Unchecked(value, what) => {
            ("unchecked", json!({ "value": value, "unchecked": what }))
        }
        Found::Malformed(cause) => ("malformed", json!({ "cause": cause.to_string() })),
        Found::Bytes(bytes) => ("bytes", json!({ "bytes": hex(bytes) })),
        _ => ("not-reached", json!({})),
    };
    if let (Some(json), Value::Object(more)) = (json.as_object_mut(), more) {
        json.insert("found".to_owned(), json!(found));
        json.extend(more);
    }
    json
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
