//! The byte budgets of the protocol, counted exactly.

use std::mem::size_of;
use std::time::Duration;

use statecookie::{Jar, Merged, Session, StateCookie, Timestamp};
use statecookie_tests::shop::{self, NOW, Shop};

const FRAMING: usize = 2;

/// Four tiers without private fields; 4 bytes in each.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(3, valid_for = "12h"),
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s")
)]
struct Four {
    #[tier(3)]
    #[immutable]
    top: [u8; 4],
    #[tier(2)]
    #[immutable]
    high: [u8; 4],
    #[tier(1)]
    #[immutable]
    middle: [u8; 4],
    #[tier(0)]
    #[immutable]
    low: [u8; 4],
}

/// The same with a private value in each tier, 5 bytes of it, padded to 16.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "12h"), tier(0, valid_for = "30s"))]
struct Secretive {
    #[tier(1)]
    #[immutable]
    open: [u8; 4],
    #[tier(1)]
    #[private]
    hidden: [u8; 5],
    #[tier(0)]
    #[immutable]
    low_open: [u8; 4],
    #[tier(0)]
    #[private]
    low_hidden: [u8; 5],
}

/// Eight tiers: the largest stamps.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(7, valid_for = "8h"),
    tier(6, valid_for = "7h"),
    tier(5, valid_for = "6h"),
    tier(4, valid_for = "5h"),
    tier(3, valid_for = "4h"),
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "2h"),
    tier(0, valid_for = "1h")
)]
struct Eight {
    #[tier(7)]
    a: u8,
    #[tier(6)]
    b: u8,
    #[tier(5)]
    c: u8,
    #[tier(4)]
    d: u8,
    #[tier(3)]
    e: u8,
    #[tier(2)]
    f: u8,
    #[tier(1)]
    g: u8,
    #[tier(0)]
    h: u8,
}

fn four() -> Four {
    Four {
        top: [1; 4],
        high: [2; 4],
        middle: [3; 4],
        low: [4; 4],
    }
}

/// The lengths of the cookies of an update without padding, from the highest tier down; none is longer than 127 bytes.
fn cookie_lens(update: &[u8]) -> Vec<usize> {
    let count = usize::from(update[0] & 7) + 1;
    let (mut lens, mut at) = (Vec::new(), 1);
    for _ in 0..count {
        assert!(update[at] < 0x80);
        lens.push(usize::from(update[at]));
        at += 1 + usize::from(update[at]);
    }
    assert_eq!(
        at,
        update.len(),
        "the framing is one byte, and one for each cookie"
    );
    lens
}

fn flush<S: StateCookie>(session: &mut Session<S>, now: Timestamp) -> Vec<u8> {
    session.flush_at(now).unwrap().unwrap().into_bytes()
}

#[test]
fn a_partial_cookie_of_four_tiers_takes_at_most_32_bytes_over_its_values() {
    let mut session = shop::pool().open(four()).unwrap();
    let lens = cookie_lens(&flush(&mut session, NOW));
    assert!(lens[1..].iter().all(|len| len - 4 <= 32), "{lens:?}");
    // The higher counters as large as the budget allows, the tier's own up to 16,383.
    for _ in 0..127 {
        session.edit().high_mut();
        flush(&mut session, NOW);
    }
    for _ in 0..127 {
        session.edit().middle_mut();
        flush(&mut session, NOW);
    }
    let mut worst = 0;
    for own in 1..=16_383 {
        session.edit().low_mut();
        let lens = cookie_lens(&flush(&mut session, NOW));
        assert_eq!(lens.len(), 1);
        worst = worst.max(lens[0] - 4);
        if own == 127 {
            assert_eq!(worst, 28);
        }
    }
    assert_eq!(worst, 29);
}

#[test]
fn a_partial_cookie_issued_late_under_its_parent_stays_within_its_budget() {
    let mut session = shop::pool().open(four()).unwrap();
    flush(&mut session, NOW);
    let late = NOW.saturating_add(Duration::from_secs(299));
    session.edit().low_mut();
    let lens = cookie_lens(&flush(&mut session, late));
    assert_eq!(lens[lens.len() - 1] - 4, 29);
}

#[test]
fn a_root_takes_at_most_72_bytes_over_its_values() {
    let mut session = shop::pool().open(four()).unwrap();
    let lens = cookie_lens(&flush(&mut session, NOW));
    assert_eq!(lens[0] - 4, 61);
    // A root renewed late in the session, when its counter and its distance from the birth are long.
    let mut worst = 0;
    for hour in 0..24 {
        let now = NOW.saturating_add(Duration::from_secs(hour * 3600));
        session.edit().top_mut();
        worst = worst.max(cookie_lens(&flush(&mut session, now))[0] - 4);
    }
    assert_eq!(worst, 63);
    assert!(worst <= 72);
}

#[test]
fn private_values_take_at_most_42_bytes_more_and_the_padding() {
    let state = Secretive {
        open: [1; 4],
        hidden: [2; 5],
        low_open: [3; 4],
        low_hidden: [4; 5],
    };
    let mut session = shop::pool().open(state).unwrap();
    let lens = cookie_lens(&flush(&mut session, NOW));
    let padded = 16;
    // A root of 61 bytes and a child of 26, 24 of nonce, 16 of tag, 1 of length.
    assert_eq!(lens, [61 + 4 + 41 + padded, 26 + 4 + 41 + padded]);
}

#[test]
fn the_framing_takes_at_most_2_bytes_for_each_cookie() {
    let mut session = shop::pool().open(four()).unwrap();
    let full = flush(&mut session, NOW);
    let framing = full.len() - cookie_lens(&full).iter().sum::<usize>();
    assert_eq!(framing, 5);
    assert!(framing <= 4 * FRAMING);
    session.edit().low_mut();
    let partial = flush(&mut session, NOW);
    assert_eq!(partial.len() - cookie_lens(&partial)[0], FRAMING);
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&full), Ok(Merged::Updated));
    assert_eq!(jar.merge(&partial), Ok(Merged::Updated));
    let bundle = jar.bundle().unwrap();
    assert_eq!(bundle.len() - cookie_lens(&bundle).iter().sum::<usize>(), 5);
}

#[test]
fn a_session_takes_its_state_64_bytes_for_each_tier_and_128() {
    fn spare<S: StateCookie>(tiers: usize) -> usize {
        size_of::<S>() + 64 * tiers + 128 - size_of::<Session<S>>()
    }
    assert_eq!(
        [
            spare::<Shop>(3),
            spare::<Four>(4),
            spare::<Secretive>(2),
            spare::<Eight>(8)
        ],
        [16, 16, 18, 16]
    );
}

/// All tiers are held back in time, and most values are approximated.
#[derive(StateCookie)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h", at_most_every = "1m"),
    tier(1, valid_for = "10m", at_most_every = "1s"),
    tier(0, valid_for = "30s", at_most_every = "100ms")
)]
struct Approximated {
    #[tier(2)]
    #[approx(tolerance = 10)]
    top: u64,
    #[tier(1)]
    name: [u8; 20],
    #[tier(1)]
    #[approx(tolerance = 1.0)]
    middle: f32,
    #[tier(0)]
    #[approx(tolerance = 0.5)]
    low: [f32; 3],
}

#[test]
fn approximated_fields_are_kept_once_more_and_paces_cost_nothing() {
    const ONCE_MORE: usize = size_of::<(u64, f32, [f32; 3])>();
    let most = size_of::<Approximated>() + 64 * 3 + 128 + ONCE_MORE;
    assert_eq!(most - size_of::<Session<Approximated>>(), 16);
}

/// [`Four`] with derived fields: in a tier of their own below, and in one that has a cookie.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(4, valid_for = "12h"),
    tier(3, valid_for = "3h"),
    tier(2, valid_for = "10m"),
    tier(1, valid_for = "30s")
)]
struct FourAndDerived {
    #[tier(4)]
    top: [u8; 4],
    #[tier(3)]
    high: [u8; 4],
    #[tier(2)]
    low: [u8; 4],
    #[tier(2)]
    #[mutable(max_len = 40, derived)]
    name: String,
    #[tier(1)]
    lowest: [u8; 4],
    #[tier(0)]
    #[mutable(range = 0..=9, derived)]
    digits: [u8; 4],
}

#[test]
fn derived_fields_take_no_byte_of_a_cookie_and_a_length_in_the_bundle() {
    let with = FourAndDerived {
        top: [1; 4],
        high: [2; 4],
        low: [3; 4],
        name: "n".repeat(40),
        lowest: [4; 4],
        digits: [9; 4],
    };
    let here = shop::pool::<FourAndDerived>();
    let update = flush(&mut here.open(with.clone()).unwrap(), NOW);
    let pool = shop::pool::<Four>();
    let without = flush(&mut pool.open(four()).unwrap(), NOW);
    assert_eq!(cookie_lens(&update), cookie_lens(&without));
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&update), Ok(Merged::Updated));
    let bundle = jar.bundle_with::<FourAndDerived>(|view| {
        view.set_name(with.name.clone())?;
        view.set_digits(with.digits)
    });
    let values = 1 + 40 + 4;
    assert_eq!(bundle.unwrap().len(), update.len() + 1 + values);
    let most = size_of::<FourAndDerived>() + 64 * 4 + 128;
    assert_eq!(most - size_of::<Session<FourAndDerived>>(), 16);
}

#[test]
fn a_partial_update_is_independent_of_the_tiers_above() {
    let partial = |cart: Vec<(String, u32)>| {
        let state = Shop {
            cart,
            ..shop::shop()
        };
        let mut session = shop::pool().open(state).unwrap();
        flush(&mut session, NOW);
        session.edit().set_yaw(12.0).unwrap();
        flush(&mut session, NOW)
    };
    let (small, large) = (partial(vec![]), partial(vec![("x".repeat(48 * 1024), 1)]));
    assert_eq!(small.len(), large.len());
    // Only the link and the tag tell whose child it is.
    let values = |update: &[u8]| update[update.len() - 16..].to_vec();
    assert_eq!(values(&small), values(&large));
    assert_eq!(small.len(), FRAMING + 26 + 16);
}
