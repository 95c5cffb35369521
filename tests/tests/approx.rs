//! Approximation in time and in value: what goes out, when, and what a server makes of it.
#![forbid(unsafe_code)]

use std::time::Duration;

use statecookie::testing::{Laws, TestClock};
use statecookie::{Jar, Keys, Pool, Session, StateCookie, Tier, TierSet, Timestamp};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

/// All at once: a paced tier under a paced one, tolerances of every kind of number, each class.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m", at_most_every = "1s"),
    tier(0, valid_for = "30s", at_most_every = "100ms")
)]
struct Walk {
    #[tier(2)]
    visitor: u64,
    #[tier(2)]
    #[private]
    #[approx(tolerance = 5)]
    rating: i16,
    #[tier(1)]
    #[mutable(range = 0..=4)]
    quality: u8,
    #[state(tier = 1, immutable, approx(tolerance = 0.25))]
    load: f64,
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    #[approx(tolerance = 0.5)]
    position: [f32; 3],
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    #[approx(tolerance = 1.0, wrap = 360.0)]
    yaw: f32,
    #[tier(0)]
    #[mutable(max_len = 8)]
    gesture: String,
}

/// `validate` looks at all tiers: nothing may go out beside a value that it has not seen there.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    validate = Trip::is_possible,
    tier(1, valid_for = "10m", at_most_every = "1s"),
    tier(0, valid_for = "30s")
)]
struct Trip {
    #[tier(1)]
    #[approx(tolerance = 10)]
    fuel: u32,
    #[tier(1)]
    name: u8,
    #[tier(0)]
    #[mutable(range = 0..=1000)]
    distance: u32,
}

impl Trip {
    fn is_possible(&self) -> bool {
        self.distance <= self.fuel
    }
}

/// The same with a signed bound.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(1, valid_for = "10m", at_most_every = "1s"),
    tier(0, valid_for = "30s")
)]
struct Film {
    #[tier(1)]
    #[approx(tolerance = 10)]
    length: u32,
    #[tier(1)]
    seats: u8,
    #[tier(0)]
    #[mutable(range = 0..=self.length)]
    at: u32,
}

/// One tier, with parameters.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(0, valid_for = "1h", at_most_every = "5s"))]
struct Meter<const N: usize> {
    #[tier(0)]
    #[approx(tolerance = Duration::from_millis(20))]
    worked: [Duration; N],
    #[tier(0)]
    #[mutable(range = ..=1_000)]
    #[approx(tolerance = TOLERANCE)]
    level: i32,
}

const TOLERANCE: i32 = 3;

fn walk() -> Walk {
    Walk {
        visitor: 4711,
        rating: 700,
        quality: 2,
        load: 1.0,
        position: [0.0; 3],
        yaw: 359.5,
        gesture: String::new(),
    }
}

struct Story<S: StateCookie> {
    clock: TestClock,
    pool: Pool<S>,
    session: Session<S>,
    jar: Jar,
}

impl<S: StateCookie> Story<S> {
    fn begin(state: S) -> Self {
        let clock = TestClock::at(NOW);
        let keys = Keys::ephemeral().unwrap();
        let builder = Pool::builder("approx", keys).clock(clock.clone());
        let pool = builder.build().unwrap();
        let session = pool.open(state).unwrap();
        let jar = Jar::new();
        let mut story = Self {
            clock,
            pool,
            session,
            jar,
        };
        assert!(story.flush().is_some());
        story
    }

    /// The tiers of the update, if there was one.
    fn flush(&mut self) -> Option<TierSet> {
        let update = self.session.flush().unwrap()?;
        let _ = self.jar.merge(&update).unwrap();
        Some(update.tiers())
    }

    fn pass(&self, millis: u64) {
        self.clock.advance(Duration::from_millis(millis));
    }

    fn restored(&self) -> S {
        let bundle = self.jar.bundle().unwrap();
        self.pool.resume(&bundle).unwrap().session.end()
    }
}

fn down_from(tier: u8) -> Option<TierSet> {
    Tier::new(tier).map(TierSet::down_from)
}

#[test]
fn the_laws_hold() {
    Laws::<Walk>::new().all();
    Laws::<Trip>::new().all();
    Laws::<Film>::new().all();
    Laws::<Meter<2>>::new().all();
    Laws::<Walk>::new().cases(60).approximation();
    Laws::<Film>::new().cases(60).approximation();
}

#[test]
fn the_first_change_goes_at_once_and_the_next_ones_together_when_it_is_time() {
    let mut story = Story::begin(walk());
    story.session.edit().set_gesture("wave".into()).unwrap();
    assert_eq!(story.session.next_due(), Some(Timestamp::from_millis(0)));
    assert_eq!(story.flush(), down_from(0));
    let due = NOW.saturating_add(Duration::from_millis(100));
    for (millis, gesture) in [(10, "nod"), (40, "bow"), (49, "jump")] {
        story.pass(millis);
        story.session.edit().set_gesture(gesture.into()).unwrap();
        assert!(story.session.is_dirty());
        assert_eq!(story.session.next_due(), Some(due), "{gesture}");
        assert_eq!(story.flush(), None, "{gesture}");
        assert_eq!(story.restored().gesture, "wave");
    }
    story.pass(1);
    assert_eq!(story.session.next_due(), Some(Timestamp::from_millis(0)));
    assert_eq!(story.flush(), down_from(0));
    assert_eq!(story.restored().gesture, "jump");
    assert!(!story.session.is_dirty());
}

#[test]
fn a_cascade_that_passes_by_takes_what_is_held_back_along() {
    let mut story = Story::begin(walk());
    story.session.edit().set_quality(3).unwrap();
    assert_eq!(story.flush(), down_from(1));
    story.session.edit().set_quality(4).unwrap();
    assert_eq!(story.flush(), None);
    story.session.edit().set_visitor(4712);
    assert_eq!(story.flush(), down_from(2));
    assert_eq!(story.restored().quality, 4);
    assert!(!story.session.is_dirty());
}

#[test]
fn a_renewal_takes_what_is_held_back_along() {
    let mut story = Story::begin(walk());
    story.pass(14_950);
    story.session.edit().set_gesture("a".into()).unwrap();
    assert_eq!(story.flush(), down_from(0));
    // Renewal falls due half-way: 15 s after the whole second in which the cookie began.
    story.pass(14_990);
    story.session.edit().set_gesture("b".into()).unwrap();
    assert_eq!(story.flush(), down_from(0));
    assert_eq!(story.restored().gesture, "b");
}

#[test]
fn a_lower_tier_goes_on_under_a_parent_that_is_held_back() {
    let mut story = Story::begin(walk());
    story.session.edit().set_quality(3).unwrap();
    assert_eq!(story.flush(), down_from(1));
    story.session.edit().set_quality(4).unwrap();
    story.session.edit().set_gesture("wave".into()).unwrap();
    assert_eq!(story.flush(), down_from(0));
    let restored = story.restored();
    assert_eq!((restored.quality, &*restored.gesture), (3, "wave"));
    assert_eq!(
        story.session.touched(),
        TierSet::only(Tier::new(1).unwrap())
    );
    story.pass(1_000);
    assert_eq!(story.flush(), down_from(1));
    assert_eq!(story.restored().quality, 4);
}

#[test]
fn a_change_within_the_tolerance_is_no_change_and_their_sum_is_one() {
    let mut story = Story::begin(walk());
    for step in 1..=5 {
        let x = step as f32 * 0.1;
        story.session.edit().set_position([x, 0.0, 0.0]).unwrap();
        assert!(!story.session.is_dirty(), "{x}");
        assert_eq!(story.flush(), None, "{x}");
    }
    assert_eq!(story.session.position[0], 0.5);
    story.session.edit().set_position([0.6, 0.0, 0.0]).unwrap();
    assert_eq!(story.flush(), down_from(0));
    assert_eq!(story.restored().position[0], 0.6);
}

#[test]
fn an_angle_that_goes_round_is_near() {
    let mut story = Story::begin(walk());
    story.session.edit().set_yaw(0.4).unwrap();
    assert_eq!(story.flush(), None);
    story.session.edit().set_yaw(0.6).unwrap();
    assert_eq!(story.flush(), down_from(0));
}

#[test]
fn whatever_goes_out_carries_the_newest_value_also_within_its_tolerance() {
    let mut story = Story::begin(walk());
    story.session.edit().set_position([0.3, 0.0, 0.0]).unwrap();
    *story.session.edit().load_mut() = 1.2;
    story.session.edit().set_quality(3).unwrap();
    assert_eq!(story.flush(), down_from(1));
    let restored = story.restored();
    assert_eq!((restored.position[0], restored.load), (0.3, 1.2));
}

#[test]
fn a_whole_state_is_held_against_what_was_issued_too() {
    let mut story = Story::begin(walk());
    let near = Walk {
        rating: 704,
        load: 0.8,
        yaw: 0.2,
        ..walk()
    };
    story.session.replace(near.clone()).unwrap();
    assert_eq!((story.flush(), &*story.session), (None, &near));
    let far = Walk {
        rating: 706,
        ..near
    };
    story.session.replace(far.clone()).unwrap();
    assert_eq!(story.flush(), down_from(2));
    assert_eq!(story.restored(), far);
}

#[test]
fn a_resumed_session_is_held_against_what_was_presented() {
    let mut story = Story::begin(walk());
    story.jar.view::<Walk>().unwrap().set_yaw(100.0).unwrap();
    let bundle = story.jar.bundle().unwrap();
    let mut request = story
        .pool
        .present(&bundle)
        .resume_request()
        .unwrap()
        .session;
    request.edit().set_yaw(100.9).unwrap();
    assert!(request.flush().unwrap().is_none());
    request.edit().set_yaw(101.1).unwrap();
    assert!(request.flush().unwrap().is_some());
}

#[test]
fn a_clock_that_goes_back_holds_nothing_back_for_longer() {
    let mut story = Story::begin(walk());
    story.pass(5_000);
    story.session.edit().set_gesture("wave".into()).unwrap();
    assert_eq!(story.flush(), down_from(0));
    story.session.edit().set_gesture("nod".into()).unwrap();
    assert_eq!(story.flush(), None);
    story.clock.set(NOW);
    assert_eq!(story.session.next_due(), Some(Timestamp::from_millis(0)));
    assert_eq!(story.flush(), down_from(0));
    assert_eq!(story.restored().gesture, "nod");
}

#[test]
fn what_a_check_looks_at_is_not_held_back_beside_it() {
    let trip = Trip {
        fuel: 100,
        name: 1,
        distance: 100,
    };
    let mut story = Story::begin(trip);
    // Within its tolerance, and yet: 105 of 100 would be restored nowhere.
    story.session.edit().set_fuel(105);
    story.session.edit().set_distance(105).unwrap();
    assert_eq!(story.flush(), down_from(1));
    assert_eq!(story.restored().distance, 105);
    let mut story = Story::begin(Film {
        length: 100,
        seats: 3,
        at: 0,
    });
    story.session.edit().set_length(108);
    assert_eq!(story.flush(), None);
    story.session.edit().set_at(108).unwrap();
    assert_eq!(story.flush(), down_from(1));
    assert_eq!(story.restored().at, 108);
    // Of what nobody looks at, the pace is kept.
    story.session.edit().set_seats(4);
    assert_eq!(story.flush(), down_from(1));
}

#[test]
fn the_schema_says_what_is_approximated() {
    let schema = statecookie::Schema::of::<Walk>().unwrap();
    let json: serde_json::Value = serde_json::from_str(&schema.to_json()).unwrap();
    assert_eq!(json["tiers"][0]["at_most_every"], 0.1);
    assert_eq!(json["fields"][5]["approx"], "tolerance=1.0,wrap=360.0");
    assert!(json["tiers"][2].get("at_most_every").is_none());
    assert!(json["fields"][0].get("approx").is_none());
}
