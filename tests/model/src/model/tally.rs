//! How often what happened: a search in which something never did would prove nothing about it.

use std::sync::atomic::{AtomicU64, Ordering};

use super::accept::{Reason, Restored};
use super::issue::{Draft, Occasion};
use super::jar::Merged;
use super::rules::Rules;
use super::state::{Progress, Slot, State, Stay, stay_of};

/// What is counted: states for what a state is, steps for what a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    IssuedFull,
    IssuedPartial,
    IssuedFirstAfterResume,
    IssuedUnderNewKey,
    IssuedUnchanged,
    IssuedWithParent,
    IssuedTwin,
    IssuedTied,
    MergedUpdated,
    MergedUnchanged,
    MergedNeedsFull,
    MergedOtherSession,
    ResumedAfterLoss,
    ResumedBesideLive,
    ResumedFromOlder,
    ResumedWithDefaults,
    LateAckLost,
    LateFullTied,
    LateFullGreater,
    GapOutlivesFull,
    ShadowEndedByFull,
    ShadowEndedByPartial,
    ShadowOutlivesFull,
    BothBranchesAccepted,
    Accepted,
    RefusedBadTag,
    RefusedExpired,
    RefusedKeyExpired,
    RefusedMalformed,
    RefusedMissingTier,
    RefusedNotYetValid,
    RefusedRevoked,
    RefusedSessionEnded,
    RefusedUnlinked,
}

impl Event {
    pub(crate) const ALL: [Self; 34] = [
        Self::IssuedFull,
        Self::IssuedPartial,
        Self::IssuedFirstAfterResume,
        Self::IssuedUnderNewKey,
        Self::IssuedUnchanged,
        Self::IssuedWithParent,
        Self::IssuedTwin,
        Self::IssuedTied,
        Self::MergedUpdated,
        Self::MergedUnchanged,
        Self::MergedNeedsFull,
        Self::MergedOtherSession,
        Self::ResumedAfterLoss,
        Self::ResumedBesideLive,
        Self::ResumedFromOlder,
        Self::ResumedWithDefaults,
        Self::LateAckLost,
        Self::LateFullTied,
        Self::LateFullGreater,
        Self::GapOutlivesFull,
        Self::ShadowEndedByFull,
        Self::ShadowEndedByPartial,
        Self::ShadowOutlivesFull,
        Self::BothBranchesAccepted,
        Self::Accepted,
        Self::RefusedBadTag,
        Self::RefusedExpired,
        Self::RefusedKeyExpired,
        Self::RefusedMalformed,
        Self::RefusedMissingTier,
        Self::RefusedNotYetValid,
        Self::RefusedRevoked,
        Self::RefusedSessionEnded,
        Self::RefusedUnlinked,
    ];
}

/// A counter for each event.
#[derive(Debug)]
pub(crate) struct Tally([AtomicU64; Event::ALL.len()]);

impl Default for Tally {
    fn default() -> Self {
        Self([const { AtomicU64::new(0) }; Event::ALL.len()])
    }
}

impl Tally {
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::default();
        copy.add_all(self);
        copy
    }

    pub(crate) fn add_all(&self, other: &Self) {
        Event::ALL
            .iter()
            .for_each(|event| self.add(*event, other.of(*event)));
    }

    pub(crate) fn count(&self, event: Event) {
        self.add(event, 1);
    }

    pub(crate) fn add(&self, event: Event, times: u64) {
        if times > 0 {
            self.0[event as usize].fetch_add(times, Ordering::Relaxed);
        }
    }

    pub(crate) fn of(&self, event: Event) -> u64 {
        self.0[event as usize].load(Ordering::Relaxed)
    }

    pub(crate) fn issued(&self, rules: &Rules, stay: &Stay, draft: &Draft, occasion: Occasion) {
        let update = &draft.update;
        let full = usize::from(update.highest) == rules.root();
        self.count(if full {
            Event::IssuedFull
        } else {
            Event::IssuedPartial
        });
        if stay.progress == Progress::Presented {
            self.count(Event::IssuedFirstAfterResume);
        } else if stay.progress == Progress::Running {
            self.count_running(stay, draft, occasion);
        }
        if update.chain[..=usize::from(update.highest)]
            .iter()
            .any(|of| *of != draft.slot)
        {
            self.count(Event::IssuedTwin);
        }
        if draft.tie.is_some() {
            self.count(Event::IssuedTied);
        }
    }

    fn count_running(&self, stay: &Stay, draft: &Draft, occasion: Occasion) {
        let update = &draft.update;
        if update.key != stay.key {
            self.count(Event::IssuedUnderNewKey);
        } else if occasion.tier().is_none() {
            self.count(Event::IssuedUnchanged);
        } else if let Occasion::Quiet(tier) = occasion
            && tier < update.highest
        {
            self.count(Event::IssuedWithParent);
        }
    }

    pub(crate) fn merged(&self, merged: Merged) {
        self.count(match merged {
            Merged::Updated => Event::MergedUpdated,
            Merged::Unchanged => Event::MergedUnchanged,
            Merged::NeedsFull => Event::MergedNeedsFull,
            Merged::OtherSession => Event::MergedOtherSession,
        });
    }

    pub(crate) fn resumed(&self, state: &State, from: Slot, restored: &Restored) {
        let issuer = stay_of(from);
        let last = super::state::slot(issuer, state.stays[issuer].issued.into()) - 1;
        if !state.stays[issuer].alive && from != last {
            self.count(Event::ResumedAfterLoss);
        }
        if state.live_stays().next().is_some() {
            self.count(Event::ResumedBesideLive);
        }
        if state.jar.best[0] != from {
            self.count(Event::ResumedFromOlder);
        }
        if restored.defaulted != 0 {
            self.count(Event::ResumedWithDefaults);
        }
    }
}

impl Event {
    /// Whether it is what a server said.
    pub(crate) const fn is_verdict(self) -> bool {
        self as usize >= Self::Accepted as usize
    }

    /// Whether it is what a jar said.
    pub(crate) fn is_merge(self) -> bool {
        (Self::MergedUpdated as usize..=Self::MergedOtherSession as usize)
            .contains(&(self as usize))
    }

    pub(crate) fn refused(reason: Reason) -> Option<Self> {
        Some(match reason {
            Reason::BadTag => Self::RefusedBadTag,
            Reason::Expired => Self::RefusedExpired,
            Reason::KeyExpired => Self::RefusedKeyExpired,
            Reason::MissingTier => Self::RefusedMissingTier,
            Reason::NotYetValid => Self::RefusedNotYetValid,
            Reason::Revoked => Self::RefusedRevoked,
            Reason::SessionEnded => Self::RefusedSessionEnded,
            Reason::Unlinked => Self::RefusedUnlinked,
            Reason::Malformed => Self::RefusedMalformed,
            Reason::UnknownKey => return None,
        })
    }
}
