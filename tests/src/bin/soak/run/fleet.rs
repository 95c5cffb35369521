//! The server processes: started, told where to stop, killed with SIGKILL, started again empty, and none left behind.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Instant;

use rand::RngExt;
use rand::rngs::StdRng;

use crate::Outcome;
use crate::clock::{FastClock, SPREAD_MILLIS};
use crate::point::{AIMS, Aim};
use crate::server::{CLOCK, SECRET, SPOIL};

/// How many servers there are.
pub(crate) const SERVERS: usize = 5;
/// The one that is never killed: whose memory is watched.
pub(crate) const LONG_LIVED: usize = SERVERS - 1;

/// How many refusals are remembered word for word.
const REMEMBERED: usize = 40;

/// A server process, of all that ever were: never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServerId(usize);

/// How a server ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Death {
    pub(crate) aim: Aim,
    pub(crate) at: Instant,
}

/// What a server says on its standard output.
enum Word {
    Ready(SocketAddr),
    At(Aim),
    Refused {
        stay: u64,
        reason: String,
    },
    /// The last one.
    Ended,
}

type Words = (Sender<(ServerId, Word)>, Receiver<(ServerId, Word)>);

/// All servers of the pool.
pub(crate) struct Fleet {
    secret: String,
    spoil: Option<String>,
    start: u64,
    dice: StdRng,
    servers: Vec<Server>,
    deaths: Vec<Option<Death>>,
    words: Words,
    refusals: VecDeque<String>,
    /// Why servers refused anything, and how often.
    pub(crate) reasons: BTreeMap<String, u64>,
    /// How far the clocks of servers that lived at the same time were apart at most, in milliseconds.
    pub(crate) spread: i64,
    /// Where a client point is aimed at, until it is hit.
    aim: Option<(usize, Aim)>,
    stopped: Option<(usize, ServerId, Aim)>,
}

struct Server {
    id: ServerId,
    process: Child,
    orders: Option<ChildStdin>,
    address: Option<SocketAddr>,
    offset: i64,
}

impl Fleet {
    /// Starts all servers with one secret.
    pub(crate) fn start(secret: String, spoil: Option<String>, dice: StdRng) -> Outcome<Self> {
        let mut fleet = Self {
            secret,
            spoil,
            start: FastClock::system(),
            dice,
            servers: Vec::new(),
            deaths: Vec::new(),
            words: channel(),
            refusals: VecDeque::new(),
            reasons: BTreeMap::new(),
            spread: 0,
            aim: None,
            stopped: None,
        };
        for _ in 0..SERVERS {
            let server = fleet.launch()?;
            fleet.servers.push(server);
        }
        Ok(fleet)
    }

    /// The server that stands at a place now, if it is ready.
    pub(crate) fn at(&self, place: usize) -> Option<(ServerId, SocketAddr)> {
        let server = self.servers.get(place)?;
        Some((server.id, server.address?))
    }

    /// How a server ended, if it did.
    pub(crate) fn death(&self, server: ServerId) -> Option<Death> {
        self.deaths.get(server.0).copied().flatten()
    }

    /// The process id at a place.
    pub(crate) fn process_id(&self, place: usize) -> Option<u32> {
        Some(self.servers.get(place)?.process.id())
    }

    /// How many servers were started.
    pub(crate) fn started(&self) -> usize {
        self.deaths.len()
    }

    /// Aims at a point: the server stops there, or a client calls [`pass`](Self::pass).
    pub(crate) fn aim(&mut self, place: usize, aim: Aim) {
        match aim {
            Aim::Client(_) => self.aim = Some((place, aim)),
            _ => self.order(place, &aim.index().to_string()),
        }
    }

    /// Aims no longer.
    pub(crate) fn disarm(&mut self, place: usize) {
        self.aim = None;
        self.order(place, "none");
    }

    /// A client of the server at `place` is at a point: if a kill is aimed there, it happens now.
    pub(crate) fn pass(&mut self, place: usize, aim: Aim) -> Outcome<()> {
        if self.aim == Some((place, aim)) {
            self.aim = None;
            self.end(place, aim)?;
        }
        Ok(())
    }

    /// Ends a server, with SIGKILL or, for [`Aim::Orderly`], by word; starts another one, empty.
    pub(crate) fn end(&mut self, place: usize, aim: Aim) -> Outcome<()> {
        let fresh = self.launch()?;
        let server = self.servers.get_mut(place).ok_or("no such server")?;
        let mut old = std::mem::replace(server, fresh);
        match aim {
            Aim::Orderly => old.orders = None,
            _ => old.process.kill()?,
        }
        old.process.wait()?;
        self.deaths[old.id.0] = Some(Death {
            aim,
            at: Instant::now(),
        });
        Ok(())
    }

    /// Hears what the servers say; gives the place of one that stopped, and where it was told to.
    ///
    /// # Errors
    ///
    /// A server has ended of itself.
    pub(crate) fn hear(&mut self) -> Outcome<Option<(usize, Aim)>> {
        while let Ok((id, word)) = self.words.1.try_recv() {
            let place = self.servers.iter().position(|server| server.id == id);
            match (word, place) {
                (Word::Ready(address), Some(place)) => self.servers[place].address = Some(address),
                (Word::At(aim), Some(place)) => self.stopped = Some((place, id, aim)),
                (Word::Refused { stay, reason }, _) => {
                    self.refuse(stay, reason);
                }
                (Word::Ended, Some(place)) => {
                    return Err(format!("server {place} has ended of itself").into());
                }
                (Word::Ready(_) | Word::At(_) | Word::Ended, _) => {}
            }
        }
        let stopped = self.stopped.take();
        let lives = stopped.filter(|(place, id, _)| self.servers[*place].id == *id);
        Ok(lives.map(|(place, _, aim)| (place, aim)))
    }

    /// Why servers refused anything lately, for the operator.
    pub(crate) fn refusals(&self) -> String {
        let lines = self.refusals.iter();
        lines.map(|line| format!("  {line}\n")).collect()
    }

    fn refuse(&mut self, stay: u64, reason: String) {
        if self.refusals.len() == REMEMBERED {
            self.refusals.pop_front();
        }
        self.refusals.push_back(format!("stay {stay}: {reason}"));
        // The key's number is another one every two seconds.
        let reason = reason.split(", key ").next().unwrap_or_default();
        *self.reasons.entry(reason.into()).or_default() += 1;
    }

    fn order(&mut self, place: usize, order: &str) {
        let server = self.servers.get_mut(place);
        if let Some(orders) = server.and_then(|server| server.orders.as_mut()) {
            // Who is dead takes no orders.
            let _ = writeln!(orders, "{order}");
        }
    }

    fn launch(&mut self) -> Outcome<Server> {
        let id = ServerId(self.deaths.len());
        self.deaths.push(None);
        let half = SPREAD_MILLIS / 2;
        let offset = self.dice.random_range(-half..=half);
        let clock = FastClock::new(self.start, offset);
        let apart = self
            .servers
            .iter()
            .map(|other| (other.offset - offset).abs());
        self.spread = apart.max().unwrap_or(0).max(self.spread);
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("server")
            .env(SECRET, &self.secret)
            .env(CLOCK, clock.to_string());
        match &self.spoil {
            Some(spoil) => command.env(SPOIL, spoil),
            None => command.env_remove(SPOIL),
        };
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (orders, output) = (process.stdin.take(), process.stdout.take());
        let (output, words) = (output.ok_or("no output")?, self.words.0.clone());
        thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            let said = lines.filter_map(|line| Word::read(&line));
            // Nobody hears it any more once the run is over.
            let _ = said
                .chain([Word::Ended])
                .try_for_each(|word| words.send((id, word)));
        });
        Ok(Server {
            id,
            process,
            orders,
            address: None,
            offset,
        })
    }
}

impl Word {
    fn read(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "ready" => Some(Self::Ready(rest.parse().ok()?)),
            "at" => Some(Self::At(*AIMS.get(rest.parse::<usize>().ok()?)?)),
            "refused" => {
                let (stay, reason) = rest.split_once(' ')?;
                Some(Self::Refused {
                    stay: stay.parse().ok()?,
                    reason: reason.into(),
                })
            }
            _ => None,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
