//! The sub-keys, derived here with other crates than the library's own lines, and held against a cookie's tag.

use serde_json::{Value, json};
use statecookie::StateCookie;
use statecookie_tests::kit::sign::{Signer, mac, period_secret, root_prefix};

use crate::blob::{cookies, section_of};
use crate::make::{NOW, basket, embedded, full, note, ring};
use crate::run::{hex, unhex};
use crate::schemas::{Basket, Note};

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
    let signer = Signer::new::<S>(name, secret);
    let sub = |label: &str| hex(&signer.sub(label));
    json!({
        "schema": schema, "pool": name, "secret": hex(secret),
        "sign": sub("sign"), "encrypt": sub("encrypt"), "hedge": sub("hedge"), "fingerprint": sub("fingerprint"),
    })
}

/// The first cookie of `blob`, the root of a session that is not bound, carries the tag of this sub-key.
fn check_tag(blob: &[u8], mutable: usize, row: &Value) {
    let root = &cookies(blob)[0];
    let (input, tag) = root[..root.len() - mutable].split_at(root.len() - mutable - 16);
    let full = mac(&unhex(&row["sign"]), &[&root_prefix(None), input].concat());
    assert_eq!(&full[..16], tag);
}
