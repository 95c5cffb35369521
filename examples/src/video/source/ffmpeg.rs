//! `ffmpeg` reads a real file and sends its packets to the server, which relays them.

use std::net::{Ipv4Addr, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use rtp_types::RtpPacket;

use super::Source;
use crate::Outcome;
use crate::video::film::FRAME_MS;
use crate::video::reel::Reel;
use crate::video::rtp::MAX_PAYLOAD;
use crate::video::timeline::Timeline;

/// How long the next packet may take: `ffmpeg` may have to be loaded first.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the relay looks whether anybody still wants its packets.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Header and payload of one packet, for `ffmpeg`.
const PACKET: usize = MAX_PAYLOAD + 12;

/// The file, and the run of `ffmpeg` that reads it.
pub(super) struct Ffmpeg {
    reel: Reel,
    run: Option<Run>,
}

/// One run of `ffmpeg`.
struct Run {
    packets: Receiver<Vec<u8>>,
    /// What `ffmpeg`'s timestamps begin with, once the first packet came.
    timeline: Option<Timeline>,
    /// Media time since the beginning of the run.
    elapsed_ms: u32,
}

impl Ffmpeg {
    pub(super) fn new(reel: Reel) -> Self {
        Self { reel, run: None }
    }
}

impl Source for Ffmpeg {
    fn cue(&mut self, number: u32, kbps: u32) -> Outcome<()> {
        self.run = None;
        self.run = Some(Run::begin(&self.reel, number, kbps)?);
        Ok(())
    }

    fn next(&mut self) -> Outcome<Vec<Vec<u8>>> {
        self.run.as_mut().ok_or("nothing is cued")?.next()
    }
}

impl Run {
    fn begin(reel: &Reel, number: u32, kbps: u32) -> Outcome<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
        socket.set_read_timeout(Some(LOOK_EVERY))?;
        let port = socket.local_addr()?.port();
        // Late packets of another run, to a port that came to this one, are known by their source.
        let mark = u32::from(port) << 8 | (number & 0xff);
        let child = launch(reel, number, kbps, port, mark)?;
        let (sender, packets) = mpsc::channel();
        let relay = Relay {
            child,
            socket,
            mark,
        };
        thread::spawn(move || relay.run(&sender));
        Ok(Self {
            packets,
            timeline: None,
            elapsed_ms: 0,
        })
    }

    /// All packets up to the one with the marker bit.
    fn next(&mut self) -> Outcome<Vec<Vec<u8>>> {
        let mut frame = Vec::new();
        loop {
            let bytes = self.packets.recv_timeout(PATIENCE)?;
            let Ok(packet) = RtpPacket::parse(&bytes) else {
                continue;
            };
            self.expect(packet.timestamp())?;
            let last = packet.marker_bit();
            frame.push(bytes);
            if last {
                self.elapsed_ms += FRAME_MS;
                return Ok(frame);
            }
        }
    }

    /// `ffmpeg` begins its timestamps anywhere; the first one is that of the frame that was cued.
    fn expect(&mut self, timestamp: u32) -> Outcome<()> {
        let timeline = *self.timeline.get_or_insert(Timeline::from_base(timestamp));
        if timeline.timestamp(self.elapsed_ms) != timestamp {
            return Err("ffmpeg left a frame out".into());
        }
        Ok(())
    }
}

/// Starts `ffmpeg` at a frame. With `connect` it notices that nobody listens any more, and ends: its server may be killed.
fn launch(reel: &Reel, number: u32, kbps: u32, port: u16, mark: u32) -> Outcome<Child> {
    let from = f64::from(number * FRAME_MS) / 1_000.0;
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-loglevel", "quiet", "-re"]);
    command.args(["-ss", &format!("{from:.3}")]);
    command.arg("-i").arg(reel.file(kbps));
    command.args(["-c", "copy", "-f", "rtp", "-rtpflags", "skip_rtcp"]);
    command.args(["-ssrc", &mark.to_string()]);
    command.arg(format!(
        "rtp://127.0.0.1:{port}?connect=1&pkt_size={PACKET}"
    ));
    // What it prints is the session's description (SDP), which the viewers here do not need.
    command.stdin(Stdio::null()).stdout(Stdio::null());
    Ok(command.spawn()?)
}

/// Takes what `ffmpeg` sends; ends it when nobody wants it any more.
struct Relay {
    child: Child,
    socket: UdpSocket,
    mark: u32,
}

impl Relay {
    fn run(mut self, out: &Sender<Vec<u8>>) {
        let mut buffer = [0; 2 * PACKET];
        loop {
            let packet = match self.socket.recv(&mut buffer) {
                Ok(len) => buffer.get(..len).filter(|bytes| self.is_own(bytes)),
                Err(_) if matches!(self.child.try_wait(), Ok(None)) => None,
                Err(_) => return,
            };
            // Nothing is sent as well: that is how to learn whether somebody is there.
            if out.send(packet.unwrap_or_default().to_vec()).is_err() {
                return;
            }
        }
    }

    fn is_own(&self, bytes: &[u8]) -> bool {
        RtpPacket::parse(bytes).is_ok_and(|packet| packet.ssrc() == self.mark)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
