//! What happened in the honest histories: one in which something never does would prove nothing.

/// Counts of events.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Events([u64; Event::ALL.len()]);

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A history was played, its twins not counted.
    History,
    /// A session was opened.
    Session,
    /// A session is bound to an identity.
    Bound,
    /// A cookie was issued.
    Cookie,
    /// An update of all tiers.
    Full,
    /// An update of the tiers from below the root down.
    Partial,
    /// A session went on under another key.
    Rotation,
    /// A session went on at another server.
    FailOver,
    /// Two servers went on from one bundle.
    Fork,
    /// Two requests went on from one bundle, on one branch.
    Requests,
    /// A login or logout: the session goes on as another one.
    Rebound,
    /// Lowest tiers that were withheld or over took their defaults.
    Defaulted,
    /// A client presented values of its own.
    OwnValues,
    /// What a client held was over.
    Expired,
    /// A session reached its absolute end.
    Ended,
}

impl Event {
    /// Every event.
    pub(crate) const ALL: [Self; 15] = [
        Self::History,
        Self::Session,
        Self::Bound,
        Self::Cookie,
        Self::Full,
        Self::Partial,
        Self::Rotation,
        Self::FailOver,
        Self::Fork,
        Self::Requests,
        Self::Rebound,
        Self::Defaulted,
        Self::OwnValues,
        Self::Expired,
        Self::Ended,
    ];

    /// How the table calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::History => "histories",
            Self::Session => "sessions opened",
            Self::Bound => "of these bound to an identity",
            Self::Cookie => "cookies issued",
            Self::Full => "full updates",
            Self::Partial => "partial updates",
            Self::Rotation => "key rotations met by a session",
            Self::FailOver => "fail-overs",
            Self::Fork => "forks",
            Self::Requests => "parallel requests on one chain",
            Self::Rebound => "logins and logouts",
            Self::Defaulted => "fail-overs with defaults",
            Self::OwnValues => "fail-overs with the client's own values",
            Self::Expired => "fail-overs refused as too late",
            Self::Ended => "sessions at their absolute end",
        }
    }
}

impl Events {
    /// It happened once more.
    pub(crate) fn count(&mut self, event: Event) {
        self.0[event as usize] += 1;
    }

    /// How often it happened.
    pub(crate) const fn of(&self, event: Event) -> u64 {
        self.0[event as usize]
    }

    /// Adds what happened elsewhere.
    pub(crate) fn add(&mut self, other: &Self) {
        self.0
            .iter_mut()
            .zip(other.0)
            .for_each(|(own, more)| *own += more);
    }
}
