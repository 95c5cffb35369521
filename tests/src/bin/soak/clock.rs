//! The servers' clocks: faster than the system's, so that keys change every two seconds, and apart from each other.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use statecookie::{Clock, Timestamp};

/// How many seconds a server's clock goes in one of the system's.
pub(crate) const SPEED: u64 = 30;

/// How far two clocks may be apart, in milliseconds of their own time: what the key policy's default skew allows.
pub(crate) const SPREAD_MILLIS: i64 = 60_000;

/// A clock that all servers started together read from the system's, each with its own offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FastClock {
    start: u64,
    offset: i64,
}

impl FastClock {
    /// A clock that begins at the system's time `start`, off by so many milliseconds.
    pub(crate) fn new(start: u64, offset: i64) -> Self {
        Self { start, offset }
    }

    /// The system's time in milliseconds.
    pub(crate) fn system() -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| since.as_millis() as u64)
    }
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        let passed = Self::system().saturating_sub(self.start) * SPEED;
        Timestamp::from_millis((self.start + passed).saturating_add_signed(self.offset))
    }
}

/// As it stands in a server's environment.
impl fmt::Display for FastClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.start, self.offset)
    }
}

impl FromStr for FastClock {
    type Err = Box<dyn std::error::Error>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (start, offset) = text.split_once(':').ok_or("no clock")?;
        Ok(Self::new(start.parse()?, offset.parse()?))
    }
}
