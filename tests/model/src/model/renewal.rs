//! Section 10, "Renewal" and "A live parent": what is due, and when the next thing will be.

use super::rules::{Flaw, Rules};
use super::state::{State, Stay};

impl Rules {
    /// The tiers to be renewed, one bit each: at half of their life.
    pub(crate) fn due(&self, state: &State, stay: &Stay, clock: u8) -> u8 {
        let end = state.sessions[stay.session as usize].end;
        let mut due = 0;
        for tier in 0..self.tiers {
            let (begins, ends) = (stay.not_before[tier], stay.not_after[tier]);
            let last = if tier == self.root() {
                end.min(self.accept_until(stay.key))
            } else {
                end
            };
            let can_be_extended = (clock + self.valid_for[tier]).min(last) > ends;
            let life = ends.saturating_sub(begins).min(self.valid_for[tier]);
            let at_half_life = 2 * clock >= 2 * begins + life;
            let cuts_the_one_below =
                tier > 0 && due & 1 << (tier - 1) != 0 && clock + self.valid_for[tier - 1] > ends;
            if can_be_extended && (at_half_life || cuts_the_one_below) {
                due |= 1 << tier;
            }
        }
        due
    }

    /// Nobody would restore a cookie under a parent that is over: the parent goes along.
    pub(crate) fn under_a_live_parent(&self, stay: &Stay, mut highest: usize, clock: u8) -> usize {
        while highest < self.root()
            && stay.not_after[highest + 1] <= clock
            && !self.is(Flaw::ParentOverStays)
        {
            highest += 1;
        }
        highest
    }

    /// When the next flush of a session that is not dirty has something to do, in halves of a unit.
    pub(crate) fn next_due(&self, state: &State, stay: &Stay) -> Option<u8> {
        let end = state.sessions[stay.session as usize].end;
        let renewable = (0..self.tiers).filter(|tier| stay.not_after[*tier] < end);
        renewable
            .map(|tier| {
                let (begins, ends) = (stay.not_before[tier], stay.not_after[tier]);
                let life = ends.saturating_sub(begins).min(self.valid_for[tier]);
                let gains = 2 * (ends + 1).saturating_sub(self.valid_for[tier]);
                (2 * begins + life).max(gains)
            })
            .min()
    }
}
