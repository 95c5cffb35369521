//! The servers, held against the model's: what each says of everything that could be presented, and what its sessions know.

use std::time::Duration;

use statecookie::{FlushError, Timestamp};

use super::cookies;
use super::pool::{UNIT, key_id, scramble, seconds, time};
use super::same;
use super::visits::Visit;
use super::world::Real;
use crate::model::accept::{Presented, Reason, Restored};
use crate::model::action::What;
use crate::model::issue::Occasion;
use crate::model::state::{Progress, State, Stay};
use crate::model::tally::Event;

/// How many combinations of cookies that do not belong together are presented after each step.
const MIXES: u64 = 24;

impl<S: Visit> Real<S> {
    fn count(&self, verdict: &Result<Restored, Reason>) {
        let event = match verdict {
            Ok(_) => Some(Event::Accepted),
            Err(reason) => Event::refused(*reason),
        };
        event.into_iter().for_each(|event| self.tally.count(event));
    }

    /// Presents to every server the jar's bundle, that without its lowest cookie, every chain as it once stood, and mixes.
    pub(crate) fn check_verdicts(&self, state: &State) -> Result<(), String> {
        let rules = &self.scope.rules;
        let whats = [What::Best, What::WithoutLowest].into_iter();
        let whats = whats.chain(state.issued().map(|(slot, _)| What::Older(slot)));
        for what in whats {
            let Some(presented) = rules.presented(state, what) else {
                continue;
            };
            let bundle = cookies::bundle(rules, &self.issued, &presented);
            for server in 0..self.scope.servers {
                self.check_verdict(state, server, &presented, &bundle)?;
                let stranger = Presented {
                    identity: false,
                    ..presented
                };
                self.check_verdict(state, server, &stranger, &bundle)?;
            }
        }
        self.check_bare_updates(state)?;
        self.check_mixes(state)
    }

    fn check_verdict(
        &self,
        state: &State,
        server: usize,
        presented: &Presented,
        bundle: &[u8],
    ) -> Result<(), String> {
        let model = self.scope.rules.accept(state, server, presented);
        self.count(&model);
        let real = self.present(state, server, presented, bundle).resume();
        let told = |error| format!("{presented:?} presented to server {server}: {error}");
        let real = match (&model, real) {
            (Ok(restored), Ok(real)) => {
                same(
                    "state",
                    &S::of(&self.values(&restored.values, &restored.mutable)),
                    &*real.session,
                )
                .map_err(told)?;
                return self.check_restored(restored, &real).map_err(told);
            }
            (_, real) => real
                .map(|_| "accepted")
                .map_err(|refusal| refusal.reason.as_str()),
        };
        same(
            "verdict",
            &model.map(|_| "accepted").map_err(Reason::code),
            &real,
        )
        .map_err(told)
    }

    fn check_restored(
        &self,
        model: &Restored,
        real: &statecookie::Resumed<S>,
    ) -> Result<(), String> {
        let units = |units: i8| Duration::from_secs(u64::from(units.max(0).unsigned_abs()) * UNIT);
        let defaulted = real
            .defaulted
            .iter()
            .fold(0, |bits, tier| bits | 1 << tier.index());
        same("defaulted", &model.defaulted, &defaulted)?;
        same("age", &units(model.age), &real.age)?;
        same("skew", &units(-model.age), &real.skew)?;
        same("key", &key_id(&self.scope.rules, model.key), &real.key_id.0)
    }

    /// A full update is as good as a bundle, a partial one stands on nothing.
    fn check_bare_updates(&self, state: &State) -> Result<(), String> {
        let rules = &self.scope.rules;
        for (slot, update) in state.issued() {
            let is_full = usize::from(update.highest) == rules.root();
            let presented = if is_full {
                rules.as_issued(state, slot)
            } else {
                Presented::NOTHING
            };
            let blob = &self.issued[slot as usize].blob;
            self.check_verdict(state, 0, &presented, blob)?;
        }
        Ok(())
    }

    /// Cookies of each tier, whoever issued them.
    fn check_mixes(&self, state: &State) -> Result<(), String> {
        let rules = &self.scope.rules;
        let shelves: Vec<Vec<u8>> = (0..rules.tiers)
            .map(|tier| state.cookies(tier).collect())
            .collect();
        let all: u64 = shelves.iter().map(|shelf| shelf.len() as u64).product();
        let start = scramble(self.seed ^ u64::from(state.now) ^ all << 8);
        for nth in 0..all.min(MIXES) {
            let mut at = if all <= MIXES {
                nth
            } else {
                scramble(start ^ nth) % all
            };
            let mut presented = Presented::NOTHING;
            for (tier, shelf) in shelves.iter().enumerate() {
                presented.cookies[tier] = shelf[(at % shelf.len() as u64) as usize];
                at /= shelf.len() as u64;
            }
            let bundle = cookies::bundle(rules, &self.issued, &presented);
            self.check_verdict(
                state,
                (nth % self.scope.servers as u64) as usize,
                &presented,
                &bundle,
            )?;
        }
        Ok(())
    }

    /// What each live session knows, and that an idle flush does nothing.
    pub(crate) fn check_sessions(&mut self, state: &State) -> Result<(), String> {
        for (at, stay) in state.live_stays() {
            self.check_session(state, at, stay)
                .map_err(|error| format!("stay {at}: {error}"))?;
            self.check_idle_flush(state, at, stay)
                .map_err(|error| format!("stay {at}: {error}"))?;
        }
        Ok(())
    }

    fn check_session(&self, state: &State, at: usize, stay: &Stay) -> Result<(), String> {
        let rules = &self.scope.rules;
        let session = self.sessions[at]
            .as_ref()
            .ok_or("no session is alive there")?;
        same(
            "state",
            &S::of(&self.values(&stay.values, &stay.mutable)),
            &**session,
        )?;
        let touched = session
            .touched()
            .iter()
            .fold(0, |bits, tier| bits | 1 << tier.index());
        same("touched", &stay.touched, &touched)?;
        let dirty = stay.touched != 0 || stay.progress != Progress::Running;
        same("dirty", &dirty, &session.is_dirty())?;
        same("key", &key_id(rules, stay.key), &session.key_id().0)?;
        same(
            "id",
            &self.ids[usize::from(stay.session)],
            &Some(session.id()),
        )?;
        let end = state.sessions[usize::from(stay.session)].end;
        same("end", &time(end), &session.ends_at())?;
        let halves =
            |halves: u8| Timestamp::from_millis(seconds(0) * 1000 + u64::from(halves) * UNIT * 500);
        let due = rules.next_due(state, stay).map(halves);
        let due = if dirty {
            Some(Timestamp::from_millis(0))
        } else {
            due
        };
        same("next due", &due, &session.next_due())
    }

    /// A flush that has nothing to do says so, and one that must not be says why.
    fn check_idle_flush(&mut self, state: &State, at: usize, stay: &Stay) -> Result<(), String> {
        let rules = &self.scope.rules;
        let model = if rules.has_ended(state, stay) {
            Err(FlushError::SessionEnded)
        } else if rules.is_revoked(state, stay) {
            Err(FlushError::Revoked)
        } else if rules.highest(state, stay, Occasion::Ordinary).is_none() {
            Ok(None)
        } else {
            return Ok(());
        };
        let session = self.sessions[at]
            .as_mut()
            .ok_or("no session is alive there")?;
        let real = session.flush_at(time(state.clock(stay.server.into())));
        same(
            "idle flush",
            &model,
            &real.map(|update| update.map(|update| update.tiers())),
        )
    }
}
