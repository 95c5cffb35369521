//! Refused: each part of a cookie changed or missing on the way, and lies that a server of the pool signed.

use serde_json::Value;
use statecookie_tests::kit::parts::Parts;
use statecookie_tests::kit::sign::{put_together, taken_apart};

use crate::blob::{bundle, cookies, framed};
use crate::make::NOW;
use crate::sample::{Sample, resigned};
use crate::schemas::{Basket, Note, World};
use crate::schemas_deep::{Archive, Till};
use crate::schemas_wide::{Ladder, Numbers};

pub(crate) fn all() -> Vec<Value> {
    let mut cases = flips::<Basket>(&[1, 0]);
    cases.extend(flips::<World>(&[2, 1, 0]));
    cases.extend(flips::<Ladder>(&[7, 4, 1]));
    cases.extend(flips::<Archive>(&[1, 0]));
    cases.extend(cuts::<Archive>());
    cases.extend(cuts::<World>());
    cases.extend(headers());
    cases.extend(versions());
    cases.extend(sizes());
    cases.extend(claims());
    cases
}

/// One bit of each part of these tiers' cookies changed on the way.
fn flips<S: Sample>(tiers: &[usize]) -> Vec<Value> {
    let chain = taken_apart(&S::blob());
    let top = chain.len() - 1;
    let mut cases = Vec::new();
    for tier in tiers {
        let at = top - tier;
        for part in chain[at].names() {
            let Some(reason) = reason(&part, *tier, top) else {
                continue;
            };
            let mut bent = chain.clone();
            // The upper half of a byte: no single byte becomes zero, no varint longer or shorter.
            bent[at].flip(&part, 0, if part == "key" { 0x80 } else { 0x10 });
            let name = format!(
                "tier-{tier}-{}-altered",
                part.replace(' ', "-").to_lowercase()
            );
            cases.push(S::case(&name, &put_together(&bent)).refused(reason));
        }
    }
    cases
}

/// What is found first when this part is another one; `None` where it depends on the value, or shows no change.
fn reason(part: &str, tier: usize, top: usize) -> Option<&'static str> {
    match part {
        "shape" | "immutable length" | "private length" | "mutable" => None,
        "version" => Some("unknown-version"),
        "required" => Some("malformed"),
        "hash" => Some("unknown-schema"),
        "key" => Some("unknown-key"),
        "link" => Some("unlinked"),
        "sequence" => Some("unlinked"),
        _ if part == format!("counter {tier}") => {
            Some(if tier == 0 { "bad-tag" } else { "unlinked" })
        }
        _ if part.starts_with("counter") => Some("unlinked"),
        // The last byte of a tag is not in the link.
        _ if tier <= top => Some("bad-tag"),
        _ => None,
    }
}

/// Each cookie of a chain ends after each of its parts, with its length made to fit.
fn cuts<S: Sample>() -> Vec<Value> {
    let chain = taken_apart(&S::blob());
    let whole: Vec<Vec<u8>> = chain.iter().map(Parts::bytes).collect();
    let mut cases = Vec::new();
    for (at, parts) in chain.iter().enumerate() {
        for part in parts.names() {
            if ["tag", "mutable"].contains(&part.as_str()) {
                continue;
            }
            let mut cut = whole.clone();
            cut[at] = parts.up_to(&part);
            let tier = chain.len() - 1 - at;
            let name = format!(
                "tier-{tier}-ends-after-its-{}",
                part.replace(' ', "-").to_lowercase()
            );
            cases.push(S::case(&name, &bundle(&cut)).refused("malformed"));
        }
    }
    cases
}

/// Headers that no conforming server writes, signed by one that does.
fn headers() -> Vec<Value> {
    let malformed = |name: &str, bend: &dyn Fn(&mut Vec<Parts>)| {
        Till::case(name, &resigned::<Till>(|chain| bend(chain))).refused("malformed")
    };
    let with = |name: &str, tier: usize, part: &'static str, bytes: &'static [u8]| {
        malformed(name, &|chain| chain[2 - tier].set(part, bytes))
    };
    const ELEVEN: &[u8] = b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01";
    const TOP: &[u8] = b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    vec![
        with("sequence-of-eleven-bytes", 2, "sequence", ELEVEN),
        with(
            "sequence-with-a-zero-at-its-end",
            2,
            "sequence",
            b"\x80\x00",
        ),
        with("born-at-the-greatest-and-living", 2, "born", TOP),
        with("lifetime-beyond-64-bits", 2, "lifetime", TOP),
        with("not-before-beyond-64-bits", 2, "later", TOP),
        with("not-after-beyond-64-bits", 2, "life", TOP),
        with(
            "life-of-65-bits",
            2,
            "life",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02",
        ),
        with("childs-not-before-beyond-64-bits", 1, "later", TOP),
        with("childs-not-after-beyond-64-bits", 0, "life", TOP),
        with(
            "childs-life-with-a-zero-at-its-end",
            0,
            "life",
            b"\xda\x80\x00",
        ),
        with("counter-of-eleven-bytes", 0, "counter 0", ELEVEN),
        with("nothing-required", 2, "required", &[0]),
        with("four-of-three-required", 2, "required", &[4]),
        with("immutable-length-of-64-bits", 1, "immutable length", TOP),
        with(
            "immutable-length-beyond-the-cookie",
            1,
            "immutable length",
            &[120],
        ),
        with("private-length-of-64-bits", 2, "private length", TOP),
        with(
            "private-length-beyond-the-cookie",
            2,
            "private length",
            b"\xff\x7f",
        ),
        malformed("tier-as-high-as-there-are-tiers", &|chain| {
            chain[1].set("shape", &[0x53])
        }),
        malformed("private-section-that-no-schema-has", &|chain| {
            chain[2].set("shape", &[0x90]);
            chain[2].insert_before("immutable", "private length", &[0]);
            chain[2].insert_before("tag", "nonce", &[0; 40]);
        }),
        malformed("immutable-section-missing", &|chain| {
            chain[1].set("shape", &[0x11]);
            chain[1].remove("immutable length");
            chain[1].remove("immutable");
        }),
    ]
}

fn versions() -> Vec<Value> {
    let blob = Numbers::blob();
    let first = |name: &str, byte: u8| {
        let mut other = blob.clone();
        other[0] = byte;
        Numbers::case(name, &other).refused("unknown-version")
    };
    let root = |name: &str, version: u8| {
        let other = resigned::<Numbers>(|chain| chain[0].set("version", &[version]));
        Numbers::case(name, &other).refused("unknown-version")
    };
    vec![
        first("blob-of-version-0", blob[0] & 0x1f),
        first("blob-of-version-3", blob[0] & 0x1f | 3 << 5),
        first("blob-of-version-7-and-a-reserved-kind", 0xff),
        root("root-of-version-0-well-signed", 0),
        root("root-of-version-16-well-signed", 16),
        Numbers::case("one-byte-of-version-4", &[0x80]).refused("unknown-version"),
    ]
}

fn sizes() -> Vec<Value> {
    let blob = Archive::blob();
    let short = blob.len() as u64 - 1;
    let mut padded = blob.clone();
    padded.resize(blob.len().next_multiple_of(4), 0);
    let large = |name: &str, blob: &[u8], limit: u64| {
        Archive::case(name, blob)
            .setting("max_bytes", limit)
            .refused("too-large")
    };
    let mut trailing = blob.clone();
    trailing.extend([0; 70]);
    let mut cases = vec![
        large("one-byte-too-long", &blob, short),
        large("too-long-and-nonsense", &[0xff; 300], 299),
        large("too-long-and-of-another-schema", &World::blob(), 60),
        large(
            "too-long-by-what-follows",
            &trailing,
            blob.len() as u64 + 69,
        ),
        large("far-too-long", &vec![0x28; 5_000], 64),
    ];
    if padded.len() > blob.len() {
        cases.push(large("too-long-by-its-padding", &padded, blob.len() as u64));
    }
    cases
}

/// What a root claims, signed by a server of the pool; and chains that do not hold together.
fn claims() -> Vec<Value> {
    let missing = |name: &str, required: u8, count: usize| {
        let blob = resigned::<Ladder>(|chain| {
            chain[0].set("required", &[required]);
            chain.truncate(count);
        });
        Ladder::case(name, &blob).refused("missing-tier")
    };
    let key = |name: &str, id: u32| {
        let blob = resigned::<Till>(|chain| chain[0].set("key", &id.to_le_bytes()));
        Till::case(name, &blob)
    };
    let period = (NOW / 10_800) as u32;
    let hashed = |name: &str, hash: [u8; 4]| {
        let blob = resigned::<World>(|chain| chain[0].set("hash", &hash));
        World::case(name, &blob).refused("unknown-schema")
    };
    let (one, other) = (
        cookies(&World::blob()),
        cookies(&resigned::<World>(|chain| chain[0].set("branch", b"fork"))),
    );
    let unlinked =
        |name: &str, cookies: &[Vec<u8>]| World::case(name, &bundle(cookies)).refused("unlinked");
    vec![
        missing("required-by-the-schema-only", 1, 4),
        missing("required-by-the-root-only", 8, 7),
        missing("root-alone", 5, 1),
        missing("one-short-of-what-is-required", 6, 5),
        missing("all-required-two-there", 8, 2),
        key("key-of-a-period-to-come", period + 2).refused("unknown-key"),
        key("key-of-the-last-period", u32::MAX).refused("unknown-key"),
        key("key-of-the-first-period", 0).refused("key-expired"),
        key("key-of-a-period-long-gone", period - 3).refused("key-expired"),
        hashed("hash-of-zeros", [0; 4]),
        hashed(
            "hash-of-another-schema",
            <[u8; 4]>::try_from(taken_apart(&Till::blob())[0].get("hash")).unwrap(),
        ),
        unlinked(
            "lowest-tier-of-a-fork",
            &[one[0].clone(), one[1].clone(), other[2].clone()],
        ),
        unlinked(
            "root-of-a-fork",
            &[other[0].clone(), one[1].clone(), one[2].clone()],
        ),
        unlinked(
            "backwards",
            &[one[2].clone(), one[1].clone(), one[0].clone()],
        ),
        unlinked(
            "middle-twice",
            &[one[0].clone(), one[1].clone(), one[1].clone()],
        ),
        unlinked("without-the-middle", &[one[0].clone(), one[2].clone()]),
        Note::case(
            "twice-in-one-blob",
            &framed(
                0x28,
                &[cookies(&Note::blob()), cookies(&Note::blob())].concat(),
            ),
        )
        .refused("unlinked"),
        Basket::case(
            "above-a-tier-of-another-schema",
            &bundle(&[
                cookies(&Basket::blob())[0].clone(),
                cookies(&Numbers::blob())[1].clone(),
            ]),
        )
        .refused("unlinked"),
    ]
}
