//! What is printed.

use crate::checker::Searched;
use crate::model::action::Action;
use crate::model::scope::Scope;
use crate::model::tally::{Event, Tally};
use crate::paths::Compared;

pub(crate) fn heading(text: &str) {
    println!("\n--- {text}");
}

pub(crate) fn searched(scope: &Scope, found: &Searched) {
    println!(
        "{}: {} distinct states, {} steps between them, the farthest {} steps away; {} s",
        scope.name, found.states, found.steps, found.depth, found.seconds
    );
}

pub(crate) fn broken(scope: &Scope, promise: &str, path: &[Action]) -> String {
    format!("{}: broken: {promise}{}", scope.name, steps(path))
}

pub(crate) fn steps(path: &[Action]) -> String {
    path.iter()
        .map(|action| format!("\n    {action:?}"))
        .collect()
}

pub(crate) fn compared(scope: &Scope, compared: &Compared) {
    println!(
        "{}: {} paths of up to {} steps; compared after {} steps, {} verdicts and {} merges among them; begun anew {} times",
        scope.name,
        compared.paths(),
        compared.longest(),
        compared.steps(),
        compared.verdicts(),
        compared.merges(),
        compared.redrawn()
    );
}

/// A way that the library went as the model said.
pub(crate) fn witness(event: Event, path: &[Action]) {
    println!("{}:{}", words(event), steps(path));
}

pub(crate) fn total(what: &str, compared: &Compared) {
    println!(
        "counts: {} {what}, compared with the library after {} steps, {} verdicts and {} merges among them",
        compared.paths(),
        compared.steps(),
        compared.verdicts(),
        compared.merges()
    );
}

/// What happened how often; an event that never did is an error.
pub(crate) fn reached(place: &str, tally: &Tally) -> Result<(), String> {
    println!("reached {place}:");
    for event in Event::ALL {
        println!("  {}: {}", words(event), tally.of(event));
    }
    match Event::ALL.into_iter().find(|event| tally.of(*event) == 0) {
        Some(event) => Err(format!("never {place}: {}", words(event))),
        None => Ok(()),
    }
}

/// An event's name as words.
fn words(event: Event) -> String {
    let name = format!("{event:?}");
    let spaced = name.chars().map(|letter| {
        if letter.is_uppercase() {
            format!(" {letter}")
        } else {
            letter.into()
        }
    });
    spaced.collect::<String>().trim().to_lowercase()
}
