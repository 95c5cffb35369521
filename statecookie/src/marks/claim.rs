//! What a server claims of a session before it goes on with it.

use core::fmt;
use core::time::Duration;

use super::mark::{Mark, Ticket};
use crate::tier::TierSet;

/// What a server is about to do with a session, to be committed to a store of high-water marks: see
/// [`HighWater`](crate::HighWater).
///
/// It is plain data, and may go to another thread or into a task. To commit the same one twice changes nothing.
#[derive(Clone)]
pub struct Claim {
    pub(crate) act: Act,
    pub(crate) session: [u8; 16],
    pub(crate) from: Option<Mark>,
    pub(crate) to: Option<Mark>,
    pub(crate) ticket: Ticket,
    pub(crate) tiers: TierSet,
    pub(crate) keep_for: Duration,
    pub(crate) grace: Duration,
}

/// What is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Act {
    /// To go on with the session for good: whoever held it before issues no guarded tier any more.
    Resume,
    /// To answer one request of it.
    Request,
    /// To issue guarded tiers.
    Issue,
    /// To go on under another session id: this one ends.
    Leave,
    /// To end the session for good, whoever holds it.
    Revoke,
}

impl Claim {
    /// What is claimed.
    pub const fn act(&self) -> Act {
        self.act
    }

    /// The session's id, 16 random bytes; the key under which a store keeps its record.
    pub const fn session(&self) -> [u8; 16] {
        self.session
    }

    /// Where the session stands as far as the server knows: what was presented, or issued last.
    pub const fn from(&self) -> Option<&Mark> {
        self.from.as_ref()
    }

    /// Where it will stand, if something is to be issued.
    pub const fn to(&self) -> Option<&Mark> {
        self.to.as_ref()
    }

    /// What the server that claims drew for this session: random bytes, the same in all its claims of it, and nobody else's.
    pub const fn ticket(&self) -> [u8; 16] {
        self.ticket
    }

    /// The guarded tiers that are presented or to be issued.
    pub const fn tiers(&self) -> TierSet {
        self.tiers
    }

    /// How long from now on a store has to keep what follows from the claim: to the absolute end of the session, and twice
    /// the skew that clocks may have.
    pub const fn keep_for(&self) -> Duration {
        self.keep_for
    }

    /// How long ago the mark before the present one may have been superseded for a request to be answered from it.
    pub const fn grace(&self) -> Duration {
        self.grace
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("act", &self.act)
            .field("from", &self.from)
            .field("to", &self.to)
            .field("tiers", &self.tiers)
            .finish_non_exhaustive()
    }
}
