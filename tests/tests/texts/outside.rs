//! What is said of a schema known from its JSON, and of values by it.

use statecookie::outside::{AnyPool, AnySchema, Found, SchemaJsonError, SchemaMatch};
use statecookie::testing::TestClock;
use statecookie::{Keys, MutableValue, Mute, Pool, Schema, StateCookie, inspect_cookie};
use statecookie_tests::shop::NOW;

use crate::battery::ring;
use crate::plants::TEXT;
use crate::said::Said;

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1h"))]
struct Ward {
    #[tier(0)]
    #[private]
    file: Mute<String>,
    #[tier(0)]
    public: String,
    #[tier(0)]
    place: Place,
    #[tier(0)]
    #[mutable(range = 0..=4)]
    level: u8,
    #[tier(0)]
    #[mutable(check = even)]
    beds: u8,
    #[tier(0)]
    #[mutable(max_len = 3)]
    note: String,
    #[tier(0)]
    #[mutable(any)]
    after: bool,
}

type Place = (u8, u8);

fn even(beds: &u8) -> bool {
    beds.is_multiple_of(2)
}

#[derive(StateCookie)]
#[statecookie(tier(1, valid_for = "2h"), tier(0, valid_for = "1h"))]
#[allow(dead_code, reason = "only its schema is of use")]
struct Unlike {
    #[tier(1)]
    a: u8,
    #[tier(0)]
    b: Kind,
}

#[derive(serde::Serialize, serde::Deserialize, MutableValue)]
enum Kind {
    Only,
}

pub(crate) fn of_public_values(said: &mut Said) {
    let schema = schema(said);
    let pool = Pool::<Ward>::builder("ward.example", Keys::ring(ring()));
    let pool = pool.clock(TestClock::at(NOW)).build().unwrap();
    let ward = Ward {
        file: Mute(TEXT.into()),
        public: "north".into(),
        place: (1, 2),
        level: 3,
        beds: 2,
        note: "ok".into(),
        after: true,
    };
    let mut session = pool.open_at(ward, NOW).unwrap();
    let mut update = session.flush_at(NOW).unwrap().unwrap().into_bytes();
    look(said, &schema, &update);
    // level, beds, note, after: the last of the cookie.
    let level = update.len() - 6;
    update[level] = 5;
    update[level + 2] = 4;
    look(said, &schema, &update);
    let other = AnySchema::from_json(&Schema::of::<Unlike>().unwrap().to_json()).unwrap();
    look(said, &other, &update);
    let cookie = &update[3..];
    said.both(&inspect_cookie(cookie).unwrap());
    said.debug(&schema.look_at_cookie(cookie).unwrap());
    said.error(&schema.look(&[]).unwrap_err());
    for kind in [SchemaMatch::Unsaid, SchemaMatch::Unfit] {
        said.debug(&kind);
    }
    said.debug(&Found::Missing);
    judge(said, schema, &update);
}

fn look(said: &mut Said, schema: &AnySchema, update: &[u8]) {
    let looked = schema.look(update).unwrap();
    said.debug(&looked);
    said.debug(&looked.schema);
    for tier in &looked.tiers {
        said.debug(tier);
        for field in &tier.fields {
            said.debug(field);
            said.debug(&field.found);
            said.both(&field.field);
            if let Found::Value(value) = &field.found {
                said.both(value);
            }
        }
    }
}

/// Private values are read here, and no `Debug` shows them.
fn judge(said: &mut Said, schema: AnySchema, refused: &[u8]) {
    let builder = AnyPool::builder("ward.example", Keys::ring(ring()), schema);
    said.debug(&builder);
    let pool = builder.build().unwrap();
    said.debug(&pool);
    let mut good = refused.to_vec();
    let level = good.len() - 6;
    good[level] = 4;
    good[level + 2] = 2;
    for bytes in [refused, &good] {
        let presented = pool.present(bytes).at(NOW).reveal_private();
        said.debug(&presented);
        let judged = presented.judge();
        said.debug(&judged);
        said.debug(&judged.times[0]);
        match &judged.verdict {
            Ok(accepted) => said.debug(accepted),
            Err(refusal) => said.error(refusal),
        }
        let fields = judged.tiers.iter().flat_map(|tier| &tier.fields);
        assert_eq!(fields.count(), Ward::TABLE.fields.len());
    }
}

fn schema(said: &mut Said) -> AnySchema {
    let json = Schema::of::<Ward>().unwrap().to_json();
    let schema = AnySchema::from_json(&json).unwrap();
    said.debug(&schema);
    let long = " ".repeat(AnySchema::MAX_JSON + 1);
    for (bad, kind) in [
        ("", "NotJson"),
        (&long[..], "TooLong"),
        ("{}", "Key"),
        (
            &json.replace("\"description\":\"14", "\"description\":\"15"),
            "Description",
        ),
        (&json.replace("\"hash\":\"", "\"hash\":\"00"), "Hash"),
        (&json.replace("\"number\":0", "\"number\":1"), "Tiers"),
    ] {
        let error: SchemaJsonError = said.refused(AnySchema::from_json(bad));
        assert!(format!("{error:?}").starts_with(kind), "{error:?}");
    }
    schema
}
