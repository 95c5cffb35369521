//! What is said of guarded tiers: claims, marks, and what a store answers.

use statecookie::testing::TestClock;
use statecookie::{
    FlushError, HighWater, Keys, MarkRecord, MemoryMarks, NoMarks, NotRevoked, Pool, PoolBuilder,
    Reason, RedisMarks, RedisMarksFault, StateCookie, Timestamp, Verdict, WhenAway,
};
use statecookie_tests::shop::NOW;

use crate::battery::{builder, full, ring};
use crate::plants::{NUMBER, TEXT, pool_key};
use crate::said::Said;

/// What nobody may take back, and nobody may read.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "1h", guarded))]
struct Vault {
    #[tier(0)]
    #[private]
    word: String,
    #[tier(0)]
    #[private]
    number: u64,
}

fn vaults() -> PoolBuilder<Vault> {
    Pool::builder("vaults", Keys::ring(ring())).clock(TestClock::at(NOW))
}

pub(crate) fn of_guarded_tiers(said: &mut Said) {
    said.refused(vaults().build());
    said.refused(
        builder(Keys::ring(ring()), &TestClock::at(NOW))
            .high_water(NoMarks)
            .build(),
    );
    let marks = MemoryMarks::up_to(1).clock(TestClock::at(NOW));
    let pool = vaults().high_water(marks.clone()).build().unwrap();
    let state = Vault {
        word: TEXT.into(),
        number: NUMBER,
    };
    let mut session = pool.open(state.clone()).unwrap();
    let older = full(&mut session);
    session.edit().word_mut();
    let newer = full(&mut session);
    for (bundle, reason) in [(&older, Reason::RolledBack), (&newer, Reason::Forked)] {
        if reason == Reason::Forked {
            let mut elsewhere = pool.resume(bundle).unwrap().session;
            full(&mut elsewhere);
        }
        let refusal = said.refused(pool.resume(bundle));
        assert_eq!(refusal.reason, reason);
        said.both(&refusal.reason);
    }
    session.edit().word_mut();
    assert_eq!(said.refused(session.flush()), FlushError::Forked);
    let error = said.refused(pool.open(state).unwrap().flush());
    assert_eq!(error, FlushError::MarksAway, "it is full");
    of_claims(said, &older, &marks);
    of_redis(said, &older);
    said.debug(&marks);
    said.debug(&NoMarks);
    said.error(&NotRevoked);
    for choice in [WhenAway::Accept, WhenAway::Refuse] {
        said.debug(&choice);
    }
}

fn of_claims(said: &mut Said, bundle: &[u8], marks: &MemoryMarks) {
    let pool = vaults().marks_by_hand().build().unwrap();
    let refusal = said.refused(pool.resume(bundle));
    assert_eq!(refusal.reason, Reason::MarksAway);
    said.both(&refusal.reason);
    let claimed = pool.present(bundle).claim().unwrap();
    said.debug(&claimed);
    let claim = claimed.claim().unwrap().clone();
    said.debug(&claim);
    said.debug(&claim.act());
    said.debug(claim.from().unwrap());
    said.debug(&marks.commit(&claim));
    let weighed = claim.weigh(None, Timestamp::from_secs(0));
    said.debug(&weighed);
    let record: MarkRecord = weighed.keep.unwrap();
    said.debug(&record);
    let mut session = claimed.settle(Verdict::Accepted).unwrap().session;
    said.debug(&session.claim_flush().unwrap());
}

/// The pool key is the password in the address.
fn of_redis(said: &mut Said, bundle: &[u8]) {
    let digits = pool_key().into_iter().map(|byte| format!("{byte:02x}"));
    let digits: String = digits.collect();
    let bad = RedisMarks::at(&format!("redis://:{digits}@:{digits}"), "vaults");
    let error = said.refused(bad);
    said.error(&error.fault);
    // Nobody listens at port 1.
    let nobody = format!("redis://{digits}:{digits}@127.0.0.1:1");
    let marks = RedisMarks::at(&nobody, "vaults").unwrap();
    said.debug(&marks);
    let pool = vaults().marks_by_hand().build().unwrap();
    let claimed = pool.present(bundle).claim().unwrap();
    let error = said.refused(marks.try_commit(claimed.claim().unwrap()));
    assert_eq!(error.fault, RedisMarksFault::Away);
    said.error(&error.fault);
    // Those that a real store causes: `tests/guarded` does.
    said.error(&RedisMarksFault::Login);
    let code = "OOM".into();
    said.error(&RedisMarksFault::Refused { code });
}
