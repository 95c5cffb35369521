//! Derived fields in the advice: they cost nothing, wherever they stand, and no tier is made for them.

use std::time::Duration;

use statecookie::advice::{AdviceError, Advisor, Layout, Pin, Recorder};
use statecookie::testing::TestClock;
use statecookie::{Keys, Pool, StateCookie, Timestamp};

const START: Timestamp = Timestamp::from_secs(1_800_000_000);

/// The position is in a tier of its own, which has no cookie; the bit rate, which changes often, is in the wrong one.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(2, valid_for = "3h"), tier(1, valid_for = "1h"))]
struct Film {
    #[tier(2)]
    title: String,
    #[tier(2)]
    #[mutable(range = 0..=4)]
    rate: u8,
    #[tier(1)]
    #[mutable(range = 0..=100)]
    volume: u8,
    #[tier(0)]
    #[mutable(range = 0..=9_000_000, derived)]
    position: u32,
}

fn film(second: u64) -> Film {
    Film {
        title: "A long title of a film that is never changed".into(),
        rate: (second / 10 % 5) as u8,
        volume: (second / 500 % 2) as u8,
        position: second as u32 * 1000,
    }
}

fn recorded() -> (Recorder<Film>, usize) {
    let builder = Pool::<Film>::builder("film.example", Keys::ephemeral().unwrap());
    let pool = builder.clock(TestClock::at(START)).build().unwrap();
    let mut session = pool.open_at(film(0), START).unwrap();
    let mut bytes = session.flush_at(START).unwrap().unwrap().len();
    let mut recorder = Recorder::<Film>::new().unwrap();
    for second in 0..1500 {
        let now = START.saturating_add(Duration::from_secs(second));
        session.replace(film(second)).unwrap();
        recorder.observe_at(&session, now).unwrap();
        let update = session.flush_at(now).unwrap();
        bytes += update.map_or(0, |update| update.len());
    }
    (recorder, bytes)
}

#[test]
fn a_derived_field_costs_nothing_and_gets_no_tier_of_its_own() {
    let (recorder, sent) = recorded();
    let advice = recorder.advise().unwrap();
    let off = advice.today.bytes / sent as f64 - 1.0;
    assert!(off.abs() < 0.02, "{off}: {} for {sent}", advice.today.bytes);
    assert_eq!(advice.today.tiers, 2);
    let position = recorder.fields_named(&["position"]).unwrap();
    assert!(advice.layout.tiers().iter().all(|tier| *tier != position));
    assert!(advice.moves.iter().all(|moved| moved.field != "position"));
    assert!(advice.moves.iter().any(|moved| moved.field == "rate"));
    let recorded = recorder.recorded();
    assert_eq!((recorded[3].changes, recorded[3].longest), (0, 0));
}

#[test]
fn wherever_it_stands_the_bytes_are_the_same() {
    let (recorder, _) = recorded();
    let advisor = recorder.advisor();
    let bytes = |tiers: [u8; 4]| {
        let layout = Layout::of_tiers(&tiers).unwrap();
        advisor.predict(&layout).unwrap().bytes
    };
    let alone = bytes([2, 2, 1, 0]);
    assert_eq!(alone, bytes([1, 1, 0, 0]));
    assert_eq!(alone, bytes([1, 1, 0, 1]));
    assert_eq!(alone, bytes([2, 2, 0, 1]), "in the middle");
    assert_eq!(alone, bytes([1, 1, 0, 2]), "on top");
    assert!(alone > bytes([2, 1, 0, 0]) || alone > bytes([2, 0, 1, 0]));
}

#[test]
fn a_pin_to_a_tier_of_its_own_is_refused() {
    let (recorder, _) = recorded();
    let pinned = |name: &str, pin| Advisor::pin(recorder.advisor(), name, pin);
    let below = pinned("position", Pin::Tier(0)).pin("volume", Pin::NoLowerThan(1));
    let below = below
        .pin("rate", Pin::NoLowerThan(1))
        .pin("title", Pin::NoLowerThan(1));
    assert_eq!(below.advise().err(), Some(AdviceError::NoLayout));
    let with_rate = pinned("position", Pin::Tier(0)).advise().unwrap();
    assert_eq!(with_rate.layout.tier_of(3), Some(0));
}
