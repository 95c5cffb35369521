//! What a person sees while the film runs: one line for each kill, one for what became of it.

use std::time::Instant;

use super::journal::Event;
use super::playback::Way;
use crate::fleet::letter;

/// Lines with the time in front.
pub(super) struct Show {
    begun: Instant,
    viewers: usize,
    gaps: Vec<(Way, i64)>,
}

impl Show {
    /// So many viewers tell how they went on.
    pub(super) fn begin(begun: Instant, viewers: usize) -> Self {
        Self {
            begun,
            viewers,
            gaps: Vec::new(),
        }
    }

    pub(super) fn killed(&self, server: usize) {
        self.line(&format!("✗ {} killed", letter(server)));
    }

    pub(super) fn tell(&mut self, event: Event) {
        let Event::WentOn {
            way,
            server,
            gap_ms,
        } = event;
        self.gaps.push((way, gap_ms));
        if self.gaps.len() == self.viewers {
            self.gaps.sort_by_key(|(way, _)| *way as u8);
            let gaps: Vec<String> = self
                .gaps
                .drain(..)
                .map(|(way, gap)| format!("{} {gap} ms", way.name()))
                .collect();
            self.line(&format!(
                "  {} goes on: {}",
                letter(server),
                gaps.join(", ")
            ));
        }
    }

    fn line(&self, text: &str) {
        println!("  {:5.1} s  {text}", self.begun.elapsed().as_secs_f64());
    }
}
