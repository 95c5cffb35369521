//! Who is killed when: each aim in turn, the least hit first.

use std::time::{Duration, Instant};

use rand::RngExt;
use rand::seq::IndexedRandom;

use super::fleet::{LONG_LIVED, SERVERS, ServerId};
use super::io::Io;
use crate::Outcome;
use crate::point::{AIMS, Aim};

/// How long an aim is waited for before another one is taken; it stays on the list.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long between two kills that bring clients to a server which is aimed at.
const DRIVE: Duration = Duration::from_millis(800);

/// The director.
pub(crate) struct Director {
    pause: Duration,
    next: Instant,
    armed: Option<Armed>,
    /// Aims that were given up for others.
    pub(crate) missed: u64,
}

struct Armed {
    place: usize,
    server: ServerId,
    aim: Aim,
    since: Instant,
    drive: Instant,
}

impl Director {
    /// A director that lets at least `pause` pass between two kills.
    pub(crate) fn new(pause: Duration) -> Self {
        Self {
            pause,
            next: Instant::now() + Duration::from_secs(1),
            armed: None,
            missed: 0,
        }
    }

    /// Does what is due; `settled` says whether every client has got over the last kill, `stopped` which server stands
    /// where it was told to.
    pub(crate) fn step(
        &mut self,
        io: &mut Io,
        settled: bool,
        stopped: Option<(usize, Aim)>,
    ) -> Outcome<()> {
        let now = Instant::now();
        let Some(armed) = &mut self.armed else {
            if now >= self.next && (settled || io.once_in(2_000)) {
                self.take_aim(io, now)?;
            }
            return Ok(());
        };
        let (place, aim) = (armed.place, armed.aim);
        if stopped == Some((place, aim)) {
            end(io, place, aim)?;
        }
        let gone = io.fleet.death(armed.server).is_some();
        if !gone && now.duration_since(armed.since) > PATIENCE {
            self.missed += 1;
            io.fleet.disarm(place);
            end(io, place, Aim::Random)?;
        } else if !gone {
            if aim.needs_arrivals() && settled && now >= armed.drive {
                armed.drive = now + DRIVE;
                drive_clients_to(io, place)?;
            }
            return Ok(());
        }
        self.armed = None;
        self.next = now + self.pause;
        Ok(())
    }

    /// Aims no longer; a server that is aimed at may stand still already, and dies.
    pub(crate) fn rest(&mut self, io: &mut Io) -> Outcome<()> {
        match self.armed.take() {
            Some(armed) => {
                io.fleet.disarm(armed.place);
                end(io, armed.place, Aim::Random)
            }
            None => Ok(()),
        }
    }

    fn take_aim(&mut self, io: &mut Io, now: Instant) -> Outcome<()> {
        let Some(place) = most_loaded(io, None) else {
            return Ok(());
        };
        let Some((server, _)) = io.fleet.at(place) else {
            return Ok(());
        };
        let aim = if io.once_in(5) {
            Aim::Random
        } else {
            least_hit(io)
        };
        if matches!(aim, Aim::Random | Aim::Orderly) {
            self.next = now + self.pause;
            return end(io, place, aim);
        }
        io.fleet.aim(place, aim);
        self.armed = Some(Armed {
            place,
            server,
            aim,
            since: now,
            drive: now,
        });
        Ok(())
    }
}

fn end(io: &mut Io, place: usize, aim: Aim) -> Outcome<()> {
    io.tally.kills.add(aim);
    io.fleet.end(place, aim)
}

/// One of the aims that were hit least.
fn least_hit(io: &mut Io) -> Aim {
    let kills = &io.tally.kills;
    let least = kills.least();
    let aims: Vec<Aim> = AIMS
        .into_iter()
        .filter(|aim| kills.of(*aim) == least)
        .collect();
    aims.choose(&mut io.dice).copied().unwrap_or(Aim::Random)
}

fn drive_clients_to(io: &mut Io, place: usize) -> Outcome<()> {
    match most_loaded(io, Some(place)) {
        Some(other) => end(io, other, Aim::Random),
        None => Ok(()),
    }
}

/// The mortal server with the most clients, if it is ready.
fn most_loaded(io: &mut Io, but: Option<usize>) -> Option<usize> {
    let mortal = (0..SERVERS).filter(|place| *place != LONG_LIVED && Some(*place) != but);
    let ready = mortal.filter(|place| io.fleet.at(*place).is_some());
    let spread = io.dice.random_range(0..SERVERS);
    ready.max_by_key(|place| (io.load[*place], (place + spread) % SERVERS))
}
