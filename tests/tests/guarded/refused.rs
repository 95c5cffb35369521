//! What a store refuses: older states and forks, at the same server and at another one, also below what a live session issued.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};

use statecookie::{Claim, FlushError, HighWater, Pool, Reason, Verdict};

use super::kit::{Client, Purse, builder, on_each_store, purse, reason, server, spend, step};

#[test]
fn an_older_state_is_refused_at_the_same_and_at_another_server() {
    on_each_store(|stores| {
        let ([one, two], _) = stores.servers();
        let mut client = Client::new();
        let mut session = one.open(purse()).unwrap();
        let rich = client.takes(&mut session);
        let poor = client.merges(&spend(&mut session).unwrap());
        let moved = client.merges(&step(&mut session).unwrap());
        drop(session);
        for pool in [&one, &two] {
            assert_eq!(reason(pool.resume(&rich)), Some(Reason::RolledBack));
            assert_eq!(reason(pool.resume_request(&rich)), None, "within the grace");
        }
        // The lowest tier is not guarded: an older sibling of it restores, as the paper says.
        assert_eq!(two.resume(&moved).unwrap().session.step, 1);
        let resumed = two.resume(&poor).unwrap().session;
        assert_eq!((resumed.coins, resumed.step), (99, 0));
    });
}

#[test]
fn an_older_state_is_refused_below_what_the_live_session_issued() {
    on_each_store(|stores| {
        let ([one, two], _) = stores.servers();
        let mut client = Client::new();
        let mut session = one.open(purse()).unwrap();
        for _ in 0..5 {
            client.takes(&mut session);
            *session.edit().coins_mut() -= 1;
        }
        let newest = client.takes(&mut session);
        for older in &client.bundles[..5] {
            assert_eq!(reason(two.resume(older)), Some(Reason::RolledBack));
        }
        assert_eq!(two.resume(&newest).unwrap().session.coins, 95);
    });
}

#[test]
fn one_state_goes_on_at_one_of_two_servers() {
    on_each_store(|stores| {
        let ([one, two], _) = stores.servers();
        let mut client = Client::new();
        let bundle = client.takes(&mut one.open(purse()).unwrap());
        let mut first = one.resume(&bundle).unwrap().session;
        let newer = client.takes(&mut first);
        for pool in [&one, &two] {
            assert_eq!(reason(pool.resume(&bundle)), Some(Reason::Forked));
        }
        // Where nothing was issued yet, the later one takes over: the former can issue nothing any more.
        let mut former = one.resume(&newer).unwrap().session;
        let mut later = two.resume(&newer).unwrap().session;
        assert_eq!(former.flush().unwrap_err(), FlushError::Forked);
        assert_eq!(spend(&mut first).unwrap_err(), FlushError::Forked);
        let newest = client.takes(&mut later);
        assert_eq!(former.flush().unwrap_err(), FlushError::Forked);
        assert!(former.is_dirty());
        assert_eq!(two.resume(&newest).unwrap().session.coins, 100);
    });
}

#[test]
fn a_session_that_lives_on_is_fenced_once_its_client_is_elsewhere() {
    on_each_store(|stores| {
        let ([one, two], _) = stores.servers();
        let mut client = Client::new();
        let mut session = one.open(purse()).unwrap();
        let bundle = client.takes(&mut session);
        let mut moved = two.resume(&bundle).unwrap().session;
        client.takes(&mut moved);
        // The lower tier is not guarded and goes on; the guarded one does not.
        step(&mut session).unwrap();
        assert_eq!(session.flush_full().unwrap_err(), FlushError::Forked);
        assert!(!session.is_dirty());
        step(&mut session).unwrap();
        assert_eq!(spend(&mut session).unwrap_err(), FlushError::Forked);
        assert_eq!(session.flush_full().unwrap_err(), FlushError::Forked);
        assert!(spend(&mut moved).is_ok());
    });
}

#[test]
fn a_refused_flush_leaves_buffer_and_session_as_they_were() {
    on_each_store(|stores| {
        let ([one, two], _) = stores.servers();
        let mut client = Client::new();
        let mut session = one.open(purse()).unwrap();
        let bundle = client.takes(&mut session);
        two.resume(&bundle).unwrap();
        *session.edit().coins_mut() = 7;
        let mut buffer = vec![1, 2, 3];
        let before = session.touched();
        for _ in 0..2 {
            let refused = session.flush_into(&mut buffer).unwrap_err();
            assert_eq!(refused, FlushError::Forked);
            assert_eq!((&buffer[..], session.touched()), (&[1, 2, 3][..], before));
        }
    });
}

#[test]
fn no_login_leads_out_of_a_fence() {
    on_each_store(|stores| {
        let ([one, two], _) = stores.servers();
        let mut client = Client::new();
        let mut session = one.open(purse()).unwrap();
        let bundle = client.takes(&mut session);
        let mut moved = two.resume(&bundle).unwrap().session;
        client.takes(&mut moved);
        session.rebind(b"user:42").unwrap();
        assert_eq!(session.flush().unwrap_err(), FlushError::Forked);
        assert!(spend(&mut moved).is_ok());
    });
}

#[test]
fn a_login_ends_the_session_id_before_it() {
    on_each_store(|stores| {
        let ([one, two], store) = stores.servers();
        let mut client = Client::new();
        let mut session = one.open(purse()).unwrap();
        let before = client.takes(&mut session);
        session.rebind(b"user:42").unwrap();
        // Until the new id is issued, the old one is what the client has.
        store.goes_away(true);
        assert_eq!(session.flush().unwrap_err(), FlushError::MarksAway);
        store.goes_away(false);
        assert_eq!(reason(two.resume(&before)), None);
        assert_eq!(session.flush().unwrap_err(), FlushError::Forked);

        let mut session = two.resume(&before).unwrap().session;
        session.rebind(b"user:42").unwrap();
        let after = session.flush().unwrap().unwrap();
        for pool in [&one, &two] {
            assert_eq!(reason(pool.resume(&before)), Some(Reason::Revoked));
            assert_eq!(reason(pool.resume_request(&before)), Some(Reason::Revoked));
            assert!(pool.resume_bound(&after, b"user:42").is_ok());
        }
    });
}

#[test]
fn a_login_before_the_first_update_ends_nothing() {
    on_each_store(|stores| {
        let ([one, two], store) = stores.servers();
        let mut session = one.open(purse()).unwrap();
        session.rebind(b"user:42").unwrap();
        let update = session.flush().unwrap().unwrap();
        assert_eq!(store.asked(), 1);
        assert!(two.resume_bound(&update, b"user:42").is_ok());
    });
}

#[test]
fn a_revoked_session_is_refused_everywhere_and_issues_no_guarded_tier() {
    on_each_store(|stores| {
        let ([one, two], _) = stores.servers();
        let mut client = Client::new();
        let mut session = one.open(purse()).unwrap();
        let bundle = client.takes(&mut session);
        two.revoke_session(session.id()).unwrap();
        two.revoke_session(session.id()).unwrap();
        for pool in [&one, &two] {
            assert_eq!(reason(pool.resume(&bundle)), Some(Reason::Revoked));
            assert_eq!(reason(pool.resume_request(&bundle)), Some(Reason::Revoked));
        }
        assert_eq!(spend(&mut session).unwrap_err(), FlushError::Revoked);
        // Not by another name either.
        session.unbind().unwrap();
        assert_eq!(session.flush().unwrap_err(), FlushError::Revoked);
    });
}

#[test]
fn a_session_that_nobody_has_seen_can_be_revoked() {
    on_each_store(|stores| {
        let clock = &stores.clock;
        let (empty, filled) = (stores.new_store(), stores.new_store());
        let mut session = server::<Purse>(&filled, clock).open(purse()).unwrap();
        let bundle = Client::new().takes(&mut session);
        let forgetful: Pool<Purse> = server(&empty, clock);
        forgetful.revoke_session(session.id()).unwrap();
        assert_eq!(reason(forgetful.resume(&bundle)), Some(Reason::Revoked));
    });
}

#[test]
fn of_eight_threads_that_go_on_from_one_state_at_once_one_does() {
    on_each_store(|stores| {
        for _ in 0..20 {
            let ([pool], _) = stores.servers::<Purse, 1>();
            let bundle = Client::new().takes(&mut pool.open(purse()).unwrap());
            let all_there = Barrier::new(8);
            let issued: Vec<Vec<u8>> = std::thread::scope(|scope| {
                let threads = [(); 8].map(|()| {
                    scope.spawn(|| {
                        all_there.wait();
                        let mut session = pool.resume(&bundle).ok()?.session;
                        spend(&mut session).ok()
                    })
                });
                let issued = threads
                    .into_iter()
                    .filter_map(|thread| thread.join().unwrap());
                issued.collect()
            });
            // Whoever came last before the first one issued; the others were fenced, or came too late.
            assert_eq!(issued.len(), 1);
            assert_eq!(pool.resume(&issued[0]).unwrap().session.coins, 99);
        }
    });
}

/// A store of somebody else's that panics once.
struct Panics<S>(S, AtomicBool);

impl<S: HighWater> HighWater for Panics<S> {
    fn commit(&self, claim: &Claim) -> Verdict {
        assert!(!self.1.swap(false, Ordering::SeqCst), "of the store's own");
        self.0.commit(claim)
    }
}

#[test]
fn a_store_that_panics_leaves_buffer_and_session_as_they_were() {
    on_each_store(|stores| {
        let store = Arc::new(Panics(stores.new_store(), AtomicBool::new(false)));
        let builder = builder(&stores.clock).high_water(Arc::clone(&store));
        let pool: Pool<Purse> = builder.build().unwrap();
        let mut client = Client::new();
        let mut session = pool.open(purse()).unwrap();
        client.takes(&mut session);
        *session.edit().coins_mut() = 7;
        let mut buffer = vec![1, 2, 3];
        store.1.store(true, Ordering::SeqCst);
        let panicked = catch_unwind(AssertUnwindSafe(|| session.flush_into(&mut buffer)));
        assert!(panicked.is_err());
        assert_eq!(buffer, [1, 2, 3]);
        let bundle = client.takes(&mut session);
        assert_eq!(pool.resume(&bundle).unwrap().session.coins, 7);
    });
}
