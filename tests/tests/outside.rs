//! A schema that is known from its JSON only, and may be anybody's: what is read of it, and what hostile ones come to.
#![forbid(unsafe_code)]

use serde_json::{Value, json};
use statecookie::outside::{AnyPool, AnySchema, Found, SchemaMatch};
use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{
    Class, Entropy, Key, KeyId, KeyRing, Keys, MutableValue, Pool, Schema, Secret, StateCookie,
    Timestamp,
};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(1, valid_for = "3s"),
    tier(0, valid_for = "1s", or_default)
)]
struct Ward {
    #[tier(1)]
    name: String,
    #[tier(1)]
    #[private]
    file: String,
    #[tier(0)]
    #[mutable(range = 0..=4)]
    level: u8,
    #[tier(0)]
    #[mutable(max_len = 5, each(max_len = 9))]
    notes: Vec<String>,
    #[tier(0)]
    #[mutable(any)]
    spot: Spot,
    #[tier(0)]
    #[mutable(range = ..9.5, derived)]
    speed: [f64; 2],
}

#[derive(MutableValue, Clone, Debug, Default, PartialEq)]
struct Spot {
    #[mutable(range = -5..5)]
    x: i32,
    #[mutable(any)]
    open: Option<bool>,
}

fn keys() -> Keys {
    let secret: [u8; 32] = std::array::from_fn(|place| place as u8);
    let after = |secs| NOW.saturating_add(core::time::Duration::from_secs(secs));
    let key = Key {
        id: KeyId(3),
        secret: Secret::from_bytes(&secret).unwrap(),
        activates_at: Timestamp::from_secs(1_000),
        sign_until: after(1_000),
        accept_until: after(2_000),
        revoked: false,
    };
    Keys::ring(KeyRing::new(vec![key]).unwrap())
}

fn pool() -> Pool<Ward> {
    let builder = Pool::builder("ward.example", keys()).clock(TestClock::at(NOW));
    builder.entropy(FixedEntropy::new(4)).build().unwrap()
}

/// A full update, made a bundle by the derived values behind it.
fn bundle() -> Vec<u8> {
    let ward = Ward {
        name: "north".into(),
        file: "nobody's business".into(),
        level: 3,
        notes: vec!["sleeps".into(), "eats".into()],
        spot: Spot {
            x: -4,
            open: Some(true),
        },
        speed: [1.0, 2.0],
    };
    let mut session = pool().open_at(ward, NOW).unwrap();
    let mut bytes = session.flush_at(NOW).unwrap().unwrap().into_bytes();
    bytes[0] |= 2 << 3;
    bytes.push(16);
    bytes.extend([1.0_f64, 2.0].map(f64::to_le_bytes).as_flattened());
    bytes
}

fn schema() -> AnySchema {
    AnySchema::from_json(&Schema::of::<Ward>().unwrap().to_json()).unwrap()
}

fn outside() -> AnyPool {
    AnyPool::builder("ward.example", keys(), schema())
        .build()
        .unwrap()
}

#[test]
fn a_pool_without_the_struct_has_the_fingerprint_and_the_leeway_of_the_typed_one() {
    let typed = pool();
    let outside = outside();
    assert_eq!(outside.fingerprint(), typed.fingerprint());
    // Half of the shortest validity.
    assert_eq!(outside.leeway().as_millis(), 500);
    let schema = outside.schema();
    let highest = schema.fields().next().unwrap().tier();
    assert_eq!(schema.valid_for(highest).unwrap().as_secs(), 3);
    assert_eq!(schema.session_max().unwrap().as_secs(), 86_400);
}

#[test]
fn private_values_are_read_only_where_asked() {
    let (outside, bundle) = (outside(), bundle());
    let presented = outside.present(&bundle).at(NOW);
    let private = |judged: &statecookie::outside::Judged<'_>| {
        let fields = judged.tiers.iter().flat_map(|tier| &tier.fields);
        let private = fields.filter(|field| field.field.class() == Class::Private);
        private
            .map(|field| match &field.found {
                Found::Value(value) => value.to_string(),
                other => format!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    let judged = presented.judge();
    assert!(judged.verdict.is_ok(), "{judged:?}");
    assert!(private(&judged).is_empty());
    assert_eq!(
        private(&presented.reveal_private().judge()),
        ["\"nobody's business\""]
    );
    // Not where the tag is another one's.
    let identity = presented.reveal_private().identity(b"somebody").judge();
    assert!(identity.verdict.is_err() && identity.tiers.is_empty());
}

#[test]
fn of_another_schemas_bytes_nothing_is_read() {
    let mut other = bundle();
    // The hash, behind kind, length, shape, version and required.
    let hash = other
        .windows(4)
        .position(|four| four == schema().hash().to_le_bytes());
    other[hash.unwrap()] ^= 1;
    let schema = schema();
    let looked = schema.look(&other).unwrap();
    assert!(
        matches!(looked.schema, SchemaMatch::Other { .. }),
        "{looked:?}"
    );
    assert!(looked.tiers.is_empty() && looked.derived.is_none());
    let same = schema.look(&bundle()).unwrap();
    assert_eq!((same.schema, same.tiers.len()), (SchemaMatch::Same, 2));
}

/// The JSON of a description of one mutable field, with the hash that belongs to it.
fn json_of(description: &[u8]) -> String {
    let hash = description.iter().fold(2_166_136_261_u32, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(16_777_619)
    });
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let tier = json!({ "number": 0, "valid_for": 60, "or_default": false });
    json!({ "description": hex(description), "hash": hex(&hash.to_le_bytes()), "tiers": [tier] })
        .to_string()
}

fn one_field(shape: &[u8]) -> String {
    let mut description = vec![20];
    description.extend(b"statecookie schema 1");
    description.extend([1, b'S', 1, 16, 1, 1, 1, b'f', 0, 2, 1, b'T']);
    description.extend_from_slice(shape);
    json_of(&description)
}

/// A root of that schema alone, with these values and any tag.
fn root_of(schema: &AnySchema, values: &[u8]) -> Vec<u8> {
    let mut cookie = vec![0, 1, 1];
    cookie.extend(schema.hash().to_le_bytes());
    cookie.extend([0; 4 + 16 + 4]);
    cookie.extend([0, 0, 60, 0, 60]);
    cookie.extend([7; 16]);
    cookie.extend_from_slice(values);
    let mut blob = vec![1 << 5 | 1 << 3, cookie.len() as u8];
    blob.append(&mut cookie);
    blob
}

#[test]
fn types_that_take_no_bytes_cost_no_more_than_others() {
    let long = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];
    // An array of 2^63 structs without fields; such a struct of 60 fields in a sequence; an array of 2^63 numbers.
    let nothing = [&[2][..], &long, &[6, 0, 0, 0]].concat();
    let number = [&[2][..], &long, &[0, 2], b"u8", &[0, 0]].concat();
    for (shape, expected) in [(nothing, "NotReached"), (number, "Malformed(Truncated)")] {
        let schema = AnySchema::from_json(&one_field(&shape)).unwrap();
        let blob = root_of(&schema, &[1; 5]);
        let looked = schema.look(&blob).unwrap();
        assert_eq!(format!("{:?}", looked.tiers[0].fields[0].found), expected);
    }
    // A bound that lists 2,000 arrays of a million structs without fields, in no byte each.
    let million = [&[2][..], &[0xc0, 0x84, 0x3d], &[6, 0]].concat();
    let listed = [&million[..], &[0, 2, 0xd0, 0x0f], &[0; 2_000]].concat();
    assert!(AnySchema::from_json(&one_field(&listed)).is_err());
    // A million rows whose bound cannot be checked, and takes long to say.
    let (text, row) = ([b'x'; 100_000], [&[2][..], &[0][..], &[6, 0]].concat());
    let check = [&[0][..], &[3, 0xa0, 0x8d, 0x06], &text].concat();
    let rows = [&[6, 1, 3], &b"row"[..], &row, &check].concat();
    let many = [&[2][..], &[0xc0, 0x84, 0x3d], &rows, &[0, 0]].concat();
    let schema = AnySchema::from_json(&one_field(&many)).unwrap();
    let looked = schema.look(&root_of(&schema, &[1; 5])).unwrap();
    let found = format!("{:?}", looked.tiers[0].fields[0].found);
    assert!(found.len() < 200_000, "{}", found.len());
    // A sequence of nothing is refused whatever its count.
    let sequence = [3, 6, 0, 1, 0x7f, 0];
    let schema = AnySchema::from_json(&one_field(&sequence)).unwrap();
    let blob = root_of(&schema, &[4, 1, 1, 1, 1]);
    let looked = schema.look(&blob).unwrap();
    assert_eq!(
        format!("{:?}", looked.tiers[0].fields[0].found),
        "Malformed(TooLong)"
    );
}

#[test]
fn a_changed_schema_or_bundle_ends_in_an_error_or_in_values() {
    let dice = FixedEntropy::new(77);
    let json: Value = serde_json::from_str(&Schema::of::<Ward>().unwrap().to_json()).unwrap();
    let description = statecookie_tests::kit::run::unhex(&json["description"]);
    let (mut schemas, mut read, mut refused) = (0, 0, 0);
    for round in 0..1_500 {
        let mut random = [0; 12];
        dice.fill(&mut random).unwrap();
        let place = |at: usize, len: usize| {
            usize::from(u16::from_le_bytes([random[at], random[at + 1]])) % len
        };
        let (mut changed, mut blob) = (description.clone(), bundle_once().to_vec());
        if round % 2 == 0 {
            let at = place(0, changed.len());
            changed[at] = random[2];
        }
        let mut json = json.clone();
        let hashed: Value = serde_json::from_str(&json_of(&changed)).unwrap();
        json["description"] = hashed["description"].clone();
        json["hash"] = hashed["hash"].clone();
        let at = place(4, blob.len());
        blob[at] = random[6];
        let Ok(schema) = AnySchema::from_json(&json.to_string()) else {
            continue;
        };
        schemas += 1;
        // So that it is read, whichever schema it is now.
        let hash = bundle_once()
            .windows(4)
            .position(|four| four == self::schema().hash().to_le_bytes());
        blob[hash.unwrap()..][..4].copy_from_slice(&schema.hash().to_le_bytes());
        if let Ok(looked) = schema.look(&blob) {
            read += looked.tiers.len();
        }
        let Ok(pool) = AnyPool::builder("ward.example", keys(), schema).build() else {
            continue;
        };
        refused += usize::from(pool.present(&blob).at(NOW).judge().verdict.is_err());
    }
    println!("{schemas} schemas, {read} cookies read, {refused} refused");
    assert!(
        schemas > 900 && read > 1_500 && refused > 800,
        "{schemas} {read} {refused}"
    );
}

fn bundle_once() -> &'static [u8] {
    static BUNDLE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(bundle);
    &BUNDLE
}
