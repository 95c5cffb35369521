//! What holds in every order of the threads' steps.

use loom::sync::Arc;
use loom::thread;

use crate::machine::{Closed, Machine, Open};
use crate::protocol::{Gate, Step};

/// Two threads refresh while the ring in the store is replaced twice.
fn race<G: Gate + Send + Sync + 'static>(machine: &Arc<Machine<G>>) {
    let refreshers = [(); 2].map(|()| {
        let machine = Arc::clone(machine);
        thread::spawn(move || held_after(&machine))
    });
    machine.store(1);
    machine.store(2);
    let seen = refreshers.map(|thread| thread.join().unwrap());
    assert_eq!(machine.read(), seen[0].max(seen[1]), "went back");
}

fn held_after<G: Gate>(machine: &Machine<G>) -> u64 {
    match machine.refresh() {
        Step::Unchanged { held } | Step::Replaced { held } => held,
        step => panic!("went back: {step:?}"),
    }
}

#[test]
fn the_newest_ring_stays() {
    loom::model(|| race(&Machine::new()));
}

#[test]
#[should_panic(expected = "went back")]
fn without_the_gate_an_older_ring_comes_back() {
    loom::model(|| race(&Machine::with(Open)));
}

#[test]
fn no_reader_goes_back_or_sees_a_torn_ring() {
    loom::model(|| {
        let machine = Machine::new();
        let refresher = {
            let machine = Arc::clone(&machine);
            thread::spawn(move || held_after(&machine))
        };
        let reader = {
            let machine = Arc::clone(&machine);
            thread::spawn(move || [machine.read(), machine.read()])
        };
        machine.store(1);
        let here = held_after(&machine);
        let [first, then] = reader.join().unwrap();
        assert!(first <= then, "went back: {first} and then {then}");
        assert_eq!(machine.read(), refresher.join().unwrap().max(here));
    });
}

#[test]
fn many_unknown_ids_ask_once_and_the_one_that_asks_finds_its_key() {
    loom::model(|| {
        let machine = Machine::new();
        machine.store(1);
        let clients = [0, 5, 9].map(|now| {
            let machine = Arc::clone(&machine);
            thread::spawn(move || ask(&machine, now))
        });
        let answers = clients.map(|client| client.join().unwrap());
        assert_eq!(answers.into_iter().filter(|asked| *asked).count(), 1);
        assert_eq!(machine.asked(), 1);
        assert!(ask(&machine, 19), "the next interval");
    });
}

fn ask(machine: &Machine<Closed>, now: u64) -> bool {
    let asked = machine.refresh_for_unknown(now, 10).is_some();
    assert!(!asked || machine.read() == 1, "asked in vain");
    asked
}

#[test]
fn an_unknown_id_never_waits_for_a_refresh_that_is_under_way() {
    loom::model(|| {
        let machine = Machine::new();
        machine.store(1);
        let refresher = {
            let machine = Arc::clone(&machine);
            thread::spawn(move || machine.refresh())
        };
        let client = {
            let machine = Arc::clone(&machine);
            thread::spawn(move || ask(&machine, 0))
        };
        let (step, asked) = (refresher.join().unwrap(), client.join().unwrap());
        assert!(matches!(
            step,
            Step::Replaced { held: 1 } | Step::Unchanged { held: 1 }
        ));
        assert_eq!(machine.asked(), 1 + usize::from(asked));
        assert_eq!(machine.read(), 1);
    });
}

#[test]
fn a_store_that_went_back_changes_nothing() {
    loom::model(|| {
        let machine = Machine::new();
        machine.store(2);
        assert_eq!(machine.refresh(), Step::Replaced { held: 2 });
        machine.store(1);
        let older = Step::Older { held: 2, found: 1 };
        let others = [(); 2].map(|()| {
            let machine = Arc::clone(&machine);
            thread::spawn(move || (machine.refresh(), machine.read()))
        });
        for other in others {
            assert_eq!(other.join().unwrap(), (older.clone(), 2));
        }
    });
}
