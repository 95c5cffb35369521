//! The viewer's program: packets in, a jar without keys, and the way to the next server.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::RwLock;
use std::time::{Duration, Instant};

use statecookie::{Jar, Merged};

use super::control::{Answer, Control};
use super::film::{FRAME_MS, LADDER, TITLE};
use super::journal::{Event, Journal};
use super::operator::Operator;
use super::playback::{Playback, Seen};
use super::protocol::{Message, Request};
use super::rtp::{Assembler, Frame};
use super::screen::Screen;
use super::timeline::Timeline;
use crate::Outcome;
use crate::fleet::SERVERS;

/// How long the client waits for a packet before it looks whether there is a message.
const LOOK: Duration = Duration::from_millis(5);
/// A server that sends no picture for so long counts as dead. A killed one is noticed at once: its connection breaks.
const SILENCE: Duration = Duration::from_secs(12);
/// So many frames after a server began, the viewer asks it for another bit rate.
const TURN_AFTER: u32 = 20;

/// Where the servers are: in earnest, a name service.
pub type Directory = RwLock<Vec<SocketAddr>>;

/// One viewer of one film.
pub struct Viewer<'r, P: Playback> {
    name: &'r str,
    directory: &'r Directory,
    operator: Operator<P>,
    jar: Jar,
    control: Control,
    server: usize,
    media: UdpSocket,
    timeline: Timeline,
    assembler: Assembler,
    screen: Screen<'r>,
    journal: Journal,
    /// Frames that this server has shown, and when the last came.
    shown: u32,
    heard: Instant,
}

impl<'r, P: Playback> Viewer<'r, P> {
    /// Begins at server 0.
    ///
    /// # Errors
    ///
    /// The server is not there, or does not have the film.
    pub fn begin(
        name: &'r str,
        directory: &'r Directory,
        operator: Operator<P>,
        screen: impl FnOnce(u32) -> Screen<'r>,
        mut journal: Journal,
    ) -> Outcome<Self> {
        let media = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        media.set_read_timeout(Some(LOOK))?;
        let request = Request::Open {
            way: journal.way,
            viewer: name.into(),
            title: TITLE.into(),
            media: media.local_addr()?.port(),
        };
        let Answer::Started(control, update) = Control::begin(address(directory, 0)?, &request)?
        else {
            return Err("the first server refused to begin".into());
        };
        let mut jar = Jar::new();
        let _ = jar.merge(&update)?;
        journal.start(update.len());
        let seen = P::seen(&mut jar)?;
        Ok(Self {
            name,
            directory,
            operator,
            jar,
            control,
            server: 0,
            media,
            timeline: Timeline::from_base(seen.base),
            assembler: Assembler::of(seen.ssrc),
            screen: screen(seen.bit_rate_kbps),
            journal,
            shown: 0,
            heard: Instant::now(),
        })
    }

    /// Watches the film to its end, over the corpses of servers.
    ///
    /// # Errors
    ///
    /// A check failed.
    pub fn watch(mut self) -> Outcome<Journal> {
        self.operator
            .compare(&P::bundle(&mut self.jar, 0)?, self.name)?;
        let end = self.seen()?.duration_ms;
        while self.screen.position_ms() < end {
            if let Some(packet) = self.packet()? {
                self.take(&packet)?;
            }
            if !self.hear()? || self.heard.elapsed() > SILENCE {
                self.drain()?;
                self.go_over()?;
            }
        }
        self.cheat()?;
        self.journal.screen(&self.screen);
        self.journal.media(&self.assembler);
        Ok(self.journal)
    }

    /// The next packet of this server, if there is one.
    fn packet(&self) -> Outcome<Option<Vec<u8>>> {
        let mut buffer = [0; 2_048];
        loop {
            match self.media.recv_from(&mut buffer) {
                Ok((len, from)) if from == self.control.media => {
                    return Ok(Some(buffer[..len].to_vec()));
                }
                Ok(_) => {}
                Err(error) if is_silence(&error) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn take(&mut self, packet: &[u8]) -> Outcome<()> {
        self.journal.bytes += packet.len() as u64;
        let Some(frame) = self.assembler.take(packet) else {
            return Ok(());
        };
        self.show(&frame)
    }

    /// The position is in the frame's timestamp.
    fn show(&mut self, frame: &Frame) -> Outcome<()> {
        let near_ms = self.screen.position_ms();
        let position = self.timeline.position(frame.timestamp, near_ms);
        let position_ms = position.ok_or("a timestamp of before the film")?;
        let now = Instant::now();
        let first = self
            .screen
            .show(position_ms / FRAME_MS, &frame.payload, now)?;
        self.journal.wrapped |= frame.timestamp < self.timeline.timestamp(0);
        self.heard = now;
        self.shown += 1;
        if first {
            self.journal.tell(Event::WentOn {
                way: self.journal.way,
                server: self.server,
                gap_ms: self.screen.gaps_ms.last().copied().unwrap_or(0),
            });
        }
        if self.shown == TURN_AFTER {
            self.ask_for_another_rate()?;
        }
        Ok(())
    }

    /// What the server says; gives whether it is still there.
    fn hear(&mut self) -> Outcome<bool> {
        let mut messages = Vec::new();
        let alive = self.control.hear(&mut messages)?;
        for message in messages {
            let Message::Update(update) = message else {
                return Err("a running film was refused".into());
            };
            let merged = self.jar.merge(&update)?;
            if merged != Merged::Updated {
                return Err(format!("an update was not news to the jar: {merged:?}").into());
            }
            self.journal.update(update.len());
        }
        Ok(alive)
    }

    /// What the dead server had sent before it died.
    fn drain(&mut self) -> Outcome<()> {
        while let Some(packet) = self.packet()? {
            self.take(&packet)?;
        }
        Ok(())
    }

    fn ask_for_another_rate(&mut self) -> Outcome<()> {
        let kbps = self.other_rate()?;
        self.screen.asked(kbps);
        // If the server has just died, the next one hears of it.
        let _ = self.control.tell(&Request::TurnTo(kbps));
        Ok(())
    }

    /// Another bit rate than the one in the jar.
    fn other_rate(&mut self) -> Outcome<u32> {
        let now = self.seen()?.bit_rate_kbps;
        let at = LADDER.iter().position(|rung| *rung == now).unwrap_or(0);
        Ok(LADDER[(at + 1) % LADDER.len()])
    }

    /// Presents the bundle to the next servers, until one goes on.
    fn go_over(&mut self) -> Outcome<()> {
        if self.journal.starts.messages.is_multiple_of(2) {
            // Every other time the viewer wants another bit rate from the next server.
            let kbps = self.other_rate()?;
            P::choose(&mut self.jar, kbps)?;
        }
        let presented = self.seen()?.bit_rate_kbps;
        let bundle = P::bundle(&mut self.jar, self.screen.position_ms())?;
        self.operator.compare(&bundle, self.name)?;
        let (control, update) = self.next_server(bundle)?;
        self.control = control;
        if self.jar.merge(&update)? != Merged::Updated {
            return Err("the first update of another server was not news to the jar".into());
        }
        self.journal.start(update.len());
        self.assembler.begin_anew();
        self.screen.went_over(presented);
        (self.shown, self.heard) = (0, Instant::now());
        Ok(())
    }

    fn next_server(&mut self, bundle: Vec<u8>) -> Outcome<(Control, Vec<u8>)> {
        let request = Request::Resume {
            way: self.journal.way,
            viewer: self.name.into(),
            bundle,
            media: self.media.local_addr()?.port(),
        };
        for distance in 1..=SERVERS {
            let next = (self.server + distance) % SERVERS;
            match Control::begin(address(self.directory, next)?, &request) {
                Ok(Answer::Started(control, update)) => {
                    self.server = next;
                    return Ok((control, update));
                }
                Ok(Answer::Refused) => {
                    return Err("the next server refused an honest bundle".into());
                }
                Err(_) => {}
            }
        }
        Err("no server is left".into())
    }

    fn seen(&mut self) -> Outcome<Seen> {
        P::seen(&mut self.jar)
    }

    /// The film is over; now the viewer cheats.
    fn cheat(&mut self) -> Outcome<()> {
        let end = self.screen.position_ms();
        self.operator
            .compare(&P::bundle(&mut self.jar, end)?, self.name)?;
        let server = address(self.directory, self.server)?;
        let way = self.journal.way;
        self.journal.verdicts =
            super::cheats::try_all(&self.operator, &self.jar, way, server, self.name)?;
        Ok(())
    }
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn address(directory: &Directory, server: usize) -> Outcome<SocketAddr> {
    let servers = directory.read().map_err(|_| "a viewer failed")?;
    Ok(*servers.get(server).ok_or("no such server")?)
}
