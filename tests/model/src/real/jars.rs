//! The client's jar, held against the model's: what it would present, what it sees, and what any update would do to it.

use statecookie::Jar as RealJar;

use super::cookies;
use super::same;
use super::visits::Visit;
use super::world::Real;
use crate::model::action::What;
use crate::model::state::{Jar, NONE, State};

impl<S: Visit> Real<S> {
    /// Compares the jar, then what each update under way would make of it.
    pub(crate) fn check_jar(&mut self, state: &State) -> Result<(), String> {
        self.compare(state, &mut self.jar.clone())?;
        for (slot, _) in state.issued() {
            let mut jar = self.jar.clone();
            let real = jar
                .merge(&self.issued[slot as usize].blob)
                .map_err(|error| error.to_string())?;
            let (after, model) = self.scope.rules.merge(state, slot);
            let told = |error| format!("after update {slot} would arrive: {error}");
            same("merge", &format!("{model:?}"), &format!("{real:?}")).map_err(told)?;
            self.tally.merged(model);
            self.compare(
                &State {
                    jar: after,
                    ..*state
                },
                &mut jar,
            )
            .map_err(told)?;
        }
        Ok(())
    }

    fn compare(&self, state: &State, real: &mut RealJar) -> Result<(), String> {
        let (rules, model) = (&self.scope.rules, &state.jar);
        same("gap", &rules.has_gap(state, model), &real.has_gap())?;
        same("session held", &self.session_of(model), &real.session_id())?;
        let Some(presented) = rules.presented(state, What::Best) else {
            return same("nothing to present", &true, &real.is_empty());
        };
        let vector = state.update(model.best[0]).vector;
        let vector: Vec<u64> = vector[..rules.tiers]
            .iter()
            .rev()
            .map(|of| u64::from(*of))
            .collect();
        same("vector", &Some(&vector[..]), &real.vector())?;
        let bundle = cookies::bundle(rules, &self.issued, &presented);
        same("bundle", &Ok(bundle), &real.bundle())?;
        let mut origins = [NONE; crate::model::state::MAX_TIERS];
        for (tier, origin) in origins.iter_mut().enumerate().take(rules.tiers) {
            *origin = state.update(model.best[tier]).values[tier];
        }
        same(
            "view",
            &self.values(&origins, &presented.mutable),
            &S::seen(real)?,
        )
    }

    fn session_of(&self, model: &Jar) -> Option<[u8; 16]> {
        self.ids.get(usize::from(model.session)).copied().flatten()
    }
}
