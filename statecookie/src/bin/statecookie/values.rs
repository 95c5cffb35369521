//! The values of fields, for people and as JSON.

use serde_json::{Value, json};
use statecookie::outside::{Found, FoundField};

use crate::page::Page;

/// One row for each field; what a terminal might act on is escaped, since a schema may be anybody's file.
pub(crate) fn as_text(page: &mut Page, fields: &[FoundField<'_>]) {
    for found in fields {
        let name = found.field.name().escape_debug().to_string();
        let (value, note) = row(found);
        page.noted(&name, value, &note);
    }
}

/// The value, and what it is.
pub(crate) fn row(found: &FoundField<'_>) -> (String, String) {
    let field = &found.field;
    let kind = format!(
        "{} {}",
        field.class().as_str(),
        field.type_text().escape_debug()
    );
    let bound = field.bound_text().unwrap_or_default();
    match &found.found {
        Found::Value(value) if bound.is_empty() => (value.to_string(), format!("({kind})")),
        Found::Value(value) => (value.to_string(), format!("({kind} within {bound})")),
        Found::OutOfRange(value) => (
            format!("{value}  OUT OF RANGE"),
            format!("({kind} within {bound})"),
        ),
        Found::Unchecked(value, what) => {
            let what = what.join("; ");
            (
                value.to_string(),
                format!("({kind}; not checked here: {what})"),
            )
        }
        Found::Missing => ("MISSING".to_owned(), format!("({kind})")),
        Found::Malformed(cause) => (format!("NO VALUE: {cause}"), format!("({kind})")),
        Found::Bytes(bytes) => (
            format!("0x{}", hex(bytes)),
            format!(
                "({}, {kind}: its text does not say how to read it)",
                counted(bytes.len())
            ),
        ),
        _ => (
            "not told apart from what stands above".to_owned(),
            format!("({kind})"),
        ),
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
        Found::Missing => ("missing", json!({})),
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

fn counted(bytes: usize) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        more => format!("{more} bytes"),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
