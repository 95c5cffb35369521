//! Bundles refused for their derived section, for the lack of one, or for what comes before it.

use serde_json::Value;
use statecookie_tests::field_source::derived;
use statecookie_tests::kit::parts::Parts;
use statecookie_tests::kit::sign::taken_apart;

use crate::blob::{bundle, cookies, deriving, framed, with_section};
use crate::derived::supplied;
use crate::make::{Case, NOW, basket, embedded, film, full};
use crate::sample::{Sample, signer};
use crate::schemas::{Basket, World};
use crate::schemas_derived::{Film, Glider, Viewport};

pub(crate) fn all() -> Vec<Value> {
    let mut cases = missing();
    cases.extend(malformed());
    cases.extend(out_of_range());
    cases.extend(before_all_else());
    cases.extend(read_last());
    cases.extend(nobody_derives());
    cases.extend(approximate());
    cases
}

fn of(name: &str, values: &[u8]) -> Case {
    Film::case(name, &deriving(&cookies(&Film::blob()), values))
}

/// Where each of the film's derived values ends: volume, position, subtitle, viewport.
const ENDS: [usize; 4] = [1, 4, 7, 13];

fn missing() -> Vec<Value> {
    let (blob, values) = (Film::blob(), derived(&film()));
    assert_eq!(values.len(), ENDS[3]);
    let chain = cookies(&blob);
    let missing = |case: Case| case.refused("missing-derived");
    vec![
        missing(Film::case("full-update", &blob)),
        missing(Film::case("bundle-without-a-section", &bundle(&chain))),
        missing(Film::case(
            "root-alone-without-a-section",
            &bundle(&chain[..1]),
        )),
        missing(of("section-of-no-bytes", &[])),
        missing(of("section-ends-before-the-position", &values[..ENDS[0]])),
        missing(of("section-ends-before-the-subtitle", &values[..ENDS[1]])),
        missing(of("section-ends-before-the-viewport", &values[..ENDS[2]])),
        missing(Film::case(
            "values-of-a-missing-tier-too",
            &deriving(&chain[..1], &values[..ENDS[0]]),
        )),
        missing(of("values-of-an-expired-tier-too", &values[..ENDS[1]]).at_ms((NOW + 661) * 1000)),
        missing(Film::case(
            "section-of-no-bytes-with-padding",
            &[deriving(&chain, &[]), vec![0; padding(&chain)]].concat(),
        )),
    ]
}

/// The zeros that bring the bundle with an empty section to whole words.
fn padding(chain: &[Vec<u8>]) -> usize {
    deriving(chain, &[]).len().next_multiple_of(4) - deriving(chain, &[]).len()
}

fn malformed() -> Vec<Value> {
    let values = derived(&film());
    let with =
        |at: usize, till: usize, bytes: &[u8]| [&values[..at], bytes, &values[till..]].concat();
    let malformed = |name: &str, values: &[u8]| of(name, values).refused("malformed-value");
    let [volume, position, subtitle, _] = ENDS;
    vec![
        malformed("byte-behind-the-last-value", &with(13, 13, b"\0")),
        malformed("values-twice", &[&values[..], &values].concat()),
        malformed("ends-within-the-position", &values[..position - 1]),
        malformed("ends-within-the-subtitle", &values[..subtitle - 1]),
        malformed("ends-within-the-width", &values[..subtitle + 1]),
        malformed("ends-between-width-and-zoom", &values[..subtitle + 2]),
        malformed("ends-within-the-zoom", &values[..12]),
        malformed(
            "position-not-shortest",
            &with(volume, position, b"\x80\x00"),
        ),
        malformed(
            "position-above-32-bits",
            &with(volume, position, b"\xff\xff\xff\xff\x1f"),
        ),
        malformed(
            "subtitle-longer-than-declared",
            &with(position, subtitle, b"\x07English"),
        ),
        malformed("subtitle-not-utf-8", &with(position, subtitle, b"\x01\xff")),
        malformed(
            "subtitle-longer-than-the-section",
            &with(position, 13, b"\x06fr"),
        ),
        malformed(
            "width-above-16-bits",
            &with(subtitle, subtitle + 2, b"\xff\xff\x07"),
        ),
    ]
}

fn out_of_range() -> Vec<Value> {
    let view = |width, zoom| Viewport { width, zoom };
    #[rustfmt::skip]
    let states = [
        ("volume-of-101", Film { volume: 101, ..film() }),
        ("volume-of-255", Film { volume: 255, ..film() }),
        ("position-behind-its-signed-end", Film { position_ms: 90_001, ..film() }),
        ("position-of-32-bits", Film { position_ms: u32::MAX, ..film() }),
        ("width-zero", Film { viewport: view(0, 1.0), ..film() }),
        ("width-one-too-wide", Film { viewport: view(7681, 1.0), ..film() }),
        ("zoom-unlisted", Film { viewport: view(1920, 1.5), ..film() }),
        ("zoom-not-a-number", Film { viewport: view(1920, f32::NAN), ..film() }),
        ("zoom-infinite", Film { viewport: view(1920, f32::INFINITY), ..film() }),
    ];
    let mut cases: Vec<_> = states
        .iter()
        .map(|(name, state)| Film::case(name, &supplied(state)).refused("out-of-range"))
        .collect();
    let short = Film {
        length_ms: 40_999,
        position_ms: 0,
        ..film()
    };
    let under = cookies(&full(&embedded(), &short));
    cases.push(
        Film::case(
            "position-of-a-longer-film",
            &deriving(&under, &derived(&film())),
        )
        .refused("out-of-range"),
    );
    let above = derived(&states[0].1);
    let then = [
        ("volume-before-a-missing-position", &above[..1]),
        ("volume-before-bytes-behind", &[&above[..], b"\0"].concat()),
        ("volume-before-what-is-no-position", b"\x65\x80\x00"),
    ];
    cases.extend(then.map(|(name, values)| of(name, values).refused("out-of-range")));
    cases
}

/// The film's chain with parts bent and signed anew, as a server of the pool could do it.
fn resigned(bend: impl FnOnce(&mut [Parts])) -> Vec<Vec<u8>> {
    let mut chain = taken_apart(&Film::blob());
    bend(&mut chain);
    signer::<Film>().chain(&mut chain, None);
    chain.iter().map(Parts::bytes).collect()
}

/// The root's tag altered behind the bytes that the link below repeats.
fn forged() -> Vec<Vec<u8>> {
    let mut chain = taken_apart(&Film::blob());
    chain[0].flip("tag", 0, 1);
    chain.iter().map(Parts::bytes).collect()
}

/// The lack of a section is found after missing tiers and before any key.
fn before_all_else() -> Vec<Value> {
    let case = |name: &str, blob: &[u8]| Film::case(&format!("order-{name}"), blob);
    let bent = |name: &str, bytes: &[u8]| {
        let mut chain = taken_apart(&Film::blob());
        chain[0].set(name, bytes);
        chain.iter().map(Parts::bytes).collect::<Vec<_>>()
    };
    let two = bent("required", &[2]);
    let (hash, key, tag) = (bent("hash", b"none"), bent("key", &[255; 4]), forged());
    vec![
        case("schema-before-a-missing-section", &bundle(&hash)).refused("unknown-schema"),
        case("missing-tier-before-a-missing-section", &bundle(&two[..1])).refused("missing-tier"),
        case(
            "missing-tier-before-missing-values",
            &deriving(&two[..1], &[]),
        )
        .refused("missing-tier"),
        case("missing-section-before-an-unknown-key", &bundle(&key)).refused("missing-derived"),
        case("missing-section-before-a-bad-tag", &bundle(&tag)).refused("missing-derived"),
        case(
            "missing-section-before-the-end-of-the-session",
            &bundle(&tag),
        )
        .at_ms((NOW + 21_600) * 1000)
        .refused("missing-derived"),
        case("unknown-key-before-missing-values", &deriving(&key, &[])).refused("unknown-key"),
    ]
}

/// Derived values are read when all else is.
fn read_last() -> Vec<Value> {
    let case = |name: &str, chain: &[Vec<u8>], values: &[u8]| {
        Film::case(&format!("order-{name}"), &deriving(chain, values))
    };
    let own = |section: &[u8]| cookies(&with_section(&Film::blob(), &film(), 0, section));
    let forged = forged();
    let foreign = resigned(|chain| {
        chain[0].set("immutable", &[0xff]);
        chain[0].set_number("immutable length", 1);
    });
    let mut stray = cookies(&Film::blob());
    stray[0].push(0);
    let unread = derived(&Film {
        subtitle: "fr".into(),
        ..film()
    });
    let more = [&unread[..], b"\0"].concat();
    vec![
        case("bad-tag-before-missing-values", &forged, &[]).refused("bad-tag"),
        case(
            "expired-before-missing-values",
            &cookies(&Film::blob()),
            &[],
        )
        .at_ms((NOW + 10_861) * 1000)
        .refused("expired"),
        case("mismatch-before-missing-values", &foreign, &[]).refused("internal-mismatch"),
        case("malformed-section-before-missing-values", &own(&[]), &[]).refused("malformed-value"),
        case(
            "malformed-section-before-a-value-outside",
            &own(b"\x04\0"),
            &[101],
        )
        .refused("malformed-value"),
        case("section-outside-before-missing-values", &own(&[9]), &[]).refused("out-of-range"),
        case(
            "section-outside-before-a-malformed-value",
            &own(&[9]),
            &more,
        )
        .refused("out-of-range"),
        case("missing-values-before-stray-bytes", &stray, &[]).refused("missing-derived"),
        case("stray-bytes-with-all-values", &stray, &unread).refused("malformed-value"),
        case("missing-values-before-validation", &own(&[0]), &unread[..7])
            .refused("missing-derived"),
        case("bytes-behind-before-validation", &own(&[0]), &more).refused("malformed-value"),
        case("validation-of-derived-values", &own(&[0]), &unread).refused("invalid"),
        case(
            "validation-with-a-tier-at-its-defaults",
            &own(&[4])[..1],
            &unread,
        )
        .refused("invalid"),
    ]
}

/// A schema without derived fields has no bundles of kind 2.
fn nobody_derives() -> Vec<Value> {
    let (world, basket) = (
        cookies(&World::blob()),
        cookies(&full(&embedded(), &basket())),
    );
    let mut altered = basket.clone();
    altered[0][10] ^= 0x80;
    let strangers = deriving(&cookies(&Film::blob()), &derived(&film()));
    vec![
        World::case("derived-values-that-it-has-not", &deriving(&world, &[1, 2]))
            .refused("malformed"),
        Glider::case(
            "derived-section-of-no-bytes",
            &deriving(&cookies(&Glider::blob()), &[]),
        )
        .refused("malformed"),
        World::case(
            "order-derived-section-before-missing-tiers",
            &deriving(&world[..1], &[]),
        )
        .refused("malformed"),
        Basket::case(
            "order-derived-section-before-an-unknown-key",
            &deriving(&altered, &[]),
        )
        .refused("malformed"),
        Basket::case("order-schema-before-a-derived-section", &strangers).refused("unknown-schema"),
        Film::case(
            "derived-kind-without-a-section",
            &framed(0x30, &cookies(&Film::blob())),
        )
        .refused("malformed"),
        Film::case(
            "derived-section-longer-than-the-blob",
            &[framed(0x30, &cookies(&Film::blob())), vec![2, 1]].concat(),
        )
        .refused("malformed"),
    ]
}

fn approximate() -> Vec<Value> {
    let own = |section: &[u8]| with_section(&Glider::blob(), &Glider::sample(), 0, section);
    let mut outside = vec![0; 12 + 8 + 1];
    outside[12..20].copy_from_slice(&360.0_f64.to_le_bytes());
    vec![
        Glider::case("yaw-full-turn", &own(&outside)).refused("out-of-range"),
        Glider::case("section-cut-off", &own(&outside[..9])).refused("malformed-value"),
    ]
}
