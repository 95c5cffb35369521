//! Paths of the model on the real library: all to a depth, random ones until nothing can happen any more, and the shortest
//! ways to what is rare.

mod all;
mod fixed;
mod random;
mod witness;

use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::action::Action;
use crate::model::scope::Scope;
use crate::model::state::{Fault, State};
use crate::model::survey::Survey;
use crate::model::tally::{Event, Tally};
use crate::real::same;
use crate::real::visits::Visit;
use crate::real::world::Real;

pub(crate) use all::all_to_depth;
pub(crate) use random::random;
pub(crate) use witness::witness;

/// What was run and compared.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    paths: AtomicU64,
    steps: AtomicU64,
    longest: AtomicU64,
    redrawn: AtomicU64,
    pub(crate) tally: Tally,
}

impl Compared {
    pub(crate) fn paths(&self) -> u64 {
        self.paths.load(Ordering::Relaxed)
    }

    /// How often everything was compared.
    pub(crate) fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// The length of the longest path.
    pub(crate) fn longest(&self) -> u64 {
        self.longest.load(Ordering::Relaxed)
    }

    /// How often a path was begun anew because random tags were ordered otherwise than in it.
    pub(crate) fn redrawn(&self) -> u64 {
        self.redrawn.load(Ordering::Relaxed)
    }

    pub(crate) fn verdicts(&self) -> u64 {
        let verdicts = Event::ALL.into_iter().filter(|event| event.is_verdict());
        verdicts.map(|event| self.tally.of(event)).sum()
    }

    pub(crate) fn merges(&self) -> u64 {
        let merges = Event::ALL.into_iter().filter(|event| event.is_merge());
        merges.map(|event| self.tally.of(event)).sum()
    }

    pub(crate) fn add(&self, other: &Self) {
        self.paths.fetch_add(other.paths(), Ordering::Relaxed);
        self.steps.fetch_add(other.steps(), Ordering::Relaxed);
        self.longest.fetch_max(other.longest(), Ordering::Relaxed);
        self.redrawn.fetch_add(other.redrawn(), Ordering::Relaxed);
        self.tally.add_all(&other.tally);
    }

    fn begun_anew(&self) {
        self.redrawn.fetch_add(1, Ordering::Relaxed);
    }

    fn ran(&self, steps: usize) {
        self.paths.fetch_add(1, Ordering::Relaxed);
        self.longest.fetch_max(steps as u64, Ordering::Relaxed);
    }
}

/// Compares everything that can be seen of a world, and looks whether the model keeps its promises there too.
fn compare<S: Visit>(real: &mut Real<S>, state: &State, compared: &Compared) -> Result<(), String> {
    real.check_jar(state)?;
    real.check_sessions(state)?;
    real.check_verdicts(state)?;
    compared.steps.fetch_add(1, Ordering::Relaxed);
    let told = Tally::default();
    let survey = real.scope.survey(state, &told);
    compared.tally.add(
        Event::BothBranchesAccepted,
        told.of(Event::BothBranchesAccepted),
    );
    same(
        "promises broken",
        &(Survey::default(), Fault::None),
        &(survey, state.fault),
    )
}

/// Does the same on several threads.
fn on_threads(threads: usize, job: impl Fn() -> Result<(), String> + Sync) -> Result<(), String> {
    std::thread::scope(|scope| {
        let jobs: Vec<_> = (0..threads).map(|_| scope.spawn(&job)).collect();
        let ended = jobs
            .into_iter()
            .map(|job| job.join().unwrap_or_else(|_| Err("a panic".into())));
        ended.collect::<Result<Vec<_>, _>>().map(|_| ())
    })
}

/// An error, with what it takes to see it again.
fn told(scope: &Scope, seed: u64, actions: &[Action], error: &str) -> String {
    let mut text = format!(
        "{error}\n  scope {}, random bytes from {seed:#x}, after",
        scope.name
    );
    for action in actions {
        text += &format!("\n    {action:?}");
    }
    text
}
