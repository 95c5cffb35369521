//! A session as application and oracle see it.

use statecookie::Session;

use crate::schemas::Known;
use crate::wire::MOST_TIERS;

/// A session on one server.
pub(crate) struct Live<S: Known> {
    /// The library's.
    pub(crate) session: Session<S>,
    /// The application's own record of the state.
    pub(crate) state: S,
    /// The server's number.
    pub(crate) server: usize,
    /// The identity to which it is bound.
    pub(crate) identity: Option<usize>,
    /// When it began, in seconds.
    pub(crate) born: u64,
    /// Its absolute end, in seconds.
    pub(crate) end: u64,
    /// The newest cookie of each tier, as far as there is one.
    pub(crate) chain: [Option<usize>; MOST_TIERS],
    /// What its next update must be like.
    pub(crate) next: Next,
    /// Sessions of one group are given the same values at the same time.
    pub(crate) group: usize,
}

/// What the next update of a session must be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Full, all counters 0.
    First,
    /// Full, on another branch.
    OnOtherBranch,
    /// Full, as another session, on another branch.
    AsOther,
    /// As it comes.
    Any,
}
