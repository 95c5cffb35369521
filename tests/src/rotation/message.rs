//! Requests and answers over TCP: frames of a length and a value.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What a server is asked.
#[derive(Serialize, Deserialize)]
pub enum Request {
    /// A new session.
    Open {
        /// Who rides.
        rider: u64,
    },
    /// A bundle to be judged.
    Present {
        /// The bundle.
        bundle: Vec<u8>,
        /// Judge it as if the clock said that, in milliseconds; else the server's own clock counts.
        at: Option<u64>,
        /// What comes after a welcome.
        then: Then,
    },
}

/// What a server does with a session that it accepted.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It drops it: only the verdict counts.
    Nothing,
    /// It goes on for one request.
    Request,
    /// It goes on for good: a fail-over.
    FailOver,
}

/// What a server answers.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Answer {
    /// The time at which it judged and issued, in milliseconds: read once.
    pub now: u64,
    /// What became of the request.
    pub verdict: Verdict,
    /// Whether it held the presented key id just before it judged and just after.
    pub held: [bool; 2],
    /// What it issued.
    pub update: Option<Vec<u8>>,
}

/// What became of a request.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Done; these were the values before it went on.
    Accepted(Values),
    /// Refused with this reason code.
    Refused(String),
    /// The server could not do what it should.
    Failed(String),
}

/// The values of a state.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// Who rides.
    pub rider: u64,
    /// The second tier.
    pub leg: u64,
    /// The lowest tier.
    pub steps: u64,
}

impl Values {
    /// What they are after one step more.
    #[must_use]
    pub fn next(self) -> Self {
        let steps = self.steps + 1;
        let leg = self.leg + u64::from(steps.is_multiple_of(7));
        Self { leg, steps, ..self }
    }
}

/// Writes one frame.
///
/// # Errors
///
/// The other end is gone.
pub fn send(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let body = postcard::to_allocvec(value).map_err(io::Error::other)?;
    let mut frame = (body.len() as u32).to_le_bytes().to_vec();
    frame.extend(body);
    out.write_all(&frame)
}

/// Reads one frame.
///
/// # Errors
///
/// The other end is gone.
pub fn receive<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<T> {
    let mut len = [0; 4];
    input.read_exact(&mut len)?;
    let mut body = vec![0; u32::from_le_bytes(len) as usize];
    input.read_exact(&mut body)?;
    postcard::from_bytes(&body).map_err(io::Error::other)
}
