//! What comes late, of a server that died, to a client that goes on with another: partial updates never matter; full ones
//! which the client never saw are a fork, and may win. So a client closes its ears to the server it has left.
#![forbid(unsafe_code)]

use statecookie::{Jar, Keys, Merged, Pool, Secret, Session, StateCookie, Update};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "10m"), tier(0, valid_for = "5m"))]
struct Visit {
    #[tier(1)]
    #[private]
    account: u64,
    #[tier(0)]
    #[immutable]
    step: u64,
}

/// How many full updates of the dead server the client never saw.
const UNSEEN: u64 = 3;

fn pool() -> Pool<Visit> {
    let secret: Vec<u8> = (0..32).collect();
    Pool::new("p", Keys::embedded(Secret::from_bytes(&secret).unwrap())).unwrap()
}

fn step_to(session: &mut Session<Visit>, step: u64) -> Update {
    session.edit().set_step(step);
    session.flush().unwrap().unwrap()
}

fn shown(jar: &mut Jar) -> u64 {
    *jar.view::<Visit>().unwrap().step()
}

/// A client that has acknowledged step 1 on the first server, which goes on unheard and dies, and step 9 on the second.
struct Story {
    jar: Jar,
    second: Session<Visit>,
    partial: Vec<Update>,
    full: Vec<Update>,
}

fn story() -> Story {
    let (mut jar, state) = (
        Jar::new(),
        Visit {
            account: 7,
            step: 0,
        },
    );
    let mut first = pool().open(state).unwrap();
    assert_eq!(
        jar.merge(&first.flush().unwrap().unwrap()),
        Ok(Merged::Updated)
    );
    assert_eq!(jar.merge(&step_to(&mut first, 1)), Ok(Merged::Updated));
    let bundle = jar.bundle().unwrap();
    let partial = (2..6).map(|step| step_to(&mut first, step)).collect();
    let full = (0..UNSEEN).map(|_| first.flush_full().unwrap()).collect();
    let mut second = pool().resume(&bundle).unwrap().session;
    assert_eq!(
        jar.merge(&second.flush().unwrap().unwrap()),
        Ok(Merged::Updated)
    );
    assert_eq!(jar.merge(&step_to(&mut second, 9)), Ok(Merged::Updated));
    Story {
        jar,
        second,
        partial,
        full,
    }
}

#[test]
fn a_late_partial_update_of_a_dead_server_changes_nothing() {
    let Story {
        mut jar, partial, ..
    } = story();
    for update in &partial {
        assert_eq!(jar.merge(update), Ok(Merged::Unchanged));
    }
    assert_eq!(shown(&mut jar), 9);
}

#[test]
fn a_late_full_update_which_is_the_only_unseen_one_changes_nothing_after_the_new_servers_second_update()
 {
    let Story { mut jar, full, .. } = story();
    assert_eq!(jar.merge(&full[0]), Ok(Merged::Unchanged));
    assert_eq!(shown(&mut jar), 9);
}

#[test]
fn one_of_several_unseen_full_updates_wins_until_the_new_servers_counter_has_passed_it() {
    let Story {
        mut jar,
        mut second,
        full,
        ..
    } = story();
    assert_eq!(jar.merge(&full[UNSEEN as usize - 1]), Ok(Merged::Updated));
    // What was presented now is a state of the dead server, whole: a fork, and no mix.
    let restored = pool().resume(&jar.bundle().unwrap()).unwrap().session;
    assert_eq!(
        *restored,
        Visit {
            account: 7,
            step: 5
        }
    );
    assert_eq!(jar.merge(&step_to(&mut second, 10)), Ok(Merged::Unchanged));
    let passed = (0..UNSEEN).map(|_| jar.merge(&second.flush_full().unwrap()));
    assert!(
        passed
            .into_iter()
            .any(|merged| merged == Ok(Merged::Updated))
    );
    assert_eq!(shown(&mut jar), 10);
}
