//! What a step makes of the world.

use super::action::{Action, What};
use super::issue::{CLIENT_STEP, Occasion};
use super::scope::Scope;
use super::state::{
    Fault, Jar, MAX_SERVERS, MAX_STAYS, MAX_TIERS, NONE, Progress, SLOTS, SessionTimes, Slot,
    State, Stay, Update, Used, stay_of,
};
use super::tally::Tally;

impl Scope {
    /// The worlds at the start, one for each choice of skews: a session was opened on the first server.
    pub(crate) fn init_states(&self) -> Vec<State> {
        self.skews
            .iter()
            .map(|skew| self.init_state(*skew))
            .collect()
    }

    fn init_state(&self, skew: [i8; MAX_SERVERS]) -> State {
        let mut state = State {
            now: Self::START,
            skew,
            revoked: [0; MAX_SERVERS],
            sessions: Default::default(),
            stays: [Stay::default(); MAX_STAYS],
            updates: [Update::default(); SLOTS],
            jar: Jar::EMPTY,
            used: Used::default(),
            forked: false,
            late: false,
            fault: Fault::None,
        };
        let born = state.clock(0);
        state.stays[0] = self.rules.opened(0, born);
        state.sessions[0] = SessionTimes {
            born,
            end: born + self.rules.session_max,
        };
        state
    }

    /// The world after an action that can happen.
    pub(crate) fn step(&self, before: &State, action: Action, tally: &Tally) -> State {
        let mut state = *before;
        match action {
            Action::Issue {
                stay,
                occasion,
                rank,
            } => self.issue(&mut state, stay.into(), occasion, rank, tally),
            Action::Deliver { slot } => self.deliver(&mut state, slot, tally),
            Action::Switch { slot } => {
                state.jar = Jar::EMPTY;
                state.jar = self.rules.merge(&state, slot).0;
                state.used.switches += 1;
                state.late |= stay_of(slot) != state.newest_stay();
            }
            Action::Change { tier } => self.change(&mut state, tier.into()),
            Action::Resume {
                server,
                what,
                request,
            } => self.resume(&mut state, server, what, request, tally),
            Action::Login { stay } => self.login(&mut state, stay.into()),
            Action::Crash { stay } => state.stays[usize::from(stay)].die(),
            Action::Tick => state.now += 1,
            Action::PutClock { server, forwards } => {
                state.skew[usize::from(server)] += if forwards { 1 } else { -1 };
                state.used.clock_steps += 1;
            }
            Action::Revoke { server } => {
                state.revoked[usize::from(server)] = state.clock(server.into());
                state.used.revocations += 1;
            }
        }
        state
    }

    fn issue(&self, state: &mut State, at: usize, occasion: Occasion, rank: u8, tally: &Tally) {
        let Some(draft) = self.rules.draft(state, at, occasion) else {
            return;
        };
        let (slot, stay) = (draft.slot, state.stays[at]);
        tally.issued(&self.rules, &stay, &draft, occasion);
        self.rules.issue(state, at, draft, rank);
        let update = state.update(slot);
        let clock = state.clock(stay.server.into());
        if update.key != self.rules.signing_key(clock) {
            state.fault = Fault::WrongKey;
        } else if (0..self.rules.tiers).any(|tier| update.not_after[tier] <= clock) {
            state.fault = Fault::IssuedOver;
        }
    }

    fn change(&self, state: &mut State, tier: usize) {
        let issued = state.update(state.jar.best[tier]).mutable[tier];
        let value = state.jar.own[tier].checked_sub(1).unwrap_or(issued);
        state.jar.own[tier] = value + CLIENT_STEP + 1;
        state.used.changes += 1;
    }

    fn resume(&self, state: &mut State, server: u8, what: What, request: bool, tally: &Tally) {
        let Some(presented) = self.rules.presented(state, what) else {
            return;
        };
        let accepted = self.rules.accept(state, server.into(), &presented);
        let (Ok(restored), Some(lowest)) = (accepted, presented.lowest()) else {
            return;
        };
        let from = presented.cookies[lowest];
        tally.resumed(state, from, &restored);
        let above = state.update(from);
        let mut stay = Stay {
            used: true,
            alive: true,
            from,
            request,
            server,
            progress: if request {
                Progress::Running
            } else {
                Progress::Presented
            },
            session: above.session,
            key: restored.key,
            chain: [NONE; MAX_TIERS],
            values: restored.values,
            mutable: restored.mutable,
            ..Stay::default()
        };
        for tier in lowest..self.rules.tiers {
            let cookie = state.update(presented.cookies[tier]);
            stay.chain[tier] = cookie.chain[tier];
            stay.vector[tier] = cookie.vector[tier];
            stay.not_before[tier] = cookie.not_before[tier];
            stay.not_after[tier] = cookie.not_after[tier];
        }
        // The parent of what was defaulted is re-issued too.
        if restored.defaulted != 0 {
            stay.touched = restored.defaulted << 1 | 1;
        }
        state.forked |= what != What::Best || state.live_stays().next().is_some();
        state.used.rollbacks += u8::from(what != What::Best);
        let at = state.newest_stay() + 1;
        state.stays[at] = stay;
    }

    /// A new session id, born now, and a binding; the absolute end stays.
    fn login(&self, state: &mut State, at: usize) {
        let stay = state.stays[at];
        let old = state.sessions[usize::from(stay.session)];
        let born = state.clock(stay.server.into()).clamp(old.born, old.end);
        state.used.logins += 1;
        let session = state.used.logins;
        state.sessions[usize::from(session)] = SessionTimes { born, end: old.end };
        let stay = &mut state.stays[at];
        stay.session = session;
        if stay.progress == Progress::Running {
            stay.progress = Progress::Presented;
        }
    }

    fn deliver(&self, state: &mut State, slot: Slot, tally: &Tally) {
        let before = *state;
        let (jar, merged) = self.rules.merge(state, slot);
        state.jar = jar;
        state.late |= stay_of(slot) != state.newest_stay();
        self.judge(&before, state, slot, merged, tally);
    }
}
