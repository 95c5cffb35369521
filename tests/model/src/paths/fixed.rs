//! One path, on the library.

use super::{Compared, compare, told};
use crate::model::action::Action;
use crate::model::scope::Scope;
use crate::model::state::State;
use crate::real::pool::{Servers, scramble};
use crate::real::visits::Visit;
use crate::real::world::{Done, Real};

/// A path that grows and shrinks, and is run from its start each time.
pub(super) struct Fixed<'a, S: Visit> {
    pub(super) scope: &'a Scope,
    pub(super) compared: &'a Compared,
    servers: Servers<S>,
    seed: u64,
    /// The states along the path, and the actions between them.
    states: Vec<State>,
    pub(super) actions: Vec<Action>,
    /// How many of its steps were compared with the random bytes of the last attempt.
    done: usize,
    attempt: u64,
}

/// How often a path is begun anew with other random bytes until its tags are ordered as the model wants them.
const ATTEMPTS: u64 = 4096;

impl<'a, S: Visit> Fixed<'a, S> {
    pub(super) fn new(scope: &'a Scope, seed: u64, compared: &'a Compared) -> Result<Self, String> {
        Ok(Self {
            scope,
            compared,
            servers: Servers::of(scope)?,
            seed,
            states: Vec::new(),
            actions: Vec::new(),
            done: 0,
            attempt: 0,
        })
    }

    /// Begins with another world.
    pub(super) fn begin(&mut self, state: State) {
        self.states = vec![state];
        self.actions.clear();
        self.done = 0;
    }

    /// Where the path has come to.
    pub(super) fn last(&self) -> State {
        self.states[self.states.len() - 1]
    }

    pub(super) fn push(&mut self, action: Action, state: State) {
        self.actions.push(action);
        self.states.push(state);
    }

    pub(super) fn pop(&mut self) {
        self.actions.pop();
        self.states.pop();
        self.done = self.done.min(self.actions.len());
    }

    /// Runs the path, with other random bytes until the tags are ordered as in it.
    pub(super) fn run(&mut self) -> Result<(), String> {
        self.compared.ran(self.actions.len());
        for _ in 0..ATTEMPTS {
            if self.attempt().map_err(|error| self.told(&error))? {
                return Ok(());
            }
            self.compared.begun_anew();
            self.attempt += 1;
            self.done = 0;
        }
        Err(self.told("no random bytes order the tags as the model wants them"))
    }

    /// Runs the path; false if the tags are ordered otherwise than in it.
    fn attempt(&mut self) -> Result<bool, String> {
        let mut real = Real::<S>::begin(self.scope, &self.servers, &self.states[0], self.seed())?;
        for (at, action) in self.actions.iter().enumerate() {
            let (before, after) = (&self.states[at], &self.states[at + 1]);
            let done = real.step(before, after, *action)?;
            if let (Done::Ranked(real), Action::Issue { rank, .. }) = (done, action)
                && real != *rank
            {
                return Ok(false);
            }
            if at >= self.done {
                compare(&mut real, after, self.compared)?;
            }
        }
        self.done = self.actions.len();
        self.compared.tally.add_all(&real.tally);
        Ok(true)
    }

    fn seed(&self) -> u64 {
        scramble(self.seed ^ self.attempt)
    }

    fn told(&self, error: &str) -> String {
        told(self.scope, self.seed(), &self.actions, error)
    }
}
