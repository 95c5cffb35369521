//! What client and servers say to each other over TCP; the film itself goes over UDP.

use serde::{Deserialize, Serialize};

use super::playback::Way;

/// What a client says.
///
/// `viewer` stands for an authentication that this example does not have: the servers take it as proven.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Show me a film, from its beginning.
    Open {
        /// How the state travels.
        way: Way,
        /// As whom the connection is authenticated.
        viewer: String,
        /// Which film.
        title: String,
        /// The UDP port that takes the packets.
        media: u16,
    },
    /// Go on with a film that began on another server.
    Resume {
        /// How the state travels.
        way: Way,
        /// As whom the connection is authenticated.
        viewer: String,
        /// What the client kept.
        bundle: Vec<u8>,
        /// The UDP port that takes the packets.
        media: u16,
    },
    /// Send at this bit rate, in kbit/s.
    TurnTo(u32),
}

/// What a server says.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The film begins or goes on.
    Started {
        /// The UDP port that the packets come from.
        media: u16,
        /// The cookies of all tiers.
        update: Vec<u8>,
    },
    /// Cookies that changed.
    Update(Vec<u8>),
    /// The one refusal, whatever the reason.
    Refused,
}
