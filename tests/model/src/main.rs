//! An exhaustive model of pool, client and lossy network, and what ties it to the library.
//!
//! `model` does all of it; `model --long` takes all paths one step deeper and ten times as many random ones. `search`, `flaws`
//! or `paths` before that does one part. `docs/trust/model.md` says what it is and what it found.
#![forbid(unsafe_code)]

mod checker;
mod flaws;
mod model;
mod paths;
mod real;
mod report;
mod scopes;

use std::process::ExitCode;

use model::scope::Scope;
use model::tally::{Event, Tally};
use paths::Compared;
use scopes::{Bounds, FINDINGS, SHORT, WIDE};

/// The seed of everything random here.
const SEED: u64 = 3;
/// Fewer states than this are not worth the name of a search.
const LEAST_STATES: u64 = 5_000_000;
/// Fewer random paths than this tell little.
const LEAST_PATHS: u64 = 10_000;

/// What a message of a dead server can do, as `docs/trust/model.md` tells.
const RARE: [Event; 7] = [
    Event::LateAckLost,
    Event::LateFullTied,
    Event::LateFullGreater,
    Event::ShadowEndedByFull,
    Event::ShadowEndedByPartial,
    Event::ShadowOutlivesFull,
    Event::GapOutlivesFull,
];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let long = asked.iter().any(|word| word == "--long");
    let part = asked
        .iter()
        .find(|word| *word != "--long")
        .map(String::as_str);
    let done = match part {
        None => search()
            .and_then(|()| flaws::all())
            .and_then(|()| paths(long)),
        Some("search") => search(),
        Some("flaws") => flaws::all(),
        Some("paths") => paths(long),
        Some(other) => Err(format!("{other} is no part: search, flaws, paths")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Every state within every scope.
fn search() -> Result<(), String> {
    report::heading("every state within the bounds");
    let (mut states, mut largest, mut scopes, tally) = (0, 0, 0, Tally::default());
    let mut changed = Vec::new();
    for Bounds {
        scope,
        states: expected,
        ..
    } in SHORT
    {
        if !scope.is_consistent() {
            return Err(format!(
                "{}: clocks may be further apart than it says",
                scope.name
            ));
        }
        let found = checker::search(scope, threads());
        report::searched(scope, &found);
        if let Some((promise, path)) = found.broken.first() {
            return Err(report::broken(scope, promise, path));
        }
        if found.states != *expected {
            changed.push(scope.name);
        }
        states += found.states;
        scopes += 1;
        largest = largest.max(found.states);
        tally.add_all(&found.tally);
    }
    println!(
        "counts: {states} distinct states in {scopes} complete searches, {} promises, none broken",
        checker::PROMISES.len()
    );
    if !changed.is_empty() {
        return Err(format!(
            "{changed:?}: other numbers of states than in scopes.rs: the model changed"
        ));
    }
    if largest < LEAST_STATES {
        return Err(format!("no scope has {LEAST_STATES} states"));
    }
    report::reached("in the model", &tally)
}

/// All paths to a depth and random maximal ones, on the library.
fn paths(long: bool) -> Result<(), String> {
    let all = Compared::default();
    report::heading("every path to a depth, on the library");
    for Bounds { scope, depth, .. } in SHORT {
        let compared = paths::all_to_depth(scope, depth + usize::from(long), SEED, threads())?;
        report::compared(scope, &compared);
        all.add(&compared);
    }
    report::total("all paths to a depth", &all);
    report::heading("random paths until nothing can happen any more, on the library");
    let random = Compared::default();
    let narrow = SHORT.iter().map(|bounds| (&bounds.scope, 1_500));
    let wide = WIDE.iter().map(|scope| (scope, 6_000));
    for (scope, paths) in narrow.chain(wide) {
        random.add(&run_random(scope, if long { 10 * paths } else { paths })?);
    }
    report::total("random maximal paths", &random);
    report::heading("the shortest ways to what is rare, on the library");
    for event in RARE {
        let (path, compared) = paths::witness(&FINDINGS, event, SEED)?;
        report::witness(event, &path);
        all.add(&compared);
    }
    if random.paths() < LEAST_PATHS {
        return Err(format!("fewer than {LEAST_PATHS} random paths"));
    }
    all.add(&random);
    report::reached("on the library", &all.tally)
}

fn run_random(scope: &Scope, paths: u64) -> Result<Compared, String> {
    let compared = paths::random(scope, paths, SEED, threads())?;
    report::compared(scope, &compared);
    Ok(compared)
}
