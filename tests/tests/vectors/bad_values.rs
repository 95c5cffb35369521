//! Bundles with good tags that a server refuses for what they hold, and bundles with two faults at once.

use serde_json::Value;
use statecookie_tests::kit::sign::{put_together, taken_apart};

use crate::bad::of_basket;
use crate::blob::{bundle, cookies, framed, section_of, with_section};
use crate::make;
use crate::make::{Case, basket, embedded, full, world};
use crate::schemas::{Basket, Spot, World};
use crate::skewed;

/// Good tags over what this server cannot read: issued by one that has other types under the same names.
pub(crate) fn signed_sections() -> Vec<Value> {
    let skewed = |author: &[u8], rights| skewed::Note {
        author: author.to_vec(),
        rights,
        text: String::new(),
        quality: 0,
    };
    let case = |name, state: &skewed::Note| {
        let blob = full(&embedded(), state);
        Case::new(name, "Note", &embedded(), &blob).refused("internal-mismatch")
    };
    vec![
        case(
            "immutable-text-that-is-not-utf-8",
            &skewed(&[0xc3, 0x28], None),
        ),
        case(
            "private-variant-that-is-not-known",
            &skewed(b"a", Some(skewed::Rights::Admin)),
        ),
        case(
            "private-bytes-left-that-are-not-zero",
            &skewed(b"a", Some(skewed::Rights::Guest(7))),
        ),
        case(
            "private-bool-of-2",
            &skewed(
                b"a",
                Some(skewed::Rights::Owner {
                    since: 1,
                    shared: 2,
                }),
            ),
        ),
    ]
}

pub(crate) fn mutable_sections() -> Vec<Value> {
    let (blob, state) = (full(&embedded(), &basket()), basket());
    let case = |name, section: &[u8]| {
        of_basket(name, &with_section(&blob, &state, 0, section)).refused("malformed-value")
    };
    let world_blob = full(&embedded(), &world());
    let of_world = |name, tier, section: &[u8]| {
        let blob = with_section(&world_blob, &world(), tier, section);
        Case::new(name, "World", &embedded(), &blob).refused("malformed-value")
    };
    vec![
        case("mutable-section-empty", &[]),
        case("number-not-in-shortest-form", b"\x82\x00\x03EUR"),
        case("number-too-large-for-its-type", b"\x80\x80\x04\x03EUR"),
        case("string-longer-than-declared", b"\x02\x04EURO"),
        case("string-not-utf-8", b"\x02\x02\xc3\x28"),
        case("string-longer-than-the-section", b"\x02\x03EU"),
        case("byte-left-in-the-mutable-section", b"\x02\x03EUR\x00"),
        of_basket(
            "mutable-section-in-a-tier-without-mutable-fields",
            &with_section(&blob, &state, 1, b"\x00"),
        )
        .refused("malformed-value"),
        of_world("char-of-two-characters", 1, b"\x02ab\x00\x00"),
        of_world("variant-that-is-not-there", 1, b"\x01a\x00\x03"),
    ]
}

pub(crate) fn bounds() -> Vec<Value> {
    let blob = full(&embedded(), &basket());
    let of_basket = |name, state: &Basket| {
        let own = with_section(&blob, &basket(), 0, &section_of(state, 0));
        of_basket(name, &own).refused("out-of-range")
    };
    let world_blob = full(&embedded(), &world());
    let of_world = |name, tier, state: &World| {
        let own = with_section(&world_blob, &world(), tier, &section_of(state, tier));
        Case::new(name, "World", &embedded(), &own)
    };
    let out = |name, tier, state: &World| of_world(name, tier, state).refused("out-of-range");
    let positioned = |value: f32| World {
        position: [[0.0; 2], [0.0, value]],
        ..world()
    };
    let above = Basket {
        quantity: 21,
        ..basket()
    };
    let below = Basket {
        quantity: 0,
        ..basket()
    };
    let unlisted = Basket {
        currency: "CHF".into(),
        ..basket()
    };
    let outer = World {
        yaw: 360.0,
        ..world()
    };
    let unchosen = World {
        choice: Some(4),
        ..world()
    };
    let nested = World {
        spot: Spot {
            x: 100,
            ..world().spot
        },
        ..world()
    };
    let long = World {
        pause: core::time::Duration::new(5, 1),
        ..world()
    };
    let odd = World { step: 7, ..world() };
    let digit = World {
        digit: Some(10),
        ..world()
    };
    let letter = World {
        letter: 'g',
        ..world()
    };
    let unsound = World {
        step: 1002,
        ..world()
    };
    vec![
        of_basket("above-the-signed-bound", &above),
        of_basket("below-the-signed-bound", &below),
        of_basket("not-one-of-the-listed", &unlisted),
        out("nan-in-an-array", 0, &positioned(f32::NAN)),
        out("infinity", 0, &positioned(f32::INFINITY)),
        out("just-above-the-range", 0, &positioned(500.000_03)),
        out("at-the-excluded-end", 0, &outer),
        out("nested-field-out-of-range", 0, &nested),
        out("duration-too-long-by-a-nanosecond", 0, &long),
        out("option-out-of-range", 0, &digit),
        out("option-not-one-of-the-listed", 0, &unchosen),
        out("char-out-of-range", 1, &letter),
        out("check-refuses", 1, &odd),
        of_world("validate-refuses", 1, &unsound).refused("invalid"),
    ]
}

/// Two faults at once: which one is found first.
pub(crate) fn precedence() -> Vec<Value> {
    let (blob, state) = (full(&embedded(), &basket()), basket());
    let mut stray = cookies(&blob);
    stray[0].push(0);
    *stray[1].last_mut().unwrap() = b'X';
    let mut derived = framed(0x30, &unlinked(&blob));
    derived.push(0);
    let world = full(&embedded(), &world());
    let mut cut = unlinked(&world);
    cut[1].truncate(20);
    let mut rootless = cookies(&world)[1..].to_vec();
    rootless[1][1] ^= 1;
    let mut unpadded = bundle(&unlinked(&world));
    unpadded.push(1);
    let of_world = |name, blob: &[u8]| Case::new(name, "World", &embedded(), blob);
    vec![
        of_basket(
            "first-field-out-of-range-second-not-decodable",
            &with_section(&blob, &state, 0, b"\x15\x04EURO"),
        )
        .refused("out-of-range"),
        of_basket("stray-byte-above-and-out-of-range-below", &bundle(&stray))
            .refused("out-of-range"),
        of_basket("unlinked-before-derived", &derived).refused("unlinked"),
        of_world(
            "nested-field-out-of-range-next-not-decodable",
            &half_spot(&world),
        )
        .refused("out-of-range"),
        of_world("malformed-cookie-before-its-link", &bundle(&cut)).refused("malformed"),
        of_world("unlinked-before-no-root", &bundle(&rootless)).refused("unlinked"),
        of_world("unlinked-before-partial", &framed(0x20, &rootless)).refused("unlinked"),
        of_world("unlinked-before-padding", &unpadded).refused("unlinked"),
        of_world(
            "own-times-above-64-bits-before-its-link",
            &not_linked(&world, 1),
        )
        .refused("malformed"),
        of_world(
            "unlinked-before-times-above-64-bits-with-its-parents",
            &not_linked(&world, 0),
        )
        .refused("unlinked"),
    ]
}

/// The middle tier with another link and the longest life from `later` on.
fn not_linked(blob: &[u8], later: u64) -> Vec<u8> {
    let mut chain = taken_apart(blob);
    chain[1].flip("link", 0, 1);
    chain[1].set_number("later", later);
    chain[1].set_number("life", u64::MAX);
    put_together(&chain)
}

/// A lowest tier that ends within its nested struct, whose first field is out of range.
fn half_spot(blob: &[u8]) -> Vec<u8> {
    let before_spot = 16 + 8 + 14 + 6 + 2;
    let mut section = section_of(&make::world(), 0);
    section.truncate(before_spot);
    section.push(100);
    with_section(blob, &make::world(), 0, &section)
}

/// The cookies of a full update, the second with another link.
fn unlinked(blob: &[u8]) -> Vec<Vec<u8>> {
    let mut cookies = cookies(blob);
    cookies[1][1] ^= 1;
    cookies
}
