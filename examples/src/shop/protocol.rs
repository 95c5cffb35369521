//! What client and servers say to each other, over TCP on the loopback.

use serde::{Deserialize, Serialize};

/// A command of the visitor.
///
/// `login` stands for an authentication that this example does not have: the servers take it as proven.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub enum Request {
    /// Come in.
    Open {
        /// As whom the connection is authenticated.
        login: String,
        /// The customer's number.
        customer: u64,
    },
    /// Go on with a visit that began on another server.
    Resume {
        /// As whom the connection is authenticated.
        login: String,
        /// What the client kept.
        bundle: Vec<u8>,
    },
    /// Walk and turn.
    Move {
        /// Metres.
        position: [f32; 3],
        /// Degrees.
        yaw: f32,
    },
    /// Better or faster pictures.
    Quality(u8),
    /// Put one article into the cart.
    Put(String),
    /// "May I buy on credit for so many Euro?"
    Credit(u16),
}

/// What a server answers.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The answer proper.
    pub reply: Reply,
    /// The cookies that changed, to be kept by the client.
    pub update: Option<Vec<u8>>,
}

/// The answer proper.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The command was carried out.
    Done,
    /// The answer to [`Request::Credit`].
    Credit(bool),
    /// The one refusal, whatever the reason.
    Refused,
}

impl Request {
    /// The command for the log.
    pub fn name(&self) -> String {
        match self {
            Self::Open { .. } => "open".into(),
            Self::Resume { .. } => "resume".into(),
            Self::Move { .. } => "move".into(),
            Self::Quality(quality) => format!("quality {quality}"),
            Self::Put(article) => format!("put {article}"),
            Self::Credit(euro) => format!("credit for {euro}?"),
        }
    }
}
