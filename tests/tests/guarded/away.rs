//! A store that is away, and what each tier has said to do then; and one that comes back.

use std::sync::{Arc, Mutex};

use statecookie::{Claim, FlushError, HighWater, Jar, Pool, Reason, StateCookie, Verdict};

use super::kit::{
    Client, Lenient, Purse, Store, Stores, builder, lenient, on_each_store, purse, reason, server,
    spend, step,
};

#[test]
fn a_tier_that_refuses_is_neither_resumed_nor_issued_while_the_store_is_away() {
    on_each_store(|stores| {
        let ([pool], store) = stores.servers::<Purse, 1>();
        let mut client = Client::new();
        let mut session = pool.open(purse()).unwrap();
        let bundle = client.takes(&mut session);
        store.goes_away(true);
        assert_eq!(reason(pool.resume(&bundle)), Some(Reason::MarksAway));
        assert_eq!(
            reason(pool.resume_request(&bundle)),
            Some(Reason::MarksAway)
        );
        let refused = pool.resume(&bundle).unwrap_err();
        assert_eq!(
            refused.to_string().split(',').next(),
            Some("marks-away at tier 1")
        );
        assert!(pool.revoke_session(session.id()).is_err());
        // What is not guarded goes on.
        client.merges(&step(&mut session).unwrap());
        assert_eq!(spend(&mut session).unwrap_err(), FlushError::MarksAway);
        store.goes_away(false);
        let bundle = client.takes(&mut session);
        assert_eq!(pool.resume(&bundle).unwrap().session.coins, 99);
    });
}

#[test]
fn a_tier_that_accepts_goes_on_and_is_guarded_again_when_the_store_is_back() {
    on_each_store(|stores| {
        let ([pool], store) = stores.servers::<Lenient, 1>();
        let mut client = Client::new();
        let mut session = pool.open(lenient()).unwrap();
        let first = client.takes(&mut session);
        store.goes_away(true);
        session.edit().coins_mut();
        let second = client.takes(&mut session);
        // Nobody can know better now.
        assert_eq!(reason(pool.resume(&first)), None);
        let mut moved = pool.resume(&second).unwrap().session;
        let third = client.takes(&mut moved);
        store.goes_away(false);
        moved.edit().coins_mut();
        let fourth = client.takes(&mut moved);
        for older in [&first, &second] {
            assert_eq!(reason(pool.resume(older)), Some(Reason::Forked));
        }
        assert_eq!(reason(pool.resume(&third)), Some(Reason::RolledBack));
        session.edit().coins_mut();
        assert_eq!(session.flush().unwrap_err(), FlushError::Forked);
        assert_eq!(reason(pool.resume(&fourth)), None);
    });
}

#[test]
fn forks_made_while_the_store_was_away_end_with_the_first_one_that_is_seen() {
    on_each_store(|stores| {
        let ([pool], store) = stores.servers::<Lenient, 1>();
        let bundle = Client::new().takes(&mut pool.open(lenient()).unwrap());
        store.goes_away(true);
        let mut forks = [(); 2].map(|()| pool.resume(&bundle).unwrap().session);
        let branches = forks.each_mut().map(|fork| Client::new().takes(fork));
        store.goes_away(false);
        assert_eq!(reason(pool.resume(&branches[0])), None);
        assert_eq!(reason(pool.resume(&branches[1])), Some(Reason::Forked));
    });
}

/// Of two guarded tiers the lower one accepts.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    tier(1, valid_for = "1h", guarded),
    tier(0, valid_for = "1h", guarded = "accept")
)]
struct Mixed {
    #[tier(1)]
    coins: u32,
    #[tier(0)]
    tries: u32,
}

#[test]
fn a_flush_asks_the_tiers_that_it_re_issues_and_a_resume_asks_all() {
    on_each_store(|stores| {
        let ([pool], store) = stores.servers::<Mixed, 1>();
        let mut jar = Jar::new();
        let mut session = pool.open(Mixed { coins: 1, tries: 0 }).unwrap();
        let _ = jar.merge(&session.flush().unwrap().unwrap()).unwrap();
        store.goes_away(true);
        *session.edit().tries_mut() = 1;
        let _ = jar.merge(&session.flush().unwrap().unwrap()).unwrap();
        let bundle = jar.bundle().unwrap();
        assert_eq!(reason(pool.resume(&bundle)), Some(Reason::MarksAway));
        *session.edit().coins_mut() = 0;
        assert_eq!(session.flush().unwrap_err(), FlushError::MarksAway);
        store.goes_away(false);
        assert_eq!(pool.resume(&bundle).unwrap().session.tries, 1);
    });
}

#[test]
fn a_store_that_lost_everything_costs_one_rollback_and_no_session() {
    on_each_store(|stores| {
        let clock = &stores.clock;
        let (before, after) = (stores.new_store(), stores.new_store());
        let mut client = Client::new();
        let mut session = server::<Purse>(&before, clock).open(purse()).unwrap();
        let older = client.takes(&mut session);
        let newer = client.merges(&spend(&mut session).unwrap());
        let empty: Pool<Purse> = server(&after, clock);
        // Whoever comes first is believed; what comes later is held against it.
        assert_eq!(reason(empty.resume_request(&older)), None);
        assert_eq!(reason(empty.resume(&newer)), None);
        assert_eq!(reason(empty.resume(&older)), Some(Reason::RolledBack));
    });
}

#[test]
fn a_store_that_lost_everything_leaves_live_sessions_where_they_are() {
    on_each_store(|stores| {
        let forgetful = Forgetful::on(stores);
        let builder = builder(&stores.clock).high_water(forgetful.clone());
        let pool: Pool<Purse> = builder.build().unwrap();
        let mut client = Client::new();
        let mut session = pool.open(purse()).unwrap();
        let older = client.takes(&mut session);
        client.merges(&spend(&mut session).unwrap());
        forgetful.forgets(stores);
        let newest = client.merges(&spend(&mut session).unwrap());
        assert_eq!(reason(pool.resume(&older)), Some(Reason::RolledBack));
        assert_eq!(pool.resume(&newest).unwrap().session.coins, 98);
    });
}

/// A store that can be restarted without data.
#[derive(Clone)]
struct Forgetful(Arc<Mutex<Store>>);

impl Forgetful {
    fn on(stores: &Stores<'_>) -> Self {
        Self(Arc::new(Mutex::new(stores.new_store())))
    }

    fn forgets(&self, stores: &Stores<'_>) {
        *self.0.lock().unwrap() = stores.new_store();
    }
}

impl HighWater for Forgetful {
    fn commit(&self, claim: &Claim) -> Verdict {
        self.0.lock().unwrap().commit(claim)
    }
}
