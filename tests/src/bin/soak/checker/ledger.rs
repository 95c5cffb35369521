//! One client's ledger: what it commanded, what it acknowledged, and what it must therefore find on the next server.

use std::collections::VecDeque;

use statecookie::Merged;

use super::Checked;
use super::known::{Known, Own, Visible};
use super::line::{Hold, Line};
use crate::wire::{Command, Secrets, Verdict};

/// How many of its last events a client remembers.
const HISTORY: usize = 120;

/// What a client reports of an update that it merged.
pub(crate) struct Seen {
    pub(crate) merged: Merged,
    /// How many tiers the update carried.
    pub(crate) tiers: usize,
    /// The root's counter, if it carried the root.
    pub(crate) root: Option<u64>,
    /// What the jar shows then.
    pub(crate) visible: Visible,
}

/// The line of a server that the client has left.
#[derive(Clone, Debug)]
struct Left {
    stay: u64,
    line: Line,
    sent: u64,
    /// Whether an update of it came late, and the greatest root's counter of those that did.
    late: bool,
    late_root: Option<u64>,
}

/// The ledger.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    stay: u64,
    commands: Vec<Command>,
    line: Line,
    /// The greatest root's counter which the present server sent.
    full_root: Option<u64>,
    left: Vec<Left>,
    history: VecDeque<String>,
}

impl Ledger {
    /// A visit that begins.
    pub(crate) fn begin(stay: u64, customer: u64, credit: u32) -> Self {
        Self {
            stay,
            commands: Vec::new(),
            line: Line::from(Known::begin(customer, credit)),
            full_root: None,
            left: Vec::new(),
            history: VecDeque::new(),
        }
    }

    /// How far the client has acknowledged.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.line.base.visible.step
    }

    /// How many commands there are.
    pub(crate) fn sent(&self) -> u64 {
        self.commands.len() as u64
    }

    /// What the private fields must be.
    pub(crate) fn secrets(&self) -> Secrets {
        self.line.base.secrets
    }

    /// With what a visit without commands was opened.
    pub(crate) fn opening(&self) -> (u64, u32) {
        (
            self.line.base.visible.customer,
            self.line.base.secrets.credit,
        )
    }

    /// A command by its number, from 1.
    pub(crate) fn numbered(&self, number: u64) -> Option<&Command> {
        self.commands
            .get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// The client will send this command.
    pub(crate) fn command(&mut self, command: Command) {
        self.note(format!("command {}: {command:?}", self.sent() + 1));
        self.commands.push(command);
    }

    /// The client has changed its mutable values; they now show so in a tier.
    pub(crate) fn changes(&mut self, tier: usize, own: &Own) {
        self.note(format!("own values in tier {tier}: {own:?}"));
        self.line.overlay.put(tier, own, Hold::Own);
        let left = self.left.iter_mut();
        left.for_each(|left| left.line.overlay.put(tier, own, Hold::Either));
    }

    /// The present server's update was merged; gives how many steps are newly acknowledged.
    pub(crate) fn merged(&mut self, seen: &Seen) -> Checked<u64> {
        let before = self.acknowledged();
        let Seen {
            merged,
            tiers,
            root,
            visible,
        } = seen;
        self.note(format!(
            "merged {tiers} tiers, root {root:?}: {merged:?}, step {}",
            visible.step
        ));
        self.full_root = self.full_root.max(*root);
        match merged {
            Merged::Unchanged => return Ok(0),
            Merged::OtherSession => {
                return Err("an update of this visit is of another session".into());
            }
            Merged::NeedsFull => {
                self.line.overlay.cover(*tiers, Hold::Either);
                return Ok(0);
            }
            Merged::Updated => {
                // Where a late update had won, the cookies above change too, back to the present server's.
                if self.left.iter().any(|left| self.may_win(left)) {
                    self.line.overlay.cover(3, Hold::Either);
                }
                self.line.overlay.cover(*tiers, Hold::Issued);
            }
        }
        let found = self.line.find(visible, &self.commands, self.sent())?;
        self.line.base = found;
        Ok(self.acknowledged() - before)
    }

    /// An update of a server that was left came late, and was merged.
    pub(crate) fn merged_late(&mut self, stay: u64, seen: &Seen) {
        let Seen {
            merged,
            tiers,
            root,
            visible,
        } = seen;
        self.note(format!(
            "late update of stay {stay}, {tiers} tiers, root {root:?}: {merged:?}, step {}",
            visible.step
        ));
        if *merged == Merged::Unchanged {
            return;
        }
        self.line.overlay.cover(*tiers, Hold::Either);
        for left in self.left.iter_mut().filter(|left| left.stay == stay) {
            left.late = true;
            left.late_root = left.late_root.max(*root);
            left.line.overlay.cover(*tiers, Hold::Either);
        }
    }

    /// The client presents what its jar shows to another server; gives the steps that it so acknowledges, and those
    /// acknowledged before that are lost with it.
    ///
    /// Nothing may be lost but through a fork: a late full update of a server that was left, whose root's counter is not
    /// below that of the present server's.
    pub(crate) fn presents(&mut self, visible: &Visible, stay: u64) -> Checked<[u64; 2]> {
        self.note(format!("presents step {} in stay {stay}", visible.step));
        let before = self.acknowledged();
        let found = self.line.find(visible, &self.commands, self.sent());
        let found = found.or_else(|violation| {
            let allowed = self.left.iter().filter(|left| self.may_win(left));
            let mut found = allowed.filter_map(|left| left.find(visible, &self.commands).ok());
            found.next().ok_or(violation)
        })?;
        let base = found.with_own(&visible.own);
        let line = std::mem::replace(&mut self.line, Line::from(base));
        self.left.push(Left {
            stay: self.stay,
            line: line.loosened(),
            sent: self.sent(),
            late: false,
            late_root: None,
        });
        (self.stay, self.full_root) = (stay, None);
        let now = self.acknowledged();
        Ok([now.saturating_sub(before), before.saturating_sub(now)])
    }

    /// What the new server's first full update shows, all by itself.
    pub(crate) fn restored(&mut self, visible: &Visible) -> Checked {
        self.note(format!("restored at step {}", visible.step));
        let expected = &self.line.base.visible;
        if expected == visible {
            return Ok(());
        }
        Err(format!(
            "what was restored is not what was presented:\n  presented {expected:?}\n  restored  {visible:?}"
        ))
    }

    /// The present server's decisions on the private fields.
    pub(crate) fn decided(&mut self, verdict: Verdict) -> Checked {
        self.note(format!("{verdict:?}"));
        let expected = Verdict {
            step: self.acknowledged(),
            suffices: [true; 3],
            more: [false; 3],
        };
        if verdict == expected {
            return Ok(());
        }
        Err(format!(
            "a private value is not what the commands say (credit, points, luck):\n  expected {expected:?}\n  found    {verdict:?}"
        ))
    }

    /// Nothing late is merged any more: the lines left behind are of no use.
    pub(crate) fn forget_left(&mut self) {
        self.left.clear();
    }

    /// A second client that goes on from here with commands of its own.
    pub(crate) fn fork(&self) -> Self {
        let mut twin = self.clone();
        twin.commands.truncate(self.acknowledged() as usize);
        twin.left.clear();
        twin.note("a fork begins here".into());
        twin
    }

    /// A ledger of who goes on from what a jar shows as issued, if that is a state of this client.
    pub(crate) fn adopt(&self, visible: &Visible) -> Option<Self> {
        let line = Line::from(self.issued(visible)?);
        Some(
            Self {
                line,
                ..self.clone()
            }
            .fork(),
        )
    }

    /// Whether what a jar shows as issued is a state of this client.
    pub(crate) fn explains(&self, visible: &Visible) -> bool {
        self.issued(visible).is_some()
    }

    /// Remembers an event.
    pub(crate) fn note(&mut self, event: String) {
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(event);
    }

    /// The last events, one a line.
    pub(crate) fn history(&self) -> String {
        self.history
            .iter()
            .map(|event| format!("  {event}\n"))
            .collect()
    }

    fn issued(&self, visible: &Visible) -> Option<Known> {
        let lines = std::iter::once(&self.line).chain(self.left.iter().map(|left| &left.line));
        let bare = lines.map(|line| Line::from(line.base.clone()));
        bare.filter_map(|line| line.find(visible, &self.commands, self.sent()).ok())
            .next()
    }

    fn may_win(&self, left: &Left) -> bool {
        left.late
            && self
                .full_root
                .is_none_or(|root| left.late_root >= Some(root))
    }
}

impl Left {
    fn find(&self, visible: &Visible, commands: &[Command]) -> Checked<Known> {
        self.line.find(visible, commands, self.sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(commands: u64) -> Ledger {
        let mut ledger = Ledger::begin(1, 7, 100);
        (0..commands).for_each(|number| ledger.command(Command::Put(number as u8)));
        ledger
    }

    /// What a client sees after so many of the ledger's commands.
    fn seen(ledger: &Ledger, step: u64) -> Visible {
        let mut known = Known::begin(7, 100);
        (1..=step).for_each(|number| known.apply(ledger.numbered(number).unwrap()));
        known.visible
    }

    fn merged(ledger: &mut Ledger, visible: Visible, root: Option<u64>) -> Checked<u64> {
        let (merged, tiers) = (Merged::Updated, if root.is_some() { 3 } else { 1 });
        ledger.merged(&Seen {
            merged,
            tiers,
            root,
            visible,
        })
    }

    #[test]
    fn a_lost_acknowledged_step_is_seen_and_a_newer_one_is_none() {
        let mut ledger = ledger(3);
        let (two, one, three) = (seen(&ledger, 2), seen(&ledger, 1), seen(&ledger, 3));
        assert_eq!(merged(&mut ledger, two, None), Ok(2));
        assert!(
            ledger
                .presents(&one, 2)
                .unwrap_err()
                .contains("acknowledged update is lost")
        );
        assert_eq!(ledger.presents(&three, 2), Ok([1, 0]));
    }

    #[test]
    fn a_mix_of_two_moments_and_a_step_never_commanded_are_seen() {
        let mut ledger = ledger(2);
        let mix = Visible {
            cart: seen(&ledger, 1).cart,
            ..seen(&ledger, 2)
        };
        assert!(merged(&mut ledger, mix, None).is_err());
        let beyond = Visible {
            step: 3,
            ..seen(&ledger, 2)
        };
        assert!(merged(&mut ledger, beyond, None).is_err());
    }

    #[test]
    fn own_values_stay_until_a_newer_cookie_of_their_tier_and_no_longer() {
        let mut ledger = ledger(2);
        let own = Own {
            quality: 1,
            ..seen(&ledger, 0).own
        };
        ledger.changes(1, &own);
        let kept = Visible {
            own: own.clone(),
            ..seen(&ledger, 1)
        };
        assert!(merged(&mut ledger.clone(), seen(&ledger, 1), None).is_err());
        assert_eq!(merged(&mut ledger, kept, None), Ok(1));
        let still = Visible {
            own,
            ..seen(&ledger, 2)
        };
        assert!(merged(&mut ledger.clone(), still, Some(9)).is_err());
        let issued = seen(&ledger, 2);
        assert_eq!(merged(&mut ledger, issued, Some(9)), Ok(1));
    }

    #[test]
    fn own_values_that_were_presented_must_be_restored() {
        let mut ledger = ledger(1);
        let own = Own {
            language: 4,
            ..seen(&ledger, 0).own
        };
        ledger.changes(2, &own);
        let shown = Visible {
            own,
            ..seen(&ledger, 0)
        };
        assert_eq!(ledger.presents(&shown, 2), Ok([0, 0]));
        assert!(ledger.restored(&seen(&ledger, 0)).is_err());
        assert_eq!(ledger.restored(&shown), Ok(()));
    }

    #[test]
    fn only_a_late_full_update_that_is_not_below_the_new_servers_may_cost_what_was_acknowledged() {
        for (late, root, allowed) in [
            (false, None, false),
            (true, Some(5), false),
            (true, Some(6), true),
        ] {
            let mut ledger = ledger(2);
            let (zero, one) = (seen(&ledger, 0), seen(&ledger, 1));
            ledger.presents(&zero, 2).unwrap();
            assert_eq!(merged(&mut ledger, one, Some(6)), Ok(1));
            if late {
                let visible = zero.clone();
                ledger.merged_late(
                    1,
                    &Seen {
                        merged: Merged::Updated,
                        tiers: 3,
                        root,
                        visible,
                    },
                );
            }
            assert_eq!(
                ledger.presents(&zero, 3).ok(),
                allowed.then_some([0, 1]),
                "{root:?}"
            );
        }
    }

    #[test]
    fn a_decision_that_is_off_by_one_is_seen() {
        let mut ledger = ledger(0);
        let verdict = Verdict {
            step: 0,
            suffices: [true; 3],
            more: [false; 3],
        };
        assert_eq!(ledger.decided(verdict), Ok(()));
        assert!(
            ledger
                .decided(Verdict {
                    more: [true, false, false],
                    ..verdict
                })
                .is_err()
        );
        assert!(
            ledger
                .decided(Verdict {
                    suffices: [true, true, false],
                    ..verdict
                })
                .is_err()
        );
    }
}
