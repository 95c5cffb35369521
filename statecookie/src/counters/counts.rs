//! What was counted, to be read.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Histogram;
use crate::{KeyId, KeyTimes, MAX_TIERS, Reason, Tier, Timestamp};

/// What [`Counters`](super::Counters) had counted when they were read, in one process.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// The pool's name, as the counters were given it.
    pub pool: String,
    /// When the pool was made; `None` before.
    pub watched_since: Option<Timestamp>,
    /// The verdicts: by key id, then [`KeyLabel::Other`] and [`KeyLabel::Unproven`].
    pub keys: Vec<KeyCounts>,
    /// The times of the keys that the pool held; empty unless they were
    /// [read together](super::Counters::read_with_keys).
    pub held: Vec<KeyTimes>,
    /// The ages of what was accepted.
    pub accepted_age: Histogram,
    /// How far other servers' clocks were ahead, by what was accepted.
    pub accepted_skew: Histogram,
    /// The ages of what was refused although its root was proven.
    pub refused_age: Histogram,
    /// How far other servers' clocks were ahead, by what was refused although its root was proven.
    pub refused_skew: Histogram,
    /// How often each tier took its defaults.
    pub defaulted: [u64; MAX_TIERS],
    /// The updates by their highest tier: the partial ones, then the full ones.
    pub updates: Vec<UpdateCounts>,
    /// What came of asking the source of the keys.
    pub refreshes: RefreshCounts,
}

impl Counts {
    /// How many presentations were accepted.
    pub fn accepted(&self) -> u64 {
        self.keys.iter().map(|key| key.accepted).sum()
    }

    /// How many presentations were refused for this reason.
    pub fn refused(&self, reason: Reason) -> u64 {
        let refused = self.keys.iter().flat_map(|key| &key.refused);
        let of_reason = refused.filter(|refused| refused.reason == reason);
        of_reason.map(|refused| refused.count).sum()
    }

    /// What was counted under this key, if anything was.
    pub fn key(&self, id: KeyId) -> Option<&KeyCounts> {
        self.labelled(KeyLabel::Id(id))
    }

    pub(super) fn labelled(&self, label: KeyLabel) -> Option<&KeyCounts> {
        self.keys.iter().find(|key| key.key == label)
    }
}

/// The key under which something was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeyLabel {
    /// This one.
    Id(KeyId),
    /// A key that has no entry of its own: there were more than 256, and this one was idle for an hour, or came when none of
    /// them was.
    Other,
    /// None that is proven. The id that the client claims may be anything, and is counted nowhere.
    Unproven,
}

impl fmt::Display for KeyLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => fmt::Display::fmt(id, f),
            Self::Other => f.write_str("other"),
            Self::Unproven => f.write_str("unproven"),
        }
    }
}

/// The verdicts under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyCounts {
    /// The key.
    pub key: KeyLabel,
    /// How many presentations were accepted.
    pub accepted: u64,
    /// How many were refused, by reason and tier; without those that never were.
    pub refused: Vec<RefusedCount>,
    /// When the last one was accepted. It does not go back when a clock does.
    pub last_presented: Option<Timestamp>,
}

impl KeyCounts {
    /// How many presentations were refused, for whatever reason.
    pub fn refused(&self) -> u64 {
        self.refused.iter().map(|refused| refused.count).sum()
    }
}

/// How often something was refused for a reason at a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusedCount {
    /// The reason.
    pub reason: Reason,
    /// The tier, if it was one tier's.
    pub tier: Option<Tier>,
    /// How often.
    pub count: u64,
}

/// The updates of one highest tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpdateCounts {
    /// The highest tier that they carry.
    pub tier: Tier,
    /// Whether that is the root.
    pub full: bool,
    /// How many.
    pub updates: u64,
    /// Their bytes together.
    pub bytes: u64,
}

/// What came of asking the source of the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefreshCounts {
    /// The last good ring went on, because there was no other.
    pub kept: u64,
    /// A newer ring took over; the first one did, too.
    pub replaced: u64,
    /// The ring was still the newest.
    pub unchanged: u64,
}
