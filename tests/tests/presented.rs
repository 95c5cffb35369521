//! What a client presents of its own accord: cookies left away, borrowed or kept too long, and values of its own.
#![forbid(unsafe_code)]

use std::time::Duration;

use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{
    FlushError, Key, KeyId, KeyPolicy, KeyRing, Keys, Pool, Reason, Secret, Session, StateCookie,
    StateError, Tier, TierSet, Timestamp, inspect,
};
use statecookie_tests::cookies::{bundle, cut, with_values};

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);
const TICK: Duration = Duration::from_millis(1);

/// One schema under three policies, as servers have them while a deploy is under way; policies are not in the description.
macro_rules! visits {
    ($($name:ident: $middle:literal $(, $or_default:ident)?;)+) => {$(
        #[derive(StateCookie, Clone, Debug, PartialEq)]
        #[statecookie(
            name = "Visit",
            tier(2, valid_for = "3h"),
            tier(1, valid_for = $middle),
            tier(0, valid_for = "30s" $(, $or_default)?),
            session_max = "4h",
            validate = $name::adds_up
        )]
        struct $name {
            #[tier(2)]
            limit: u16,
            #[tier(2)]
            #[private]
            rating: String,
            #[tier(1)]
            #[mutable(range = 0..=self.limit)]
            places: u16,
            #[tier(1)]
            #[mutable(range = 0..=100)]
            children: u8,
            #[tier(0)]
            #[mutable(range = 0.0..360.0)]
            yaw: f32,
        }

        impl $name {
            /// No visit of children only.
            fn adds_up(&self) -> bool {
                u16::from(self.children) <= self.places
            }
        }

        impl Visit for $name {
            fn begin() -> Self {
                Self { limit: 10, rating: "poor".into(), places: 4, children: 1, yaw: 90.0 }
            }
        }
    )+};
}

visits! {
    Strict: "10m";
    Lenient: "10m", or_default;
    Hasty: "1m";
}

trait Visit: StateCookie {
    fn begin() -> Self;
}

fn keys() -> Keys {
    let secret: Vec<u8> = (0..32).collect();
    Keys::embedded(Secret::from_bytes(&secret).unwrap())
}

fn pool<S: StateCookie>() -> Pool<S> {
    Pool::new("p", keys()).unwrap()
}

fn issue<S: Visit>() -> Vec<u8> {
    let mut session = pool().open_at(S::begin(), NOW).unwrap();
    full(&mut session, NOW)
}

fn full<S: StateCookie>(session: &mut Session<S>, now: Timestamp) -> Vec<u8> {
    session.flush_full_at(now).unwrap().into_bytes()
}

fn later(secs: u64) -> Timestamp {
    NOW.saturating_add(Duration::from_secs(secs))
}

fn tier(number: u8) -> Option<Tier> {
    Tier::new(number)
}

/// Why the bundle is refused, and at which tier.
fn refused<S: StateCookie>(bytes: &[u8], now: Timestamp) -> (Reason, Option<Tier>) {
    let refusal = pool::<S>().resume_at(bytes, now).map(|_| ()).unwrap_err();
    (refusal.reason, refusal.tier)
}

fn of_the_highest<S: Visit>(tiers: usize) -> Vec<u8> {
    bundle(&cut(&issue::<S>())[..tiers])
}

#[test]
fn a_required_tier_left_away_is_refused() {
    for (tiers, missing) in [(1, 1), (2, 0)] {
        assert_eq!(
            refused::<Strict>(&of_the_highest::<Strict>(tiers), NOW),
            (Reason::MissingTier, tier(missing))
        );
    }
    let two = of_the_highest::<Lenient>(2);
    let resumed = pool::<Lenient>().resume_at(&two, NOW).unwrap();
    assert_eq!(resumed.defaulted, TierSet::only(Tier::LOWEST));
    let one = of_the_highest::<Lenient>(1);
    assert_eq!(
        refused::<Lenient>(&one, NOW),
        (Reason::MissingTier, tier(1))
    );
}

#[test]
fn a_tier_that_its_issuer_required_is_required_of_a_server_that_has_defaults() {
    let left_away = of_the_highest::<Strict>(2);
    assert_eq!(
        refused::<Lenient>(&left_away, NOW),
        (Reason::MissingTier, tier(0))
    );
    let expired = issue::<Strict>();
    assert_eq!(
        refused::<Lenient>(&expired, later(60)),
        (Reason::Expired, tier(0))
    );
}

#[test]
fn a_server_without_defaults_restores_none() {
    let left_away = of_the_highest::<Lenient>(2);
    assert_eq!(
        refused::<Strict>(&left_away, NOW),
        (Reason::MissingTier, tier(0))
    );
    let expired = issue::<Lenient>();
    assert_eq!(
        refused::<Strict>(&expired, later(60)),
        (Reason::Expired, tier(0))
    );
}

#[test]
fn a_life_longer_than_this_server_allows_is_clipped() {
    let long = issue::<Strict>();
    assert!(pool::<Hasty>().resume_at(&long, later(30)).is_ok());
    // Tier 0 lives 30 s on both; re-issued late, it is the middle one that is over here.
    let mut session = pool::<Strict>().open_at(Strict::begin(), NOW).unwrap();
    let first = cut(&full(&mut session, NOW));
    session.edit().set_yaw(1.0).unwrap();
    let lowest = cut(&session.flush_at(later(80)).unwrap().unwrap());
    let chain = bundle(&[&first[..2], &lowest].concat());
    assert!(pool::<Strict>().resume_at(&chain, later(81)).is_ok());
    assert_eq!(
        refused::<Hasty>(&chain, later(81)),
        (Reason::Expired, tier(1))
    );
}

#[test]
fn no_session_is_resumed_at_its_absolute_end_whatever_the_leeway() {
    let mut session = pool::<Strict>().open_at(Strict::begin(), NOW).unwrap();
    let end = later(4 * 3600);
    assert_eq!(session.ends_at(), end);
    let last = full(&mut session, end.saturating_sub(Duration::from_secs(1)));
    let resume = |now| pool::<Strict>().resume_at(&last, now);
    assert!(resume(end.saturating_sub(TICK)).is_ok());
    assert_eq!(
        refused::<Strict>(&last, end),
        (Reason::SessionEnded, tier(2))
    );
}

#[test]
fn no_fail_over_moves_the_absolute_end() {
    let mut bytes = issue::<Strict>();
    let root = |bytes: &[u8]| inspect(bytes).unwrap().root.unwrap();
    let first = root(&bytes);
    for step in 1..5 {
        let resumed = pool::<Strict>().resume_at(&bytes, later(step * 20));
        bytes = full(&mut resumed.unwrap().session, later(step * 20));
        assert_eq!(
            (root(&bytes).born, root(&bytes).end),
            (first.born, first.end)
        );
    }
}

/// With a leeway of minutes, only the key's own window tells a key that was rotated away.
#[test]
fn a_key_is_accepted_to_the_end_of_its_window_and_no_leeway_longer() {
    let handover = later(3600);
    let kept = Duration::from_secs(3 * 3600);
    let key = |id: u8, activates_at, sign_until: Timestamp| Key {
        id: KeyId(id.into()),
        secret: Secret::from_bytes(&(id..id + 32).collect::<Vec<u8>>()).unwrap(),
        activates_at,
        sign_until,
        accept_until: sign_until.saturating_add(kept),
        revoked: false,
    };
    let keys = [
        key(1, Timestamp::from_secs(0), handover),
        key(2, handover, later(1_000_000)),
    ];
    let policy = KeyPolicy {
        skew: Duration::ZERO,
        ..KeyPolicy::default()
    };
    let pool = Pool::<Root>::builder("p", Keys::ring(KeyRing::new(keys.to_vec()).unwrap()))
        .clock(TestClock::at(NOW))
        .key_policy(policy)
        .leeway(Duration::from_secs(600))
        .build()
        .unwrap();
    let before = handover.saturating_sub(Duration::from_secs(1));
    let last = full(
        &mut pool.open_at(Root { level: 1 }, before).unwrap(),
        before,
    );
    let until = handover.saturating_add(kept);
    assert!(pool.resume_at(&last, until.saturating_sub(TICK)).is_ok());
    let refusal = pool.resume_at(&last, until).unwrap_err();
    assert_eq!(refusal.reason, Reason::KeyExpired);
}

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "3h"))]
struct Root {
    #[tier(0)]
    level: u8,
}

/// The lowest cookies of two visits under each other's root, where chance gave both roots the same link: 99,392 visits were
/// tried. With the vectors equal too, nothing but the parent's whole tag tells that the cookie belongs elsewhere.
#[test]
fn a_link_that_fits_by_chance_helps_nobody() {
    let issue = |seed, discount| {
        let builder = Pool::<Account>::builder("p", keys()).entropy(FixedEntropy::new(seed));
        let state = Account {
            customer: 4711,
            discount,
        };
        let mut session = builder.build().unwrap().open_at(state, NOW).unwrap();
        cut(&full(&mut session, NOW))
    };
    let (mine, theirs) = (issue(78_147, 0), issue(99_391, 90));
    let link = |root: &[u8]| root[root.len() - 16..][..4].to_vec();
    assert_eq!(
        link(&mine[0]),
        link(&theirs[0]),
        "the format has changed: look for two other seeds"
    );
    assert_ne!(mine[0], theirs[0]);
    let borrowed = bundle(&[mine[0].clone(), theirs[1].clone()]);
    assert_eq!(
        refused::<Account>(&borrowed, NOW),
        (Reason::BadTag, tier(0))
    );
}

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1h"))]
struct Account {
    #[tier(1)]
    customer: u64,
    #[tier(0)]
    discount: u8,
}

/// Two versions of a struct whose descriptions have the same hash: 62,074 versions were tried.
macro_rules! ledger {
    ($name:ident, $version:literal) => {
        #[derive(StateCookie, Clone, Debug, PartialEq)]
        #[statecookie(name = "Ledger", version = $version, tier(0, valid_for = "1h"))]
        struct $name {
            #[tier(0)]
            balance: i64,
        }
    };
}

ledger!(InCents, 2_761_567_852);
ledger!(InEuros, 3_728_120_211);

#[test]
fn a_schema_hash_that_fits_by_chance_helps_nobody() {
    let [cents, euros] = [
        pool::<InCents>().schema().hash(),
        pool::<InEuros>().schema().hash(),
    ];
    assert_eq!(
        cents, euros,
        "the description has changed: look for two other versions"
    );
    let mut session = pool().open_at(InCents { balance: 100 }, NOW).unwrap();
    let update = full(&mut session, NOW);
    assert!(pool::<InCents>().resume_at(&update, NOW).is_ok());
    assert_eq!(refused::<InEuros>(&update, NOW), (Reason::BadTag, tier(0)));
}

/// Both sections were encrypted under one key, and nothing in them says where they belong.
#[test]
fn a_private_section_of_another_session_is_refused() {
    let of = |rating: &str| {
        let state = Strict {
            rating: rating.into(),
            ..Strict::begin()
        };
        cut(&full(&mut pool().open_at(state, NOW).unwrap(), NOW))
    };
    let (mut mine, theirs) = (of("poor"), of("excellent"));
    let end = mine[0].len() - 16;
    assert_eq!(mine[0].len(), theirs[0].len(), "padded to one length");
    let private = end - (24 + 16 + 16)..end;
    mine[0][private.clone()].copy_from_slice(&theirs[0][private]);
    assert_eq!(
        refused::<Strict>(&bundle(&mine), NOW),
        (Reason::BadTag, tier(2))
    );
}

#[test]
fn private_values_of_any_length_up_to_the_padding_look_alike() {
    let len = |rating: usize| {
        let state = Strict {
            rating: "x".repeat(rating),
            ..Strict::begin()
        };
        full(&mut pool().open_at(state, NOW).unwrap(), NOW).len()
    };
    // One byte is the text's own length.
    assert!((0..=15).all(|rating| len(rating) == len(0)));
    assert!(len(16) >= len(0) + 16);
}

/// Places, then children.
fn with_places(values: &[u8]) -> Vec<u8> {
    with_values(&issue::<Strict>(), 1, values)
}

#[test]
fn values_within_their_bounds_come_back_and_others_are_refused() {
    let resumed = pool::<Strict>().resume_at(&with_places(&[10, 10]), NOW);
    let session = resumed.unwrap().session;
    assert_eq!((session.places, session.children), (10, 10));
    let yaw = |yaw: f32| with_values(&issue::<Strict>(), 2, &yaw.to_le_bytes());
    let outside = [
        (with_places(&[100, 101]), "places"),
        (with_places(&[10, 101]), "children"),
        (yaw(360.0), "yaw"),
        (yaw(-0.1), "yaw"),
        (yaw(f32::NAN), "yaw"),
    ];
    for (bytes, field) in outside {
        let refusal = pool::<Strict>().resume_at(&bytes, NOW).unwrap_err();
        assert_eq!(
            (refusal.reason, refusal.field),
            (Reason::OutOfRange, Some(field))
        );
    }
}

#[test]
fn a_value_beyond_its_signed_bound_is_refused() {
    let refusal = pool::<Strict>()
        .resume_at(&with_places(&[11, 0]), NOW)
        .unwrap_err();
    assert_eq!(
        (refusal.reason, refusal.field),
        (Reason::OutOfRange, Some("places"))
    );
}

#[test]
fn values_that_do_not_fit_together_are_refused() {
    assert_eq!(
        refused::<Strict>(&with_places(&[4, 5]), NOW).0,
        Reason::Invalid
    );
}

#[test]
fn bytes_behind_the_last_value_are_refused() {
    assert_eq!(
        refused::<Strict>(&with_places(&[4, 1, 0]), NOW),
        (Reason::MalformedValue, tier(1))
    );
}

#[test]
fn values_in_a_tier_that_has_none_are_refused() {
    assert_eq!(
        refused::<Strict>(&with_values(&issue::<Strict>(), 0, &[0]), NOW),
        (Reason::MalformedValue, tier(2))
    );
}

#[test]
fn what_no_server_would_restore_is_not_issued() {
    let mut session = pool::<Strict>().open_at(Strict::begin(), NOW).unwrap();
    let _ = full(&mut session, NOW);
    session.edit().set_limit(3);
    let refused = session.flush_at(NOW).unwrap_err();
    assert!(matches!(refused, FlushError::OutOfRange(_)), "{refused}");
    session.edit().set_limit(10);
    session.edit().set_children(5).unwrap();
    let refused = session.flush_at(NOW).unwrap_err();
    assert!(matches!(refused, FlushError::Invalid(_)), "{refused}");
    assert!(session.is_dirty());
    let unfit = Strict {
        children: 5,
        ..Strict::begin()
    };
    let refused = session.replace(unfit).unwrap_err();
    assert!(matches!(refused, StateError::Invalid(_)), "{refused}");
}
