//! Where nothing is guarded, nothing is asked, and rollback and fork are what they were.

use statecookie::testing::TestClock;
use statecookie::{MemoryMarks, NoMarks, Pool, StateCookie};

use super::kit::{Client, NOW, Purse, builder, purse, reason, server, step};

/// The purse without a guard.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    name = "Purse",
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "1h"),
    tier(0, valid_for = "30m")
)]
pub(crate) struct Plain {
    #[tier(2)]
    owner: u64,
    #[tier(1)]
    coins: u32,
    #[tier(0)]
    step: u32,
}

#[test]
fn the_same_of_an_unguarded_tier_is_accepted_as_the_paper_says() {
    let clock = TestClock::at(NOW);
    let [one, two]: [Pool<Plain>; 2] = [(); 2].map(|()| builder(&clock).build().unwrap());
    let mut client = Client::new();
    let state = Plain {
        owner: 4711,
        coins: 100,
        step: 0,
    };
    let mut session = one.open(state).unwrap();
    let rich = client.takes(&mut session);
    *session.edit().coins_mut() = 0;
    let poor = client.takes(&mut session);
    for pool in [&one, &two] {
        // Taken back.
        assert_eq!(pool.resume(&rich).unwrap().session.coins, 100);
        // Forked.
        for _ in 0..2 {
            let mut fork = pool.resume(&poor).unwrap().session;
            assert!(fork.flush().unwrap().is_some());
        }
    }
}

#[test]
fn a_guard_changes_neither_bytes_nor_description() {
    let clock = TestClock::at(NOW);
    let plain: Pool<Plain> = builder(&clock).build().unwrap();
    let guarded: Pool<Purse> = builder(&clock).high_water(NoMarks).build().unwrap();
    assert_eq!(plain.schema().description(), guarded.schema().description());
    assert_eq!(plain.fingerprint(), guarded.fingerprint());
    let issued = Client::new().takes(&mut guarded.open(purse()).unwrap());
    assert_eq!(plain.resume(&issued).unwrap().session.coins, 100);
    let (with, without) = (guarded.schema().to_json(), plain.schema().to_json());
    assert!(with.contains(r#""guarded":"refuse""#), "{with}");
    assert!(!without.contains("guarded"), "{without}");
}

#[test]
fn a_flush_below_the_guarded_tiers_asks_nobody() {
    let clock = TestClock::at(NOW);
    let store = super::kit::Store::over(MemoryMarks::up_to(1));
    let pool: Pool<Purse> = server(&store, &clock);
    let mut session = pool.open(purse()).unwrap();
    let mut client = Client::new();
    client.takes(&mut session);
    assert_eq!(store.asked(), 1);
    for _ in 0..10 {
        client.merges(&step(&mut session).unwrap());
    }
    assert_eq!(store.asked(), 1);
    let newest = client.bundles.last().unwrap();
    assert_eq!(reason(pool.resume(newest)), None);
    assert_eq!(store.asked(), 2);
}

#[test]
fn what_is_refused_for_its_bytes_asks_no_store() {
    let clock = TestClock::at(NOW);
    let store = super::kit::Store::over(MemoryMarks::up_to(1));
    let pool: Pool<Purse> = server(&store, &clock);
    let bundle = Client::new().takes(&mut pool.open(purse()).unwrap());
    assert_eq!(store.asked(), 1);
    for at in 0..bundle.len() {
        let mut forged = bundle.clone();
        forged[at] ^= 1;
        // All of it is signed but the framing: nothing here is mutable.
        assert!(reason(pool.resume(&forged)).is_some(), "{at}");
    }
    assert_eq!(store.asked(), 1);
}

#[test]
fn a_store_that_keeps_nothing_is_as_good_as_none() {
    let clock = TestClock::at(NOW);
    let pool: Pool<Purse> = builder(&clock).high_water(NoMarks).build().unwrap();
    let mut session = pool.open(purse()).unwrap();
    let older = Client::new().takes(&mut session);
    super::kit::spend(&mut session).unwrap();
    assert_eq!(pool.resume(&older).unwrap().session.coins, 100);
}
