//! What the commands led to on one server, and the client's own values over it.

use super::Checked;
use super::known::{Known, Own, Visible};
use crate::wire::Command;

/// Whether a tier shows the client's own values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// It shows what was issued.
    Issued,
    /// It shows the client's own.
    Own,
    /// A cookie of that tier came that may or may not have taken its place.
    Either,
}

/// The client's own values over the issued ones.
#[derive(Clone, Debug)]
pub(super) struct Overlay {
    own: Own,
    hold: [Hold; 3],
}

/// What the commands led to on one server, from a state that is certain on.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) base: Known,
    pub(super) overlay: Overlay,
}

impl Line {
    /// A line that begins here.
    pub(super) fn from(base: Known) -> Self {
        let own = base.visible.own.clone();
        Self {
            base,
            overlay: Overlay {
                own,
                hold: [Hold::Issued; 3],
            },
        }
    }

    /// The state, not older than the base, which the client sees.
    pub(super) fn find(
        &self,
        visible: &Visible,
        commands: &[Command],
        sent: u64,
    ) -> Checked<Known> {
        let (from, to) = (self.base.visible.step, visible.step);
        if to < from {
            return Err(format!(
                "an acknowledged update is lost: step {from} was acknowledged, {to} is shown"
            ));
        }
        if to > sent {
            return Err(format!("step {to} is shown, and {sent} commands were sent"));
        }
        let mut known = self.base.clone();
        let commands = commands
            .iter()
            .skip(from as usize)
            .take((to - from) as usize);
        commands.for_each(|command| known.apply(command));
        if self.overlay.explains(&known.visible, visible) {
            return Ok(known);
        }
        let (expected, overlay) = (&known.visible, &self.overlay);
        Err(format!(
            "at step {to} the client does not see what its commands say:\n  expected {expected:?}\n  over it  {overlay:?}\n  found    {visible:?}"
        ))
    }

    /// Where the client's own values may have been replaced since.
    pub(super) fn loosened(mut self) -> Self {
        for hold in self
            .overlay
            .hold
            .iter_mut()
            .filter(|hold| **hold == Hold::Own)
        {
            *hold = Hold::Either;
        }
        self
    }
}

impl Overlay {
    /// The client changed its own values in a tier.
    pub(super) fn put(&mut self, tier: usize, own: &Own, hold: Hold) {
        match tier {
            0 => self.own.lowest.clone_from(&own.lowest),
            1 => self.own.quality = own.quality,
            _ => self.own.language = own.language,
        }
        self.hold[tier] = hold;
    }

    /// Cookies of the lowest so many tiers came.
    pub(super) fn cover(&mut self, tiers: usize, hold: Hold) {
        let own = self
            .hold
            .iter_mut()
            .take(tiers)
            .filter(|hold| **hold != Hold::Issued);
        own.for_each(|held| *held = hold);
    }

    fn explains(&self, issued: &Visible, seen: &Visible) -> bool {
        let fits = |tier: usize, is_issued: bool, is_own: bool| match self.hold[tier] {
            Hold::Issued => is_issued,
            Hold::Own => is_own,
            Hold::Either => is_issued || is_own,
        };
        let (a, b, own) = (&seen.own, &issued.own, &self.own);
        let same = Visible {
            own: seen.own.clone(),
            ..issued.clone()
        } == *seen;
        same && fits(0, a.lowest == b.lowest, a.lowest == own.lowest)
            && fits(1, a.quality == b.quality, a.quality == own.quality)
            && fits(2, a.language == b.language, a.language == own.language)
    }
}

impl Known {
    /// The same with the client's own mutable values.
    pub(super) fn with_own(mut self, own: &Own) -> Self {
        self.visible.own = own.clone();
        self
    }
}
