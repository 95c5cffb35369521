//! Every bundle of the kit, judged without its struct: the verdict is the typed pool's, wherever the schema's JSON says enough.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use statecookie::outside::{AnyPool, AnySchema, Found, Judged};
use statecookie::{KeyPolicy, Limits, Reason, Timestamp};
use statecookie_tests::kit::run::{self, bytes_of, unhex};

use crate::{KITS, files};

struct Schemas(BTreeMap<String, AnySchema>);

impl Schemas {
    fn read() -> Self {
        let schemas = files::read("schemas.json");
        let read = |json: &Value| {
            let schema = AnySchema::from_json(&json.to_string()).unwrap();
            (schema.name().to_owned(), schema)
        };
        Self(schemas.as_array().unwrap().iter().map(read).collect())
    }

    fn pool(&self, case: &Value) -> AnyPool {
        let config = &case["pool"];
        let schema = self.0[case["schema"].as_str().unwrap()].clone();
        let name = config["name"].as_str().unwrap();
        let mut builder = AnyPool::builder(name, run::keys(&config["keys"]), schema);
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
        if let Some(secs) = config["refuse_born_before"].as_u64() {
            builder = builder.refuse_born_before(Timestamp::from_secs(secs));
        }
        let pool = builder.build().unwrap();
        for session in config["refuse_sessions"].as_array().into_iter().flatten() {
            let session = unhex(session).try_into().unwrap();
            pool.refuse_session(session).unwrap();
        }
        pool
    }
}

/// Whether the verdict says of the very field, or of bytes before it, that it was not checked.
fn excused(judged: &Judged<'_>, typed: &Value) -> bool {
    let said = |name: &str| {
        judged
            .unchecked
            .iter()
            .any(|what| what.starts_with(&format!("`{name}`:")))
    };
    let bytes = || {
        judged
            .unchecked
            .iter()
            .any(|what| what.contains("whether its bytes are"))
    };
    match (typed["reason"].as_str(), typed["field"].as_str()) {
        (Some("invalid"), _) => true,
        (Some("out-of-range"), Some(field)) => said(field),
        // A type that is not known hides what stands behind its values, too.
        (Some("internal-mismatch"), field) => field.is_none_or(said) && bytes(),
        _ => false,
    }
}

/// Nothing, or how the verdict differs from the typed pool's beyond what the JSON leaves open.
fn difference(judged: &Judged<'_>, typed: &Value) -> Option<String> {
    let found = match &judged.verdict {
        Ok(_) => "accepted",
        Err(refusal) => refusal.reason.as_str(),
    };
    let expected = typed["reason"].as_str().unwrap_or("accepted");
    if found != expected {
        return (!excused(judged, typed)).then(|| format!("{found} instead of {typed}"));
    }
    let Err(refusal) = &judged.verdict else {
        let defaulted = judged.verdict.as_ref().unwrap().defaulted;
        let defaulted: Value = defaulted.iter().map(|tier| tier.number()).collect();
        return (defaulted != typed["defaulted"]).then(|| format!("defaulted {defaulted}"));
    };
    let place = (
        refusal.tier.map(|tier| tier.number().into()),
        refusal.field.as_deref(),
    );
    let same = place == (typed["tier"].as_u64(), typed["field"].as_str());
    (!same).then(|| format!("{refusal} instead of {typed}"))
}

/// The first field whose value is not the restored one; `read` counts those that are.
fn values(judged: &Judged<'_>, typed: &Value, read: &mut usize) -> Option<String> {
    let tiers = judged.tiers.iter().flat_map(|tier| &tier.fields);
    for field in tiers.chain(&judged.derived) {
        let (Found::Value(value) | Found::Unchecked(value, _)) = &field.found else {
            continue;
        };
        let value = serde_json::to_value(value).unwrap();
        let name = field.field.name();
        if !alike(&value, &typed[name]) {
            return Some(format!("`{name}` is {value} instead of {}", typed[name]));
        }
        *read += 1;
    }
    None
}

/// The same value in the form of `to_json` and in that of the kit.
fn alike(ours: &Value, typed: &Value) -> bool {
    match (ours, typed) {
        // The shortest text of an `f32`, and the `f64` of the same value.
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            a.to_bits() == b.to_bits() || (a as f32).to_bits() == (b as f32).to_bits()
        }
        (Value::String(a), Value::Number(b)) | (Value::Number(b), Value::String(a)) => {
            *a == b.to_string()
        }
        (Value::String(a), Value::Object(b)) => {
            let (secs, nanos) = (b["secs"].as_u64().unwrap(), b["nanos"].as_u64().unwrap());
            *a == format!("{}s", Duration::new(secs, nanos as u32).as_secs_f64())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, a)| b.get(name).is_some_and(|b| alike(a, b)))
        }
        _ => ours == typed,
    }
}

#[test]
fn the_verdict_without_the_struct_is_that_of_the_typed_pool() {
    let schemas = Schemas::read();
    let mut wrong = Vec::new();
    let mut met = BTreeMap::<_, usize>::new();
    let (mut open, mut read) = (0, 0);
    for file in KITS.as_flattened() {
        for case in files::read(file).as_array().unwrap() {
            let pool = schemas.pool(case);
            let blob = unhex(&case["blob"]);
            let now = Timestamp::from_millis(case["now_ms"].as_u64().unwrap());
            let identity = case["identity"].as_str().map(bytes_of);
            let mut presented = pool.present(&blob).at(now);
            if let Some(identity) = &identity {
                presented = presented.identity(identity);
            }
            let (judged, typed) = (presented.reveal_private().judge(), run::resume(case));
            if let Some(difference) = difference(&judged, &typed) {
                wrong.push(format!("{file}, {}: {difference}", case["name"]));
            }
            match &judged.verdict {
                Err(refusal) if typed["reason"] == refusal.reason.as_str() => {
                    *met.entry(refusal.reason.as_str()).or_default() += 1;
                }
                Ok(_) if typed["reason"].is_null() => {
                    *met.entry("accepted").or_default() += 1;
                    let differs = values(&judged, &typed["values"], &mut read);
                    wrong.extend(differs.map(|name| format!("{}: {name}", case["name"])));
                }
                _ => open += 1,
            }
        }
    }
    println!("{met:#?}, {read} values, {open} cases of which the JSON does not say enough");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(read > 5_000, "{read}");
    for reason in Reason::ALL {
        let reached = met.contains_key(reason.as_str());
        let out_of_reach = reason == Reason::Invalid || reason.is_of_marks();
        assert_eq!(reached, !out_of_reach, "{reason}");
    }
}
