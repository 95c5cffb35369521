//! A client's stay on this server, and the stays that are over.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use statecookie::Session;

use crate::state::Visit;

/// After such a silence a session is given up: its client left, and the word of it was lost.
const IDLE: Duration = Duration::from_secs(120);

/// How many ended stays are remembered.
const REMEMBERED: usize = 200;

/// A stay.
pub(super) struct Seat {
    pub(super) session: Session<Visit>,
    pub(super) address: SocketAddr,
    /// What the client has acknowledged.
    pub(super) acknowledged: u64,
    heard: Instant,
    updates: u64,
}

/// The stays that ended here lately: a request that the network doubled does not begin them again.
#[derive(Default)]
pub(super) struct Left(VecDeque<u64>);

impl Seat {
    pub(super) fn new(session: Session<Visit>, address: SocketAddr) -> Self {
        Self {
            session,
            address,
            acknowledged: 0,
            heard: Instant::now(),
            // Any: two sessions of one stay must not number their updates alike.
            updates: u64::from(rand::random::<u32>()),
        }
    }

    /// The client spoke, perhaps from elsewhere.
    pub(super) fn hear(&mut self, from: SocketAddr) {
        (self.address, self.heard) = (from, Instant::now());
    }

    /// Whether the client was silent for too long.
    pub(super) fn is_given_up(&self) -> bool {
        self.heard.elapsed() >= IDLE
    }

    /// The number of another update.
    pub(super) fn next_update(&mut self) -> u64 {
        self.updates += 1;
        self.updates
    }
}

impl Left {
    /// Whether this stay is over.
    pub(super) fn contains(&self, stay: u64) -> bool {
        self.0.contains(&stay)
    }

    /// This stay is over.
    pub(super) fn remember(&mut self, stay: u64) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(stay);
    }
}
