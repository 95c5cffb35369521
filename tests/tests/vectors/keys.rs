//! The sub-keys, derived here with other crates than the library's own lines, and held against a cookie's tag.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use statecookie::{Schema, StateCookie};

use crate::blob::{cookies, put_varint, section_of};
use crate::make::{NOW, basket, embedded, full, note, ring};
use crate::run::{hex, unhex};
use crate::schemas::{Basket, Note};

const SALT: &[u8] = b"statecookie 1";

pub(crate) fn all() -> Value {
    let (ring, embedded) = (ring(), embedded());
    let root = &embedded["keys"]["embedded"];
    let period = NOW / 10_800;
    let secret = period_secret(&unhex(&root["secret"]), 10_800, period as u32);
    let mut rows = vec![
        row::<Note>("Note", &ring, 7),
        row::<Basket>("Basket", &ring, 7),
    ];
    rows.push(with_secret::<Basket>("Basket", &embedded, &secret));
    rows[2]["period"] = json!({
        "root_secret": root["secret"], "rotation": 10_800, "number": period,
    });
    check_tag(
        &full(&ring, &note()),
        section_of(&note(), 0).len(),
        &rows[0],
    );
    check_tag(&full(&ring, &basket()), 0, &rows[1]);
    check_tag(&full(&embedded, &basket()), 0, &rows[2]);
    json!(rows)
}

/// The sub-keys of one key of a ring.
pub(crate) fn row<S: StateCookie>(schema: &str, pool: &Value, id: u64) -> Value {
    let ring = pool["keys"]["ring"].as_array().unwrap();
    let key = ring.iter().find(|key| key["id"] == id).unwrap();
    with_secret::<S>(schema, pool, &unhex(&key["secret"]))
}

fn with_secret<S: StateCookie>(schema: &str, pool: &Value, secret: &[u8]) -> Value {
    let name = pool["name"].as_str().unwrap();
    let described = Schema::of::<S>().unwrap();
    let sub = |label: &str| {
        let label = format!("statecookie 1 {label}");
        let mut info = Vec::new();
        for part in [label.as_bytes(), name.as_bytes(), described.description()] {
            put_str(&mut info, part);
        }
        hex(&expand(secret, &info))
    };
    json!({
        "schema": schema, "pool": name, "secret": hex(secret),
        "sign": sub("sign"), "encrypt": sub("encrypt"), "hedge": sub("hedge"), "fingerprint": sub("fingerprint"),
    })
}

fn period_secret(root: &[u8], rotation: u64, number: u32) -> Vec<u8> {
    let mut info = Vec::new();
    put_str(&mut info, b"statecookie 1 period");
    info.extend(rotation.to_le_bytes());
    info.extend(number.to_le_bytes());
    expand(root, &info)
}

fn expand(secret: &[u8], info: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 32];
    Hkdf::<Sha256>::new(Some(SALT), secret)
        .expand(info, &mut out)
        .unwrap();
    out
}

fn put_str(out: &mut Vec<u8>, part: &[u8]) {
    put_varint(out, part.len());
    out.extend(part);
}

/// The first cookie of `blob`, the root of a session that is not bound, carries the tag of this sub-key.
fn check_tag(blob: &[u8], mutable: usize, row: &Value) {
    let root = &cookies(blob)[0];
    let (input, tag) = root[..root.len() - mutable].split_at(root.len() - mutable - 16);
    let mut mac = Hmac::<Sha256>::new_from_slice(&unhex(&row["sign"])).unwrap();
    mac.update(&[0x10, 0]);
    mac.update(input);
    assert_eq!(&mac.finalize().into_bytes()[..16], tag);
}
