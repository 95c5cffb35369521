//! What a step makes of the world, and whether a promise about steps was broken.

use super::action::{Action, What};
use super::issue::{CLIENT_STEP, Occasion};
use super::jar::{Merged, held, is_same};
use super::scope::Scope;
use super::state::{
    Fault, Jar, MAX_SERVERS, MAX_STAYS, MAX_TIERS, NONE, Progress, SLOTS, SessionTimes, Slot,
    State, Stay, Update, Used, stay_of,
};
use super::tally::{Event, Tally};

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
            Action::Crash { stay } => kill(&mut state.stays[usize::from(stay)]),
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
        tally.issued(&self.rules, state, &stay, &draft);
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
        let is_late = stay_of(slot) != state.newest_stay();
        state.late |= is_late;
        if let Some(fault) = self.went_back(&before, state) {
            state.fault = fault;
        } else if !state.forked {
            self.judge_loss(&before, state, tally);
            if !is_late {
                self.judge_newest(state, slot, merged, tally);
            }
        }
    }

    fn went_back(&self, before: &State, after: &State) -> Option<Fault> {
        let (old, new) = (&before.jar, &after.jar);
        let back = old.has_chain()
            && (!new.has_chain() || self.rules.cmp_chains(after, &new.best, &old.best).is_lt());
        back.then_some(Fault::JarWentBack)
    }

    /// Without a fork: does the chain that would be presented now go back on one that the client had reported?
    fn judge_loss(&self, before: &State, after: &mut State, tally: &Tally) {
        let (old, new) = (before.jar.best[0], after.jar.best[0]);
        if old == NONE || after.went_into(old, new) {
            return;
        }
        let newest = after.newest_stay();
        if stay_of(old) == newest && stay_of(new) != newest {
            self.judge_shadow(before, after, tally);
        } else {
            tally.count(Event::LateAckLost);
        }
        if !after.late {
            after.fault = Fault::AckLost;
        }
    }

    /// A message of a dead server has put a chain of its own over the new server's.
    fn judge_shadow(&self, before: &State, after: &mut State, tally: &Tally) {
        let root = self.rules.root();
        let (old, new) = (
            before.update(before.jar.best[0]),
            after.update(after.jar.best[0]),
        );
        if new.vector[root] > old.vector[root] {
            tally.count(Event::LateFullGreater);
        } else {
            tally.count(Event::LateFullTied);
        }
        // A root that the client had when it failed over is older than all that the new server issued.
        let had = after.went_into(new.chain[root], after.stays[after.newest_stay()].from);
        let requests = after.stays.iter().any(|stay| stay.request);
        if had && !requests {
            after.fault = Fault::PartialShadow;
        }
        if self.rules.stride > 1 {
            after.fault = Fault::LateShadow;
        }
    }

    /// What the newest server's updates must do to a jar, as long as it is the only one.
    fn judge_newest(&self, after: &mut State, slot: Slot, merged: Merged, tally: &Tally) {
        let newest = after.newest_stay();
        let is_full = usize::from(after.update(slot).highest) == self.rules.root();
        let is_last = slot + 1 == super::state::slot(newest, after.stays[newest].issued.into());
        if after.late {
            return;
        }
        if is_full && stay_of(after.jar.best[0]) != newest {
            after.fault = Fault::FirstUpdateRefused;
        }
        if is_full && is_last && merged == Merged::NeedsFull {
            self.judge_gap(after, tally);
        }
    }
}

impl Scope {
    /// What waits stands under a full update of a dead server that never arrived, or something is wrong.
    fn judge_gap(&self, after: &mut State, tally: &Tally) {
        let (newest, root) = (after.newest_stay(), self.rules.root());
        let waiting =
            (0..root).flat_map(|tier| held(&after.jar, tier).map(move |slot| (tier, slot)));
        let known =
            |slot: Slot| held(&after.jar, root).any(|held| is_same(after, held, slot, root));
        let explained = |slot: Slot| stay_of(slot) != newest && !known(slot);
        let greater = |(tier, slot): &(usize, Slot)| {
            self.rules
                .cmp_prefix(after, *slot, after.jar.best[0], *tier)
                .is_gt()
        };
        if waiting.filter(greater).all(|(_, slot)| explained(slot)) {
            tally.count(Event::GapOutlivesFull);
        } else {
            after.fault = Fault::GapLeftOpen;
        }
    }
}

fn kill(stay: &mut Stay) {
    *stay = stay.dead();
}
