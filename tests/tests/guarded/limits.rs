//! A store in memory: how much it holds, for how long, and that nobody can make it forget.

use statecookie::testing::TestClock;
use statecookie::{FlushError, MemoryMarks, Pool, Reason};

use super::kit::{Client, NOW, Purse, builder, purse, reason, secs, spend};

fn pool(marks: &MemoryMarks, clock: &TestClock) -> Pool<Purse> {
    let builder = builder(clock).high_water(marks.clone());
    builder.build().unwrap()
}

#[test]
fn a_full_store_is_away_for_new_sessions_and_forgets_none() {
    let clock = TestClock::at(NOW);
    let marks = MemoryMarks::up_to(3).clock(clock.clone());
    let pool = pool(&marks, &clock);
    let mut clients = [(); 3].map(|()| {
        let mut session = pool.open(purse()).unwrap();
        let older = Client::new().takes(&mut session);
        spend(&mut session).unwrap();
        (session, older)
    });
    // A flood frees no rollback.
    for _ in 0..1000 {
        let refused = pool.open(purse()).unwrap().flush().unwrap_err();
        assert_eq!(refused, FlushError::MarksAway);
    }
    assert_eq!(marks.len(), 3);
    for (session, older) in &mut clients {
        assert_eq!(reason(pool.resume(older)), Some(Reason::RolledBack));
        spend(session).unwrap();
    }
    // When their sessions are over, there is room again.
    clock.advance(secs(24 * 3600 + 2 * 60));
    assert!(marks.is_empty());
    assert!(pool.open(purse()).unwrap().flush().is_ok());
}

#[test]
fn a_mark_is_kept_as_long_as_any_clock_may_take_the_session_for_alive() {
    let clock = TestClock::at(NOW);
    let marks = MemoryMarks::up_to(3).clock(clock.clone());
    let pool = pool(&marks, &clock);
    let mut session = pool.open(purse()).unwrap();
    Client::new().takes(&mut session);
    // Each later claim of the session is kept to the same end.
    clock.advance(secs(24 * 3600 - 1));
    let _ = session.flush_full().unwrap();
    clock.advance(secs(120));
    assert_eq!(marks.len(), 1);
    clock.advance(secs(1));
    assert_eq!(marks.len(), 0);
}

#[test]
fn clones_share_their_marks_and_say_how_many() {
    let clock = TestClock::at(NOW);
    let marks = MemoryMarks::up_to(10).clock(clock.clone());
    let (one, two) = (pool(&marks, &clock), pool(&marks.clone(), &clock));
    let older = Client::new().takes(&mut one.open(purse()).unwrap());
    two.resume(&older).unwrap().session.flush().unwrap();
    assert_eq!(reason(one.resume(&older)), Some(Reason::Forked));
    assert_eq!(
        format!("{marks:?}"),
        "MemoryMarks { known: 1, capacity: 10, .. }"
    );
}
