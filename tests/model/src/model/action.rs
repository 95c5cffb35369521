//! What can happen next.

use super::accept::Presented;
use super::issue::Occasion;
use super::rules::Rules;
use super::scope::Scope;
use super::state::{Jar, MAX_ISSUED, MAX_STAYS, NONE, Slot, State, Stay, number_of, stay_of};
use super::tally::{Event, Tally};

/// One step of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// A server changes a value, perhaps, and flushes; where tags decide, `rank` of the tied ones are smaller.
    Issue {
        stay: u8,
        occasion: Occasion,
        rank: u8,
    },
    /// An update arrives and changes the jar. None ever leaves the network: it may come late, again and again, or never.
    Deliver { slot: Slot },
    /// An update of another session arrives, and the client goes over to it.
    Switch { slot: Slot },
    /// The client changes a value of its own.
    Change { tier: u8 },
    /// The client presents something to a server, which accepts it.
    Resume {
        server: u8,
        what: What,
        request: bool,
    },
    /// The client logs in, or in again.
    Login { stay: u8 },
    /// A server dies, with the session it held; it may be resumed on at once.
    Crash { stay: u8 },
    /// Time passes.
    Tick,
    /// A server's clock is put forwards or back.
    PutClock { server: u8, forwards: bool },
    /// A server is told to refuse all sessions born before now.
    Revoke { server: u8 },
}

/// What a client presents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// What its jar gives.
    Best,
    /// That without the cookie of tier 0.
    WithoutLowest,
    /// A chain as it stood after that update.
    Older(Slot),
}

impl Scope {
    /// All that can happen next.
    pub(crate) fn actions(&self, state: &State, tally: &Tally, out: &mut Vec<Action>) {
        self.server_actions(state, out);
        self.network_actions(state, tally, out);
        self.client_actions(state, out);
        self.time_actions(state, out);
    }

    fn server_actions(&self, state: &State, out: &mut Vec<Action>) {
        let room = state.issued().count() < self.updates;
        for (at, stay) in state.live_stays() {
            if room && usize::from(stay.issued) < MAX_ISSUED {
                self.issue_actions(state, at, stay, out);
            }
            if state.used.logins < self.logins {
                out.push(Action::Login { stay: at as u8 });
            }
            out.push(Action::Crash { stay: at as u8 });
        }
    }

    fn issue_actions(&self, state: &State, at: usize, stay: &Stay, out: &mut Vec<Action>) {
        if self.rules.has_ended(state, stay) || self.rules.is_revoked(state, stay) {
            return;
        }
        let mut try_one = |occasion| {
            let Some(draft) = self.rules.draft(state, at, occasion) else {
                return;
            };
            let ranks = 0..=draft.tie.map_or(0, |(_, tied)| tied);
            out.extend(ranks.map(|rank| Action::Issue {
                stay: at as u8,
                occasion,
                rank,
            }));
        };
        try_one(Occasion::Ordinary);
        // What a session is opened with may be anything: another value before the first flush tells nothing new.
        if stay.from == NONE && stay.issued == 0 {
            return;
        }
        (0..self.rules.tiers as u8).for_each(|tier| try_one(Occasion::Edit(tier)));
        if self.quiet {
            (0..self.rules.tiers as u8).for_each(|tier| try_one(Occasion::Quiet(tier)));
        }
        let asked = self.rules.has_gap(state, &state.jar);
        let already =
            self.rules.highest(state, stay, Occasion::Ordinary) == Some(self.rules.root());
        if asked && !already {
            try_one(Occasion::Full);
        }
    }

    fn network_actions(&self, state: &State, tally: &Tally, out: &mut Vec<Action>) {
        for (slot, update) in state.issued() {
            let (jar, merged) = self.rules.merge(state, slot);
            tally.merged(merged);
            self.count_shadow(state, slot, &jar, tally);
            if jar != state.jar {
                out.push(Action::Deliver { slot });
            }
            let full = usize::from(update.highest) == self.rules.root();
            let other = state.jar.session != NONE && state.jar.session != update.session;
            if full && other && state.used.switches < self.switches {
                out.push(Action::Switch { slot });
            }
        }
    }

    /// A later full update of the only living server, and still a dead one's chain is what the client would present.
    fn count_shadow(&self, state: &State, slot: Slot, jar: &Jar, tally: &Tally) {
        let newest = state.newest_stay();
        let is_full = usize::from(state.update(slot).highest) == self.rules.root();
        let is_later = stay_of(slot) == newest && number_of(slot) > 0;
        let shadowed = jar.has_chain() && stay_of(jar.best[0]) != newest;
        if state.late
            && !state.forked
            && is_full
            && is_later
            && shadowed
            && jar.session == state.update(slot).session
        {
            tally.count(Event::ShadowOutlivesFull);
        }
    }

    fn client_actions(&self, state: &State, out: &mut Vec<Action>) {
        if state.jar.has_chain() && state.used.changes < self.changes {
            out.extend((0..self.rules.tiers as u8).map(|tier| Action::Change { tier }));
        }
        if state.newest_stay() + 1 > self.resumes || state.newest_stay() + 1 == MAX_STAYS {
            return;
        }
        for server in (0..self.servers).filter(|server| self.is_free(state, *server)) {
            self.resume_actions(state, server, What::Best, out);
            if state.used.rollbacks < self.rollbacks {
                self.resume_actions(state, server, What::WithoutLowest, out);
                let best = state.jar.best[0];
                let older = state
                    .issued()
                    .map(|(slot, _)| slot)
                    .filter(|slot| best != *slot);
                older.for_each(|slot| self.resume_actions(state, server, What::Older(slot), out));
            }
        }
    }

    fn resume_actions(&self, state: &State, server: usize, what: What, out: &mut Vec<Action>) {
        let accepted = self
            .rules
            .presented(state, what)
            .is_some_and(|presented| self.rules.accept(state, server, &presented).is_ok());
        let kinds: &[bool] = if self.requests {
            &[false, true]
        } else {
            &[false]
        };
        if accepted {
            let server = server as u8;
            out.extend(kinds.iter().map(|request| Action::Resume {
                server,
                what,
                request: *request,
            }));
        }
    }

    /// Whether a server holds no session; of several that nothing tells apart, only the first counts.
    fn is_free(&self, state: &State, server: usize) -> bool {
        let holds = |server: usize| {
            state
                .live_stays()
                .any(|(_, stay)| usize::from(stay.server) == server)
        };
        let like = |other: usize| {
            state.skew[other] == state.skew[server]
                && state.revoked[other] == state.revoked[server]
                && !holds(other)
        };
        !holds(server) && !(0..server).any(like)
    }

    fn time_actions(&self, state: &State, out: &mut Vec<Action>) {
        if state.now < self.end() {
            out.push(Action::Tick);
        }
        for server in 0..self.servers {
            if state.used.clock_steps < self.clock_steps {
                let put = |forwards| Action::PutClock {
                    server: server as u8,
                    forwards,
                };
                out.extend([true, false].map(put));
            }
            if state.used.revocations < self.revocations {
                out.push(Action::Revoke {
                    server: server as u8,
                });
            }
        }
    }
}

impl Rules {
    /// The cookies that a client presents, if it has them.
    pub(crate) fn presented(&self, state: &State, what: What) -> Option<Presented> {
        let mut presented = match what {
            What::Best | What::WithoutLowest => self.best_presented(state)?,
            What::Older(slot) => self.as_issued(state, slot),
        };
        if what == What::WithoutLowest {
            presented.cookies[0] = NONE;
        }
        Some(presented)
    }

    /// What the jar gives: the best chain with the client's own values.
    fn best_presented(&self, state: &State) -> Option<Presented> {
        if !state.jar.has_chain() {
            return None;
        }
        let mut presented = Presented {
            cookies: state.jar.best,
            mutable: Default::default(),
            identity: true,
        };
        for tier in 0..self.tiers {
            let issued = state.update(state.jar.best[tier]).mutable[tier];
            presented.mutable[tier] = state.jar.own[tier].checked_sub(1).unwrap_or(issued);
        }
        Some(presented)
    }

    /// The chain as it stood after an update, with the values as issued.
    pub(crate) fn as_issued(&self, state: &State, slot: Slot) -> Presented {
        let update = state.update(slot);
        let mut presented = Presented {
            cookies: update.chain,
            mutable: update.mutable,
            identity: true,
        };
        for tier in 0..self.tiers {
            if update.carries(tier) {
                presented.cookies[tier] = slot;
            } else {
                presented.mutable[tier] = state.update(update.chain[tier]).mutable[tier];
            }
        }
        for tier in self.tiers..presented.cookies.len() {
            presented.cookies[tier] = NONE;
        }
        presented
    }
}
