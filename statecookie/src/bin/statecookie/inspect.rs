//! `inspect`: what an update or bundle claims, without keys and without values.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde_json::{Value, json};
use statecookie::{InspectedCookie, InspectedRoot, Inspection, MAX_BLOB};

use crate::fault::Fault;

pub(crate) fn inspect(what: &str) -> Result<Inspection, Fault> {
    let bytes = bytes(what)?;
    match statecookie::inspect(&bytes) {
        Ok(seen) => Ok(seen),
        Err(error) => {
            // The first byte of a blob is no letter that begins a text, so that only one of the two can be meant.
            let text = std::str::from_utf8(&bytes).map_err(|_| error)?;
            let decoded = statecookie::from_text(text.trim()).map_err(|_| Fault::NoText)?;
            Ok(statecookie::inspect(&decoded)?)
        }
    }
}

/// Of standard input, a file, or the word itself.
fn bytes(what: &str) -> Result<Vec<u8>, Fault> {
    if what == "-" {
        return limited(io::stdin().lock());
    }
    match Path::new(what).exists() {
        true => limited(File::open(what).map_err(Fault::Input)?),
        false => Ok(what.as_bytes().to_vec()),
    }
}

// A text is a third longer than what it says; whatever is longer than any text is refused by its length.
fn limited(input: impl Read) -> Result<Vec<u8>, Fault> {
    let limit = u64::try_from(MAX_BLOB)
        .unwrap_or(u64::MAX)
        .saturating_mul(2);
    let mut bytes = Vec::new();
    let mut input = input.take(limit);
    input.read_to_end(&mut bytes).map_err(Fault::Input)?;
    Ok(bytes)
}

pub(crate) fn as_json(seen: &Inspection) -> Value {
    json!({
        "kind": seen.kind.to_string(),
        "len": seen.len,
        "root": seen.root.as_ref().map(root),
        "cookies": seen.cookies.iter().map(cookie).collect::<Vec<_>>(),
        "derived_len": seen.derived_len,
    })
}

fn root(root: &InspectedRoot) -> Value {
    json!({
        "required": root.required,
        "schema_hash": hex(&root.schema_hash),
        "key_id": root.key_id.0,
        "session": hex(&root.session),
        "branch": hex(&root.branch),
        "born": root.born.as_secs(),
        "end": root.end.as_secs(),
    })
}

fn cookie(cookie: &InspectedCookie) -> Value {
    json!({
        "tier": cookie.tier.index(),
        "tiers": cookie.tiers,
        "vector": cookie.vector,
        "link": cookie.link.as_ref().map(|link| hex(link)),
        "not_before": cookie.not_before.map(|time| time.as_secs()),
        "life": cookie.life.as_secs(),
        "len": cookie.len,
        "immutable_len": cookie.immutable_len,
        "private_len": cookie.private_len,
        "mutable_len": cookie.mutable_len,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
