//! All histories on two threads, and what is printed of them.

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use statecookie::Reason;

use crate::args::Args;
use crate::attack::collisions;
use crate::battle::{Outcome, fight};
use crate::dice::Dice;
use crate::history::events::{Event, Events};
use crate::schemas::{Bare, Basket, Film, Five, Ladder, Note, Pair, Shop, Twins, Video, World};
use crate::tally::{Class, Tally};

/// Where many sessions are opened, once for each seed.
const CROWDS: [(&str, Fight); 3] = [
    ("many Twins", collisions::fight::<Twins>),
    ("many Shops", collisions::fight::<Shop>),
    ("many Ladders", collisions::fight::<Ladder>),
];

const THREADS: usize = 2;

/// How a history of one schema is fought from its seed.
type Fight = fn(u64) -> Outcome;

/// The schemas in turn.
const SCHEMAS: [(&str, Fight); 11] = [
    ("Note", fight::<Note, Bare>),
    ("Twins", fight::<Twins, Video>),
    ("Shop", fight::<Shop, World>),
    ("Video", fight::<Video, Basket>),
    ("Basket", fight::<Basket, Pair>),
    ("World", fight::<World, Shop>),
    ("Five", fight::<Five, Shop>),
    ("Pair", fight::<Pair, Twins>),
    ("Bare", fight::<Bare, Note>),
    ("Ladder", fight::<Ladder, Five>),
    ("Film", fight::<Film, Note>),
];

/// From this number on histories are of many sessions.
const CROWD: u64 = 1_000_000;

/// After so many disagreements the rest is not run.
const MOST_COMPLAINTS: usize = 5;

/// What all histories gave.
struct Sum {
    events: Events,
    tally: Tally,
    complaints: Vec<String>,
}

/// Runs, prints, and says whether all is well.
pub(crate) fn run(args: &Args) -> ExitCode {
    println!(
        "seed {}, {} histories, {THREADS} threads",
        args.seed, args.histories
    );
    let started = Instant::now();
    let sum = fight_all(args);
    print_events(&sum.events);
    print_table(&sum.tally);
    println!("\ntook {} s", started.elapsed().as_secs());
    let mut wrong = sum.complaints;
    if args.whole {
        wrong.extend(shortfalls(&sum.tally, &sum.events));
    }
    wrong.iter().for_each(|what| eprintln!("\n{what}"));
    if wrong.is_empty() {
        println!(
            "no disagreement: none accepted against the oracle, none refused against it, for no other reason, no panic"
        );
        print_counts(&sum.tally, &sum.events);
        ExitCode::SUCCESS
    } else {
        eprintln!("\n{} failures", wrong.len());
        ExitCode::FAILURE
    }
}

fn fight_all(args: &Args) -> Sum {
    // What takes longest begins first.
    let crowds = if args.whole { CROWDS.len() } else { 0 };
    let histories = (CROWD..)
        .take(crowds)
        .chain(args.first..args.first + args.histories);
    let histories = Mutex::new(histories);
    let sum = Mutex::new(Sum {
        events: Events::default(),
        tally: Tally::new(),
        complaints: Vec::new(),
    });
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while next(&histories).is_some_and(|history| admit(&sum, args.seed, history)) {}
            });
        }
    });
    sum.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn next(histories: &Mutex<impl Iterator<Item = u64>>) -> Option<u64> {
    histories
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .next()
}

/// Fights one history and adds what came of it; false where enough went wrong.
fn admit(sum: &Mutex<Sum>, seed: u64, history: u64) -> bool {
    let (name, fight) = match history.checked_sub(CROWD) {
        Some(crowd) => CROWDS[crowd as usize % CROWDS.len()],
        None => SCHEMAS[history as usize % SCHEMAS.len()],
    };
    let outcome = fight(Dice::new(seed, history).word());
    let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
    sum.events.add(&outcome.events);
    sum.tally.add(outcome.tally);
    let at = format!("--seed {seed} --history {history} ({name})");
    sum.complaints.extend(
        outcome
            .complaints
            .iter()
            .map(|what| format!("{at}: {what}")),
    );
    sum.complaints.len() < MOST_COMPLAINTS
}

/// What is told at the end of all parts of the CI.
fn print_counts(tally: &Tally, events: &Events) {
    let accepted: u64 = Class::ALL.iter().map(|class| tally.accepted(*class)).sum();
    println!(
        "counts: {} histories over {} schemas, {} inputs of {} classes",
        events.of(Event::History),
        SCHEMAS.len(),
        tally.total(),
        Class::ALL.len()
    );
    println!(
        "counts: {accepted} accepted and {} refused, as the oracle says, no panic",
        tally.total() - accepted
    );
}

fn print_events(events: &Events) {
    println!();
    for event in Event::ALL {
        println!("{:>12}  {}", events.of(event), event.name());
    }
}

fn print_table(tally: &Tally) {
    println!(
        "\n{:<24} {:>12} {:>12}  refused",
        "class", "inputs", "accepted"
    );
    for class in Class::ALL {
        println!(
            "{:<24} {:>12} {:>12}  {}",
            class.name(),
            tally.of(class),
            tally.accepted(class),
            reasons(|reason| tally.refused(class, reason))
        );
    }
    let accepted: u64 = Class::ALL.iter().map(|class| tally.accepted(*class)).sum();
    let all = |reason| {
        Class::ALL
            .iter()
            .map(|class| tally.refused(*class, reason))
            .sum()
    };
    println!(
        "{:<24} {:>12} {accepted:>12}  {}",
        "all",
        tally.total(),
        reasons(all)
    );
    println!(
        "distinct, by a sample: {:.1} %",
        100.0 * tally.distinct_share()
    );
}

fn reasons(of: impl Fn(Reason) -> u64) -> String {
    let counted = Reason::ALL
        .iter()
        .map(|reason| (reason, of(*reason)))
        .filter(|(_, count)| *count > 0);
    counted
        .map(|(reason, count)| format!("{reason} {count}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What a whole run must reach.
fn shortfalls(tally: &Tally, events: &Events) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut demand = |name: &str, least: u64, found: u64| {
        if found < least {
            wrong.push(format!("{name}: {found}, at least {least} are demanded"));
        }
    };
    for class in Class::ALL {
        demand(class.name(), class.least(), tally.of(class));
    }
    let honest = Class::ALL.iter().filter(|class| class.is_honest());
    demand(
        "accepted of what must be",
        1_000_000,
        honest.map(|class| tally.accepted(*class)).sum(),
    );
    demand("all inputs", 20_000_000, tally.total());
    demand("histories", 1_000, events.of(Event::History));
    for event in Event::ALL {
        demand(event.name(), 100, events.of(event));
    }
    let by_bytes = Reason::ALL
        .into_iter()
        .filter(|reason| !reason.is_of_marks());
    for reason in by_bytes {
        let all = Class::ALL
            .iter()
            .map(|class| tally.refused(*class, reason))
            .sum();
        demand(reason.as_str(), 1_000, all);
    }
    wrong
}
