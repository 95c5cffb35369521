//! What an application sees of pool, session and update, call by call: each does what its name says and no twin of it more.
#![forbid(unsafe_code)]

use std::time::Duration;

use statecookie::testing::{BrokenEntropy, FixedEntropy, TestClock};
use statecookie::{
    FlushError, KeyId, Keys, Limits, Pool, PoolBuilder, PoolError, Reason, Scratch, Secret,
    Session, StateCookie, StateError, Tier, TierSet, Timestamp, from_text, inspect,
};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
struct Visit {
    #[tier(1)]
    #[immutable]
    name: String,
    #[tier(1)]
    #[private]
    rating: Vec<u8>,
    #[tier(0)]
    #[mutable(range = 0..=4)]
    quality: u8,
}

/// The begin of a rotation period: keys change at its multiples.
const NOW: Timestamp = Timestamp::from_secs(10_800 * 166_000);

fn later(secs: u64) -> Timestamp {
    NOW.saturating_add(Duration::from_secs(secs))
}

fn builder() -> PoolBuilder<Visit> {
    let secret = Secret::from_bytes(&std::array::from_fn::<u8, 32, _>(|at| at as u8)).unwrap();
    Pool::builder("visits", Keys::embedded(secret)).clock(TestClock::at(NOW))
}

fn pool() -> Pool<Visit> {
    builder().build().unwrap()
}

fn visit() -> Visit {
    Visit {
        name: "ada".into(),
        rating: vec![7],
        quality: 3,
    }
}

fn flushed() -> (Session<Visit>, Vec<u8>) {
    let mut session = pool().open(visit()).unwrap();
    let update = session.flush().unwrap().unwrap().into_bytes();
    (session, update)
}

#[test]
fn a_flush_without_renewal_sends_what_was_changed() {
    let (mut session, _) = flushed();
    session.edit().set_quality(4).unwrap();
    let update = session.flush_without_renewal().unwrap().unwrap();
    assert_eq!(update.tiers(), TierSet::only(Tier::LOWEST));
}

#[test]
fn flush_into_appends_and_leaves_no_trace_of_an_error() {
    let (mut session, _) = flushed();
    let mut out = vec![1, 2, 3];
    assert_eq!(session.flush_into(&mut out), Ok(None));
    assert_eq!(out, [1, 2, 3]);
    session.edit().set_quality(1).unwrap();
    let lowest = TierSet::only(Tier::LOWEST);
    assert_eq!(session.flush_into(&mut out), Ok(Some(lowest)));
    assert_eq!(out[..3], [1, 2, 3]);
    assert_eq!(inspect(&out[3..]).unwrap().cookies.len(), 1);

    let broken = builder().entropy(BrokenEntropy).build().unwrap();
    assert!(matches!(broken.open(visit()), Err(StateError::Entropy(_))));
    let (_, full) = flushed();
    let mut resumed = broken.resume(&full).unwrap();
    assert!(resumed.session.flush_into(&mut out).is_err());
    assert_eq!(inspect(&out[3..]).unwrap().cookies.len(), 1);
    assert!(resumed.session.rebind(b"user:1").is_err());
}

#[test]
fn a_session_knows_its_id_key_and_end() {
    let fixed = || builder().entropy(FixedEntropy::new(5)).build().unwrap();
    let one = fixed().open(visit()).unwrap();
    let other = fixed().open(visit()).unwrap();
    assert_eq!(one.id(), other.id());
    assert_ne!(one.id(), pool().open(visit()).unwrap().id());
    assert_eq!(one.key_id(), KeyId(166_000));
    assert_eq!(one.ends_at(), later(86_400));
    assert_eq!(one.end(), visit());
    let (session, full) = flushed();
    let resumed = pool().resume(&full).unwrap();
    assert_eq!(resumed.session.id(), session.id());
    assert_eq!(resumed.key_id, KeyId(166_000));
    assert_eq!(inspect(&full).unwrap().root.unwrap().session, session.id());
}

#[test]
fn an_update_gives_its_bytes_in_every_form() {
    let mut session = pool().open(visit()).unwrap();
    let update = session.flush_full().unwrap();
    let bytes = update.clone().into_bytes();
    assert_eq!(update.as_bytes(), bytes);
    assert_eq!(update.as_ref(), bytes);
    assert_eq!(*update, bytes[..]);
    assert_eq!(from_text(&update.to_text()), Ok(bytes.clone()));
    assert!(update.is_full());
    assert_eq!(update.tiers(), TierSet::down_from(Tier::new(1).unwrap()));
    let shown = format!("Update {{ tiers: {{1, 0}}, len: {} }}", bytes.len());
    assert_eq!(format!("{update:?}"), shown);
}

#[test]
fn sessions_pools_and_scratches_say_little_of_themselves() {
    let (mut session, _) = flushed();
    session.edit().set_quality(1).unwrap();
    assert_eq!(
        format!("{session:?}"),
        "Session { key: KeyId(166000), touched: {0}, progress: Running, .. }"
    );
    assert_eq!(format!("{:?}", pool()), "Pool { leeway: 30s, .. }");
    assert_eq!(format!("{:?}", Scratch::new()), "Scratch(..)");
}

#[test]
fn a_session_is_due_when_dirty_and_else_when_its_lowest_tier_is() {
    let mut session = pool().open(visit()).unwrap();
    assert_eq!(session.next_due(), Some(Timestamp::from_millis(0)));
    let _ = session.flush().unwrap();
    assert_eq!(session.next_due(), Some(later(30)));
    assert!(!session.is_dirty() && session.touched().is_empty());
    session.edit().set_quality(2).unwrap();
    assert!(session.is_dirty());
    assert_eq!(session.touched(), TierSet::only(Tier::LOWEST));
    assert_eq!(session.next_due(), Some(Timestamp::from_millis(0)));
}

#[test]
fn the_pools_clock_is_read_where_no_time_is_given() {
    let clock = TestClock::at(NOW);
    let pool = builder().clock(clock.clone()).build().unwrap();
    let mut session = pool.open_bound(visit(), b"user:1").unwrap();
    let full = session.flush_full().unwrap();
    clock.set(later(31));
    let renewed = session.flush_without_renewal().unwrap();
    assert_eq!(renewed, None);
    let renewed = session.flush().unwrap().unwrap();
    assert_eq!(renewed.tiers(), TierSet::only(Tier::LOWEST));
    assert!(pool.resume_bound(&full, b"user:1").is_ok());
    clock.set(later(91));
    let refused = pool.resume_bound(&full, b"user:1").unwrap_err();
    assert_eq!(refused.reason, Reason::Expired);
    session.unbind().unwrap();
    let full = session.flush().unwrap().unwrap();
    assert_eq!(
        inspect(&full).unwrap().root.unwrap().born,
        later(91),
        "an unbound session is born anew"
    );
    assert!(pool.resume_in(&mut Scratch::new(), &full).is_ok());
}

#[test]
fn who_is_bound_and_who_is_not() {
    let pool = pool();
    let resumes = |update: &[u8], identity: Option<&[u8]>| {
        let presented = pool.present(update).at(later(1));
        match identity {
            Some(identity) => presented.identity(identity).resume_request().is_ok(),
            None => presented.resume_request_in(&mut Scratch::new()).is_ok(),
        }
    };
    let mut session = pool.open_bound_at(visit(), b"ada", NOW).unwrap();
    let bound = session.flush_at(NOW).unwrap().unwrap();
    assert!(resumes(&bound, Some(b"ada")) && !resumes(&bound, None));
    let old = session.id();
    session.unbind_at(later(1)).unwrap();
    assert_ne!(session.id(), old);
    assert_eq!(session.ends_at(), later(86_400));
    let free = session.flush_at(later(1)).unwrap().unwrap();
    assert!(resumes(&free, None) && !resumes(&free, Some(b"ada")));
    session.rebind_at(b"bob", later(1)).unwrap();
    let bound = session.flush_at(later(1)).unwrap().unwrap();
    assert!(resumes(&bound, Some(b"bob")) && !resumes(&bound, Some(b"ada")));
}

#[test]
fn a_session_born_in_the_very_second_of_the_exit_goes_on() {
    let pool = pool();
    let (_, full) = flushed();
    pool.refuse_born_before(NOW);
    let mut resumed = pool.resume(&full).unwrap();
    assert!(resumed.session.flush().unwrap().is_some());
    pool.refuse_born_before(Timestamp::from_millis(NOW.as_millis() + 1));
    assert_eq!(pool.resume(&full).unwrap_err().reason, Reason::Revoked);
    assert_eq!(resumed.session.flush_full(), Err(FlushError::Revoked));
}

#[test]
fn a_session_alone_is_refused_wherever_its_server_was_told() {
    let (pool, other) = (pool(), pool());
    let [mut gone, mut stays] = [(); 2].map(|()| pool.open_at(visit(), NOW).unwrap());
    let [copied, kept] = [&mut gone, &mut stays].map(|session| session.flush_full().unwrap());
    let mut elsewhere = pool.resume(&copied).unwrap().session;
    pool.refuse_session(gone.id()).unwrap();
    let refused = pool.resume(&copied).unwrap_err();
    assert_eq!(
        (refused.reason, refused.tier),
        (Reason::Revoked, Tier::new(1))
    );
    for session in [&mut gone, &mut elsewhere] {
        assert_eq!(session.flush_full(), Err(FlushError::Revoked));
    }
    assert!(pool.resume(&kept).is_ok() && stays.flush_full().is_ok());
    assert!(other.resume(&copied).is_ok(), "nobody told it");
}

/// One that was born by a clock as far ahead as the policy allows is refused to its very end.
#[test]
fn a_session_born_ahead_of_this_clock_is_refused_as_long_as_it_lasts() {
    let pool = builder().leeway(Duration::from_secs(1)).build().unwrap();
    let born = later(60);
    let mut session = pool.open_at(visit(), born).unwrap();
    drop(session.flush_at(born).unwrap());
    pool.refuse_session_at(session.id(), NOW).unwrap();
    let last = session.ends_at().saturating_sub(Duration::from_millis(1));
    // Another one makes the list forget whatever is over.
    pool.refuse_session_at([9; 16], last).unwrap();
    assert_eq!(session.flush_at(last), Err(FlushError::Revoked));
}

#[test]
fn a_session_bound_at_login_outlives_the_one_before() {
    let pool = pool();
    let mut session = pool.open_at(visit(), NOW).unwrap();
    let (old, before) = (session.id(), session.flush_full().unwrap());
    session.rebind(b"ada").unwrap();
    pool.refuse_session(old).unwrap();
    let bound = session.flush_full().unwrap();
    assert!(pool.resume_bound(&bound, b"ada").is_ok());
    assert_eq!(pool.resume(&before).unwrap_err().reason, Reason::Revoked);
}

#[test]
fn a_key_change_waits_for_a_change_where_nothing_is_renewed() {
    let end = 10_800;
    let mut session = pool().open_at(visit(), later(end - 10)).unwrap();
    let _ = session.flush_at(later(end - 10)).unwrap();
    let quiet = session.flush_without_renewal_at(later(end)).unwrap();
    assert_eq!(quiet, None);
    assert_eq!(session.key_id(), KeyId(166_000));
    session.edit().set_quality(0).unwrap();
    let update = session.flush_without_renewal_at(later(end)).unwrap();
    assert!(update.unwrap().is_full());
    assert_eq!(session.key_id(), KeyId(166_001));
    let mut other = pool().open_at(visit(), later(end - 10)).unwrap();
    let _ = other.flush_at(later(end - 10)).unwrap();
    assert!(other.flush_at(later(end)).unwrap().unwrap().is_full());
}

#[test]
fn a_session_ends_to_the_second() {
    let (mut session, _) = flushed();
    session.edit().set_quality(0).unwrap();
    assert_eq!(
        session.flush_at(later(86_400)),
        Err(FlushError::SessionEnded)
    );
    assert!(session.flush_at(later(86_399)).unwrap().is_some());
}

/// Lengths of one byte and of two stand in front of what they measure: each of them is passed here.
#[test]
fn sections_of_every_length_come_back() {
    for len in (0..20).chain(100..150).chain([255, 256, 16_383, 16_384]) {
        for (name, rating) in [(len, 0), (0, len), (len, len)] {
            let state = Visit {
                name: "n".repeat(name),
                rating: vec![9; rating],
                ..visit()
            };
            let mut session = pool().open(state.clone()).unwrap();
            let full = session.flush().unwrap().unwrap();
            assert_eq!(*pool().resume(&full).unwrap().session, state);
            let root = &inspect(&full).unwrap().cookies[0];
            let text = 1 + usize::from(rating > 127) + usize::from(rating > 16_383) + rating;
            assert_eq!(root.private_len, text.next_multiple_of(16) + 24 + 16);
        }
    }
}

#[test]
fn pools_that_share_all_have_one_fingerprint() {
    assert_eq!(pool().fingerprint(), pool().fingerprint());
    let other = Pool::<Visit>::new("visits", Keys::ephemeral().unwrap()).unwrap();
    assert_ne!(pool().fingerprint(), other.fingerprint());
    assert!(pool().schema().to_json().contains("\"Visit\""));
}

#[test]
fn a_pool_looks_at_no_fewer_cookies_than_it_has_tiers() {
    let with = |cookies| builder().limits(Limits::default().cookies(cookies)).build();
    let refused = with(1).err().unwrap();
    assert!(matches!(
        refused,
        PoolError::Limits {
            cookies: 1,
            tiers: 2
        }
    ));
    assert!(with(2).is_ok());
}

/// One schema, and two policies of it: which tiers may be left away is not part of the description.
macro_rules! deployed {
    ($name:ident, $($or_default:ident)?) => {
        #[derive(StateCookie, Clone, Debug, PartialEq)]
        #[statecookie(name = "Deployed", tier(2, valid_for = "1h"), tier(1, valid_for = "1h" $(, $or_default)?))]
        #[statecookie(tier(0, valid_for = "1h", or_default))]
        struct $name {
            #[tier(2)]
            #[immutable]
            account: u8,
            #[tier(1)]
            #[mutable(any)]
            attempts: u8,
            #[tier(0)]
            #[mutable(any)]
            step: u8,
        }
    };
}

deployed!(Strict,);
deployed!(Loose, or_default);

#[test]
fn what_the_root_requires_is_required_even_where_this_server_would_do_without() {
    let secret = || Keys::embedded(Secret::from_bytes(&[[1; 16], [2; 16]].concat()).unwrap());
    let strict = Pool::<Strict>::new("p", secret()).unwrap();
    let loose = Pool::<Loose>::new("p", secret()).unwrap();
    let bundle = |cookies: usize, full: &[u8]| {
        let lens = inspect(full).unwrap().cookies;
        let len: usize = lens[..cookies].iter().map(|cookie| 1 + cookie.len).sum();
        let mut bundle = full[..1 + len].to_vec();
        bundle[0] = 0x28 | (cookies as u8 - 1);
        bundle
    };
    let state = Strict {
        account: 1,
        attempts: 2,
        step: 3,
    };
    let full = strict
        .open_at(state, NOW)
        .unwrap()
        .flush_full_at(NOW)
        .unwrap();
    let refused = loose.resume_at(&bundle(1, &full), NOW).unwrap_err();
    assert_eq!(refused.reason, Reason::MissingTier);
    let resumed = loose.resume_at(&bundle(2, &full), NOW).unwrap();
    assert_eq!((resumed.session.attempts, resumed.session.step), (2, 0));
    let state = Loose {
        account: 1,
        attempts: 2,
        step: 3,
    };
    let full = loose
        .open_at(state, NOW)
        .unwrap()
        .flush_full_at(NOW)
        .unwrap();
    let resumed = loose.resume_at(&bundle(1, &full), NOW).unwrap();
    assert_eq!((resumed.session.attempts, resumed.session.step), (0, 0));
    let refused = strict.resume_at(&bundle(1, &full), NOW).unwrap_err();
    assert_eq!(refused.reason, Reason::MissingTier);
}
