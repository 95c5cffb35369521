//! Claims that the program commits by itself, as an asynchronous one does; and what plain calls do then.

use statecookie::testing::TestClock;
use statecookie::{
    Act, ClaimedFlush, FlushError, HighWater, NoMarks, Pool, PoolError, Reason, Session, Verdict,
};

use super::kit::{
    Client, Lenient, NOW, Purse, Store, Stores, builder, lenient, on_each_store, purse, reason,
};

fn pool(stores: &Stores<'_>) -> (Pool<Purse>, Store) {
    let pool = builder(&stores.clock).marks_by_hand().build().unwrap();
    (pool, stores.new_store())
}

fn settle(
    mut flush: ClaimedFlush<'_, Purse>,
    store: &Store,
) -> Result<Option<Vec<u8>>, FlushError> {
    while let Some(claim) = flush.claim() {
        let verdict = store.commit(claim);
        flush.answer(verdict);
    }
    let update = flush.settle()?;
    Ok(update.map(statecookie::Update::into_bytes))
}

fn issue(session: &mut Session<Purse>, store: &Store) -> Vec<u8> {
    let flush = session.claim_flush().unwrap();
    settle(flush, store).unwrap().expect("something to issue")
}

#[test]
fn sessions_and_updates_are_held_back_until_their_claims_are_settled() {
    on_each_store(|stores| {
        let (pool, store) = pool(stores);
        let mut client = Client::new();
        let mut session = pool.open(purse()).unwrap();
        let older = client.merges(&issue(&mut session, &store));
        *session.edit().coins_mut() = 1;
        let newer = client.merges(&issue(&mut session, &store));

        let claimed = pool.present(&older).claim().unwrap();
        let claim = claimed.claim().unwrap();
        assert_eq!((claim.act(), claim.session()), (Act::Resume, session.id()));
        let verdict = store.commit(claim);
        assert_eq!(verdict, Verdict::RolledBack);
        assert_eq!(reason(claimed.settle(verdict)), Some(Reason::RolledBack));

        let claimed = pool.present(&newer).claim().unwrap();
        let verdict = store.commit(claimed.claim().unwrap());
        let mut resumed = claimed.settle(verdict).unwrap().session;
        *session.edit().coins_mut() = 0;
        let fenced = session.claim_flush().unwrap();
        assert_eq!(settle(fenced, &store).unwrap_err(), FlushError::Forked);
        assert!(session.is_dirty());
        issue(&mut resumed, &store);

        let request = pool.present(&older).claim_request().unwrap();
        assert_eq!(request.claim().unwrap().act(), Act::Request);
        assert_eq!(
            reason(request.settle(Verdict::Away)),
            Some(Reason::MarksAway)
        );
    });
}

#[test]
fn plain_calls_of_a_pool_without_a_store_are_refused() {
    on_each_store(|stores| {
        let (pool, store) = pool(stores);
        let mut session = pool.open(purse()).unwrap();
        assert_eq!(session.flush().unwrap_err(), FlushError::MarksAway);
        let bundle = issue(&mut session, &store);
        assert_eq!(reason(pool.resume(&bundle)), Some(Reason::MarksAway));
        assert_eq!(
            reason(pool.resume_request(&bundle)),
            Some(Reason::MarksAway)
        );
        assert!(pool.revoke_session(session.id()).is_err());
        // What is not guarded needs no claim.
        *session.edit().step_mut() = 1;
        assert!(session.flush().unwrap().is_some());
        let verdict = store.commit(&pool.claim_revocation(session.id()));
        assert_eq!(verdict, Verdict::Accepted);
        *session.edit().coins_mut() = 0;
        let flush = session.claim_flush().unwrap();
        assert_eq!(settle(flush, &store).unwrap_err(), FlushError::Revoked);
    });
}

#[test]
fn plain_calls_are_refused_also_where_the_tiers_accept() {
    let clock = TestClock::at(NOW);
    let pool: Pool<Lenient> = builder(&clock).marks_by_hand().build().unwrap();
    let mut session = pool.open(lenient()).unwrap();
    assert_eq!(session.flush().unwrap_err(), FlushError::MarksAway);
    let mut flush = session.claim_flush().unwrap();
    flush.answer(Verdict::Away);
    let update = flush.settle().unwrap().expect("accepted");
    assert_eq!(reason(pool.resume(&update)), Some(Reason::MarksAway));
    let claimed = pool.present(&update).claim().unwrap();
    assert!(claimed.settle(Verdict::Away).is_ok());
}

#[test]
fn a_flush_of_what_is_not_guarded_claims_nothing_and_an_idle_one_issues_nothing() {
    on_each_store(|stores| {
        let (pool, store) = pool(stores);
        let mut session = pool.open(purse()).unwrap();
        issue(&mut session, &store);
        let idle = session.claim_flush().unwrap();
        assert!(idle.claim().is_none());
        assert_eq!(settle(idle, &store), Ok(None));
        *session.edit().step_mut() = 1;
        let flush = session.claim_flush().unwrap();
        assert!(flush.claim().is_none());
        assert!(settle(flush, &store).unwrap().is_some());
        assert_eq!(store.asked(), 1);
        let full = session.claim_flush_full().unwrap();
        assert!(settle(full, &store).unwrap().is_some());
        assert_eq!(store.asked(), 2);
        let idle = session.claim_flush_without_renewal().unwrap();
        assert_eq!(settle(idle, &store), Ok(None));
    });
}

#[test]
fn a_claim_that_was_committed_and_dropped_does_not_stop_the_session() {
    on_each_store(|stores| {
        let (pool, store) = pool(stores);
        let mut client = Client::new();
        let mut session = pool.open(purse()).unwrap();
        client.merges(&issue(&mut session, &store));
        let dropped = session.claim_flush_full().unwrap();
        let claim = dropped.claim().unwrap().clone();
        assert_eq!(store.commit(&claim), Verdict::Accepted);
        drop(dropped);
        // What the store knows is further on than what the client has, so the next update goes as far.
        *session.edit().step_mut() = 1;
        let update = issue(&mut session, &store);
        let bundle = client.merges(&update);
        assert_eq!(bundle.len(), update.len(), "a full one");
        // The same claim, once more and late, changes nothing.
        let _ = store.commit(&claim);
        let claimed = pool.present(&bundle).claim().unwrap();
        let verdict = store.commit(claimed.claim().unwrap());
        assert_eq!(claimed.settle(verdict).unwrap().session.step, 1);
    });
}

#[test]
fn a_login_claims_two_things_and_takes_either_refusal() {
    on_each_store(|stores| {
        let (pool, store) = pool(stores);
        let mut client = Client::new();
        let mut session = pool.open(purse()).unwrap();
        let before = client.merges(&issue(&mut session, &store));
        session.rebind(b"user:42").unwrap();
        let mut flush = session.claim_flush().unwrap();
        let mut acts = Vec::new();
        for verdict in [Verdict::Accepted, Verdict::Away] {
            acts.push(flush.claim().unwrap().act());
            flush.answer(verdict);
        }
        assert_eq!(acts, [Act::Issue, Act::Leave]);
        assert!(flush.claim().is_none());
        assert_eq!(flush.settle().unwrap_err(), FlushError::MarksAway);
        let after = issue(&mut session, &store);
        let claimed = pool.present(&before).claim().unwrap();
        let verdict = store.commit(claimed.claim().unwrap());
        assert_eq!(reason(claimed.settle(verdict)), Some(Reason::Revoked));
        let presented = pool.present(&after).identity(b"user:42");
        assert!(presented.claim().is_ok());
    });
}

/// The second claim would end the id that the client has.
#[test]
fn a_login_whose_new_id_is_refused_leaves_the_old_one() {
    on_each_store(|stores| {
        let (pool, store) = pool(stores);
        let mut client = Client::new();
        let mut session = pool.open(purse()).unwrap();
        let before = client.merges(&issue(&mut session, &store));
        session.rebind(b"user:42").unwrap();
        for refused in [Verdict::Away, Verdict::Forked] {
            let mut flush = session.claim_flush().unwrap();
            assert_eq!(flush.claim().unwrap().act(), Act::Issue);
            flush.answer(refused);
            assert!(flush.claim().is_none(), "nothing ends the old id");
            flush.answer(Verdict::Accepted);
            assert!(flush.settle().is_err());
        }
        let claimed = pool.present(&before).claim().unwrap();
        assert_eq!(store.commit(claimed.claim().unwrap()), Verdict::Accepted);
    });
}

/// Tiers that go on where the store is away, and a store that is away for the new id only.
#[test]
fn no_login_leads_out_of_a_revocation_because_the_store_was_away_for_half_of_it() {
    let clock = TestClock::at(NOW);
    let pool: Pool<Lenient> = builder(&clock).marks_by_hand().build().unwrap();
    for refused in [Verdict::Revoked, Verdict::Forked] {
        let mut session = pool.open(lenient()).unwrap();
        let mut flush = session.claim_flush().unwrap();
        flush.answer(Verdict::Accepted);
        assert!(flush.settle().unwrap().is_some());
        session.rebind(b"user:42").unwrap();
        let mut flush = session.claim_flush().unwrap();
        flush.answer(Verdict::Away);
        assert_eq!(flush.claim().unwrap().act(), Act::Leave);
        flush.answer(refused);
        assert!(flush.settle().is_err());
    }
}

#[test]
fn a_flush_whose_claim_nobody_answered_issues_nothing() {
    let clock = TestClock::at(NOW);
    let pool: Pool<Lenient> = builder(&clock).marks_by_hand().build().unwrap();
    let mut session = pool.open(lenient()).unwrap();
    let flush = session.claim_flush().unwrap();
    assert_eq!(flush.settle().unwrap_err(), FlushError::MarksAway);
    assert!(session.is_dirty());
}

#[test]
fn a_pool_of_guarded_tiers_needs_a_store_and_one_without_needs_none() {
    let clock = TestClock::at(NOW);
    let neither = builder::<Purse>(&clock).build().unwrap_err();
    assert_eq!(neither, PoolError::NoHighWater);
    assert_eq!(
        Pool::<Purse>::new("purses", super::kit::keys()).unwrap_err(),
        PoolError::NoHighWater
    );
    for useless in [
        builder::<super::unguarded::Plain>(&clock).high_water(NoMarks),
        builder(&clock).marks_by_hand(),
    ] {
        assert_eq!(useless.build().unwrap_err(), PoolError::NothingGuarded);
    }
}
