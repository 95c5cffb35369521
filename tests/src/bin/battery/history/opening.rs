//! Sessions are opened, two alike at a time.

use statecookie::Timestamp;

use super::events::Event;
use super::live::{Live, Next};
use super::plan::{IDENTITIES, SERVERS};
use super::play::{Flush, MOST_LIVES, Outcome, Play};
use crate::schemas::Known;
use crate::wire::MOST_TIERS;

impl<S: Known> Play<'_, S> {
    /// Two sessions that begin alike, at one server, at the same moment.
    pub(super) fn open_two(&mut self) -> Outcome {
        let (state, identity) = (S::draw(&mut self.dice), self.any_identity());
        let server = self.dice.index(SERVERS);
        self.groups += 1;
        let group = self.groups - 1;
        for _ in 0..2 {
            let live = self.open(server, state.clone(), identity, group)?;
            self.admit(live);
        }
        self.flush_group(group, Flush::Ordinary)
    }

    fn open(
        &mut self,
        server: usize,
        state: S,
        identity: Option<usize>,
        group: usize,
    ) -> Result<Live<S>, String> {
        let now = self.time_at(server);
        let at = Timestamp::from_millis(now);
        let pool = &self.pools[server].0;
        let session = match identity {
            Some(identity) => pool.open_bound_at(state.clone(), IDENTITIES[identity], at),
            None => pool.open_at(state.clone(), at),
        };
        let session = session.map_err(|error| format!("not opened: {error}"))?;
        self.events.count(Event::Session);
        if identity.is_some() {
            self.events.count(Event::Bound);
        }
        Ok(Live {
            session,
            state,
            server,
            identity,
            born: now / 1000,
            end: now / 1000 + S::FACTS.session_max,
            chain: [None; MOST_TIERS],
            next: Next::First,
            group,
        })
    }

    /// One more session; too many, and the oldest is left alone.
    pub(super) fn admit(&mut self, live: Live<S>) {
        if self.lives.len() >= MOST_LIVES {
            self.lives.remove(0);
        }
        self.lives.push(live);
    }
}
