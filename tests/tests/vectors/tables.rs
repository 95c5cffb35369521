//! The schemas as data, with the shapes of signed fields beside what the library itself shows; and the text form.

use serde_json::{Value, json};
use statecookie::{Schema, StateCookie, from_text, to_text};

use crate::run::{bytes_of, hex};
use crate::schemas::{Basket, Note, World};
use crate::schemas_deep::{Archive, Till};
use crate::schemas_derived::{Film, Glider};
use crate::schemas_wide::{Ladder, Numbers};
use crate::shapes;

pub(crate) fn schemas() -> Value {
    let mut rows = vec![
        schema::<Note>(24),
        schema::<Basket>(8),
        schema::<World>(24),
        schema::<Ladder>(12),
        schema::<Numbers>(24),
        schema::<Till>(6),
        schema::<Archive>(48),
        schema::<Film>(6),
        schema::<Glider>(12),
    ];
    for (schema, field, shape) in shapes::all() {
        put(named(&mut rows, schema), field, shape);
    }
    named(&mut rows, "World")["validate"] = "step <= 1000".into();
    named(&mut rows, "Till")["validate"] =
        "(amount <= 1000 or confirmed) and amount + tip <= limit and count(places) <= slots".into();
    named(&mut rows, "Film")["validate"] = "quality > 0 or subtitle is empty".into();
    let signed = rows
        .iter()
        .flat_map(|row| row["fields"].as_array().unwrap());
    assert!(signed.clone().all(|field| field["shape"].is_object()));
    json!(rows)
}

fn named<'a>(rows: &'a mut [Value], name: &str) -> &'a mut Value {
    rows.iter_mut().find(|row| row["name"] == name).unwrap()
}

fn schema<S: StateCookie>(hours: u64) -> Value {
    let mut json: Value = serde_json::from_str(&Schema::of::<S>().unwrap().to_json()).unwrap();
    json["session_max"] = (hours * 3600).into();
    assert_eq!(S::TABLE.session_max.as_secs(), hours * 3600);
    json
}

fn put(schema: &mut Value, field: &str, shape: Value) {
    let fields = schema["fields"].as_array_mut().unwrap();
    let row = fields.iter_mut().find(|row| row["name"] == field).unwrap();
    assert!(row["shape"].is_null(), "{field} has a shape");
    row["shape"] = shape;
}

pub(crate) fn text() -> Value {
    let good = ["", "00", "fb", "fbff", "fbfffe", "000102030405060708"].map(|bytes| {
        let text = to_text(&bytes_of(bytes));
        assert_eq!(from_text(&text).unwrap(), bytes_of(bytes));
        json!({ "text": text, "bytes": bytes })
    });
    let bad = [
        "A", "AB", "AAB", "AA=", "AA==", "A A", "+w", "/w", "AA\n", "AAAAA", "Ä",
    ]
    .map(|text| {
        assert!(from_text(text).is_err(), "{text}");
        json!({ "text": text })
    });
    let whole = hex(&(0..=255).collect::<Vec<u8>>());
    let whole = json!({ "text": to_text(&bytes_of(&whole)), "bytes": whole });
    json!({ "accepted": good.into_iter().chain([whole]).collect::<Vec<_>>(), "refused": bad })
}
