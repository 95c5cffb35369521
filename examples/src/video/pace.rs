//! When the next frame goes out: one in 40 milliseconds, and never two to make up for lost time.

use std::time::{Duration, Instant};

use super::film::FRAME_MS;

const FRAME: Duration = Duration::from_millis(FRAME_MS as u64);
/// How much of a delay the next frame may make up for.
const SLACK: Duration = Duration::from_millis(5);

/// The pace of one stream.
///
/// A server that hurried after a pause would show more of the film than the time that passed; what may be lost with a position
/// that is sent once a second would then be more than a second.
pub(super) struct Pace {
    next: Instant,
}

impl Pace {
    pub(super) fn from_now() -> Self {
        Self {
            next: Instant::now(),
        }
    }

    /// The next frame goes out no sooner.
    pub(super) fn next(&self) -> Instant {
        self.next
    }

    /// A frame went out, with its cookie.
    pub(super) fn sent_at(&mut self, now: Instant) {
        self.next = (self.next + FRAME).max(now + FRAME - SLACK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_any_second_after_a_frame_there_are_at_most_25_more_however_late_it_was() {
        for late in [0, 3, 39, 41, 500, 5_000] {
            let mut pace = Pace::from_now();
            let cookie = pace.next() + Duration::from_millis(late);
            pace.sent_at(cookie);
            let mut frames = 0;
            while pace.next() < cookie + Duration::from_secs(1) {
                let now = pace.next();
                pace.sent_at(now);
                frames += 1;
            }
            assert!((24..=25).contains(&frames), "{frames}, {late} ms late");
        }
    }
}
