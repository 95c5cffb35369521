//! The worked examples of `docs/wire-format.md`, section 14: hex on the left, what it means on the right.

use std::fmt::Write;

use serde_json::Value;
use statecookie::{Schema, Timestamp};

use crate::keys;
use crate::make::{NOW, basket, ring};
use crate::run::{self, hex};
use crate::schemas::Basket;

const BEGIN: &str = "<!-- made by the test `vectors`; BLESS=1 rewrites it -->\n";

/// Fails if the page's examples are not what is made now; with `BLESS=1` rewrites them.
pub(crate) fn compare() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/wire-format.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (text, held) = page.split_once(BEGIN).expect("the page has the marker");
    let made = section();
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(path, format!("{text}{BEGIN}{made}")).unwrap();
    } else {
        assert_eq!(held, made, "BLESS=1 rewrites the examples");
    }
}

fn section() -> String {
    let pool = ring();
    let mut session = run::pool::<Basket>(&pool).open_at(basket(), at(0)).unwrap();
    let full = session.flush_at(at(0)).unwrap().unwrap().into_bytes();
    session.edit().set_quantity(3).unwrap();
    let partial = session.flush_at(at(5)).unwrap().unwrap().into_bytes();
    let row = keys::row::<Basket>("Basket", &pool, 7);
    let mut out = String::new();
    block(
        &mut out,
        "The description of the schema `Basket`:",
        &description(),
    );
    write!(
        out,
        "\nIts schema hash is `{}`.\n\nThe sub-keys for the pool `{}` and the secret\n`{}`:\n\n```text\n",
        hex(&Schema::of::<Basket>().unwrap().hash().to_le_bytes()),
        pool["name"].as_str().unwrap(),
        text(&row["secret"]),
    )
    .unwrap();
    for label in ["sign", "encrypt", "hedge", "fingerprint"] {
        writeln!(out, "{}  {label}", text(&row[label])).unwrap();
    }
    out.push_str("```\n");
    block(
        &mut out,
        "A full update, issued at 1,800,000,000 s under key 7 to a client that is not bound:",
        &full_update(&full),
    );
    block(
        &mut out,
        "The partial update that follows when quantity becomes 3, five seconds later:",
        &partial_update(&partial),
    );
    out
}

fn block(out: &mut String, title: &str, lines: &str) {
    let gap = if out.is_empty() { "" } else { "\n" };
    write!(out, "{gap}{title}\n\n```text\n{lines}```\n").unwrap();
}

fn description() -> String {
    let schema = Schema::of::<Basket>().unwrap();
    let mut bytes = Annotated::new(schema.description());
    bytes.string("label");
    bytes.string("name");
    bytes.take(1, "version 3");
    bytes.take(1, "pad 16");
    bytes.take(1, "2 tiers");
    bytes.take(1, "6 fields");
    for class in [0, 0, 0, 1] {
        bytes.string("field");
        bytes.take(
            2,
            if class == 0 {
                "tier 1, immutable"
            } else {
                "tier 1, private"
            },
        );
        bytes.string("its type");
    }
    bytes.string("field");
    bytes.take(2, "tier 0, mutable");
    bytes.string("its type");
    bytes.take(1, "shape: scalar");
    bytes.string("the scalar");
    bytes.take(1, "no lengths");
    bytes.take(1, "signed bound");
    bytes.string("its text");
    bytes.string("field");
    bytes.take(2, "tier 0, mutable");
    bytes.string("its type");
    bytes.take(1, "shape: string");
    bytes.take(2, "1 length: at most 3 bytes");
    bytes.take(2, "one of 3");
    for value in [
        "an encoded \"\"",
        "an encoded \"EUR\"",
        "an encoded \"USD\"",
    ] {
        bytes.prefixed(value);
    }
    bytes.done()
}

fn full_update(update: &[u8]) -> String {
    let mut bytes = Annotated::new(update);
    bytes.take(1, "kind: version 1, update, 2 cookies");
    bytes.take(1, "length of the root");
    bytes.take(1, "shape: tier 1 of 2, immutable and private section");
    bytes.take(1, "version");
    bytes.take(1, "required: 1 tier");
    bytes.take(4, "schema hash");
    bytes.take(4, "key id 7");
    bytes.take(16, "session id");
    bytes.take(4, "branch");
    bytes.varint("sequence 0");
    bytes.varint("born 1,800,000,000");
    bytes.varint("lifetime 28,800 s");
    bytes.varint("not-before: born + 0");
    bytes.varint("life 10,800 s");
    bytes.varint("immutable length 4");
    bytes.varint("private length 16");
    bytes.varint("customer 4711");
    bytes.varint("least 1");
    bytes.varint("limit 10");
    bytes.take(24, "nonce");
    bytes.take(16, "ciphertext of rebate 250 (fa01) and 14 zero bytes");
    bytes.take(16, "AEAD tag");
    bytes.take(16, "tag");
    bytes.take(1, "length of the cookie of tier 0");
    child(
        &mut bytes,
        "vector 0, 0",
        "not-before: the parent's + 0",
        "quantity 2",
    );
    bytes.done()
}

fn partial_update(update: &[u8]) -> String {
    let mut bytes = Annotated::new(update);
    bytes.take(1, "kind: version 1, update, 1 cookie");
    bytes.take(1, "length of the cookie of tier 0");
    child(
        &mut bytes,
        "vector 0, 1",
        "not-before: the parent's + 5",
        "quantity 3",
    );
    bytes.done()
}

fn child(bytes: &mut Annotated<'_>, vector: &str, not_before: &str, quantity: &str) {
    bytes.take(1, "shape: tier 0 of 2, no section");
    bytes.take(4, "link: the first bytes of the root's tag");
    bytes.take(2, vector);
    bytes.varint(not_before);
    bytes.varint("life 600 s");
    bytes.take(16, "tag");
    bytes.varint(quantity);
    bytes.string("currency");
}

fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(NOW + secs)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Bytes that are taken from the front and shown line by line.
struct Annotated<'a> {
    rest: &'a [u8],
    lines: String,
}

impl<'a> Annotated<'a> {
    fn new(rest: &'a [u8]) -> Self {
        Self {
            rest,
            lines: String::new(),
        }
    }

    fn take(&mut self, len: usize, meaning: &str) {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        writeln!(self.lines, "{:48}  {meaning}", hex(taken)).unwrap();
    }

    fn varint(&mut self, meaning: &str) {
        let len = self.rest.iter().take_while(|byte| **byte > 127).count() + 1;
        self.take(len, meaning);
    }

    fn prefixed(&mut self, meaning: &str) {
        self.take(1 + usize::from(self.rest[0]), meaning);
    }

    fn string(&mut self, meaning: &str) {
        let text = &self.rest[1..=usize::from(self.rest[0])];
        let meaning = format!("{meaning} \"{}\"", std::str::from_utf8(text).unwrap());
        self.prefixed(&meaning);
    }

    fn done(self) -> String {
        assert!(self.rest.is_empty(), "{} bytes are left", self.rest.len());
        self.lines
    }
}
