//! Promises that speak of steps: what the arrival of an update may do to what a client would present.

use super::jar::{Merged, held, is_same};
use super::scope::Scope;
use super::state::{Fault, NONE, Slot, State, number_of, slot, stay_of};
use super::tally::{Event, Tally};

impl Scope {
    /// Notes which promise the arrival of an update has broken, if any.
    pub(crate) fn judge(
        &self,
        before: &State,
        after: &mut State,
        slot: Slot,
        merged: Merged,
        tally: &Tally,
    ) {
        if let Some(fault) = self.went_back(before, after) {
            after.fault = fault;
        } else if !after.forked {
            self.judge_loss(before, after, tally);
            if stay_of(slot) == after.newest_stay() {
                self.judge_newest(after, slot, merged, tally);
                self.judge_shadow_end(before, after, slot, tally);
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
        let requests = after.stays.iter().any(|stay| stay.request);
        if self.was_known(after, after.jar.best[0]) && !requests {
            after.fault = Fault::PartialShadow;
        }
        if self.rules.stride > 1 {
            after.fault = Fault::LateShadow;
        }
    }

    /// Whether the client had a chain's root when it failed over last, or got it from the newest server.
    fn was_known(&self, state: &State, tip: Slot) -> bool {
        let newest = state.newest_stay();
        let root = state.update(tip).chain[self.rules.root()];
        stay_of(root) == newest || state.went_into(root, state.stays[newest].from)
    }

    /// The newest server's update comes while a dead one's chain is presented.
    fn judge_shadow_end(&self, before: &State, after: &mut State, slot: Slot, tally: &Tally) {
        let newest = after.newest_stay();
        let is_of_newest = |tip: Slot| tip != NONE && stay_of(tip) == newest;
        let (update, root) = (after.update(slot), self.rules.root());
        let is_full = usize::from(update.highest) == root;
        let shadow =
            before.late && before.jar.has_chain() && !self.was_known(before, before.jar.best[0]);
        if shadow && is_of_newest(after.jar.best[0]) && number_of(slot) > 0 {
            tally.count(if is_full {
                Event::ShadowEndedByFull
            } else {
                Event::ShadowEndedByPartial
            });
        }
        let others = after
            .issued()
            .filter(|(other, _)| stay_of(*other) != newest);
        let beyond = others
            .map(|(_, other)| other.vector[root])
            .all(|counter| counter < update.vector[root]);
        if is_full && beyond && !is_of_newest(after.jar.best[0]) {
            after.fault = Fault::ShadowOutlivesCounter;
        }
    }

    /// What the newest server's updates must do to a jar, as long as it is the only one.
    fn judge_newest(&self, after: &mut State, came: Slot, merged: Merged, tally: &Tally) {
        let newest = after.newest_stay();
        let is_full = usize::from(after.update(came).highest) == self.rules.root();
        let is_last = came + 1 == slot(newest, after.stays[newest].issued.into());
        if after.late {
            return;
        }
        if is_full && stay_of(after.jar.best[0]) != newest {
            after.fault = Fault::FullRefused;
        }
        if is_full && is_last && merged == Merged::NeedsFull {
            self.judge_gap(after, tally);
        }
    }

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
