//! What holds in every state: the promises about what a server accepts, looked at for everything that could be presented.

use super::accept::{Presented, Reason, Restored};
use super::scope::Scope;
use super::state::{MAX_TIERS, NONE, Slot, State};
use super::tally::{Event, Tally};

/// The promises that were broken in a state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    pub(crate) not_issued: bool,
    pub(crate) mix: bool,
    pub(crate) too_old: bool,
    pub(crate) not_presentable: bool,
    pub(crate) stranger: bool,
}

impl Scope {
    /// Presents to every server whatever can be put together of all cookies issued so far.
    pub(crate) fn survey(&self, state: &State, tally: &Tally) -> Survey {
        let mut survey = Survey::default();
        let mut counts = Counts::default();
        self.each_combination(state, |presented| {
            for server in 0..self.servers {
                let verdict = self.rules.accept(state, server, presented);
                counts.count(&verdict);
                if verdict == Err(Reason::Unlinked) {
                    break;
                }
                if let Ok(restored) = verdict {
                    self.judge_accepted(state, presented, &restored, &mut survey);
                }
            }
        });
        self.survey_chains(state, &mut survey, &mut counts);
        counts.add_to(tally);
        survey
    }

    /// One cookie of each tier, whoever issued it; and the same without tier 0.
    fn each_combination(&self, state: &State, mut visit: impl FnMut(&Presented)) {
        let mut presented = Presented::NOTHING;
        self.combine(state, self.rules.root(), &mut presented, &mut visit);
    }

    fn combine(
        &self,
        state: &State,
        tier: usize,
        presented: &mut Presented,
        visit: &mut impl FnMut(&Presented),
    ) {
        for cookie in state.cookies(tier) {
            presented.cookies[tier] = cookie;
            match tier {
                0 => visit(presented),
                _ => self.combine(state, tier - 1, presented, visit),
            }
        }
        presented.cookies[tier] = NONE;
        if tier == 0 {
            visit(presented);
        }
    }

    fn judge_accepted(
        &self,
        state: &State,
        presented: &Presented,
        restored: &Restored,
        survey: &mut Survey,
    ) {
        let lowest = presented.lowest().unwrap_or_default();
        let counts = |tier: &usize| restored.defaulted & 1 << tier == 0;
        let whole = state.update(presented.cookies[lowest]);
        survey.mix |=
            (lowest..self.rules.tiers).any(|tier| presented.cookies[tier] != whole.chain[tier]);
        survey.not_issued |= (0..self.rules.tiers)
            .filter(counts)
            .any(|tier| restored.values[tier] != whole.values[tier]);
        survey.too_old |= (lowest..self.rules.tiers)
            .filter(counts)
            .any(|tier| self.is_too_old(state, presented.cookies[tier], tier));
    }

    /// By a clock that no server has: older than its validity, the leeway, and what clocks may differ.
    fn is_too_old(&self, state: &State, cookie: Slot, tier: usize) -> bool {
        let age = state.now - state.update(cookie).issued_at;
        let of_session = state.now - Self::START;
        age > self.rules.valid_for[tier] + self.rules.leeway + self.apart
            || of_session > self.rules.session_max + self.apart
    }

    /// Every chain as it once stood, presented to every server.
    fn survey_chains(&self, state: &State, survey: &mut Survey, counts: &mut Counts) {
        let mut accepted = [(NONE, NONE); 2];
        for (slot, update) in state.issued() {
            let chain = self.rules.as_issued(state, slot);
            let ends = update.not_after[..self.rules.tiers].iter().min();
            if usize::from(update.highest) < self.rules.root() {
                counts.count(&self.rules.accept(state, 0, &Presented::NOTHING));
            }
            for server in 0..self.servers {
                let verdict = self.rules.accept(state, server, &chain);
                let alive = ends.is_some_and(|ends| state.clock(server) < *ends);
                survey.not_presentable |=
                    alive && !self.is_presentable(state, server, update.session, &verdict);
                if verdict.is_ok() {
                    if update.session > 0 {
                        let stranger = self.as_stranger(state, server, &chain);
                        survey.stranger |= stranger != Err(Reason::BadTag);
                        counts.count(&stranger);
                    }
                    counts.both_branches |= branches(
                        &mut accepted,
                        update.chain,
                        update.vector,
                        self.rules.root(),
                    );
                }
            }
        }
    }

    fn is_presentable(
        &self,
        state: &State,
        server: usize,
        session: u8,
        verdict: &Result<Restored, Reason>,
    ) -> bool {
        let far_apart = self.apart > self.rules.leeway;
        let revoked = state.sessions[usize::from(session)].born < state.revoked[server];
        match verdict {
            Ok(restored) => restored.defaulted == 0,
            Err(Reason::NotYetValid) => far_apart,
            Err(Reason::Revoked) => revoked,
            Err(_) => false,
        }
    }

    /// What becomes of the chain if somebody else presents it.
    fn as_stranger(
        &self,
        state: &State,
        server: usize,
        chain: &Presented,
    ) -> Result<Restored, Reason> {
        let stranger = Presented {
            identity: false,
            ..*chain
        };
        self.rules.accept(state, server, &stranger)
    }
}

/// Whether a root was accepted before that has the same counter and is another one.
fn branches(
    accepted: &mut [(Slot, u8); 2],
    chain: [Slot; MAX_TIERS],
    vector: [u8; MAX_TIERS],
    root: usize,
) -> bool {
    let this = (chain[root], vector[root]);
    let other = accepted
        .iter()
        .any(|other| other.1 == this.1 && other.0 != this.0);
    if let Some(free) = accepted
        .iter_mut()
        .find(|place| place.0 == NONE || **place == this)
    {
        *free = this;
    }
    other
}

/// What was counted in one state.
#[derive(Default)]
struct Counts {
    accepted: u64,
    refused: [u64; 16],
    both_branches: bool,
}

const REASONS: [Reason; 10] = [
    Reason::BadTag,
    Reason::Expired,
    Reason::KeyExpired,
    Reason::Malformed,
    Reason::MissingTier,
    Reason::NotYetValid,
    Reason::Revoked,
    Reason::SessionEnded,
    Reason::UnknownKey,
    Reason::Unlinked,
];

impl Counts {
    fn count(&mut self, verdict: &Result<Restored, Reason>) {
        match verdict {
            Ok(_) => self.accepted += 1,
            Err(reason) => self.refused[*reason as usize] += 1,
        }
    }

    fn add_to(&self, tally: &Tally) {
        tally.add(Event::Accepted, self.accepted);
        tally.add(Event::BothBranchesAccepted, self.both_branches.into());
        for reason in REASONS {
            if let Some(event) = Event::refused(reason) {
                tally.add(event, self.refused[reason as usize]);
            }
        }
    }
}
