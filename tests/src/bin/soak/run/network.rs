//! The network between clients and servers: real datagrams on the loopback, of which some are lost, sent twice or held back.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use rand::RngExt;
use rand::rngs::StdRng;

use crate::Outcome;
use crate::server::is_idle;
use crate::wire::DATAGRAM;

/// In a thousand, each way.
const LOST: u32 = 25;
const TWICE: u32 = 25;
const HELD_BACK: u32 = 60;
/// How long a datagram is held back at most, in milliseconds; others overtake it.
const LONGEST: u64 = 250;
/// One in so many of these is held back much longer: its server may be long dead.
const VERY_LATE: u32 = 6;
const VERY_LONGEST: u64 = 4_000;
/// How long the socket is waited for.
const PATIENCE: Duration = Duration::from_millis(1);

/// How many datagrams went how.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Faults {
    pub(crate) datagrams: u64,
    pub(crate) lost: u64,
    pub(crate) twice: u64,
    pub(crate) overtaken: u64,
}

/// The clients' socket, and what is under way.
pub(crate) struct Network {
    socket: UdpSocket,
    dice: StdRng,
    held: BinaryHeap<Held>,
    buffer: Vec<u8>,
    serial: u64,
    pub(crate) faults: Faults,
}

struct Held {
    due: Instant,
    serial: u64,
    to: Option<SocketAddr>,
    bytes: Vec<u8>,
}

impl Network {
    /// A network on a free port.
    pub(crate) fn new(dice: StdRng) -> Outcome<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            socket,
            dice,
            held: BinaryHeap::new(),
            buffer: vec![0; DATAGRAM],
            serial: 0,
            faults: Faults::default(),
        })
    }

    /// Sends a datagram to a server; or does not.
    pub(crate) fn send(&mut self, to: SocketAddr, bytes: &[u8]) {
        for _ in 0..self.copies() {
            match self.delay() {
                None => drop(self.socket.send_to(bytes, to)),
                Some(delay) => self.hold(delay, Some(to), bytes.to_vec()),
            }
        }
    }

    /// What comes next from any server, if anything comes in a short while.
    pub(crate) fn receive(&mut self) -> Outcome<Option<Vec<u8>>> {
        if let Some(bytes) = self.release() {
            return Ok(Some(bytes));
        }
        let len = match self.socket.recv_from(&mut self.buffer) {
            Ok((len, _)) => len,
            Err(error) if is_idle(&error) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let bytes = self.buffer[..len].to_vec();
        let mut arrived = None;
        for _ in 0..self.copies() {
            match self.delay() {
                None if arrived.is_none() => arrived = Some(bytes.clone()),
                delay => self.hold(delay.unwrap_or_default(), None, bytes.clone()),
            }
        }
        Ok(arrived)
    }

    /// Passes on what was held back long enough; gives the first that is for a client.
    fn release(&mut self) -> Option<Vec<u8>> {
        let now = Instant::now();
        while self.held.peek().is_some_and(|held| held.due <= now) {
            let held = self.held.pop()?;
            match held.to {
                Some(to) => drop(self.socket.send_to(&held.bytes, to)),
                None => return Some(held.bytes),
            }
        }
        None
    }

    fn hold(&mut self, delay: Duration, to: Option<SocketAddr>, bytes: Vec<u8>) {
        self.serial += 1;
        let (due, serial) = (Instant::now() + delay, self.serial);
        self.held.push(Held {
            due,
            serial,
            to,
            bytes,
        });
    }

    fn copies(&mut self) -> usize {
        self.faults.datagrams += 1;
        match self.dice.random_range(0..1_000) {
            dice if dice < LOST => {
                self.faults.lost += 1;
                0
            }
            dice if dice < LOST + TWICE => {
                self.faults.twice += 1;
                2
            }
            _ => 1,
        }
    }

    fn delay(&mut self) -> Option<Duration> {
        let held = self.dice.random_range(0..1_000) < HELD_BACK;
        held.then(|| {
            self.faults.overtaken += 1;
            let longest = match self.dice.random_range(0..VERY_LATE) {
                0 => VERY_LONGEST,
                _ => LONGEST,
            };
            Duration::from_millis(self.dice.random_range(2..=longest))
        })
    }
}

/// The earliest first.
impl Ord for Held {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.due, other.serial).cmp(&(self.due, self.serial))
    }
}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Held {}
