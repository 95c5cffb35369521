//! Bundles that a server refuses for structure, claims, keys, tags and times: every reason at least once, with `bad_values`.

use serde_json::{Value, json};
use statecookie::Timestamp;

use crate::bad_values;
use crate::blob::{bundle, cookies, framed, section_of};
use crate::make::{Case, NOW, basket, bound, embedded, full, note, ring, world};
use crate::run;
use crate::schemas::Basket;
use crate::{bad_parts, bad_tags, bad_times, derived_bad, own};

pub(crate) fn all() -> Value {
    let mut cases = structure();
    cases.extend(links());
    cases.extend(claims());
    cases.extend(keys_and_tags());
    cases.extend(times());
    cases.extend(bad_values::signed_sections());
    cases.extend(bad_values::mutable_sections());
    cases.extend(bad_values::bounds());
    cases.extend(bad_values::precedence());
    cases.extend(bad_parts::all());
    cases.extend(bad_times::all());
    cases.extend(bad_tags::all());
    cases.extend(own::out_of_range());
    cases.extend(own::malformed());
    cases.extend(own::invalid());
    cases.extend(derived_bad::all());
    json!(cases)
}

pub(crate) fn of_basket(name: &str, blob: &[u8]) -> Case {
    Case::new(name, "Basket", &embedded(), blob)
}

fn changed(blob: &[u8], at: usize, change: impl Fn(u8) -> u8) -> Vec<u8> {
    let mut out = blob.to_vec();
    out[at] = change(out[at]);
    out
}

/// Section 8, and the headers of section 5.
fn structure() -> Vec<Value> {
    let blob = full(&embedded(), &basket());
    let root = cookies(&blob)[0].len();
    let mut padded = blob.clone();
    padded.extend([0; 4]);
    let mut dirty = blob.clone();
    dirty.resize(dirty.len().next_multiple_of(4) - 1, 0);
    dirty.push(1);
    let partial = partial();
    let (cookie, derived) = (cookies(&blob), framed(0x30, &cookies(&blob)));
    let mut with_values = derived.clone();
    with_values.push(0);
    let too_long_length = [&[blob[0], blob[1] | 128, 0], &blob[2..]].concat();
    let malformed = |name, blob: &[u8]| of_basket(name, blob).refused("malformed");
    vec![
        of_basket("longer-than-the-limit", &blob)
            .setting("max_bytes", blob.len() as u64 - 1)
            .refused("too-large"),
        of_basket(
            "format-version-2-of-the-blob",
            &changed(&blob, 0, |byte| byte ^ 0x60),
        )
        .refused("unknown-version"),
        of_basket("format-version-2-of-the-root", &changed(&blob, 3, |_| 2))
            .refused("unknown-version"),
        malformed("no-bytes", &[]),
        malformed("kind-3", &changed(&blob, 0, |byte| byte | 0x18)),
        malformed("derived-section-without-derived-fields", &with_values),
        malformed("truncated-in-the-root", &blob[..root / 2]),
        malformed("truncated-by-one-byte", &blob[..blob.len() - 1]),
        malformed("padding-of-four", &padded),
        malformed("padding-not-zero", &dirty),
        malformed(
            "one-cookie-more-announced",
            &changed(&blob, 0, |byte| byte + 1),
        ),
        malformed("length-not-in-shortest-form", &too_long_length),
        malformed("partial-update", &partial),
        malformed("bundle-without-the-root", &bundle(&cookie[1..])),
        malformed("update-without-tier-0", &framed(0x20, &cookie[..1])),
        malformed("required-is-0", &changed(&blob, 4, |_| 0)),
        malformed("required-is-above-the-tiers", &changed(&blob, 4, |_| 3)),
        malformed(
            "tier-not-below-the-number-of-tiers",
            &changed(&blob, 2, |byte| byte | 7),
        ),
        malformed("cookie-of-no-bytes", &[0x28, 0]),
    ]
}

fn partial() -> Vec<u8> {
    let now = Timestamp::from_secs(NOW);
    let mut session = run::pool::<Basket>(&embedded())
        .open_at(basket(), now)
        .unwrap();
    let _ = session.flush_at(now).unwrap();
    session.edit().set_quantity(3).unwrap();
    session.flush_at(now).unwrap().unwrap().into_bytes()
}

fn links() -> Vec<Value> {
    let blob = full(&embedded(), &world());
    let cookie = cookies(&blob);
    let unlinked =
        |name, blob: &[u8]| Case::new(name, "World", &embedded(), blob).refused("unlinked");
    let altered = |tier: usize, at: usize| {
        let mut cookie = cookie.clone();
        cookie[tier][at] ^= 1;
        bundle(&cookie)
    };
    let other = cookies(&full(&ring(), &world()));
    vec![
        unlinked(
            "tiers-swapped",
            &bundle(&[cookie[0].clone(), cookie[2].clone(), cookie[1].clone()]),
        ),
        unlinked(
            "tier-left-out",
            &bundle(&[cookie[0].clone(), cookie[2].clone()]),
        ),
        unlinked(
            "tier-twice",
            &bundle(&[cookie[0].clone(), cookie[1].clone(), cookie[1].clone()]),
        ),
        unlinked("link-altered", &altered(1, 1)),
        unlinked("vector-does-not-extend", &altered(1, 5)),
        unlinked("vector-of-the-lowest-does-not-extend", &altered(2, 6)),
        unlinked(
            "tier-of-another-session",
            &bundle(&[cookie[0].clone(), other[1].clone(), other[2].clone()]),
        ),
    ]
}

/// What the root claims: schema, required tiers, key.
fn claims() -> Vec<Value> {
    let blob = full(&embedded(), &world());
    let case = |name, blob: &[u8]| Case::new(name, "World", &embedded(), blob);
    let tiers = |count: usize| bundle(&cookies(&blob)[..count]);
    let of_note = full(&embedded(), &note());
    let basket_root = bundle(&cookies(&full(&embedded(), &basket()))[..1]);
    vec![
        case("schema-of-another-struct", &of_note).refused("unknown-schema"),
        case("schema-hash-altered", &bundle(&altered_root(&blob, 3))).refused("unknown-schema"),
        case("required-tier-missing", &tiers(1)).refused("missing-tier"),
        case(
            "required-raised-above-what-is-there",
            &raised_required(&blob),
        )
        .refused("missing-tier"),
        case("key-id-altered", &bundle(&altered_root(&blob, 10))).refused("unknown-key"),
        Case::new("key-not-in-the-ring", "World", &ring(), &blob).refused("unknown-key"),
        Case::new(
            "default-outside-its-signed-bound",
            "Basket",
            &embedded(),
            &basket_root,
        )
        .refused("out-of-range"),
        case(
            "section-bit-that-the-schema-has-not",
            &with_private_bit(&blob),
        )
        .refused("malformed"),
    ]
}

fn altered_root(blob: &[u8], at: usize) -> Vec<Vec<u8>> {
    let mut cookies = cookies(blob);
    cookies[0][at] ^= 0x80;
    cookies
}

fn raised_required(blob: &[u8]) -> Vec<u8> {
    let mut cookies = cookies(blob);
    cookies[0][2] = 3;
    bundle(&cookies[..2])
}

/// Bit 7 in the lowest tier; the first bytes of its mutable section then stand for tag and ciphertext.
fn with_private_bit(blob: &[u8]) -> Vec<u8> {
    let mut cookies = cookies(blob);
    let lowest = &mut cookies[2];
    lowest[0] |= 0x80;
    let header = 1 + 4 + 3 + 1 + 1;
    lowest.insert(header, 0);
    lowest.extend([0; 40]);
    bundle(&cookies)
}

fn keys_and_tags() -> Vec<Value> {
    let blob = full(&embedded(), &basket());
    let root = cookies(&blob)[0].len();
    let lowest_tag = blob.len() - 1 - section_of(&basket(), 0).len();
    let bad = |name, blob: &[u8]| of_basket(name, blob).refused("bad-tag");
    let richer = Basket {
        limit: 1000,
        ..basket()
    };
    let grafted = grafted(&full(&embedded(), &richer), &blob);
    let of_bound = bound(&embedded(), &basket(), b"user:42");
    let mut renamed = embedded();
    renamed["name"] = "other".into();
    vec![
        bad(
            "session-id-altered",
            &changed(&blob, 2 + 11, |byte| byte ^ 1),
        ),
        bad("branch-altered", &changed(&blob, 2 + 27, |byte| byte ^ 1)),
        bad(
            "ciphertext-altered",
            &changed(&blob, root - 32, |byte| byte ^ 1),
        ),
        bad(
            "immutable-altered",
            &changed(&blob, root - 72, |byte| byte ^ 1),
        ),
        bad(
            "last-byte-of-the-roots-tag",
            &changed(&blob, root + 1, |byte| byte ^ 1),
        ),
        bad(
            "last-byte-of-the-lowest-tag",
            &changed(&blob, lowest_tag, |byte| byte ^ 0x80),
        ),
        bad(
            "tier-of-another-session-with-its-link-made-to-fit",
            &grafted,
        ),
        bad("bound-but-presented-by-nobody", &of_bound),
        of_basket("bound-to-another-identity", &of_bound)
            .identity(b"user:43")
            .refused("bad-tag"),
        of_basket("not-bound-but-presented-by-somebody", &blob)
            .identity(b"user:42")
            .refused("bad-tag"),
        of_basket("bound-but-presented-by-the-empty-identity", &of_bound)
            .identity(b"")
            .refused("bad-tag"),
        Case::new("pool-of-another-name", "Basket", &renamed, &blob).refused("bad-tag"),
    ]
}

/// The root of one chain over the lowest cookie of another, whose link is bent to it.
fn grafted(above: &[u8], below: &[u8]) -> Vec<u8> {
    let (mut chain, lowest) = (cookies(above), cookies(below).pop());
    let mut lowest = lowest.unwrap();
    let tag = chain[0].len() - 16;
    lowest[1..5].copy_from_slice(&chain[0][tag..tag + 4]);
    chain[1] = lowest;
    bundle(&chain)
}

fn times() -> Vec<Value> {
    let blob = full(&embedded(), &world());
    let case = |name, ms| Case::new(name, "World", &embedded(), &blob).at_ms(ms);
    let of_ring = full(&ring(), &world());
    let ringed = |name, ms| Case::new(name, "World", &ring(), &of_ring).at_ms(ms);
    let late = full(&embedded(), &basket());
    vec![
        case("early-by-more-than-the-leeway", NOW * 1000 - 15_001).refused("not-yet-valid"),
        case("middle-tier-expired", (NOW + 1_800) * 1000 + 15_001).refused("expired"),
        of_basket("no-leeway", &late)
            .setting("leeway_ms", 0)
            .at_ms(NOW * 1000 - 1)
            .refused("not-yet-valid"),
        ringed("key-of-the-ring-expired", (NOW - 9_000 + 32_400) * 1000).refused("key-expired"),
        case("embedded-key-expired", accept_until() * 1000).refused("key-expired"),
        case("embedded-key-of-the-far-future", 20_000).refused("unknown-key"),
        case("born-before-the-time-refused", (NOW + 1) * 1000)
            .setting("refuse_born_before", NOW + 1)
            .refused("revoked"),
        ended(),
    ]
}

/// From then on the embedded key of `NOW` is refused: a rotation, the validity of three hours and the skew later.
fn accept_until() -> u64 {
    (NOW / 10_800 + 1) * 10_800 + 10_800 + 60
}

/// A session of eight hours whose last root reaches up to its end.
fn ended() -> Value {
    let end = NOW + 8 * 3600;
    let mut session = run::pool::<Basket>(&embedded())
        .open_at(basket(), Timestamp::from_secs(NOW))
        .unwrap();
    let blob = session
        .flush_at(Timestamp::from_secs(end - 60))
        .unwrap()
        .unwrap();
    of_basket("session-at-its-absolute-end", &blob)
        .at_ms(end * 1000)
        .refused("session-ended")
}
