//! What happened how often.

use std::collections::BTreeSet;

use crate::point::{AIMS, Aim};

/// All counts of a run.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Kills by aim, and the fail-overs that each caused, as in [`AIMS`].
    pub(crate) kills: Counts,
    pub(crate) fail_overs: Counts,
    /// Of all fail-overs, those whose state was verified to the last field on the next server.
    pub(crate) continued: u64,
    /// Clients whose server died before they had any cookie.
    pub(crate) opened_again: u64,
    pub(crate) opened: u64,
    pub(crate) visits_ended: u64,
    /// Changes to another server while the old one lived.
    pub(crate) moves: u64,
    /// Stays that a server had given up after a long silence.
    pub(crate) given_up: u64,
    pub(crate) commands: u64,
    pub(crate) acknowledged: u64,
    pub(crate) updates: Updates,
    pub(crate) keys: BTreeSet<u32>,
    /// Updates under another key than the one before, in one visit.
    pub(crate) key_changes: u64,
    pub(crate) own_changes: u64,
    /// Own values presented that the server had never seen.
    pub(crate) own_presented: u64,
    pub(crate) questions: u64,
    pub(crate) refused: u64,
    pub(crate) forks: Forks,
    pub(crate) late: Late,
    /// From kill to restored state, in microseconds.
    pub(crate) times: Vec<u32>,
}

/// One count for each aim.
#[derive(Clone, Debug)]
pub(crate) struct Counts([u64; AIMS.len()]);

/// Updates that were merged.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Updates {
    pub(crate) newer: u64,
    pub(crate) known: u64,
    pub(crate) gaps: u64,
    pub(crate) full: u64,
}

/// Forks made on purpose.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Forks {
    pub(crate) made: u64,
    pub(crate) joined: u64,
    pub(crate) mixes_refused: u64,
}

/// Updates of servers that were left, which clients merged all the same.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Late {
    pub(crate) updates: u64,
    /// Those that came before the new server's first update, and were newer than what the client had.
    pub(crate) news: u64,
    /// Those that came after it, and shadowed it.
    pub(crate) won: u64,
    /// Presentations in which such an update cost acknowledged steps, and how many steps.
    pub(crate) forks: u64,
    pub(crate) steps: u64,
}

impl Default for Counts {
    fn default() -> Self {
        Self([0; AIMS.len()])
    }
}

impl Counts {
    pub(crate) fn add(&mut self, aim: Aim) {
        if let Some(count) = self.0.get_mut(aim.index()) {
            *count += 1;
        }
    }

    pub(crate) fn of(&self, aim: Aim) -> u64 {
        self.0.get(aim.index()).copied().unwrap_or(0)
    }

    pub(crate) fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The least of all.
    pub(crate) fn least(&self) -> u64 {
        self.0.iter().copied().min().unwrap_or(0)
    }
}

impl Tally {
    /// Fail-overs from servers that died of SIGKILL.
    pub(crate) fn after_sigkills(&self) -> u64 {
        self.fail_overs.total() - self.fail_overs.of(Aim::Orderly)
    }

    /// Servers that died of SIGKILL.
    pub(crate) fn sigkills(&self) -> u64 {
        self.kills.total() - self.kills.of(Aim::Orderly)
    }
}
