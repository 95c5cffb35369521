//! A server process: it has the films and the pool's secret, and not a word with the other servers.

use std::net::{Ipv4Addr, TcpStream, UdpSocket};
use std::sync::{Arc, mpsc};
use std::thread;

use statecookie::{Entropy, Keys, Pool, Secret, Session, SystemEntropy};

use super::archive::Archive;
use super::film::{FRAME_MS, LICENCE_KBPS};
use super::playback::{Playback, Values, Way};
use super::protocol::{Message, Request};
use super::rtp::Stamp;
use super::showing::Showing;
use super::source::source;
use super::state::Derived;
use super::variants::{Approximated, Partial, Whole};
use crate::Outcome;
use crate::fleet::listen;
use crate::message::{receive, send};

/// The pool's name.
pub const POOL: &str = "video.example";
/// The environment variable with the pool's secret.
pub const SECRET: &str = "VIDEO_POOL_SECRET";
/// The environment variable that makes a server go on at a wrong place.
pub const BREAK_IT: &str = "VIDEO_BREAK_IT";
/// How far a broken server goes back, in milliseconds.
const BREAK_MS: u32 = 13 * FRAME_MS;

/// Serves until its launcher ends.
///
/// # Errors
///
/// There is no secret, no film or no port.
pub fn serve() -> Outcome<()> {
    let keys = Keys::embedded(Secret::from_env(SECRET)?);
    let house = Arc::new(House {
        archive: Archive::from_env()?,
        spoil: std::env::var_os(BREAK_IT).is_some(),
        whole: Pool::new(POOL, keys.clone())?,
        partial: Pool::new(POOL, keys.clone())?,
        approximated: Pool::new(POOL, keys.clone())?,
        derived: Pool::new(POOL, keys)?,
    });
    for stream in listen()?.incoming() {
        let (stream, house) = (stream?, house.clone());
        thread::spawn(move || {
            let ended = house.admit(stream);
            if let (Err(reason), Some(_)) = (ended, std::env::var_os("VIDEO_LOG")) {
                eprintln!("{reason}");
            }
        });
    }
    Ok(())
}

/// What all viewers of a server have in common: each way has a schema of its own, and so its own pool.
struct House {
    archive: Archive,
    spoil: bool,
    whole: Pool<Whole>,
    partial: Pool<Partial>,
    approximated: Pool<Approximated>,
    derived: Pool<Derived>,
}

impl House {
    fn admit(&self, mut stream: TcpStream) -> Outcome<()> {
        stream.set_nodelay(true)?;
        let request = receive(&mut stream)?;
        let (Request::Open { way, .. } | Request::Resume { way, .. }) = request else {
            return Err("not a beginning".into());
        };
        match way {
            Way::Whole => self.show(&self.whole, request, stream),
            Way::Partial => self.show(&self.partial, request, stream),
            Way::Approximated => self.show(&self.approximated, request, stream),
            Way::Derived => self.show(&self.derived, request, stream),
        }
    }

    /// Shows the film, or says no. Why is for the operator: the viewer learns nothing but that it was refused.
    fn show<P: Playback>(
        &self,
        pool: &Pool<P>,
        request: Request,
        mut stream: TcpStream,
    ) -> Outcome<()> {
        let (session, port) = self.session(pool, request).or_else(|reason| {
            send(&mut stream, &Message::Refused)?;
            Err(reason)
        })?;
        self.begin(session, port, stream)?.run()
    }

    fn session<P: Playback>(&self, pool: &Pool<P>, request: Request) -> Outcome<(Session<P>, u16)> {
        match request {
            Request::Open {
                viewer,
                title,
                media,
                ..
            } => {
                let state = P::of(self.ticket(title)?);
                Ok((pool.open_bound(state, viewer.as_bytes())?, media))
            }
            Request::Resume {
                viewer,
                bundle,
                media,
                ..
            } => {
                let mut session = pool.resume_bound(&bundle, viewer.as_bytes())?.session;
                if self.spoil {
                    let wrong = session.values().position_ms.saturating_sub(BREAK_MS);
                    P::move_to(&mut session, wrong)?;
                }
                Ok((session, media))
            }
            Request::TurnTo(_) => Err("not a beginning".into()),
        }
    }

    /// The state at the film's beginning.
    fn ticket(&self, title: String) -> Outcome<Values> {
        let duration_ms = self.archive.duration_ms(&title).ok_or("no such film")?;
        // RFC 3550 wants it anywhere; here it is where the timestamps wrap in the middle of the film.
        let to_the_wrap = duration_ms * 45 + random()? as u32 % 9_000;
        Ok(Values {
            title,
            duration_ms,
            licence_kbps: LICENCE_KBPS,
            contract: random()?,
            ssrc: random()? as u32,
            base: 0_u32.wrapping_sub(to_the_wrap),
            bit_rate_kbps: LICENCE_KBPS,
            position_ms: 0,
        })
    }

    /// Tells the viewer that it begins: the first update is full.
    fn begin<P: Playback>(
        &self,
        mut session: Session<P>,
        port: u16,
        mut control: TcpStream,
    ) -> Outcome<Showing<P>> {
        let values = session.values();
        let media = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        media.connect((control.peer_addr()?.ip(), port))?;
        let update = session.flush()?.ok_or("no update")?.into_bytes();
        let started = Message::Started {
            media: media.local_addr()?.port(),
            update,
        };
        send(&mut control, &started)?;
        let (commands, queue) = mpsc::channel();
        let mut input = control.try_clone()?;
        thread::spawn(move || {
            while let Ok(request) = receive(&mut input) {
                if commands.send(request).is_err() {
                    return;
                }
            }
        });
        Ok(Showing {
            session,
            source: source(&self.archive),
            control,
            commands: queue,
            media,
            stamp: Stamp::new(values.ssrc, random()? as u16),
            next: values.position_ms / FRAME_MS,
        })
    }
}

fn random() -> Outcome<u64> {
    let mut bytes = [0; 8];
    SystemEntropy.fill(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}
