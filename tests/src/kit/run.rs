//! Runs one vector against the library: from the JSON of a case to the JSON of what came of it.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};
use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{
    Key, KeyId, KeyPolicy, KeyRing, Keys, Limits, Pool, Refusal, Secret, StateCookie, Timestamp,
};

use super::NOW;
use super::schemas::{Basket, Note, World};
use super::schemas_deep::{Archive, Till};
use super::schemas_derived::{Film, Glider};
use super::schemas_wide::{Ladder, Numbers};

/// The outcome of presenting the case's blob to a pool of its schema.
pub fn resume(case: &Value) -> Value {
    match case["schema"].as_str().unwrap() {
        "Note" => resume_as::<Note>(case),
        "Basket" => resume_as::<Basket>(case),
        "World" => resume_as::<World>(case),
        "Ladder" => resume_as::<Ladder>(case),
        "all numbers" => resume_as::<Numbers>(case),
        "Till" => resume_as::<Till>(case),
        "Archive" => resume_as::<Archive>(case),
        "Film" => resume_as::<Film>(case),
        "Glider" => resume_as::<Glider>(case),
        other => panic!("no schema {other}"),
    }
}

/// Whether what came of a case is what it expects: of a refusal, the reason; what is restored, to the bit.
pub fn meets(found: &Value, expected: &Value) -> bool {
    match expected.get("reason") {
        Some(reason) => found.get("reason") == Some(reason),
        None => same(found, expected),
    }
}

/// Equal, and 0.0 is not -0.0.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) if x.is_f64() && y.is_f64() => {
            x.as_f64().map(f64::to_bits) == y.as_f64().map(f64::to_bits)
        }
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len()
                && x.iter()
                    .all(|(name, x)| y.get(name).is_some_and(|y| same(x, y)))
        }
        _ => a == b,
    }
}

fn resume_as<S: StateCookie + Serialize>(case: &Value) -> Value {
    let identity = case["identity"].as_str().map(bytes_of);
    let now = case["now_ms"].as_u64().unwrap();
    let blob = unhex(&case["blob"]);
    judge(&pool::<S>(&case["pool"]), &blob, now, identity.as_deref())
}

/// What a pool makes of what is presented to it, in the form of a case's `expect`.
pub fn judge<S: StateCookie + Serialize>(
    pool: &Pool<S>,
    blob: &[u8],
    now_ms: u64,
    identity: Option<&[u8]>,
) -> Value {
    let mut presentation = pool.present(blob).at(Timestamp::from_millis(now_ms));
    if let Some(identity) = identity {
        presentation = presentation.identity(identity);
    }
    match presentation.resume() {
        Ok(resumed) => json!({
            "values": serde_json::to_value(&*resumed.session).unwrap(),
            "defaulted": resumed.defaulted.iter().map(|tier| tier.number()).collect::<Vec<_>>(),
        }),
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> Value {
    let mut json = json!({ "reason": refusal.reason.as_str() });
    if let Some(tier) = refusal.tier {
        json["tier"] = tier.number().into();
    }
    if let Some(field) = refusal.field {
        json["field"] = field.into();
    }
    json
}

/// The pool that a vector describes; what it draws is always the same.
pub fn pool<S: StateCookie>(config: &Value) -> Pool<S> {
    pool_of(config, 1)
}

/// The same, drawing from the sequence of a seed.
pub fn pool_of<S: StateCookie>(config: &Value, seed: u64) -> Pool<S> {
    let name = config["name"].as_str().unwrap();
    let mut builder = Pool::builder(name, keys(&config["keys"]))
        .clock(TestClock::at(Timestamp::from_secs(NOW)))
        .entropy(FixedEntropy::new(seed));
    if let Some(millis) = config["leeway_ms"].as_u64() {
        builder = builder.leeway(Duration::from_millis(millis));
    }
    if let Some(secs) = config["keys"]["embedded"]["skew"].as_u64() {
        builder = builder.key_policy(KeyPolicy {
            skew: Duration::from_secs(secs),
            ..KeyPolicy::default()
        });
    }
    if let Some(bytes) = config["max_bytes"].as_u64() {
        builder = builder.limits(Limits::default().bytes(bytes as usize));
    }
    let pool = builder.build().unwrap();
    if let Some(secs) = config["refuse_born_before"].as_u64() {
        pool.refuse_born_before(Timestamp::from_secs(secs));
    }
    for session in config["refuse_sessions"].as_array().into_iter().flatten() {
        let session = unhex(session).try_into().unwrap();
        pool.refuse_session(session).unwrap();
    }
    pool
}

fn keys(config: &Value) -> Keys {
    if let Some(root) = config["embedded"].as_object() {
        let rotation = Duration::from_secs(root["rotation"].as_u64().unwrap());
        return Keys::embedded_with_rotation(secret(&root["secret"]), rotation);
    }
    let ring = config["ring"].as_array().unwrap().iter().map(|key| {
        let at = |name: &str| Timestamp::from_secs(key[name].as_u64().unwrap());
        Key {
            id: KeyId(key["id"].as_u64().unwrap() as u32),
            secret: secret(&key["secret"]),
            activates_at: at("activates_at"),
            sign_until: at("sign_until"),
            accept_until: at("accept_until"),
            revoked: key["revoked"].as_bool().unwrap_or(false),
        }
    });
    Keys::ring(KeyRing::new(ring.collect()).unwrap())
}

fn secret(hex: &Value) -> Secret {
    Secret::from_bytes(&unhex(hex)).unwrap()
}

/// The bytes of a JSON string of hexadecimal digits.
pub fn unhex(hex: &Value) -> Vec<u8> {
    bytes_of(hex.as_str().unwrap())
}

/// The bytes of hexadecimal digits.
pub fn bytes_of(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks_exact(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
