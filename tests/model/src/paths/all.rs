//! All paths to a depth.

use std::sync::atomic::{AtomicU64, Ordering};

use super::fixed::Fixed;
use super::{Compared, on_threads};
use crate::model::scope::Scope;
use crate::model::tally::Tally;
use crate::real::visits::{Duo, Trio, Visit};

/// Runs every path of a scope to a depth, and shorter ones that end before.
pub(crate) fn all_to_depth(
    scope: &Scope,
    depth: usize,
    seed: u64,
    threads: usize,
) -> Result<Compared, String> {
    let compared = Compared::default();
    let next = AtomicU64::new(0);
    on_threads(threads, || match scope.rules.tiers {
        2 => Explorer::new(Fixed::<Duo>::new(scope, seed, &compared)?, depth, &next).run(),
        _ => Explorer::new(Fixed::<Trio>::new(scope, seed, &compared)?, depth, &next).run(),
    })?;
    Ok(compared)
}

/// The tree of all paths, depth first; each thread walks all of it and runs a part of its leaves.
struct Explorer<'a, S: Visit> {
    path: Fixed<'a, S>,
    depth: usize,
    /// The first leaf that no thread has taken yet.
    next: &'a AtomicU64,
    /// The leaf about to be reached.
    leaf: u64,
    /// The first leaf of those taken by this thread.
    mine: u64,
}

/// How many neighbouring leaves a thread takes at once.
const BLOCK: u64 = 256;

impl<'a, S: Visit> Explorer<'a, S> {
    fn new(path: Fixed<'a, S>, depth: usize, next: &'a AtomicU64) -> Self {
        let mine = next.fetch_add(BLOCK, Ordering::Relaxed);
        Self {
            path,
            depth,
            next,
            leaf: 0,
            mine,
        }
    }

    fn run(&mut self) -> Result<(), String> {
        for state in self.path.scope.init_states() {
            self.path.begin(state);
            self.explore()?;
        }
        Ok(())
    }

    fn explore(&mut self) -> Result<(), String> {
        let (state, quiet) = (self.path.last(), Tally::default());
        let mut actions = Vec::new();
        if self.path.actions.len() < self.depth {
            self.path.scope.actions(&state, &quiet, &mut actions);
        }
        if actions.is_empty() {
            return self.at_leaf();
        }
        for action in actions {
            let after = self.path.scope.step(&state, action, &quiet);
            self.path.push(action, after);
            self.explore()?;
            self.path.pop();
        }
        Ok(())
    }

    fn at_leaf(&mut self) -> Result<(), String> {
        let leaf = self.leaf;
        self.leaf += 1;
        if leaf < self.mine {
            return Ok(());
        }
        if self.leaf == self.mine + BLOCK {
            self.mine = self.next.fetch_add(BLOCK, Ordering::Relaxed);
        }
        self.path.run()
    }
}
