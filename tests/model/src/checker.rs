//! The model under `stateright`: every state within a scope, each promise a property.

use std::cell::Cell;
use std::time::Instant;

use stateright::{Checker, HasDiscoveries, Model, Property};

use crate::model::action::Action;
use crate::model::scope::Scope;
use crate::model::state::{Fault, State};
use crate::model::survey::Survey;
use crate::model::tally::Tally;

/// A scope to be searched, and what is counted on the way.
pub(crate) struct World {
    pub(crate) scope: Scope,
    pub(crate) tally: Tally,
}

/// A property that speaks of a state.
type Holds = fn(&World, &State) -> bool;

/// The promises, each with what must hold in every state.
pub(crate) const PROMISES: [(&str, Holds); 15] = [
    ("only issued states are restored", |world, state| {
        !world.survey(state).not_issued
    }),
    ("no mix is accepted", |world, state| {
        !world.survey(state).mix
    }),
    ("age is bounded", |world, state| {
        !world.survey(state).too_old
    }),
    (
        "a complete chain stays presentable until it expires",
        |world, state| !world.survey(state).not_presentable,
    ),
    (
        "a bound session is resumed for its identity only",
        |world, state| !world.survey(state).stranger,
    ),
    ("the jar's chain is one that was issued", |world, state| {
        world.holds_one_chain(state)
    }),
    ("the jar never goes backwards", |_, state| {
        state.fault != Fault::JarWentBack
    }),
    (
        "no acknowledged update is lost without a fork or a late message",
        |_, state| state.fault != Fault::AckLost,
    ),
    (
        "a full update of the only living server wins",
        |_, state| state.fault != Fault::FullRefused,
    ),
    (
        "a full update beyond all counters of dead servers wins",
        |_, state| state.fault != Fault::ShadowOutlivesCounter,
    ),
    ("a full update closes the gap", |_, state| {
        state.fault != Fault::GapLeftOpen
    }),
    ("a late update under a known root never wins", |_, state| {
        state.fault != Fault::PartialShadow
    }),
    (
        "no late update wins where a fail-over raises the counter far",
        |_, state| state.fault != Fault::LateShadow,
    ),
    ("nothing is issued that is over", |_, state| {
        state.fault != Fault::IssuedOver
    }),
    ("everything is signed with the newest key", |_, state| {
        state.fault != Fault::WrongKey
    }),
];

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
        PROMISES
            .iter()
            .map(|(name, holds)| Property::always(name, *holds))
            .collect()
    }
}

thread_local! {
    static LAST: Cell<Option<(u64, Survey)>> = const { Cell::new(None) };
}

impl World {
    fn new(scope: &Scope) -> Self {
        Self {
            scope: scope.clone(),
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

/// What a search found.
pub(crate) struct Searched {
    /// The number of different states.
    pub(crate) states: u64,
    /// The number of steps between them.
    pub(crate) steps: u64,
    pub(crate) depth: usize,
    pub(crate) seconds: u64,
    pub(crate) tally: Tally,
    /// Broken promises, each with a shortest way to it.
    pub(crate) broken: Vec<(&'static str, Vec<Action>)>,
}

/// Looks at every state of a scope.
pub(crate) fn search(scope: &Scope, threads: usize) -> Searched {
    let started = Instant::now();
    let checker = World::new(scope).checker().threads(threads);
    searched(
        checker
            .finish_when(HasDiscoveries::AnyFailures)
            .spawn_dfs()
            .join(),
        started,
    )
}

/// Looks at the states of a scope in the order of their distance, until that promise is broken.
pub(crate) fn search_until(scope: &Scope, promise: &'static str) -> Searched {
    let started = Instant::now();
    let until = HasDiscoveries::AllOf([promise].into());
    let checker = World::new(scope).checker().finish_when(until).spawn_bfs();
    searched(checker.join(), started)
}

fn searched(checker: impl Checker<World>, started: Instant) -> Searched {
    let broken = checker.discoveries();
    // Finding the ways again counts some steps once more; none where nothing is broken.
    let tally = checker.model().tally.copy();
    Searched {
        states: checker.unique_state_count() as u64,
        steps: checker.state_count() as u64,
        depth: checker.max_depth(),
        seconds: started.elapsed().as_secs(),
        tally,
        broken: broken
            .into_iter()
            .map(|(name, path)| (name, path.into_actions()))
            .collect(),
    }
}
