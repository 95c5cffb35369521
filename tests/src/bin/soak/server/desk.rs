//! The sessions of one server, and its answers.

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};

use statecookie::{Clock, Pool, Session};

use super::carry_out::{carry_out, decide};
use super::post::Post;
use super::seat::{Left, Seat};
use super::spoil::{Earlier, Spoil};
use super::stop::Stop;
use crate::Outcome;
use crate::clock::FastClock;
use crate::point::{Moment, Path};
use crate::state::Visit;
use crate::wire::{Answer, Command, Request, Secrets, ToServer, Verdict, identity};

/// All sessions.
pub(super) struct Desk<'a> {
    pool: Pool<Visit>,
    clock: FastClock,
    spoil: Option<Spoil>,
    earlier: Earlier,
    post: Post<'a>,
    seats: HashMap<u64, Seat>,
    left: Left,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        pool: Pool<Visit>,
        clock: FastClock,
        spoil: Option<Spoil>,
        socket: &'a UdpSocket,
        stop: &'a Stop,
    ) -> Self {
        let post = Post { socket, stop };
        Self {
            pool,
            clock,
            spoil,
            earlier: Earlier::default(),
            left: Left::default(),
            post,
            seats: HashMap::new(),
        }
    }

    /// Answers a datagram. What goes wrong is told to the operator; the client is refused, without a reason.
    pub(super) fn answer(&mut self, message: ToServer, from: SocketAddr) {
        let stay = message.stay;
        if let Err(reason) = self.handle(message, from) {
            println!("refused {stay} {reason}");
            self.post.send(from, stay, Answer::Refused);
        }
    }

    /// Sends what is due unasked; gives up who is long silent.
    pub(super) fn look_after(&mut self) {
        self.seats.retain(|_, seat| !seat.is_given_up());
        let now = self.clock.now();
        for (stay, seat) in &mut self.seats {
            let due = seat.session.next_due().is_some_and(|due| due <= now);
            if due && let Err(reason) = renew(&self.post, *stay, seat) {
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
        if self.left.contains(stay) {
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
        self.post.stop.pass(Path::Open, Moment::Received);
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
        self.post.stop.pass(Path::Resume, Moment::Received);
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
        self.post.stop.pass(path, Moment::Done);
        let update = match fresh {
            true => seat
                .session
                .flush()?
                .ok_or("a first flush without an update")?,
            false => seat.session.flush_full()?,
        };
        self.post.send_update(stay, seat, &update, path);
        Ok(())
    }

    fn go_on(&mut self, stay: u64, from: SocketAddr, request: Request) -> Outcome<()> {
        let Some(seat) = self.seats.get_mut(&stay) else {
            if !matches!(request, Request::Leave) {
                self.post.send(from, stay, Answer::Gone);
            }
            return Ok(());
        };
        seat.hear(from);
        match request {
            Request::Do { number, command } => {
                command_came(&self.post, stay, seat, number, command)?
            }
            Request::Full => fill_gap(&self.post, stay, seat)?,
            Request::Question { number, asked } => {
                let verdict = decide_for(&self.post, seat, asked);
                self.post
                    .send(seat.address, stay, Answer::Verdict { number, verdict });
                self.post.stop.pass(Path::Question, Moment::Sent);
            }
            Request::Ack(step) => {
                self.post.stop.pass(Path::Ack, Moment::Received);
                seat.acknowledged = seat.acknowledged.max(step);
            }
            Request::Leave => self.leave(stay),
            Request::Open { .. } | Request::Resume(_) => return Err("not on the way".into()),
        }
        Ok(())
    }

    fn leave(&mut self, stay: u64) {
        self.post.stop.pass(Path::Leave, Moment::Received);
        self.seats.remove(&stay);
        self.left.remember(stay);
        self.post.stop.pass(Path::Leave, Moment::Done);
    }
}

fn command_came(
    post: &Post<'_>,
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
        return fill_gap(post, stay, seat);
    }
    post.stop.pass(Path::Command, Moment::Received);
    carry_out(&mut seat.session, command)?;
    post.stop.pass(Path::Command, Moment::Done);
    let key = seat.session.key_id();
    let update = seat.session.flush()?.ok_or("a command without an update")?;
    let path = if key == seat.session.key_id() {
        Path::Command
    } else {
        Path::Rotation
    };
    post.send_update(stay, seat, &update, path);
    Ok(())
}

fn fill_gap(post: &Post<'_>, stay: u64, seat: &mut Seat) -> Outcome<()> {
    post.stop.pass(Path::Gap, Moment::Received);
    let update = seat.session.flush_full()?;
    post.send_update(stay, seat, &update, Path::Gap);
    Ok(())
}

fn decide_for(post: &Post<'_>, seat: &Seat, asked: Secrets) -> Verdict {
    post.stop.pass(Path::Question, Moment::Received);
    decide(&seat.session, asked)
}

fn renew(post: &Post<'_>, stay: u64, seat: &mut Seat) -> Outcome<()> {
    post.stop.pass(Path::Renewal, Moment::Received);
    let key = seat.session.key_id();
    if let Some(update) = seat.session.flush()? {
        let path = if key == seat.session.key_id() {
            Path::Renewal
        } else {
            Path::Rotation
        };
        post.send_update(stay, seat, &update, path);
    }
    Ok(())
}
