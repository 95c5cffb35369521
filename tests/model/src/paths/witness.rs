//! The shortest way to something rare, on the library: random paths may never come there.

use stateright::{Checker, Model, Property};

use super::Compared;
use super::fixed::Fixed;
use crate::model::action::Action;
use crate::model::scope::Scope;
use crate::model::state::State;
use crate::model::tally::{Event, Tally};
use crate::real::visits::Duo;

/// Finds the shortest way to an event within a scope of two tiers, and runs it.
pub(crate) fn witness(
    scope: &Scope,
    event: Event,
    seed: u64,
) -> Result<(Vec<Action>, Compared), String> {
    let model = Wanted {
        scope: scope.clone(),
        event,
    };
    let found = model.checker().spawn_bfs().join().discovery(NAME);
    let mut states = found
        .ok_or(format!("{event:?} never happens"))?
        .into_states();
    let compared = Compared::default();
    let mut path = Fixed::<Duo>::new(scope, seed, &compared)?;
    path.begin(states.remove(0));
    for state in states {
        let action = leads_to(scope, &path.last(), &state).ok_or("a way with a gap")?;
        path.push(action, state);
    }
    let last = path.last();
    if let Some(action) = scope_actions(scope, &last)
        .into_iter()
        .find(|action| counts(scope, &last, *action, event))
    {
        path.push(action, scope.step(&last, action, &Tally::default()));
    }
    path.run()?;
    compared.tally.count(event);
    Ok((path.actions, compared))
}

const NAME: &str = "it happens";

/// The model, asked for one event only.
struct Wanted {
    scope: Scope,
    event: Event,
}

impl Model for Wanted {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        self.scope.init_states()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        self.scope.actions(state, &Tally::default(), actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        Some(self.scope.step(state, action, &Tally::default()))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![Property::sometimes(NAME, |model: &Self, state| {
            model.happens_after(state)
        })]
    }
}

impl Wanted {
    /// Whether the event is counted in a state or in a step from it.
    fn happens_after(&self, state: &State) -> bool {
        let told = Tally::default();
        self.scope.actions(state, &told, &mut Vec::new());
        told.of(self.event) > 0
            || scope_actions(&self.scope, state)
                .into_iter()
                .any(|action| counts(&self.scope, state, action, self.event))
    }
}

fn counts(scope: &Scope, state: &State, action: Action, event: Event) -> bool {
    let told = Tally::default();
    scope.step(state, action, &told);
    told.of(event) > 0
}

fn leads_to(scope: &Scope, from: &State, to: &State) -> Option<Action> {
    let mut actions = scope_actions(scope, from).into_iter();
    actions.find(|action| scope.step(from, *action, &Tally::default()) == *to)
}

fn scope_actions(scope: &Scope, state: &State) -> Vec<Action> {
    let mut actions = Vec::new();
    scope.actions(state, &Tally::default(), &mut actions);
    actions
}
