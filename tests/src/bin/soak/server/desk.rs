//! The sessions of one server, and its answers.

use std::collections::{HashMap, VecDeque};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use statecookie::{Clock, Pool, Session, Update};

use super::carry_out::{carry_out, decide};
use super::spoil::{Earlier, Spoil};
use super::stop::Stop;
use crate::Outcome;
use crate::clock::FastClock;
use crate::point::{Moment, Path};
use crate::state::Visit;
use crate::wire::{
    Answer, Command, PART, Request, Secrets, ToClient, ToServer, Verdict, identity, write,
};

/// After such a silence a session is given up: its client left, and the word of it was lost.
const IDLE: Duration = Duration::from_secs(120);

/// How many ended stays are remembered.
const REMEMBERED: usize = 200;

/// All sessions.
pub(super) struct Desk<'a> {
    pool: Pool<Visit>,
    clock: FastClock,
    spoil: Option<Spoil>,
    earlier: Earlier,
    line: Line<'a>,
    seats: HashMap<u64, Seat>,
    left: Left,
}

/// The stays that ended here lately: a request that the network doubled does not begin them again.
#[derive(Default)]
struct Left(VecDeque<u64>);

/// The way out.
struct Line<'a> {
    socket: &'a UdpSocket,
    stop: &'a Stop,
}

/// A client's stay.
struct Seat {
    session: Session<Visit>,
    address: SocketAddr,
    heard: Instant,
    /// The number of the last update; the first is any, lest two sessions of one stay have the same.
    updates: u64,
    acknowledged: u64,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        pool: Pool<Visit>,
        clock: FastClock,
        spoil: Option<Spoil>,
        socket: &'a UdpSocket,
        stop: &'a Stop,
    ) -> Self {
        let (line, seats) = (Line { socket, stop }, HashMap::new());
        Self {
            pool,
            clock,
            spoil,
            earlier: Earlier::default(),
            left: Left::default(),
            line,
            seats,
        }
    }

    /// Answers a datagram. What goes wrong is told to the operator; the client is refused, without a reason.
    pub(super) fn answer(&mut self, message: ToServer, from: SocketAddr) {
        let stay = message.stay;
        if let Err(reason) = self.handle(message, from) {
            println!("refused {stay} {reason}");
            self.line.send(from, stay, Answer::Refused);
        }
    }

    /// Sends what is due unasked; gives up who is long silent.
    pub(super) fn look_after(&mut self) {
        self.seats.retain(|_, seat| seat.heard.elapsed() < IDLE);
        let now = self.clock.now();
        for (stay, seat) in &mut self.seats {
            let due = seat.session.next_due().is_some_and(|due| due <= now);
            if due && let Err(reason) = renew(&self.line, *stay, seat) {
                println!("refused {stay} {reason}");
            }
        }
    }

    fn handle(&mut self, message: ToServer, from: SocketAddr) -> Outcome<()> {
        let ToServer {
            stay,
            client,
            request,
        } = message;
        if self.left.0.contains(&stay) {
            return Ok(());
        }
        match request {
            Request::Open { customer, credit } => self.open(stay, client, from, customer, credit),
            Request::Resume(bundle) => self.resume(stay, client, from, bundle),
            request => self.go_on(stay, from, request),
        }
    }

    fn open(
        &mut self,
        stay: u64,
        client: u32,
        from: SocketAddr,
        customer: u64,
        credit: u32,
    ) -> Outcome<()> {
        self.line.stop.pass(Path::Open, Moment::Received);
        let fresh = !self.seats.contains_key(&stay);
        if fresh {
            let visit = Visit::begin(customer, credit);
            let session = match identity(client) {
                Some(identity) => self.pool.open_bound(visit, identity.as_bytes())?,
                None => self.pool.open(visit)?,
            };
            self.seats.insert(stay, Seat::new(session, from));
        }
        self.begin(stay, from, Path::Open, fresh)
    }

    fn resume(&mut self, stay: u64, client: u32, from: SocketAddr, bundle: Vec<u8>) -> Outcome<()> {
        self.line.stop.pass(Path::Resume, Moment::Received);
        let fresh = !self.seats.contains_key(&stay);
        if fresh {
            let session = self.restore(client, bundle)?;
            self.seats.insert(stay, Seat::new(session, from));
        }
        self.begin(stay, from, Path::Resume, fresh)
    }

    fn restore(&mut self, client: u32, bundle: Vec<u8>) -> Outcome<Session<Visit>> {
        let mut session = self.accept(client, &bundle)?;
        match self.spoil {
            None => {}
            Some(Spoil::Older) => {
                if let Some(older) = self.earlier.replace(client, bundle) {
                    session = self.accept(client, &older)?;
                }
            }
            Some(spoil) => spoil.change(&mut session),
        }
        Ok(session)
    }

    fn accept(&self, client: u32, bundle: &[u8]) -> Outcome<Session<Visit>> {
        let presented = self.pool.present(bundle);
        let resumed = match identity(client) {
            Some(identity) => presented.identity(identity.as_bytes()).resume()?,
            None => presented.resume()?,
        };
        Ok(resumed.session)
    }

    /// The first update of a stay; once more and full, where the request came again.
    fn begin(&mut self, stay: u64, from: SocketAddr, path: Path, fresh: bool) -> Outcome<()> {
        let seat = self.seats.get_mut(&stay).ok_or("no such stay")?;
        seat.hear(from);
        self.line.stop.pass(path, Moment::Done);
        let update = match fresh {
            true => seat
                .session
                .flush()?
                .ok_or("a first flush without an update")?,
            false => seat.session.flush_full()?,
        };
        self.line.send_update(stay, seat, &update, path);
        Ok(())
    }

    fn go_on(&mut self, stay: u64, from: SocketAddr, request: Request) -> Outcome<()> {
        let Some(seat) = self.seats.get_mut(&stay) else {
            if !matches!(request, Request::Leave) {
                self.line.send(from, stay, Answer::Gone);
            }
            return Ok(());
        };
        seat.hear(from);
        match request {
            Request::Do { number, command } => {
                command_came(&self.line, stay, seat, number, command)?
            }
            Request::Full => fill_gap(&self.line, stay, seat)?,
            Request::Question { number, asked } => {
                let verdict = decide_for(&self.line, seat, asked);
                self.line
                    .send(seat.address, stay, Answer::Verdict { number, verdict });
                self.line.stop.pass(Path::Question, Moment::Sent);
            }
            Request::Ack(step) => {
                self.line.stop.pass(Path::Ack, Moment::Received);
                seat.acknowledged = seat.acknowledged.max(step);
            }
            Request::Leave => self.leave(stay),
            Request::Open { .. } | Request::Resume(_) => return Err("not on the way".into()),
        }
        Ok(())
    }

    fn leave(&mut self, stay: u64) {
        self.line.stop.pass(Path::Leave, Moment::Received);
        self.seats.remove(&stay);
        self.left.remember(stay);
        self.line.stop.pass(Path::Leave, Moment::Done);
    }
}

fn command_came(
    line: &Line<'_>,
    stay: u64,
    seat: &mut Seat,
    number: u64,
    command: Command,
) -> Outcome<()> {
    let step = seat.session.step;
    // One that the client has acknowledged is a late duplicate, one that comes too early is sent again.
    if number <= seat.acknowledged || number > step + 1 {
        return Ok(());
    }
    if number <= step {
        return fill_gap(line, stay, seat);
    }
    line.stop.pass(Path::Command, Moment::Received);
    carry_out(&mut seat.session, command)?;
    line.stop.pass(Path::Command, Moment::Done);
    let key = seat.session.key_id();
    let update = seat.session.flush()?.ok_or("a command without an update")?;
    let path = if key == seat.session.key_id() {
        Path::Command
    } else {
        Path::Rotation
    };
    line.send_update(stay, seat, &update, path);
    Ok(())
}

fn fill_gap(line: &Line<'_>, stay: u64, seat: &mut Seat) -> Outcome<()> {
    line.stop.pass(Path::Gap, Moment::Received);
    let update = seat.session.flush_full()?;
    line.send_update(stay, seat, &update, Path::Gap);
    Ok(())
}

fn decide_for(line: &Line<'_>, seat: &Seat, asked: Secrets) -> Verdict {
    line.stop.pass(Path::Question, Moment::Received);
    decide(&seat.session, asked)
}

fn renew(line: &Line<'_>, stay: u64, seat: &mut Seat) -> Outcome<()> {
    line.stop.pass(Path::Renewal, Moment::Received);
    let key = seat.session.key_id();
    if let Some(update) = seat.session.flush()? {
        let path = if key == seat.session.key_id() {
            Path::Renewal
        } else {
            Path::Rotation
        };
        line.send_update(stay, seat, &update, path);
    }
    Ok(())
}

impl Line<'_> {
    fn send_update(&self, stay: u64, seat: &mut Seat, bytes: &Update, path: Path) {
        self.stop.pass(path, Moment::Flushed);
        seat.updates += 1;
        let parts = bytes.as_bytes().chunks(PART);
        let count = parts.len() as u8;
        for (index, part) in (0..).zip(parts) {
            if index > 0 {
                self.stop.pass(path, Moment::BetweenParts);
            }
            let part = Answer::Part {
                update: seat.updates,
                index,
                count,
                bytes: part.to_vec(),
            };
            self.send(seat.address, stay, part);
        }
        self.stop.pass(path, Moment::Sent);
    }

    fn send(&self, to: SocketAddr, stay: u64, answer: Answer) {
        // A datagram that cannot be sent is a lost one.
        let _ = self.socket.send_to(&write(&ToClient { stay, answer }), to);
    }
}

impl Left {
    fn remember(&mut self, stay: u64) {
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(stay);
    }
}

impl Seat {
    fn new(session: Session<Visit>, address: SocketAddr) -> Self {
        Self {
            session,
            address,
            heard: Instant::now(),
            updates: u64::from(rand::random::<u32>()),
            acknowledged: 0,
        }
    }

    fn hear(&mut self, from: SocketAddr) {
        (self.address, self.heard) = (from, Instant::now());
    }
}
