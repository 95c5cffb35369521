//! The shapes of the signed fields, which no derive sees: written by hand beside each schema.

use serde_json::{Value, json};

/// Schema, field, shape.
pub(crate) fn all() -> Vec<(&'static str, &'static str, Value)> {
    let mut rows = small();
    rows.extend(wide());
    rows.extend(deep());
    rows.extend(derived());
    rows
}

fn small() -> Vec<(&'static str, &'static str, Value)> {
    let rights = json!({ "kind": "enum", "variants": [
        { "name": "Guest" },
        { "name": "Editor", "newtype": of("u16") },
        { "name": "Owner", "struct": [["since", of("u64")], ["shared", of("bool")]] },
    ]});
    let price = json!({ "kind": "tuple", "items": [of("i64"), of("bool")] });
    let item = fields(&[("name", text()), ("count", of("u32")), ("price", price)]);
    vec![
        ("Note", "author", text()),
        ("Note", "rights", option(rights.clone())),
        ("Basket", "customer", of("u64")),
        ("Basket", "least", of("u16")),
        ("Basket", "limit", of("u16")),
        ("Basket", "rebate", of("u16")),
        ("World", "account", of("u64")),
        ("World", "roles", list(rights)),
        ("World", "rating", of("i32")),
        ("World", "seen", map(text(), of("u16"))),
        ("World", "cart", list(item)),
    ]
}

fn wide() -> Vec<(&'static str, &'static str, Value)> {
    let floors = json!({ "kind": "tuple", "items": [of("u8"), of("u8"), of("u8")] });
    let key = json!({ "kind": "tuple", "items": [of("u8"), option(of("char"))] });
    let mut rows = vec![
        ("Ladder", "house", of("u32")),
        ("Ladder", "pin", text()),
        ("Ladder", "floors", floors),
        ("Ladder", "key", key),
    ];
    let numbers = [
        ("tiny", "i8"),
        ("short", "i16"),
        ("plain", "i32"),
        ("long", "i64"),
        ("huge", "i128"),
        ("size", "u64"),
        ("shift", "i64"),
        ("ratio", "f32"),
        ("exact", "f64"),
        ("sign", "char"),
        ("wait", "duration"),
        ("code", "u16"),
        ("known", "bool"),
    ];
    rows.extend(numbers.map(|(field, scalar)| ("all numbers", field, of(scalar))));
    rows
}

fn deep() -> Vec<(&'static str, &'static str, Value)> {
    let tree = named(
        "Tree",
        json!({ "kind": "enum", "variants": [
            { "name": "Leaf" },
            { "name": "Twig", "newtype": of("u8") },
            { "name": "Fork", "tuple": [again("Tree"), again("Tree")] },
            { "name": "Crown", "struct": [["name", text()], ["boughs", list(again("Tree"))]] },
        ]}),
    );
    let pair = json!({ "kind": "tuple", "items": [of("char"), of("f32")] });
    let chest = named(
        "Chest",
        fields(&[
            ("unit", unit()),
            ("nothing", unit()),
            ("pair", pair),
            ("nest", option(again("Chest"))),
            ("words", map(text(), list(option(of("i16"))))),
        ]),
    );
    vec![
        ("Till", "floor", of("i64")),
        ("Till", "ceiling", of("i64")),
        ("Till", "limit", of("u32")),
        ("Till", "rate", of("f64")),
        ("Till", "slots", of("u8")),
        ("Archive", "tree", tree),
        (
            "Archive",
            "seal",
            json!({ "kind": "newtype", "item": text() }),
        ),
        ("Archive", "chest", chest),
        ("Archive", "marks", list(unit())),
        ("Archive", "pages", json!({ "kind": "bytes" })),
    ]
}

fn derived() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("Film", "length_ms", of("u32")),
        ("Film", "licence", text()),
        ("Glider", "pilot", of("u32")),
        ("Glider", "rating", of("i16")),
    ]
}

fn of(scalar: &str) -> Value {
    json!({ "kind": "scalar", "scalar": scalar })
}

fn text() -> Value {
    json!({ "kind": "text" })
}

fn unit() -> Value {
    json!({ "kind": "unit" })
}

fn option(item: Value) -> Value {
    json!({ "kind": "option", "item": item })
}

fn list(item: Value) -> Value {
    json!({ "kind": "sequence", "item": item })
}

fn map(key: Value, value: Value) -> Value {
    json!({ "kind": "map", "key": key, "value": value })
}

fn fields(fields: &[(&str, Value)]) -> Value {
    json!({ "kind": "struct", "fields": fields })
}

/// A shape that holds itself where `again` names it.
fn named(name: &str, shape: Value) -> Value {
    json!({ "kind": "named", "name": name, "shape": shape })
}

fn again(name: &str) -> Value {
    json!({ "kind": "again", "name": name })
}
