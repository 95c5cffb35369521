//! Random paths until nothing can happen any more.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Compared, compare, on_threads, told};
use crate::model::action::Action;
use crate::model::scope::Scope;
use crate::model::tally::Tally;
use crate::real::pool::{Servers, scramble};
use crate::real::visits::{Duo, Trio, Visit};
use crate::real::world::{Done, Real};

/// Runs that many.
pub(crate) fn random(
    scope: &Scope,
    paths: u64,
    seed: u64,
    threads: usize,
) -> Result<Compared, String> {
    let compared = Compared::default();
    let next = AtomicU64::new(0);
    on_threads(threads, || match scope.rules.tiers {
        2 => walk::<Duo>(scope, paths, seed, &compared, &next),
        _ => walk::<Trio>(scope, paths, seed, &compared, &next),
    })?;
    Ok(compared)
}

fn walk<S: Visit>(
    scope: &Scope,
    paths: u64,
    seed: u64,
    compared: &Compared,
    next: &AtomicU64,
) -> Result<(), String> {
    let servers = Servers::<S>::of(scope)?;
    loop {
        let nth = next.fetch_add(1, Ordering::Relaxed);
        if nth >= paths {
            return Ok(());
        }
        let seed = scramble(seed ^ nth);
        let mut actions = Vec::new();
        walk_once(scope, &servers, seed, compared, &mut actions)
            .map_err(|error| told(scope, seed, &actions, &error))?;
        compared.ran(actions.len());
    }
}

fn walk_once<S: Visit>(
    scope: &Scope,
    servers: &Servers<S>,
    seed: u64,
    compared: &Compared,
    path: &mut Vec<Action>,
) -> Result<(), String> {
    let starts = scope.init_states();
    let mut state = starts[(seed % starts.len() as u64) as usize];
    let mut real = Real::begin(scope, servers, &state, seed)?;
    let mut choices = Vec::new();
    loop {
        choices.clear();
        scope.actions(&state, &Tally::default(), &mut choices);
        if choices.is_empty() {
            compared.tally.add_all(&real.tally);
            return Ok(());
        }
        let dice = scramble(seed ^ (path.len() as u64 + 1) << 32);
        let mut action = choices[(dice % choices.len() as u64) as usize];
        path.push(action);
        let quiet = Tally::default();
        let after = scope.step(&state, action, &quiet);
        // Which tag is the greater one, reality says.
        if let (Done::Ranked(real), Action::Issue { rank, .. }) =
            (real.step(&state, &after, action)?, &mut action)
        {
            *rank = real;
        }
        state = scope.step(&state, action, &compared.tally);
        compare(&mut real, &state, compared)?;
    }
}
