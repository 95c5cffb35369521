//! Section 11: what a server says of the cookies presented to it.

use super::rules::{Flaw, Rules};
use super::state::{MAX_TIERS, NONE, Slot, State, Update};

/// Why a server refuses; the names are those of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    BadTag,
    Expired,
    KeyExpired,
    Malformed,
    MissingTier,
    NotYetValid,
    Revoked,
    SessionEnded,
    UnknownKey,
    Unlinked,
}

impl Reason {
    /// The specification's code.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::BadTag => "bad-tag",
            Self::Expired => "expired",
            Self::KeyExpired => "key-expired",
            Self::Malformed => "malformed",
            Self::MissingTier => "missing-tier",
            Self::NotYetValid => "not-yet-valid",
            Self::Revoked => "revoked",
            Self::SessionEnded => "session-ended",
            Self::UnknownKey => "unknown-key",
            Self::Unlinked => "unlinked",
        }
    }
}

/// Cookies as a client presents them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Presented {
    /// The updates that carried them, by tier; `NONE` below the lowest one presented.
    pub(crate) cookies: [Slot; MAX_TIERS],
    /// The mutable values presented with them.
    pub(crate) mutable: [u8; MAX_TIERS],
    /// Whether the client is authenticated as who it says it is.
    pub(crate) identity: bool,
}

/// What is restored of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Restored {
    pub(crate) values: [Slot; MAX_TIERS],
    pub(crate) mutable: [u8; MAX_TIERS],
    /// The tiers that took their defaults, one bit each.
    pub(crate) defaulted: u8,
    /// How far the newest not-before is behind the clock; ahead where negative.
    pub(crate) age: i8,
    pub(crate) key: u8,
}

impl Presented {
    /// No root, and so nothing on which the rest could stand: a partial update, say.
    pub(crate) const NOTHING: Self = Self {
        cookies: [NONE; MAX_TIERS],
        mutable: [0; MAX_TIERS],
        identity: true,
    };

    pub(crate) fn lowest(&self) -> Option<usize> {
        self.cookies.iter().position(|cookie| *cookie != NONE)
    }
}

/// Every mutable value that a state is opened with, or defaulted to.
pub(crate) const DEFAULT: u8 = 0;

impl Rules {
    /// The first check that fails, or what is restored.
    pub(crate) fn accept(
        &self,
        state: &State,
        server: usize,
        presented: &Presented,
    ) -> Result<Restored, Reason> {
        let root = presented.cookies[self.root()];
        let Some(lowest) = presented.lowest().filter(|_| root != NONE) else {
            return Err(Reason::Malformed);
        };
        if (lowest..self.root()).any(|tier| !self.is_linked(state, presented, tier)) {
            return Err(Reason::Unlinked);
        }
        if self.tiers - lowest < self.required() {
            return Err(Reason::MissingTier);
        }
        let (clock, root) = (state.clock(server), state.update(root));
        if clock < self.known_from(root.key) {
            return Err(Reason::UnknownKey);
        }
        if self.is_forgotten(root.key, clock) {
            return Err(Reason::KeyExpired);
        }
        let mut defaulted = (1 << lowest) - 1;
        for tier in (lowest..self.tiers).rev() {
            let cookie = state.update(presented.cookies[tier]);
            if !self.has_good_tag(root, cookie, tier, presented.identity) {
                return Err(Reason::BadTag);
            }
            if tier == self.root() {
                self.check_session(state, server, root)?;
            }
            if self.is_over(cookie, tier, clock)? {
                defaulted |= (1 << (tier + 1)) - 1;
            }
        }
        Ok(self.restore(state, presented, lowest, defaulted, clock))
    }

    /// A link is the beginning of the parent's tag, and no two tags begin alike here; a vector follows from its parent.
    fn is_linked(&self, state: &State, presented: &Presented, tier: usize) -> bool {
        let (above, cookie) = (presented.cookies[tier + 1], presented.cookies[tier]);
        if above == NONE || self.is(Flaw::Unbound) {
            return above != NONE;
        }
        let (above, cookie) = (state.update(above), state.update(cookie));
        if self.is(Flaw::BoundToRootOnly) {
            return above.chain[self.root()] == cookie.chain[self.root()];
        }
        above.chain[tier + 1] == cookie.chain[tier + 1]
    }

    /// One chain, one key, the root's; where a session is bound, one identity.
    fn has_good_tag(&self, root: &Update, cookie: &Update, tier: usize, identity: bool) -> bool {
        let bound = tier == self.root() && root.session > 0 && !self.is(Flaw::StrangersWelcome);
        cookie.key == root.key && (!bound || identity)
    }

    fn check_session(&self, state: &State, server: usize, root: &Update) -> Result<(), Reason> {
        let times = state.sessions[root.session as usize];
        if times.born < state.revoked[server] {
            return Err(Reason::Revoked);
        }
        if state.clock(server) >= times.end && !self.is(Flaw::SessionWithoutEnd) {
            return Err(Reason::SessionEnded);
        }
        Ok(())
    }

    /// Whether the tier falls back to its defaults because of its age.
    fn is_over(&self, cookie: &Update, tier: usize, clock: u8) -> Result<bool, Reason> {
        let leeway = if self.is(Flaw::NoLeeway) {
            0
        } else {
            self.leeway
        };
        if clock + leeway < cookie.not_before[tier] {
            return Err(Reason::NotYetValid);
        }
        let unseen = self.is(Flaw::ExpiryOfRootOnly) && tier < self.root();
        if clock <= cookie.not_after[tier] + self.leeway || unseen {
            return Ok(false);
        }
        if tier == 0 && self.lowest_defaults {
            return Ok(true);
        }
        Err(Reason::Expired)
    }

    fn restore(
        &self,
        state: &State,
        presented: &Presented,
        lowest: usize,
        defaulted: u8,
        clock: u8,
    ) -> Restored {
        let mut restored = Restored {
            values: [NONE; MAX_TIERS],
            mutable: [DEFAULT; MAX_TIERS],
            defaulted,
            age: 0,
            key: state.update(presented.cookies[self.root()]).key,
        };
        for tier in (0..self.tiers).filter(|tier| defaulted & 1 << tier == 0) {
            restored.values[tier] = state.update(presented.cookies[tier]).values[tier];
            restored.mutable[tier] = presented.mutable[tier];
        }
        let newest = state.update(presented.cookies[lowest]).not_before[lowest];
        restored.age = clock as i8 - newest as i8;
        restored
    }
}
