//! The schema's description, byte by byte, and what other languages are shown of it.

use serde_json::{Value, json};
use statecookie::{MutableValue, Schema, SchemaError, StateCookie};

const LIMIT: u8 = 4;

#[derive(MutableValue, Clone, Copy, Default, PartialEq)]
enum Mode {
    #[default]
    Walk,
    Fly,
}

#[derive(MutableValue, Default, PartialEq)]
struct Label {
    #[mutable(max_len = 4)]
    text: String,
    #[mutable(range = ..LIMIT)]
    size: u8,
}

fn is_even(value: &u32) -> bool {
    value.is_multiple_of(2)
}

#[derive(StateCookie)]
#[statecookie(
    name = "all",
    version = 300,
    tier(0, valid_for = "90s", renew_after = "7s")
)]
#[allow(dead_code)]
struct All {
    #[tier(0)]
    limit: u64,
    #[tier(0)]
    #[private]
    secret: Vec<u8>,
    #[tier(0)]
    #[mutable(range = 1..=LIMIT, max_len = 3)]
    levels: Vec<[u8; 2]>,
    #[tier(0)]
    #[mutable(one_of(Mode::Fly))]
    mode: Mode,
    #[tier(0)]
    #[mutable(check = is_even)]
    even: u32,
    #[tier(0)]
    #[mutable(range = 0 .. self . limit)]
    place: u64,
    #[tier(0)]
    #[mutable(any)]
    label: Option<Label>,
    #[tier(0)]
    #[mutable(range = 0.1..f32::INFINITY)]
    weight: f32,
    #[tier(0)]
    #[mutable(range = i64::MIN..)]
    depth: i64,
}

fn described() -> Vec<u8> {
    let mut bytes = b"\x14statecookie schema 1\x03all\xac\x02\x10\x01\x09".to_vec();
    bytes.extend(b"\x05limit\x00\x00\x03u64");
    bytes.extend(b"\x06secret\x00\x01\x07Vec<u8>");
    bytes.extend(b"\x06levels\x00\x02");
    bytes.extend(b"\x0bVec<[u8;2]>\x03\x02\x02\x00\x02u8\x01\x03\x01\x03\x01\x01\x01\x04");
    bytes.extend(b"\x04mode\x00\x02\x04Mode\x05\x02\x04Walk\x03Fly\x00\x02\x01\x01\x01");
    bytes.extend(b"\x04even\x00\x02\x03u32\x00\x03u32\x00\x03\x07is_even");
    bytes.extend(b"\x05place\x00\x02\x03u64\x00\x03u64\x00\x04\x0d0..self.limit");
    bytes.extend(b"\x05label\x00\x02\x0dOption<Label>\x04\x06\x02");
    bytes.extend(b"\x04text\x01\x01\x04\x00");
    bytes.extend(b"\x04size\x00\x02u8\x00\x01\x06\x01\x04");
    bytes.extend(b"\x00\x00");
    bytes.extend(
        b"\x06weight\x00\x02\x03f32\x00\x03f32\x00\x01\x07\x04\xcd\xcc\xcc\x3d\x04\x00\x00\x80\x7f",
    );
    bytes.extend(b"\x05depth\x00\x02\x03i64\x00\x03i64\x00\x01\x01\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    bytes
}

#[test]
fn the_description_has_exactly_these_bytes() {
    let schema = Schema::of::<All>().unwrap();
    assert_eq!(
        String::from_utf8_lossy(schema.description()),
        String::from_utf8_lossy(&described())
    );
    assert_eq!(schema.description(), described());
}

#[test]
fn the_hash_is_fnv_1a_of_the_description() {
    let schema = Schema::of::<All>().unwrap();
    let mut hash = 2_166_136_261_u32;
    for byte in schema.description() {
        hash = (hash ^ u32::from(*byte)).wrapping_mul(16_777_619);
    }
    assert_eq!(schema.hash(), hash);
}

#[test]
fn json_shows_every_field_with_its_evaluated_bound() {
    let json: Value = serde_json::from_str(&Schema::of::<All>().unwrap().to_json()).unwrap();
    assert_eq!(
        (&json["name"], &json["version"], &json["pad"]),
        (&json!("all"), &json!(300), &json!(16))
    );
    assert_eq!(
        json["tiers"],
        json!([{ "number": 0, "valid_for": 90, "renew_after": 7.0, "or_default": false }])
    );
    let field = |name: &str| {
        let fields = json["fields"].as_array().unwrap();
        fields
            .iter()
            .find(|field| field["name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(
        field("limit"),
        json!({ "name": "limit", "tier": 0, "class": "immutable", "type": "u64" })
    );
    assert_eq!(
        field("secret"),
        json!({ "name": "secret", "tier": 0, "class": "private", "type": "Vec<u8>" })
    );
    let u8_shape = json!({ "kind": "scalar", "scalar": "u8" });
    assert_eq!(
        field("levels")["shape"],
        json!({ "kind": "sequence", "item": { "kind": "array", "len": 2, "item": u8_shape } })
    );
    assert_eq!(
        field("levels")["bound"],
        json!({ "lengths": [3], "rule": "range", "low": 1, "high": 4, "high_excluded": false })
    );
    assert_eq!(
        field("mode")["shape"],
        json!({ "kind": "enum", "variants": ["Walk", "Fly"] })
    );
    assert_eq!(
        field("mode")["bound"],
        json!({ "lengths": [], "rule": "one_of", "values": ["Fly"] })
    );
    assert_eq!(
        field("even")["bound"],
        json!({ "lengths": [], "rule": "check", "path": "is_even" })
    );
    assert_eq!(
        field("place")["bound"],
        json!({ "lengths": [], "rule": "signed", "range": "0..self.limit" })
    );
    let label = &field("label")["shape"]["item"]["fields"];
    assert_eq!(
        label[0],
        json!({ "name": "text", "shape": { "kind": "text" }, "bound": { "lengths": [4], "rule": "any" } })
    );
    assert_eq!(
        label[1]["bound"],
        json!({ "lengths": [], "rule": "range", "high": 4, "high_excluded": true })
    );
    assert_eq!(
        field("weight")["bound"],
        json!({ "lengths": [], "rule": "range", "low": 0.1, "high": "inf", "high_excluded": true })
    );
    assert_eq!(
        field("depth")["bound"]["low"],
        json!("-9223372036854775808")
    );
    assert_eq!(
        json["description"].as_str().unwrap().len(),
        2 * described().len()
    );
    assert_eq!(json["hash"].as_str().unwrap().len(), 8);
}

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "90s"))]
#[allow(dead_code)]
struct Empty<const N: u8> {
    #[tier(0)]
    #[mutable(range = 5..N)]
    level: u8,
}

#[test]
fn an_empty_range_is_refused_by_name() {
    Schema::of::<Empty<6>>().unwrap();
    let refused = Schema::of::<Empty<5>>().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the range of `level` holds nothing: 5..5"
    );
    assert!(matches!(refused, SchemaError::EmptyRange(_)));
}

#[derive(StateCookie)]
#[statecookie(tier(1, valid_for = "90s"), tier(0, valid_for = "80s", or_default))]
#[allow(dead_code)]
struct BadDefault {
    #[tier(1)]
    name: u8,
    #[tier(0)]
    #[mutable(range = 1..=9)]
    level: u8,
}

#[test]
fn a_default_outside_its_bound_is_refused_by_name() {
    let refused = Schema::of::<BadDefault>().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the default of `level` is outside its bound: 1..=9"
    );
}

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "90s"))]
#[allow(dead_code)]
struct Listed {
    #[tier(0)]
    #[mutable(one_of(7))]
    a: u8,
    #[tier(0)]
    #[mutable(one_of(9_007_199_254_740_991, 9_007_199_254_740_992))]
    b: u64,
    #[tier(0)]
    #[mutable(one_of(5, u128::MAX))]
    c: u128,
    #[tier(0)]
    #[mutable(one_of(-7))]
    d: i8,
    #[tier(0)]
    #[mutable(one_of(-9_007_199_254_740_991, -9_007_199_254_740_992))]
    e: i64,
    #[tier(0)]
    #[mutable(one_of(-5, i128::MIN))]
    f: i128,
    #[tier(0)]
    #[mutable(one_of(0.1, f32::NEG_INFINITY))]
    g: f32,
    #[tier(0)]
    #[mutable(one_of(0.25, 1e300))]
    h: f64,
    #[tier(0)]
    #[mutable(one_of(true))]
    i: bool,
    #[tier(0)]
    #[mutable(one_of('x', '"'))]
    j: char,
    #[tier(0)]
    #[mutable(one_of(std::time::Duration::from_millis(1_500)))]
    k: std::time::Duration,
    #[tier(0)]
    #[mutable(one_of("EUR", "USD"), max_len = 3)]
    l: String,
    #[tier(0)]
    #[mutable(one_of(Some([1, 2]), None))]
    m: Option<[u16; 2]>,
    #[tier(0)]
    #[mutable(one_of(vec![Mode::Walk, Mode::Fly]), max_len = 2)]
    n: Vec<Mode>,
    #[tier(0)]
    #[mutable(one_of(Label { text: "a".into(), size: 2 }))]
    o: Label,
    #[tier(0)]
    #[mutable(one_of(3))]
    p: usize,
    #[tier(0)]
    #[mutable(one_of(-3))]
    q: i32,
}

#[test]
fn json_shows_a_value_of_every_kind_as_json_has_it_or_as_text() {
    let json: Value = serde_json::from_str(&Schema::of::<Listed>().unwrap().to_json()).unwrap();
    let fields = json["fields"].as_array().unwrap();
    let expected = [
        json!([7]),
        json!([9_007_199_254_740_991_u64, "9007199254740992"]),
        json!([5, "340282366920938463463374607431768211455"]),
        json!([-7]),
        json!([-9_007_199_254_740_991_i64, "-9007199254740992"]),
        json!([-5, "-170141183460469231731687303715884105728"]),
        json!([0.1, "-inf"]),
        json!([0.25, 1e300]),
        json!([true]),
        json!(["x", "\""]),
        json!(["1.5s"]),
        json!(["EUR", "USD"]),
        json!([[1, 2], null]),
        json!([["Walk", "Fly"]]),
        json!([{ "text": "a", "size": 2 }]),
        json!([3]),
        json!([-3]),
    ];
    assert_eq!(fields.len(), expected.len());
    for (field, values) in fields.iter().zip(expected) {
        assert_eq!(field["bound"]["values"], values, "{}", field["name"]);
    }
    let hash = Schema::of::<Listed>().unwrap().hash().to_le_bytes();
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(json["hash"], json!(hex));
}
