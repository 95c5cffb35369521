//! A server process: a secret and a clock in its environment, a port, and nothing else; no word with the other servers.

mod carry_out;
mod desk;
mod post;
mod seat;
mod spoil;
mod stop;

use std::io::{self, BufRead};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::point::{Moment, Path};
use crate::state::pool;
use crate::wire::{DATAGRAM, Request, ToServer, read};

use desk::Desk;
pub(crate) use spoil::SPOILS;
use stop::Stop;

/// The pool's secret, in hexadecimal.
pub(crate) const SECRET: &str = "SOAK_SECRET";
/// The hidden switch for the clock: when all clocks began, and how far this one is off.
pub(crate) const CLOCK: &str = "SOAK_CLOCK";
/// The hidden switch that makes a server restore something else than what it was given.
pub(crate) const SPOIL: &str = "SOAK_SPOIL";

/// How often a server looks after its sessions.
const TICK: Duration = Duration::from_millis(20);

/// Serves until its standard input ends: a server does not outlive who started it.
pub(crate) fn serve() -> Outcome<()> {
    let clock = std::env::var(CLOCK)?.parse()?;
    let pool = pool(&std::env::var(SECRET)?, clock)?;
    let spoil = std::env::var(SPOIL)
        .ok()
        .map(|kind| kind.parse())
        .transpose()?;
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_read_timeout(Some(TICK))?;
    println!("ready {}", socket.local_addr()?);
    let stop = Stop::default();
    let switch = stop.clone();
    thread::spawn(move || obey(&switch));
    run(
        &socket,
        &stop,
        Desk::new(pool, clock, spoil, &socket, &stop),
    )
}

fn run(socket: &UdpSocket, stop: &Stop, mut desk: Desk<'_>) -> Outcome<()> {
    let mut buffer = vec![0; DATAGRAM];
    let mut last = Instant::now();
    loop {
        if stop.is_armed() {
            stop_before(socket, stop, &mut buffer);
        }
        if let Some((message, from)) = receive(socket, &mut buffer)? {
            desk.answer(message, from);
        }
        if last.elapsed() >= TICK {
            last = Instant::now();
            desk.look_after();
        }
    }
}

/// Looks at a datagram that waits, without receiving it.
fn stop_before(socket: &UdpSocket, stop: &Stop, buffer: &mut [u8]) {
    let Ok((len, _)) = socket.peek_from(buffer) else {
        return;
    };
    if let Some(message) = read::<ToServer>(&buffer[..len]) {
        stop.pass(path_of(&message.request), Moment::Waiting);
    }
}

fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> Outcome<Option<(ToServer, SocketAddr)>> {
    match socket.recv_from(buffer) {
        Ok((len, from)) => Ok(read(&buffer[..len]).map(|message| (message, from))),
        Err(error) if is_idle(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Nothing came in time; or a datagram sent earlier found nobody.
pub(crate) fn is_idle(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, Interrupted, TimedOut, WouldBlock};
    matches!(
        error.kind(),
        ConnectionRefused | Interrupted | TimedOut | WouldBlock
    )
}

fn path_of(request: &Request) -> Path {
    match request {
        Request::Open { .. } => Path::Open,
        Request::Resume(_) => Path::Resume,
        Request::Do { .. } => Path::Command,
        Request::Full => Path::Gap,
        Request::Question { .. } => Path::Question,
        Request::Ack(_) => Path::Ack,
        Request::Leave => Path::Leave,
    }
}

/// Arms the switch as the launcher says, and ends when the launcher is gone, however that went.
fn obey(stop: &Stop) {
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        stop.arm(line.trim().parse().ok());
    }
    std::process::exit(0);
}
