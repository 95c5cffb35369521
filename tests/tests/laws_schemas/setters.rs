//! The setters of the client's view beside those of the server: the same values, the same errors, for every mutable field.
//!
//! The laws cannot call setters, whose names are the fields'; they look at how a view is read.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::arbitrary::{Arbitrary, any};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use statecookie::{Jar, Keys, Merged, Pool, Secret, Session, StateCookie, Timestamp};

use super::states::*;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const BY_CHANCE: usize = 60;

/// Each value goes through both setters. What both take comes back on another server; what both refuse changes nothing.
macro_rules! agree {
    ($schema:ty: $state:expr; $($field:ident by $setter:ident: $values:expr;)+) => {$(
        let state: $schema = $state;
        let (mut taken, mut refused) = (0, 0);
        for value in $values {
            let what = format!("{}: {value:?}", stringify!($field));
            let (mut session, mut jar) = serve(state.clone());
            let before = jar.bundle().unwrap();
            let mut view = jar.view::<$schema>().unwrap();
            let by_server = session.edit().$setter(value.clone());
            let by_client = view.$setter(value.clone());
            assert_eq!(by_client, by_server, "{what}");
            let held = if by_client.is_ok() { &value } else { &state.$field };
            assert_eq!(view.$field(), held, "{what}");
            let bundle = jar.bundle().unwrap();
            let resumed = pool::<$schema>().resume_at(&bundle, NOW).unwrap();
            assert!(*resumed.session == *session, "{what}");
            if by_client.is_ok() {
                taken += 1;
            } else {
                assert_eq!(bundle, before, "{what}");
                refused += 1;
            }
        }
        assert!(taken > 0 && refused > 0, "{}: {taken}, {refused}", stringify!($field));
    )+};
}

#[test]
fn a_range_of_literals() {
    agree! {
        One: one();
        quality by set_quality: 0..=u8::MAX;
    }
}

#[test]
fn a_signed_bound_and_a_list() {
    let edges = [0, 90_000, 90_001, u32::MAX];
    let speeds = [
        0.5,
        1.0,
        2.0,
        -0.5,
        0.500_000_06,
        0.0,
        f32::NAN,
        f32::INFINITY,
    ];
    agree! {
        Video: video();
        position_ms by set_position_ms: with_chance(edges);
        speed by set_speed: with_chance(speeds);
    }
}

#[test]
fn ranges_of_floats_and_of_every_element() {
    let positions = [
        [0.0, 500.0, -500.0],
        [0.0, 500.000_03, 0.0],
        [f32::NEG_INFINITY, 0.0, 0.0],
    ];
    let yaws = [0.0, -0.0, 359.999_97, 360.0, -f32::MIN_POSITIVE, f32::MAX];
    agree! {
        Shop: shop();
        quality by set_quality: 0..=u8::MAX;
        position by set_position: with_chance(positions);
        yaw by set_yaw: with_chance(yaws);
    }
}

#[test]
fn nested_values_lengths_durations_and_characters() {
    let corner = |x, label: &str| Corner {
        x,
        label: label.into(),
    };
    let corners = [
        vec![],
        vec![corner(10, "four"), corner(-10, "")],
        vec![corner(11, "four")],
        vec![corner(0, "fives")],
        vec![Corner::default(); 3],
        vec![Corner::default(); 4],
    ];
    let pauses = [60, 61, 0, u64::MAX].map(Duration::from_secs);
    let just_over = Duration::new(60, 1);
    let words = ["", "five5", "six666", "ßß5", "ßßß"].map(|word| vec![String::from(word)]);
    let many = [3, 4].map(|count| vec![String::new(); count]);
    agree! {
        Five: five();
        corners by set_corners: corners;
        pause by set_pause: with_chance(pauses).chain([just_over]);
        words by set_words: with_chance(words).chain(many);
        key by set_key: with_chance([None, Some('a'), Some('z'), Some('{'), Some('`')]);
    }
}

#[test]
fn one_open_end_and_long_texts() {
    let texts = [0, 199, 200, 201, 1_000].map(|len| "x".repeat(len));
    agree! {
        AllMutable: all_mutable();
        below by set_below: with_chance([i64::MIN, -1, 0, i64::MAX]);
        text by set_text: texts;
    }
}

#[test]
fn a_generic_state() {
    agree! {
        Generic<(u16, Option<String>), 4>: Generic {
            inner: vec![(1, Some("two".into()))],
            switches: [true, false, true, false],
            die: 6,
        };
        die by set_die: 0..=u8::MAX;
    }
}

#[test]
fn checks_of_ones_own() {
    agree! {
        Paired: Paired { low: 1, high: 2, even: 0 };
        even by set_even: with_chance([0, 1, 2, u32::MAX]);
    }
    agree! {
        Picky: Picky { magic: 0x5eed_5eed_5eed };
        magic by set_magic: with_chance([0x5eed_5eed_5eed, 0]);
    }
}

/// The values given, then some by chance: the same ones in every run.
fn with_chance<T: Arbitrary + 'static>(
    values: impl IntoIterator<Item = T>,
) -> impl Iterator<Item = T> {
    let mut runner = TestRunner::deterministic();
    let strategy = any::<T>();
    let by_chance = (0..BY_CHANCE).map(move |_| {
        let tree = strategy.new_tree(&mut runner);
        tree.expect("any value will do").current()
    });
    values.into_iter().chain(by_chance)
}

fn pool<S: StateCookie>() -> Pool<S> {
    let secret: Vec<u8> = (0..32).collect();
    let secret = Secret::from_bytes(&secret).unwrap();
    Pool::new("laws", Keys::embedded(secret)).unwrap()
}

/// A session, and a jar that holds its first update.
fn serve<S: StateCookie>(state: S) -> (Session<S>, Jar) {
    let mut session = pool().open_at(state, NOW).unwrap();
    let update = session.flush_at(NOW).unwrap().unwrap();
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&update), Ok(Merged::Updated));
    (session, jar)
}

fn one() -> One {
    One {
        name: "Ada".into(),
        balance: -5,
        quality: 2,
    }
}

fn video() -> Video {
    Video {
        title: "Metropolis".into(),
        duration_ms: 90_000,
        licence: [7; 4],
        position_ms: 5,
        speed: 1.0,
    }
}

fn shop() -> Shop {
    Shop {
        customer: 4711,
        credit_rating: 99,
        cart: Vec::new(),
        quality: 2,
        position: [0.0, 1.0, 2.0],
        yaw: 180.0,
    }
}

fn five() -> Five {
    Five {
        account: (1, 2, 'c'),
        notes: vec!["a note".into()],
        rights: BTreeMap::new(),
        quota: Ok(10),
        mood: Mood::Hurried,
        corners: Vec::new(),
        pause: Duration::from_secs(1),
        words: vec!["word".into()],
        key: Some('k'),
    }
}

fn all_mutable() -> AllMutable {
    AllMutable {
        wide: u128::MAX,
        below: -1,
        text: "text".into(),
        on: [true; 9],
    }
}
