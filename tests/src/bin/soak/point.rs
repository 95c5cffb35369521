//! The boundaries of the exchange at which a server is killed.

use std::fmt;

/// What is going on between client and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Path {
    Open,
    Resume,
    Command,
    /// The answer to a gap, or to a command that came again: a full update.
    Gap,
    /// What the server sends unasked when cookies fall due.
    Renewal,
    /// Whatever is sent for the first time under another key.
    Rotation,
    Ack,
    Question,
    Leave,
}

/// How far it got, at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Moment {
    /// The datagram has arrived, and nobody has received it.
    Waiting,
    /// Received, nothing done.
    Received,
    /// The session has changed, nothing is flushed.
    Done,
    /// Flushed, nothing is sent.
    Flushed,
    /// The first part of an update is sent, the last is not.
    BetweenParts,
    /// Sent, and perhaps not yet merged.
    Sent,
}

/// How far it got, at a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ClientMoment {
    CommandSent,
    PartArrived,
    /// The update is there, and not merged.
    BeforeMerge,
    /// Merged, and not acknowledged.
    Merged,
    Acknowledged,
    /// An update is missing, and nobody was told.
    GapSeen,
    /// The client has changed mutable values of its own, which the server does not know.
    OwnChange,
    /// The bundle is presented, the state not yet restored.
    Presented,
    /// The new server's first update is merged, and nothing else was said.
    Restored,
}

/// Where a kill is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Aim {
    At(Path, Moment),
    Client(ClientMoment),
    /// At no boundary.
    Random,
    /// No kill: the server is told to end.
    Orderly,
}

use Aim::{At, Client};
use ClientMoment as C;
use Moment as M;
use Path as P;

/// Every aim, each of which has to be hit.
pub(crate) const AIMS: [Aim; 49] = [
    At(P::Open, M::Waiting),
    At(P::Open, M::Received),
    At(P::Open, M::Done),
    At(P::Open, M::Flushed),
    At(P::Open, M::BetweenParts),
    At(P::Open, M::Sent),
    At(P::Command, M::Waiting),
    At(P::Command, M::Received),
    At(P::Command, M::Done),
    At(P::Command, M::Flushed),
    At(P::Command, M::BetweenParts),
    At(P::Command, M::Sent),
    Client(C::CommandSent),
    Client(C::PartArrived),
    Client(C::BeforeMerge),
    Client(C::Merged),
    Client(C::Acknowledged),
    At(P::Ack, M::Waiting),
    At(P::Ack, M::Received),
    Client(C::OwnChange),
    Client(C::GapSeen),
    At(P::Gap, M::Waiting),
    At(P::Gap, M::Received),
    At(P::Gap, M::Flushed),
    At(P::Gap, M::BetweenParts),
    At(P::Gap, M::Sent),
    At(P::Renewal, M::Received),
    At(P::Renewal, M::Flushed),
    At(P::Renewal, M::BetweenParts),
    At(P::Renewal, M::Sent),
    At(P::Rotation, M::Flushed),
    At(P::Rotation, M::BetweenParts),
    At(P::Rotation, M::Sent),
    Client(C::Presented),
    At(P::Resume, M::Waiting),
    At(P::Resume, M::Received),
    At(P::Resume, M::Done),
    At(P::Resume, M::Flushed),
    At(P::Resume, M::BetweenParts),
    At(P::Resume, M::Sent),
    Client(C::Restored),
    At(P::Question, M::Waiting),
    At(P::Question, M::Received),
    At(P::Question, M::Sent),
    At(P::Leave, M::Waiting),
    At(P::Leave, M::Received),
    At(P::Leave, M::Done),
    Aim::Random,
    Aim::Orderly,
];

impl Aim {
    /// Whether somebody has to arrive from another server for it to be hit.
    pub(crate) fn needs_arrivals(self) -> bool {
        matches!(self, At(P::Resume, _) | Client(C::Presented | C::Restored))
    }

    /// Its place in [`AIMS`].
    pub(crate) fn index(self) -> usize {
        AIMS.iter()
            .position(|aim| *aim == self)
            .unwrap_or(AIMS.len())
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            At(path, moment) => return f.pad(&format!("{}, {}", path.name(), moment.name())),
            Client(moment) => return f.pad(&format!("client: {}", moment.name())),
            Self::Random => "any moment",
            Self::Orderly => "no kill: told to end",
        };
        f.pad(text)
    }
}

impl Path {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "opening",
            Self::Resume => "resume",
            Self::Command => "command",
            Self::Gap => "full update for a gap",
            Self::Renewal => "renewal",
            Self::Rotation => "first update under a new key",
            Self::Ack => "acknowledgement",
            Self::Question => "question about private values",
            Self::Leave => "leaving",
        }
    }
}

impl Moment {
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "before it is received",
            Self::Received => "received",
            Self::Done => "done, before flush",
            Self::Flushed => "flushed, before send",
            Self::BetweenParts => "between its parts",
            Self::Sent => "sent",
        }
    }
}

impl ClientMoment {
    fn name(self) -> &'static str {
        match self {
            Self::CommandSent => "command sent",
            Self::PartArrived => "a part of an update is there",
            Self::BeforeMerge => "update there, before merge",
            Self::Merged => "merged, before acknowledgement",
            Self::Acknowledged => "acknowledged",
            Self::GapSeen => "gap seen, before asking",
            Self::OwnChange => "own values changed",
            Self::Presented => "bundle presented",
            Self::Restored => "new server's first update merged",
        }
    }
}
