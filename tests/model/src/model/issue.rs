//! Section 10: which cookies a flush re-issues, with which sequence numbers, times and key.

use super::rules::{Flaw, Rules};
use super::state::{MAX_TIERS, NONE, Progress, Slot, State, Stay, Update, slot};

/// Why and with what a flush is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// Nothing was changed since the last one.
    Ordinary,
    /// A tier's value was changed.
    Edit(u8),
    /// A tier's value was changed, by a request that no user made: nothing is renewed.
    Quiet(u8),
    /// The client asked for all tiers.
    Full,
}

impl Occasion {
    /// The tier whose value was changed.
    pub(crate) fn tier(self) -> Option<usize> {
        match self {
            Self::Edit(tier) | Self::Quiet(tier) => Some(tier.into()),
            Self::Ordinary | Self::Full => None,
        }
    }
}

/// How far values are changed: by a server, and by the client.
pub(crate) const SERVER_STEP: u8 = 2;
pub(crate) const CLIENT_STEP: u8 = 1;

/// An update about to be issued, as far as its tags have no say.
pub(crate) struct Draft {
    pub(crate) slot: Slot,
    pub(crate) update: Update,
    /// The tier at which other cookies have the same parent and vector, and how many of them.
    pub(crate) tie: Option<(usize, u8)>,
}

impl Rules {
    /// Whether a session of that stay is over, so that nothing is issued any more.
    pub(crate) fn has_ended(&self, state: &State, stay: &Stay) -> bool {
        state.clock(stay.server as usize) >= state.sessions[stay.session as usize].end
    }

    /// Whether the server refuses sessions as old as this one.
    pub(crate) fn is_revoked(&self, state: &State, stay: &Stay) -> bool {
        state.sessions[stay.session as usize].born < state.revoked[stay.server as usize]
    }

    /// The highest tier that a flush re-issues, if any.
    pub(crate) fn highest(&self, state: &State, stay: &Stay, occasion: Occasion) -> Option<usize> {
        let clock = state.clock(stay.server as usize);
        let rekeyed = stay.key != self.signing_key(clock) && !self.is(Flaw::KeyKept);
        let presented = stay.progress == Progress::Presented && !self.is(Flaw::FirstFlushPartial);
        let full = rekeyed && !self.is(Flaw::KeyChangePartial)
            || occasion == Occasion::Full
            || stay.progress == Progress::New
            || presented;
        if full {
            return Some(self.root());
        }
        let touched = stay.touched | occasion.tier().map_or(0, |tier| 1 << tier);
        let due = match occasion {
            Occasion::Quiet(_) => 0,
            _ => self.due(state, stay, clock),
        };
        let wanted = touched | due;
        let highest = (0..self.tiers).rev().find(|tier| wanted & 1 << tier != 0)?;
        Some(self.under_a_live_parent(stay, highest, clock))
    }

    /// What a flush of a live stay would issue.
    pub(crate) fn draft(&self, state: &State, at: usize, occasion: Occasion) -> Option<Draft> {
        let stay = &state.stays[at];
        let highest = self.highest(state, stay, occasion)?;
        let slot = slot(at, stay.issued as usize);
        let clock = state.clock(stay.server as usize);
        let mut update = self.continued(state, stay, highest, clock);
        if let Some(tier) = occasion.tier() {
            self.edit(&mut update, tier, slot);
        }
        let times = state.sessions[stay.session as usize];
        for tier in (0..=highest).rev() {
            let floor = if tier == self.root() {
                times.born
            } else {
                update.not_before[tier + 1]
            };
            let ceiling = if tier == self.root() {
                times.end.min(self.accept_until(update.key))
            } else {
                update.not_after[tier + 1]
            };
            let begins = clock.max(floor).max(stay.not_before[tier]);
            update.not_before[tier] = begins;
            update.not_after[tier] = (clock + self.valid_for[tier]).min(ceiling).max(begins);
            update.chain[tier] = slot;
        }
        let tie = self.same_or_tied(state, &mut update, highest);
        Some(Draft { slot, update, tie })
    }

    /// The chain that the stay goes on from, with the counters of those re-issued raised.
    fn continued(&self, state: &State, stay: &Stay, highest: usize, clock: u8) -> Update {
        let rekeyed = !self.is(Flaw::KeyKept);
        let mut vector = stay.vector;
        vector[..highest].fill(0);
        vector[highest] += match stay.progress {
            Progress::New => 0,
            Progress::Presented if self.is(Flaw::CounterNotRaised) => 0,
            Progress::Presented => self.stride,
            Progress::Running => 1,
        };
        Update {
            highest: highest as u8,
            session: stay.session,
            key: if rekeyed {
                self.signing_key(clock)
            } else {
                stay.key
            },
            issued_at: state.now,
            vector,
            not_before: stay.not_before,
            not_after: stay.not_after,
            chain: stay.chain,
            values: stay.values,
            mutable: stay.mutable,
            rank: [0; MAX_TIERS],
        }
    }

    fn edit(&self, update: &mut Update, tier: usize, slot: Slot) {
        if self.has_signed(tier) {
            update.values[tier] = slot;
        } else {
            update.mutable[tier] += SERVER_STEP;
        }
    }

    /// Finds cookies that are the very same as new ones (they then are one), and those from which only the tag tells.
    fn same_or_tied(
        &self,
        state: &State,
        update: &mut Update,
        highest: usize,
    ) -> Option<(usize, u8)> {
        for tier in (0..=highest).rev() {
            let tied = || {
                state
                    .cookies(tier)
                    .filter(|other| self.is_tied(state, update, *other, tier))
            };
            let twin = tied().find(|other| self.is_same(update, state.update(*other), tier));
            if let Some(twin) = twin {
                update.chain[tier] = twin;
                continue;
            }
            let count = tied().count() as u8;
            return (count > 0).then_some((tier, count));
        }
        None
    }

    fn is_tied(&self, state: &State, update: &Update, other: Slot, tier: usize) -> bool {
        let other = state.update(other);
        let same_parent = if tier == self.root() {
            other.session == update.session
        } else {
            other.chain[tier + 1] == update.chain[tier + 1]
        };
        same_parent && other.vector[tier] == update.vector[tier]
    }

    /// Whether the signed parts are the same, byte for byte: the private values' nonce is random.
    fn is_same(&self, one: &Update, other: &Update, tier: usize) -> bool {
        !self.has_private(tier)
            && one.key == other.key
            && one.not_before[tier] == other.not_before[tier]
            && one.not_after[tier] == other.not_after[tier]
            && one.values[tier] == other.values[tier]
    }

    /// Issues a draft; where tags decide, `rank` says how many of the tied cookies' tags are smaller.
    pub(crate) fn issue(&self, state: &mut State, at: usize, draft: Draft, rank: u8) {
        let Draft {
            slot,
            mut update,
            tie,
        } = draft;
        if let Some((tier, _)) = tie {
            self.make_room(state, &update, tier, rank);
            update.rank[tier] = rank;
        }
        state.updates[slot as usize] = update;
        let stay = &mut state.stays[at];
        stay.issued += 1;
        stay.progress = Progress::Running;
        stay.touched = 0;
        stay.key = update.key;
        stay.vector = update.vector;
        stay.not_before = update.not_before;
        stay.not_after = update.not_after;
        stay.chain = update.chain;
        stay.values = update.values;
        stay.mutable = update.mutable;
    }

    /// The cookies from which a new one of that tier is told by its tag alone.
    pub(crate) fn tied(&self, state: &State, update: &Update, tier: usize) -> Vec<Slot> {
        state
            .cookies(tier)
            .filter(|other| self.is_tied(state, update, *other, tier))
            .collect()
    }

    fn make_room(&self, state: &mut State, update: &Update, tier: usize, rank: u8) {
        for other in self.tied(state, update, tier) {
            let place = &mut state.updates[other as usize].rank[tier];
            *place += u8::from(*place >= rank);
        }
    }

    /// A stay that goes on from nothing but a state.
    pub(crate) fn opened(&self, server: usize, clock: u8) -> Stay {
        Stay {
            used: true,
            alive: true,
            from: NONE,
            server: server as u8,
            key: self.signing_key(clock),
            chain: [NONE; MAX_TIERS],
            values: [NONE; MAX_TIERS],
            ..Stay::default()
        }
    }
}
