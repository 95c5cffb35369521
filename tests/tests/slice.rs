//! The vertical slice: open, flush, present elsewhere, go on. Every class, three tiers, two servers.
#![forbid(unsafe_code)]

use std::time::Duration;

use statecookie::{Keys, Pool, Reason, Secret, StateCookie, Tier, TierSet, Timestamp, inspect};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s", or_default)
)]
struct Shop {
    #[tier(2)]
    #[immutable]
    customer: u64,
    #[tier(2)]
    #[private]
    credit_rating: u16,
    #[tier(1)]
    #[immutable]
    cart: Vec<(String, u32)>,
    #[tier(1)]
    #[mutable(range = 0..=4)]
    quality: u8,
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    position: [f32; 3],
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    yaw: f32,
}

fn shop() -> Shop {
    Shop {
        customer: 4711,
        credit_rating: 720,
        cart: vec![("lamp".into(), 2)],
        quality: 3,
        position: [1.0, 2.0, -3.5],
        yaw: 90.0,
    }
}

fn pool(name: &str) -> Pool<Shop> {
    let secret: Vec<u8> = (0..32).collect();
    Pool::new(name, Keys::embedded(Secret::from_bytes(&secret).unwrap())).unwrap()
}

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn later(secs: u64) -> Timestamp {
    NOW.saturating_add(Duration::from_secs(secs))
}

fn tier(number: u8) -> Tier {
    Tier::new(number).unwrap()
}

#[test]
fn a_state_comes_back_on_another_server() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    let update = session.flush_at(NOW).unwrap().unwrap();
    assert!(update.is_full());
    let resumed = pool("p").resume_at(&update, later(5)).unwrap();
    assert_eq!(*resumed.session, shop());
    assert_eq!(resumed.age, Duration::from_secs(5));
    assert!(resumed.defaulted.is_empty());
}

#[test]
fn a_change_re_issues_its_tier_and_those_below() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    assert!(session.flush_at(NOW).unwrap().unwrap().is_full());
    assert!(session.flush_at(NOW).unwrap().is_none());
    session.edit().set_yaw(12.0).unwrap();
    let update = session.flush_at(NOW).unwrap().unwrap();
    assert_eq!(update.tiers(), TierSet::only(Tier::LOWEST));
    session.edit().cart_mut().push(("vase".into(), 1));
    let update = session.flush_at(NOW).unwrap().unwrap();
    assert_eq!(update.tiers(), TierSet::down_from(tier(1)));
    let carried = inspect(&update).map(|seen| seen.cookies.len());
    assert_eq!(carried, Ok(2));
}

#[test]
fn every_changed_bit_of_a_signed_part_is_refused() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    let update = session.flush_at(NOW).unwrap().unwrap().into_bytes();
    let other = pool("p");
    let mut refused = 0;
    for bit in 0..update.len() * 8 {
        let mut flipped = update.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        match other.resume_at(&flipped, later(1)) {
            Err(_) => refused += 1,
            Ok(resumed) => {
                let (found, expected) = (&*resumed.session, shop());
                assert_eq!(found.customer, expected.customer, "bit {bit}");
                assert_eq!(found.credit_rating, expected.credit_rating, "bit {bit}");
                assert_eq!(found.cart, expected.cart, "bit {bit}");
            }
        }
    }
    assert!(refused > 1200, "{refused} of {}", update.len() * 8);
}

#[test]
fn another_pool_name_key_or_time_is_refused_with_its_reason() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    let update = session.flush_at(NOW).unwrap().unwrap();
    let reason = |pool: &Pool<Shop>, now| pool.resume_at(&update, now).unwrap_err().reason;
    assert_eq!(reason(&pool("q"), NOW), Reason::BadTag);
    assert_eq!(reason(&pool("p"), later(700)), Reason::Expired);
    assert_eq!(reason(&pool("p"), later(100_000)), Reason::KeyExpired);
    let early = NOW.saturating_sub(Duration::from_secs(16));
    assert_eq!(reason(&pool("p"), early), Reason::NotYetValid);
    let revoking = pool("p");
    revoking.refuse_born_before(later(1));
    assert_eq!(reason(&revoking, NOW), Reason::Revoked);
}

#[test]
fn an_expired_lowest_tier_takes_its_defaults_and_re_issues_its_parent() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    let update = session.flush_at(NOW).unwrap().unwrap();
    let mut resumed = pool("p")
        .present(&update)
        .at(later(60))
        .resume_request()
        .unwrap();
    assert_eq!(resumed.defaulted, TierSet::only(Tier::LOWEST));
    assert_eq!(
        *resumed.session,
        Shop {
            position: [0.0; 3],
            yaw: 0.0,
            ..shop()
        }
    );
    let next = resumed.session.flush_at(later(60)).unwrap().unwrap();
    assert_eq!(next.tiers(), TierSet::down_from(tier(1)));
}

#[test]
fn a_bound_session_is_for_its_client_only() {
    let pool = pool("p");
    let mut session = pool.open_bound(shop(), b"user:42").unwrap();
    let update = session.flush().unwrap().unwrap();
    assert!(pool.resume_bound(&update, b"user:42").is_ok());
    assert_eq!(
        pool.resume_bound(&update, b"user:43").unwrap_err().reason,
        Reason::BadTag
    );
    assert_eq!(pool.resume(&update).unwrap_err().reason, Reason::BadTag);
    // And so is what the next server makes of it.
    let mut resumed = pool.resume_bound(&update, b"user:42").unwrap();
    let next = resumed.session.flush().unwrap().unwrap();
    assert!(pool.resume_bound(&next, b"user:42").is_ok());
    assert_eq!(pool.resume(&next).unwrap_err().reason, Reason::BadTag);
}

#[test]
fn after_a_fail_over_the_first_flush_is_full_and_newer() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    let update = session.flush_at(NOW).unwrap().unwrap();
    let mut resumed = pool("p").resume_at(&update, later(1)).unwrap();
    assert!(resumed.session.is_dirty());
    let next = resumed.session.flush_at(later(1)).unwrap().unwrap();
    assert!(next.is_full());
    let vector = |update: &[u8]| inspect(update).unwrap().cookies[0].vector.clone();
    assert_eq!((vector(&update), vector(&next)), (vec![0], vec![1]));
    let again = pool("p").resume_at(&next, later(2)).unwrap();
    assert_eq!(*again.session, shop());
}

#[test]
fn two_servers_that_were_handed_one_bundle_go_on_as_two_branches() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    let update = session.flush_at(NOW).unwrap().unwrap();
    let goes_on = || {
        let mut resumed = pool("p").resume_at(&update, later(1)).unwrap();
        let next = resumed.session.flush_at(later(1)).unwrap().unwrap();
        inspect(&next).unwrap().root.unwrap()
    };
    let (first, one, other) = (
        inspect(&update).unwrap().root.unwrap(),
        goes_on(),
        goes_on(),
    );
    assert_eq!([one.session, other.session], [first.session; 2]);
    assert_ne!(one.branch, other.branch);
    assert_ne!(one.branch, first.branch);
}

#[test]
fn the_budgets_hold_to_the_byte() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    let full = session.flush_at(NOW).unwrap().unwrap();
    session.edit().set_yaw(12.0).unwrap();
    let partial = session.flush_at(NOW).unwrap().unwrap();
    // 16 bytes of values, 2 of framing: at most 32 are the cookie's own.
    assert!(partial.len() <= 16 + 32 + 2, "{}", partial.len());
    // root 72 + private 42 + values 3 + padding 16; tier 1: 32 + values; tier 0: 32 + 16; framing 2 each.
    let cart = 1 + 1 + 4 + 1 + 1;
    assert!(
        full.len() <= (72 + 42 + 3 + 16) + (32 + cart) + (32 + 16) + 6,
        "{}",
        full.len()
    );
    let size = std::mem::size_of::<statecookie::Session<Shop>>();
    assert!(size <= std::mem::size_of::<Shop>() + 64 * 3 + 128, "{size}");
}

#[test]
fn no_cookie_goes_out_under_a_parent_that_is_over() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    let _ = session.flush_at(NOW).unwrap().unwrap();
    session.edit().set_yaw(1.0).unwrap();
    // Beyond tier 1's end: its parent must go along although nothing is renewed.
    let update = session
        .flush_without_renewal_at(later(601))
        .unwrap()
        .unwrap();
    assert_eq!(update.tiers(), TierSet::down_from(tier(1)));
    let full = session.flush_full_at(later(602)).unwrap();
    let mut resumed = pool("p")
        .present(&full)
        .at(later(603))
        .resume_request()
        .unwrap();
    assert!(resumed.session.flush_at(later(603)).unwrap().is_none());
    assert!(resumed.session.next_due().unwrap() > later(603));
}

#[test]
fn a_revoked_session_issues_nothing_more() {
    let pool = pool("p");
    let mut session = pool.open_at(shop(), NOW).unwrap();
    let _ = session.flush_at(NOW).unwrap();
    pool.refuse_born_before(later(1));
    session.edit().set_yaw(1.0).unwrap();
    assert_eq!(
        session.flush_at(NOW).unwrap_err(),
        statecookie::FlushError::Revoked
    );
    assert!(session.is_dirty());
}

/// Written without `b`, read with it: what no server could restore.
#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize)]
#[allow(dead_code, reason = "only its encoding matters")]
struct Lopsided {
    a: u8,
    #[serde(skip_serializing)]
    b: u8,
    c: u8,
}

#[derive(StateCookie)]
#[statecookie(tier(0, valid_for = "1m"))]
struct Unrestorable {
    #[tier(0)]
    #[private]
    value: Lopsided,
}

#[test]
fn a_type_that_reads_other_bytes_than_it_writes_is_refused_at_the_first_server() {
    let keys = Keys::ephemeral().unwrap();
    let pool = Pool::<Unrestorable>::new("p", keys).unwrap();
    let refused = pool
        .open(Unrestorable {
            value: Lopsided { a: 1, b: 2, c: 3 },
        })
        .unwrap_err();
    assert!(
        matches!(refused, statecookie::StateError::Encode(_)),
        "{refused}"
    );
}

#[test]
fn a_session_rebound_at_login_is_newer_than_the_one_before() {
    let pool = pool("p");
    let mut session = pool.open(shop()).unwrap();
    let first = session.flush().unwrap().unwrap();
    let old = session.id();
    session.rebind(b"user:42").unwrap();
    assert_ne!(session.id(), old);
    let second = session.flush().unwrap().unwrap();
    assert!(second.is_full());
    let mut jar = statecookie::Jar::new();
    let _ = jar.merge(&first).unwrap();
    let before = jar.vector().unwrap().to_vec();
    jar.switch(&second).unwrap();
    assert!(jar.vector().unwrap() > &before[..]);
    assert!(
        pool.resume_bound(&jar.bundle().unwrap(), b"user:42")
            .is_ok()
    );
    assert_eq!(pool.resume(&first).unwrap().session.customer, 4711);
}

#[test]
fn a_pool_that_keeps_what_it_issued_gives_the_whole_chain_at_any_time() {
    let keys = Keys::ephemeral().unwrap();
    let pool = Pool::<Shop>::builder("p", keys)
        .keep_issued()
        .build()
        .unwrap();
    let mut session = pool.open(shop()).unwrap();
    assert!(session.bundle().is_none());
    let _ = session.flush().unwrap();
    session.edit().set_yaw(77.0).unwrap();
    let _ = session.flush().unwrap();
    let resumed = pool.resume(&session.bundle().unwrap()).unwrap();
    assert_eq!(resumed.session.yaw, 77.0);
}

#[test]
fn replace_re_issues_what_differs_or_nothing_at_all() {
    let mut session = pool("p").open_at(shop(), NOW).unwrap();
    let _ = session.flush_at(NOW).unwrap();
    session.replace(shop()).unwrap();
    assert!(session.flush_at(NOW).unwrap().is_none());
    assert!(
        session
            .replace(Shop {
                yaw: 360.0,
                quality: 1,
                ..shop()
            })
            .is_err()
    );
    assert_eq!((session.quality, session.is_dirty()), (3, false));
    session
        .replace(Shop {
            quality: 1,
            ..shop()
        })
        .unwrap();
    assert_eq!(
        session.flush_at(NOW).unwrap().unwrap().tiers(),
        TierSet::down_from(tier(1))
    );
}

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "1m"))]
struct Discreet {
    #[tier(0)]
    #[private]
    rating: statecookie::Mute<u32>,
    #[tier(0)]
    #[immutable]
    name: String,
}

#[test]
fn a_mute_value_travels_like_any_other_and_prints_nowhere() {
    let pool = Pool::<Discreet>::new("p", Keys::ephemeral().unwrap()).unwrap();
    let state = Discreet {
        rating: statecookie::Mute(987_654),
        name: "ada".into(),
    };
    let mut session = pool.open(state.clone()).unwrap();
    let update = session.flush().unwrap().unwrap();
    let resumed = pool.resume(&update).unwrap();
    assert_eq!(*resumed.session, state);
    for shown in [
        format!("{state:?}"),
        format!("{update:?}"),
        format!("{session:?}"),
        format!("{pool:?}"),
    ] {
        assert!(!shown.contains("987654"), "{shown}");
    }
}

/// One schema with two policies: what a deploy that shortens a validity leaves behind.
macro_rules! deployed {
    ($name:ident, $valid_for:literal) => {
        #[derive(StateCookie)]
        #[statecookie(name = "Deployed", tier(1, valid_for = $valid_for), tier(0, valid_for = "30s"))]
        struct $name {
            #[tier(1)]
            #[immutable]
            account: u8,
            #[tier(0)]
            #[mutable(any)]
            step: u8,
        }
    };
}

deployed!(Before, "3h");
deployed!(After, "10m");

#[test]
fn a_chain_that_a_deploy_clips_below_its_begin_still_flushes() {
    let secret = || Keys::embedded(Secret::from_bytes(&(0..32).collect::<Vec<u8>>()).unwrap());
    let before = Pool::<Before>::new("p", secret()).unwrap();
    let after = Pool::<After>::new("p", secret()).unwrap();
    let mut session = before
        .open_at(
            Before {
                account: 1,
                step: 0,
            },
            NOW,
        )
        .unwrap();
    let mut jar = statecookie::Jar::new();
    let _ = jar.merge(&session.flush_at(NOW).unwrap().unwrap()).unwrap();
    session.edit().set_step(7).unwrap();
    let _ = jar
        .merge(&session.flush_at(later(605)).unwrap().unwrap())
        .unwrap();
    assert_eq!((session.account, session.step), (1, 7));
    // The root is over since 600 s here, within the leeway; tier 0 began at 605 s.
    let bundle = jar.bundle().unwrap();
    let mut resumed = after
        .present(&bundle)
        .at(later(606))
        .resume_request()
        .unwrap();
    assert!(resumed.session.next_due().unwrap() <= later(606));
    let update = resumed.session.flush_at(later(606)).unwrap().unwrap();
    assert!(update.is_full());
    assert_eq!(
        after.resume_at(&update, later(607)).unwrap().session.step,
        7
    );
    assert_eq!(resumed.session.account, 1);
}
