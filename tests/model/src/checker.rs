//! The model under `stateright`: every state within a scope, each promise a property.

use std::cell::Cell;
use std::time::Instant;

use stateright::{Checker, Model, Property};

use crate::model::action::Action;
use crate::model::properties::Survey;
use crate::model::scope::Scope;
use crate::model::state::{Fault, State};
use crate::model::tally::Tally;

/// A scope to be searched, and what is counted on the way.
pub(crate) struct World {
    pub(crate) scope: Scope,
    pub(crate) tally: Tally,
}

impl Model for World {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        self.scope.init_states()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.scope.actions(state, &self.tally, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        Some(self.scope.step(state, action, &self.tally))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always(
                "only issued states are restored",
                |world: &Self, state: &State| !world.survey(state).not_issued,
            ),
            Property::always("no mix is accepted", |world: &Self, state: &State| {
                !world.survey(state).mix
            }),
            Property::always("age is bounded", |world: &Self, state: &State| {
                !world.survey(state).too_old
            }),
            Property::always(
                "a complete chain stays presentable until it expires",
                |world: &Self, state: &State| !world.survey(state).not_presentable,
            ),
            Property::always(
                "a bound session is resumed for its identity only",
                |world: &Self, state: &State| !world.survey(state).stranger,
            ),
            Property::always(
                "the jar's chain is one that was issued",
                |world: &Self, state: &State| world.holds_one_chain(state),
            ),
            Property::always("the jar never goes backwards", |_, state: &State| {
                state.fault != Fault::JarWentBack
            }),
            Property::always(
                "no acknowledged update is lost without a fork",
                |_, state: &State| state.fault != Fault::AckLost,
            ),
            Property::always(
                "the first full update after a fail-over wins",
                |_, state: &State| state.fault != Fault::FirstUpdateRefused,
            ),
            Property::always("a full update closes the gap", |_, state: &State| {
                state.fault != Fault::GapLeftOpen
            }),
            Property::always("nothing is issued that is over", |_, state: &State| {
                state.fault != Fault::IssuedOver
            }),
            Property::always(
                "everything is signed with the newest key",
                |_, state: &State| state.fault != Fault::WrongKey,
            ),
            Property::always(
                "a late partial update of a known root never wins",
                |_, state: &State| state.fault != Fault::PartialShadow,
            ),
            Property::always("with a stride no late update wins", |_, state: &State| {
                state.fault != Fault::LateShadow
            }),
        ]
    }
}

thread_local! {
    static LAST: Cell<Option<(u64, Survey)>> = const { Cell::new(None) };
}

impl World {
    pub(crate) fn new(scope: Scope) -> Self {
        Self {
            scope,
            tally: Tally::default(),
        }
    }

    /// Several properties ask for the same state one after the other.
    fn survey(&self, state: &State) -> Survey {
        let digest = state.digest();
        match LAST.get() {
            Some((of, survey)) if of == digest => survey,
            _ => {
                let survey = self.scope.survey(state, &self.tally);
                LAST.set(Some((digest, survey)));
                survey
            }
        }
    }

    fn holds_one_chain(&self, state: &State) -> bool {
        let best = &state.jar.best;
        let first = |tier: usize| state.update(best[tier]).chain[tier];
        !state.jar.has_chain()
            || (1..self.scope.rules.tiers)
                .all(|tier| first(tier) == state.update(best[0]).chain[tier])
    }
}

/// Searches a scope completely.
pub(crate) fn search(scope: Scope, threads: usize) -> u64 {
    let started = Instant::now();
    let checker = World::new(scope)
        .checker()
        .threads(threads)
        .spawn_dfs()
        .join();
    println!(
        "{}: {} distinct states, {} steps, depth {}, {} s",
        checker.model().scope.name,
        checker.unique_state_count(),
        checker.state_count(),
        checker.max_depth(),
        started.elapsed().as_secs()
    );
    for event in crate::model::tally::Event::ALL {
        println!("    {:?}: {}", event, checker.model().tally.of(event));
    }
    for (name, path) in checker.discoveries() {
        println!("BROKEN: {name}");
        for action in path.into_actions() {
            println!("    {action:?}");
        }
    }
    checker.unique_state_count() as u64
}
