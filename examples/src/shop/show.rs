//! The live display: one moving line on a terminal, plain lines elsewhere.

use std::collections::VecDeque;
use std::io::{IsTerminal, Write, stdout};
use std::time::{Duration, Instant};

use super::client::Seen;
use super::meter::Meter;
use crate::fleet::letter;

/// How many of the last updates the line shows.
const TRAIL: usize = 12;
/// How often a plain line tells how it goes.
const PLAIN_EVERY: Duration = Duration::from_secs(2);
/// How often the moving line moves.
const LIVE_EVERY: Duration = Duration::from_millis(50);

/// What a person sees of the visit.
pub struct Show {
    begun: Instant,
    live: bool,
    last: Option<Instant>,
    trail: VecDeque<char>,
}

impl Show {
    /// A display that begins now.
    pub fn begin() -> Self {
        let live = stdout().is_terminal();
        Self {
            begun: Instant::now(),
            live,
            last: None,
            trail: VecDeque::new(),
        }
    }

    /// An update came whose highest tier is this.
    pub fn update(&mut self, tier: usize) {
        if self.trail.len() == TRAIL {
            self.trail.pop_front();
        }
        self.trail
            .push_back(['·', '■', '▲'].get(tier).copied().unwrap_or('?'));
    }

    /// Something happened that is worth a line of its own.
    pub fn event(&self, text: &str) {
        let clear = if self.live { "\r\x1b[K" } else { "" };
        println!(
            "{clear}  {:5.1} s  {text}",
            self.begun.elapsed().as_secs_f64()
        );
    }

    /// How it goes, if it was not told lately.
    pub fn progress(&mut self, server: usize, seen: &Seen, things: u16, meter: &Meter) {
        let every = if self.live { LIVE_EVERY } else { PLAIN_EVERY };
        if self.last.is_some_and(|last| last.elapsed() < every) {
            return;
        }
        self.last = Some(Instant::now());
        let line = self.line(server, seen, things, meter);
        if self.live {
            print!("\r\x1b[K{line}");
            let _ = stdout().flush();
        } else {
            println!("{line}");
        }
    }

    /// Ends the moving line.
    pub fn end(&self) {
        if self.live {
            print!("\r\x1b[K");
        }
    }

    fn line(&self, server: usize, seen: &Seen, things: u16, meter: &Meter) -> String {
        let [x, _, z] = seen.position;
        let total = meter.total();
        let trail: String = self.trail.iter().collect();
        format!(
            "  {:5.1} s  {} {trail:<TRAIL$} {:4} updates {:5.1} kB, {:2} kills, at ({x:5.1},{z:5.1}) {:3.0}°, cart {things}",
            self.begun.elapsed().as_secs_f64(),
            letter(server),
            total.messages,
            total.bytes as f64 / 1000.0,
            meter.kills,
            seen.yaw,
        )
    }
}
