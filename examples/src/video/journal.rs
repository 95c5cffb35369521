//! What is written down of one viewer's film: updates, jumps, packets.

use std::sync::mpsc::Sender;
use std::time::Duration;

use super::cheats::Verdict;
use super::playback::Way;
use super::rtp::Assembler;
use super::screen::Screen;

/// Messages and their bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Messages.
    pub messages: u64,
    /// Bytes of cookies in them.
    pub bytes: u64,
}

/// What is told while the film runs.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// The first frame of another server is on the screen.
    WentOn {
        /// How this viewer's state travels.
        way: Way,
        /// Which server.
        server: usize,
        /// The jump in media time, in milliseconds.
        gap_ms: i64,
    },
}

/// The record of one viewer.
pub struct Journal {
    /// How the state travels.
    pub way: Way,
    events: Sender<Event>,
    /// Full updates at the beginning and at fail-overs.
    pub starts: Count,
    /// Updates while the film ran.
    pub updates: Count,
    /// The jump in media time at each fail-over, in milliseconds; backwards is negative.
    pub gaps_ms: Vec<i64>,
    /// How long the picture stood still at each fail-over.
    pub stills: Vec<Duration>,
    /// Frames shown.
    pub frames: u32,
    /// Changes of the bit rate.
    pub turns: u32,
    /// RTP packets taken.
    pub packets: u64,
    /// RTP packets that did not come.
    pub lost: u64,
    /// Bytes of all packets, headers included.
    pub bytes: u64,
    /// Whether there was a timestamp beyond the wrap.
    pub wrapped: bool,
    /// What became of the attempts to cheat.
    pub verdicts: Vec<Verdict>,
}

impl Count {
    fn add(&mut self, bytes: usize) {
        self.messages += 1;
        self.bytes += bytes as u64;
    }
}

impl Journal {
    /// An empty one.
    pub fn new(way: Way, events: Sender<Event>) -> Self {
        Self {
            way,
            events,
            starts: Count::default(),
            updates: Count::default(),
            gaps_ms: Vec::new(),
            stills: Vec::new(),
            frames: 0,
            turns: 0,
            packets: 0,
            lost: 0,
            bytes: 0,
            wrapped: false,
            verdicts: Vec::new(),
        }
    }

    /// A server began.
    pub fn start(&mut self, bytes: usize) {
        self.starts.add(bytes);
    }

    /// A server sent cookies.
    pub fn update(&mut self, bytes: usize) {
        self.updates.add(bytes);
    }

    /// Tells whoever listens.
    pub fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }

    /// What was seen.
    pub fn screen(&mut self, screen: &Screen<'_>) {
        self.gaps_ms.clone_from(&screen.gaps_ms);
        self.stills.clone_from(&screen.stills);
        (self.frames, self.turns) = (screen.frames, screen.turns);
    }

    /// What was received.
    pub fn media(&mut self, assembler: &Assembler) {
        (self.packets, self.lost) = (assembler.packets, assembler.lost);
    }
}
