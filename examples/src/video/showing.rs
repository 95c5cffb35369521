//! A film for one viewer: frames out, commands in, and the session's cookies between them.

use std::net::{Shutdown, TcpStream, UdpSocket};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use statecookie::{Clock, Session, SystemClock};

use super::film::FRAME_MS;
use super::pace::Pace;
use super::playback::Playback;
use super::protocol::{Message, Request};
use super::rtp::Stamp;
use super::source::Source;
use super::timeline::Timeline;
use crate::Outcome;
use crate::message::send;

/// How long a server sleeps at most.
const LONG: Duration = Duration::from_secs(1);

/// One viewer's film.
pub(super) struct Showing<P: Playback> {
    pub(super) session: Session<P>,
    pub(super) source: Box<dyn Source>,
    pub(super) control: TcpStream,
    pub(super) commands: Receiver<Request>,
    pub(super) media: UdpSocket,
    pub(super) stamp: Stamp,
    /// The number of the next frame.
    pub(super) next: u32,
}

impl<P: Playback> Showing<P> {
    /// Shows the film from the next frame to its end; then waits until the viewer hangs up.
    pub(super) fn run(mut self) -> Outcome<()> {
        let values = self.session.values();
        let (timeline, mut pace) = (Timeline::from_base(values.base), Pace::from_now());
        self.source.cue(self.next, values.bit_rate_kbps)?;
        while self.next * FRAME_MS < values.duration_ms {
            self.attend(pace.next())?;
            let mut packets = self.source.next()?;
            // A cookie that was held back is due before another frame goes out.
            self.update()?;
            self.send(&mut packets, timeline.timestamp(self.next * FRAME_MS))?;
            self.next += 1;
            P::move_to(&mut self.session, self.next * FRAME_MS)?;
            self.update()?;
            pace.sent_at(Instant::now());
        }
        loop {
            self.attend(Instant::now() + LONG)?;
        }
    }

    /// Carries out commands and sends cookies when they are due, until then.
    fn attend(&mut self, until: Instant) -> Outcome<()> {
        loop {
            self.update()?;
            match self.commands.recv_timeout(self.wait(until)) {
                Ok(Request::TurnTo(kbps)) => self.turn_to(kbps)?,
                Ok(_) => return Err("the film is running".into()),
                Err(RecvTimeoutError::Timeout) if Instant::now() >= until => return Ok(()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err("the viewer hung up".into()),
            }
        }
    }

    /// How long nothing has to be done, if no command comes.
    fn wait(&self, until: Instant) -> Duration {
        let frame = until.saturating_duration_since(Instant::now());
        let Some(due) = self.session.next_due() else {
            return frame;
        };
        let cookie = due.since(SystemClock.now());
        frame.min(cookie.max(Duration::from_millis(1)))
    }

    /// Sends what the session has for its client, if anything.
    fn update(&mut self) -> Outcome<()> {
        if let Some(update) = self.session.flush()? {
            send(&mut self.control, &Message::Update(update.into_bytes()))?;
        }
        Ok(())
    }

    fn turn_to(&mut self, kbps: u32) -> Outcome<()> {
        match P::turn_to(&mut self.session, kbps) {
            Ok(()) => self.source.cue(self.next, kbps),
            Err(_) => Ok(send(&mut self.control, &Message::Refused)?),
        }
    }

    fn send(&mut self, packets: &mut [Vec<u8>], timestamp: u32) -> Outcome<()> {
        for packet in packets {
            self.stamp.put(packet, timestamp)?;
            // A viewer that is gone is noticed on its control connection.
            let _ = self.media.send(packet);
        }
        Ok(())
    }
}

impl<P: Playback> Drop for Showing<P> {
    /// The thread that waits for commands holds the connection as well.
    fn drop(&mut self) {
        let _ = self.control.shutdown(Shutdown::Both);
    }
}
