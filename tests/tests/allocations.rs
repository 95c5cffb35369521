//! No heap in the steady state: of issuing, of resuming apart from the state's own, of the jar's merge.

use std::hint::black_box;
use std::time::Duration;

use statecookie::counters::Counters;
use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{
    Jar, Keys, Merged, Pool, Reason, Scratch, Secret, Session, StateCookie, TierSet,
};
use statecookie_tests::counting::{Counting, allocations};
use statecookie_tests::shop::{self, NOW, Shop};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A state of every class that owns no heap.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s", or_default)
)]
struct Flat {
    #[tier(2)]
    #[immutable]
    customer: u64,
    #[tier(2)]
    #[private]
    credit_rating: u16,
    #[tier(1)]
    #[immutable]
    articles: [u32; 8],
    #[tier(1)]
    #[mutable(range = 0..=4)]
    quality: u8,
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    position: [f32; 3],
}

fn flat() -> Flat {
    Flat {
        customer: 4711,
        credit_rating: 720,
        articles: [7; 8],
        quality: 3,
        position: [1.0, 2.0, -3.5],
    }
}

fn opened(pool: &Pool<Shop>) -> (Session<Shop>, Vec<u8>) {
    let mut session = pool.open(shop::shop()).unwrap();
    let full = session.flush_at(NOW).unwrap().unwrap().into_bytes();
    (session, full)
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(black_box(vec![1_u8; 100]))), 1);
    assert_eq!(allocations(|| ()), 0);
}

#[test]
fn issuing_a_change_of_the_lowest_tier_allocates_nothing() {
    let (mut session, full) = opened(&shop::pool());
    let mut out = Vec::with_capacity(full.len());
    let count = allocations(|| {
        for step in 0..1000_u16 {
            out.clear();
            session.edit().set_yaw(f32::from(step % 360)).unwrap();
            let tiers = session.flush_into_at(&mut out, NOW).unwrap();
            assert_eq!(tiers.map(TierSet::len), Some(1));
        }
    });
    assert_eq!(count, 0);
}

/// A tier that is held back, of approximated values.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s", at_most_every = "100ms")
)]
struct Walker {
    #[tier(1)]
    #[immutable]
    visitor: u64,
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    #[approx(tolerance = 2.0, wrap = 360.0)]
    yaw: f32,
}

#[test]
fn holding_a_change_back_and_issuing_it_when_it_is_time_allocates_nothing() {
    let pool = shop::pool::<Walker>();
    let state = Walker {
        visitor: 1,
        yaw: 0.0,
    };
    let mut session = pool.open_at(state, NOW).unwrap();
    let mut out = session.flush_at(NOW).unwrap().unwrap().into_bytes();
    let (mut held, mut issued) = (0, 0);
    let count = allocations(|| {
        for step in 0..1000_u16 {
            out.clear();
            let now = NOW.saturating_add(Duration::from_millis(u64::from(step) * 10));
            session.edit().set_yaw(f32::from(step % 360)).unwrap();
            match session.flush_into_at(&mut out, now).unwrap() {
                Some(_) => issued += 1,
                None => held += 1,
            }
            black_box(session.next_due_at(now));
        }
    });
    assert_eq!(count, 0);
    // Ten seconds of a degree each 10 ms.
    assert_eq!((issued, held), (100, 900));
}

#[test]
fn issuing_a_change_of_any_tier_allocates_nothing() {
    let (mut session, full) = opened(&shop::pool());
    let mut out = Vec::with_capacity(2 * full.len());
    let count = allocations(|| {
        for step in 0..1000_u32 {
            out.clear();
            match step % 3 {
                0 => *session.edit().credit_rating_mut() += 1,
                1 => session.edit().cart_mut()[0].1 = step,
                _ => session.edit().set_quality(step as u8 % 5).unwrap(),
            }
            let tiers = session.flush_into_at(&mut out, NOW).unwrap();
            assert_eq!(
                tiers.map(TierSet::len),
                Some(if step % 3 == 0 { 3 } else { 2 })
            );
        }
    });
    assert_eq!(count, 0);
}

#[test]
fn issuing_a_section_longer_than_one_byte_can_say_allocates_nothing() {
    let pool = shop::pool();
    let long = "x".repeat(1000);
    let mut session = pool
        .open(Shop {
            cart: vec![(long, 1)],
            ..shop::shop()
        })
        .unwrap();
    let mut out = session.flush_at(NOW).unwrap().unwrap().into_bytes();
    let count = allocations(|| {
        for step in 0..100 {
            out.clear();
            session.edit().cart_mut()[0].1 = step;
            session.flush_into_at(&mut out, NOW).unwrap();
        }
    });
    assert_eq!(count, 0);
}

#[test]
fn resuming_a_state_without_heap_allocates_nothing() {
    let pool = shop::pool::<Flat>();
    let mut session = pool.open(flat()).unwrap();
    let bundle = session.flush_at(NOW).unwrap().unwrap().into_bytes();
    let mut scratch = Scratch::new();
    drop(pool.resume_in(&mut scratch, &bundle).unwrap());
    let count = allocations(|| {
        for _ in 0..1000 {
            let resumed = pool.resume_in(&mut scratch, &bundle).unwrap();
            assert_eq!(resumed.session.articles, [7; 8]);
        }
    });
    assert_eq!(count, 0);
}

/// No heap either, and nothing of it but the root and the derived fields.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "3h"))]
struct Film {
    #[tier(1)]
    #[immutable]
    length: u32,
    #[tier(1)]
    #[private]
    licence: u64,
    #[tier(0)]
    #[mutable(range = 0..=self.length, derived)]
    position: u32,
    #[tier(0)]
    #[mutable(range = 0.0..360.0, derived)]
    view: [f32; 2],
}

#[test]
fn derived_values_are_set_and_restored_without_heap() {
    let pool = shop::pool::<Film>();
    let film = Film {
        length: 90_000,
        licence: 815,
        position: 1,
        view: [2.0; 2],
    };
    let mut session = pool.open(film).unwrap();
    let mut jar = Jar::new();
    let full = session.flush_at(NOW).unwrap().unwrap();
    assert_eq!(jar.merge(&full), Ok(Merged::Updated));
    let bundle = jar.bundle_with::<Film>(|view| {
        view.set_position(90_000)?;
        view.set_view([359.0, 0.5])
    });
    let bundle = bundle.unwrap();
    let mut out = Vec::new();
    let count = allocations(|| {
        for position in 0..1000 {
            session.edit().set_position(position).unwrap();
            assert_eq!(session.flush_into_at(&mut out, NOW), Ok(None));
        }
    });
    assert_eq!(count, 0);
    let mut scratch = Scratch::new();
    drop(pool.resume_in(&mut scratch, &bundle).unwrap());
    let count = allocations(|| {
        for _ in 0..1000 {
            let resumed = pool.resume_in(&mut scratch, &bundle).unwrap();
            assert_eq!(resumed.session.position, 90_000);
        }
    });
    assert_eq!(count, 0);
}

#[test]
fn resuming_allocates_what_the_state_owns_and_no_more() {
    let pool = shop::pool();
    let (_, bundle) = opened(&pool);
    let mut scratch = Scratch::new();
    drop(pool.resume_in(&mut scratch, &bundle).unwrap());
    // Name, discount, the cart and its three names.
    let count = allocations(|| drop(pool.resume_in(&mut scratch, &bundle).unwrap()));
    assert_eq!(count, 6);
}

#[test]
fn refusing_allocates_nothing() {
    let pool = shop::pool();
    let (_, mut bundle) = opened(&pool);
    let mut scratch = Scratch::new();
    drop(pool.resume_in(&mut scratch, &bundle).unwrap());
    let count = allocations(|| {
        for at in 0..bundle.len() {
            bundle[at] ^= 0x55;
            let _ = black_box(pool.resume_in(&mut scratch, &bundle).is_err());
            bundle[at] ^= 0x55;
        }
    });
    // What is refused late has read some of the state before: never more than accepting it takes.
    assert!(count <= 6 * bundle.len() as u64);
    bundle[5] ^= 1;
    let early = allocations(|| assert!(pool.resume_in(&mut scratch, &bundle).is_err()));
    assert_eq!(early, 0);
}

/// But for the first event under a key, which makes its place.
#[test]
fn counting_what_happens_allocates_nothing() {
    let counters = Counters::new("measured");
    let keys = Keys::embedded(Secret::from_bytes(&shop::SECRET).unwrap());
    let pool = Pool::<Flat>::builder("measured", keys)
        .clock(TestClock::at(NOW))
        .entropy(FixedEntropy::new(1))
        .observer(counters.clone())
        .build()
        .unwrap();
    let mut session = pool.open(flat()).unwrap();
    let bundle = session.flush_at(NOW).unwrap().unwrap().into_bytes();
    let mut forged = bundle.clone();
    forged[20] ^= 1;
    let mut out = Vec::with_capacity(bundle.len());
    let mut scratch = Scratch::new();
    drop(pool.resume_in(&mut scratch, &bundle).unwrap());
    let count = allocations(|| {
        for step in 0..1000_u16 {
            out.clear();
            let position = [f32::from(step % 500), 0.0, 0.0];
            session.edit().set_position(position).unwrap();
            session.flush_into_at(&mut out, NOW).unwrap();
            drop(pool.resume_in(&mut scratch, &bundle).unwrap());
            assert!(pool.resume_in(&mut scratch, &forged).is_err());
        }
    });
    assert_eq!(count, 0);
    let counts = counters.read();
    let counted = (counts.accepted(), counts.refused(Reason::BadTag));
    assert_eq!(counted, (1001, 1000));
    let updates: Vec<_> = counts.updates.iter().map(|of| of.updates).collect();
    assert_eq!(updates, [1000, 1]);
}

#[test]
fn merging_a_partial_update_allocates_nothing() {
    let (mut session, full) = opened(&shop::pool());
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&full), Ok(Merged::Updated));
    let mut out = Vec::with_capacity(full.len());
    let mut step = |jar: &mut Jar, yaw: u16| {
        out.clear();
        session.edit().set_yaw(f32::from(yaw)).unwrap();
        session.flush_into_at(&mut out, NOW).unwrap();
        let merged = jar.merge(&out);
        assert_eq!(merged, Ok(Merged::Updated));
    };
    (0..10).for_each(|yaw| step(&mut jar, yaw));
    let count = allocations(|| (10..350).for_each(|yaw| step(&mut jar, yaw)));
    assert_eq!(count, 0);
}

/// What a clone copies is what a jar holds: a vector of cookies and one cookie for each tier, and a spare buffer.
#[test]
fn a_jar_keeps_nothing_that_was_superseded() {
    let (mut session, first) = opened(&shop::pool());
    let fulls = (0..9).map(|_| session.flush_full_at(NOW).unwrap().into_bytes());
    let updates: Vec<Vec<u8>> = [first].into_iter().chain(fulls).collect();
    let mut jar = Jar::new();
    // The newest first, so that each of the others comes late.
    for update in updates.iter().rev() {
        let _ = jar.merge(update).unwrap();
    }
    assert_eq!(jar.vector(), Some(&[9, 0, 0][..]));
    assert!(allocations(|| drop(black_box(jar.clone()))) <= 3 * 3);
}
