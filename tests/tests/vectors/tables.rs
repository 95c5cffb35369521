//! The schemas as data, with the shapes of signed fields beside what the library itself shows; and the text form.

use serde_json::{Value, json};
use statecookie::{Schema, StateCookie, from_text, to_text};

use crate::run::{bytes_of, hex};
use crate::schemas::{Basket, Note, World};

pub(crate) fn schemas() -> Value {
    let string = || json!({ "kind": "text" });
    let of = |scalar: &str| json!({ "kind": "scalar", "scalar": scalar });
    let list = |item: Value| json!({ "kind": "sequence", "item": item });
    let rights = json!({ "kind": "enum", "variants": [
        { "name": "Guest" },
        { "name": "Editor", "newtype": of("u16") },
        { "name": "Owner", "struct": [["since", of("u64")], ["shared", of("bool")]] },
    ]});
    let item = json!({ "kind": "struct", "fields": [
        ["name", string()],
        ["count", of("u32")],
        ["price", { "kind": "tuple", "items": [of("i64"), of("bool")] }],
    ]});
    let mut note = schema::<Note>(3600 * 24);
    put(&mut note, "author", string());
    put(
        &mut note,
        "rights",
        json!({ "kind": "option", "item": rights }),
    );
    let mut basket = schema::<Basket>(3600 * 8);
    for (field, scalar) in [
        ("customer", "u64"),
        ("least", "u16"),
        ("limit", "u16"),
        ("rebate", "u16"),
    ] {
        put(&mut basket, field, of(scalar));
    }
    let mut world = schema::<World>(3600 * 24);
    put(&mut world, "account", of("u64"));
    put(&mut world, "roles", list(rights));
    put(&mut world, "rating", of("i32"));
    put(
        &mut world,
        "seen",
        json!({ "kind": "map", "key": string(), "value": of("u16") }),
    );
    put(&mut world, "cart", list(item));
    world["validate"] = "step <= 1000".into();
    json!([note, basket, world])
}

fn schema<S: StateCookie>(session_max: u64) -> Value {
    let mut json: Value = serde_json::from_str(&Schema::of::<S>().unwrap().to_json()).unwrap();
    json["session_max"] = session_max.into();
    assert_eq!(S::TABLE.session_max.as_secs(), session_max);
    json
}

fn put(schema: &mut Value, field: &str, shape: Value) {
    let fields = schema["fields"].as_array_mut().unwrap();
    let row = fields.iter_mut().find(|row| row["name"] == field).unwrap();
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
