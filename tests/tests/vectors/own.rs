//! What the client wrote into mutable sections: typed values within and outside their bounds, and bytes that are no values.

use std::time::Duration;

use serde_json::Value;

use crate::blob::{bundle, cookies, section_of, with_section};
use crate::make::{embedded, full, ladder, numbers, till, world};
use crate::sample::Sample;
use crate::schemas::{Mode, Spot, World};
use crate::schemas_deep::{Archive, Till};
use crate::schemas_wide::{Ladder, Numbers};

/// The sample's bundle with the mutable section of a tier as another state has it.
fn own<S: Sample>(tier: u8, state: &S) -> Vec<u8> {
    with_section(&S::blob(), &S::sample(), tier, &section_of(state, tier))
}

fn bytes<S: Sample>(tier: u8, section: &[u8]) -> Vec<u8> {
    with_section(&S::blob(), &S::sample(), tier, section)
}

/// `state!(tier, Schema: sample, name, field: value, ...)` gives the tier, the name and the changed state.
macro_rules! rows {
    ($schema:ident, $sample:ident: $($tier:literal $name:literal { $($field:ident: $value:expr),* })*) => {
        [$(($tier, $name, $schema { $($field: $value,)* ..$sample() })),*]
    };
}

pub(crate) fn accepted() -> Vec<Value> {
    let mut cases = Vec::new();
    let worlds = rows! { World, world:
        1 "step-zero" { step: 0 }
        1 "walks" { mode: Mode::Walk, letter: 'a' }
        0 "in-every-corner" { position: [[-500.0, -500.0], [500.0, f32::MIN_POSITIVE]] }
        0 "north" { yaw: -0.0 }
        0 "no-tags" { tags: Vec::new() }
        0 "long-tags" { tags: vec!["12345678".into(), "abcdefgh".into(), "ßßßß".into()] }
        0 "pause-at-its-end" { pause: Duration::from_secs(5) }
        0 "offset-below-its-end" { offset: 999 }
        0 "no-digit" { digit: None, choice: None }
        0 "spot-of-four-letters" { spot: Spot { x: 0, label: "äö".into() } }
        0 "not-ready" { ready: false, wide: 0 }
    };
    cases.extend(
        worlds.map(|(tier, name, state)| World::case(name, &own(tier, &state)).gives(&state, &[])),
    );
    let all = rows! { Numbers, numbers:
        0 "least" { a: -3, b: i16::MIN, c: 1, d: 0, e: i128::MIN + 1, f: 0, g: -1.0, h: 0.1, i: f64::MIN, r: isize::MIN }
        0 "greatest" { a: 3, b: -1, c: i32::MAX, e: i128::MAX, f: 1 << 40, g: f32::MAX, i: f64::MAX, r: isize::MAX - 1 }
        0 "infinite-where-it-may-be" { h: f64::INFINITY, i: f64::INFINITY, j: f32::NEG_INFINITY }
        0 "subnormal" { i: 5e-324, g: 1e-45, j: -0.0 }
        0 "empty" { k: [None, None], l: Vec::new(), m: None, n: Vec::new(), o: Vec::new(), p: Vec::new() }
        0 "full" { l: vec![vec![99; 3]; 2], m: Some("abc".into()), o: vec![Mode::Fly; 3] }
        0 "last-char" { q: char::MAX }
        0 "first-char" { q: 'a' }
        0 "least-duration" { n: vec![Duration::from_millis(1), Duration::from_secs(3)] }
    };
    cases.extend(
        all.map(|(tier, name, state)| Numbers::case(name, &own(tier, &state)).gives(&state, &[])),
    );
    let tills = rows! { Till, till:
        1 "signed-low-ends" { amount: -100, ratio: -0.5 }
        1 "signed-high-ends" { amount: 49_999, ratio: 0.999_999_999_999_999_9 }
        1 "no-places" { places: Vec::new() }
        1 "as-many-places-as-slots" { places: vec![None, None, Some(1)] }
        0 "last-at-its-end" { last: 100_010 }
        0 "no-tip" { tip: 0 }
    };
    cases.extend(
        tills.map(|(tier, name, state)| Till::case(name, &own(tier, &state)).gives(&state, &[])),
    );
    let ladders = rows! { Ladder, ladder:
        5 "open" { open: true }
        3 "level-at-its-types-end" { level: u32::MAX }
        2 "leans-left" { lean: -1 }
        1 "name-of-one-wide-character" { name: "🪜".into() }
        0 "top-step" { step: 9 }
    };
    cases.extend(
        ladders
            .map(|(tier, name, state)| Ladder::case(name, &own(tier, &state)).gives(&state, &[])),
    );
    cases
}

pub(crate) fn out_of_range() -> Vec<Value> {
    let mut cases = Vec::new();
    let worlds = rows! { World, world:
        1 "letter-before-its-range" { letter: '`' }
        1 "letter-of-another-script" { letter: 'я' }
        1 "step-odd" { step: u32::MAX }
        0 "west-of-the-edge" { position: [[-500.000_03, 0.0], [0.0; 2]] }
        0 "nan-in-the-middle" { position: [[0.0, f32::NAN], [0.0; 2]] }
        0 "minus-infinity" { position: [[0.0; 2], [0.0, f32::NEG_INFINITY]] }
        0 "yaw-not-a-number" { yaw: -f64::NAN }
        0 "yaw-just-below-zero" { yaw: -5e-324 }
        0 "yaw-full-turn" { yaw: 360.0 }
        0 "pause-forever" { pause: Duration::MAX }
        0 "offset-at-its-end" { offset: 1_000 }
        0 "offset-below" { offset: i64::MIN }
        0 "digit-ten" { digit: Some(10) }
        0 "choice-of-two" { choice: Some(2) }
        0 "spot-of-a-hundred" { spot: Spot { x: 100, label: String::new() } }
    };
    cases.extend(
        worlds.map(|(tier, name, state)| {
            World::case(name, &own(tier, &state)).refused("out-of-range")
        }),
    );
    let all = rows! { Numbers, numbers:
        0 "a-four" { a: 4 }
        0 "a-least" { a: i8::MIN }
        0 "b-zero" { b: 0 }
        0 "c-zero" { c: 0 }
        0 "e-least" { e: i128::MIN }
        0 "f-one-more" { f: (1 << 40) + 1 }
        0 "g-below" { g: -1.000_000_1 }
        0 "g-infinite" { g: f32::INFINITY }
        0 "g-not-a-number" { g: f32::NAN }
        0 "h-below" { h: 0.099_999_999_999_999_99 }
        0 "h-minus-infinite" { h: f64::NEG_INFINITY }
        0 "h-not-a-number" { h: f64::NAN }
        0 "i-not-a-number" { i: f64::from_bits(0x7ff0_0000_0000_0001) }
        0 "j-unlisted" { j: 0.2 }
        0 "j-infinite" { j: f32::INFINITY }
        0 "k-second-above" { k: [None, Some(21)] }
        0 "k-first-below" { k: [Some(9), None] }
        0 "l-inner-last" { l: vec![vec![0], vec![0, 0, 100]] }
        0 "n-too-short" { n: vec![Duration::from_micros(999)] }
        0 "n-second-too-long" { n: vec![Duration::from_secs(1), Duration::new(3, 1)] }
        0 "p-second-struct" { p: vec![Spot::default(), Spot { x: 100, label: String::new() }] }
        0 "q-before" { q: '`' }
        0 "r-at-its-end" { r: isize::MAX }
    };
    cases.extend(all.map(|(tier, name, state)| {
        Numbers::case(name, &own(tier, &state)).refused("out-of-range")
    }));
    let tills = rows! { Till, till:
        1 "amount-one-below" { amount: -101 }
        1 "amount-one-above" { amount: 100_001 }
        1 "ratio-at-its-end" { ratio: 1.0 }
        1 "ratio-below" { ratio: -0.500_000_000_000_000_1 }
        1 "ratio-not-a-number" { ratio: f64::NAN }
        1 "place-zero" { places: vec![None, Some(0)] }
        1 "place-at-the-saturating-end" { places: vec![Some(2)] }
        0 "last-one-below" { last: -111 }
        0 "tip-above" { tip: 101 }
    };
    cases.extend(
        tills.map(|(tier, name, state)| {
            Till::case(name, &own(tier, &state)).refused("out-of-range")
        }),
    );
    let ladders = rows! { Ladder, ladder:
        3 "level-zero" { level: 0 }
        2 "leans-too-far" { lean: 2 }
        0 "step-ten" { step: 10 }
    };
    cases.extend(
        ladders.map(|(tier, name, state)| {
            Ladder::case(name, &own(tier, &state)).refused("out-of-range")
        }),
    );
    cases
}

pub(crate) fn malformed() -> Vec<Value> {
    let case = |name: &str, section: &[u8]| {
        Ladder::case(name, &bytes::<Ladder>(1, section)).refused("malformed-value")
    };
    let world = |name: &str, section: &[u8]| {
        World::case(name, &bytes::<World>(1, section)).refused("malformed-value")
    };
    let lowest = section_of(&numbers(), 0);
    let numbers = |name: &str, section: &[u8]| {
        Numbers::case(name, &bytes::<Numbers>(0, section)).refused("malformed-value")
    };
    let mut longer = lowest.clone();
    longer.push(0);
    let mut cases = vec![
        case("name-missing", &[]),
        case("name-of-five-bytes", b"\x05Maria"),
        case("name-cut-off", b"\x04Mar"),
        case("name-twice", b"\x01M\x01M"),
        case("name-in-latin-1", b"\x04J\xf6rg"),
        case("name-with-a-surrogate", b"\x03\xed\xa0\x80"),
        case(
            "name-length-of-ten-bytes",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01M",
        ),
        case("name-length-with-a-zero-at-its-end", b"\x81\x00M"),
        world("letter-of-no-bytes", b"\x00\x80\x01\x02"),
        world("letter-of-two", b"\x02cc\x80\x01\x02"),
        world("letter-half", b"\x01\xc3\x80\x01\x02"),
        world("step-above-32-bits", b"\x01c\x80\x80\x80\x80\x10\x02"),
        world("step-not-shortest", b"\x01c\x80\x81\x00\x02"),
        world("mode-beyond", b"\x01c\x80\x01\x03"),
        world("mode-of-35-bits", b"\x01c\x80\x01\x82\x80\x80\x80\x20"),
        world("mode-missing", b"\x01c\x80\x01"),
        numbers("a-byte-more", &longer),
        numbers("a-byte-less", &lowest[..lowest.len() - 1]),
        numbers("half-of-it", &lowest[..lowest.len() / 2]),
        numbers("first-byte-only", &lowest[..1]),
        Archive::case("read-of-two", &bytes::<Archive>(0, &[2])).refused("malformed-value"),
        Archive::case("read-missing", &bytes::<Archive>(0, &[])).refused("malformed-value"),
    ];
    for (tier, name) in [(7, "top"), (6, "private"), (4, "both")] {
        let stray = bytes_above::<Ladder>(tier);
        cases.push(
            Ladder::case(&format!("stray-bytes-in-the-{name}-tier"), &stray)
                .refused("malformed-value"),
        );
    }
    cases
}

/// Bytes behind the tag of a tier without mutable fields.
fn bytes_above<S: Sample>(tier: usize) -> Vec<u8> {
    let mut cookies = cookies(&S::blob());
    let at = cookies.len() - 1 - tier;
    cookies[at].extend([1, 2]);
    bundle(&cookies)
}

pub(crate) fn invalid() -> Vec<Value> {
    let unsound = World {
        step: 1_002,
        ..world()
    };
    let worst = World {
        step: u32::MAX - 1,
        ..world()
    };
    let dear = Till {
        amount: 50_000,
        ..till()
    };
    let silent = Till {
        confirmed: false,
        ..till()
    };
    let generous = Till { tip: 100, ..till() };
    let crowded = Till {
        places: vec![None; 4],
        ..till()
    };
    let full_till = Till {
        amount: 49_950,
        ..till()
    };
    let both = |first: &Till, lowest: &Till| {
        let blob = own(1, first);
        let mut cookies = cookies(&blob);
        let signed = cookies[2].len() - section_of(&till(), 0).len();
        cookies[2].truncate(signed);
        cookies[2].extend(section_of(lowest, 0));
        bundle(&cookies)
    };
    let large = Till {
        amount: 1_001,
        ..till()
    };
    let unconfirmed = bundle(&cookies(&full(&embedded(), &large))[..2]);
    vec![
        World::case("step-of-1002", &own(1, &unsound)).refused("invalid"),
        World::case("step-of-almost-32-bits", &own(1, &worst)).refused("invalid"),
        Till::case("one-above-the-private-limit", &own(1, &dear)).refused("invalid"),
        Till::case("more-places-than-slots", &own(1, &crowded)).refused("invalid"),
        Till::case("large-and-not-confirmed", &both(&large, &silent)).refused("invalid"),
        Till::case("tip-on-top-of-the-limit", &both(&full_till, &generous)).refused("invalid"),
        Till::case("confirmation-withheld", &unconfirmed).refused("invalid"),
    ]
}
