//! What clients and servers say to each other: one datagram each, updates in parts where they are long.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The longest part of an update: so short that a full update takes several datagrams.
pub(crate) const PART: usize = 160;

/// The largest datagram.
pub(crate) const DATAGRAM: usize = 4_096;

/// From a client.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct ToServer {
    /// The client's number for its stay on this server.
    pub(crate) stay: u64,
    /// As whom the client is authenticated: the soak takes it as proven.
    pub(crate) client: u32,
    pub(crate) request: Request,
}

/// What a client wants.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) enum Request {
    Open {
        customer: u64,
        credit: u32,
    },
    Resume(Vec<u8>),
    /// Carry out a command, the numbered one, unless it was carried out already.
    Do {
        number: u64,
        command: Command,
    },
    /// An update is missing.
    Full,
    /// The so manieth question of this stay.
    Question {
        number: u32,
        asked: Secrets,
    },
    /// Everything up to this step was merged.
    Ack(u64),
    Leave,
}

/// What a visitor does.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Move([i32; 2]),
    Note(String),
    Quality(u16),
    Put(u8),
    Credit(u32),
    Language(u8),
}

/// The private fields, as a client that may not read them believes them to be.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Secrets {
    pub(crate) credit: u32,
    pub(crate) points: u32,
    pub(crate) luck: u64,
}

/// From a server.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) struct ToClient {
    pub(crate) stay: u64,
    pub(crate) answer: Answer,
}

/// What a server answers.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub(crate) enum Answer {
    /// A part of an update, which has a number of its own.
    Part {
        update: u64,
        index: u8,
        count: u8,
        bytes: Vec<u8>,
    },
    /// The answer to the so manieth question.
    Verdict { number: u32, verdict: Verdict },
    /// The one refusal, whatever the reason.
    Refused,
    /// No such stay here.
    Gone,
}

/// A server's decisions about the amounts asked for, and about each of them and one more.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) step: u64,
    /// Whether credit, points and luck suffice.
    pub(crate) suffices: [bool; 3],
    /// Whether they would for one more.
    pub(crate) more: [bool; 3],
}

/// The bytes of a datagram.
pub(crate) fn write(message: &impl Serialize) -> Vec<u8> {
    // Nothing in these types can fail to be written.
    postcard::to_allocvec(message).unwrap_or_default()
}

/// The message in a datagram, if there is one.
pub(crate) fn read<T: DeserializeOwned>(datagram: &[u8]) -> Option<T> {
    postcard::from_bytes(datagram).ok()
}

/// As whom a client is authenticated; every other one is not.
pub(crate) fn identity(client: u32) -> Option<String> {
    (client % 2 == 1).then(|| format!("client-{client}"))
}
