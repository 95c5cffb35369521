//! The checker: it knows the film, and looks at every frame that is shown.

use std::time::{Duration, Instant};

use super::film::{FRAME_MS, frame};
use super::reel::Index;
use crate::Outcome;

/// The film as it must be.
pub enum Original {
    /// Made up by the own sender.
    MadeUp,
    /// In files.
    Files(Index),
}

impl Original {
    /// Whether a payload is this frame at this bit rate.
    fn holds(&self, number: u32, kbps: u32, payload: &[u8]) -> bool {
        match self {
            Self::MadeUp => frame(number, kbps) == payload,
            Self::Files(index) => index.holds(number, kbps, payload),
        }
    }
}

/// What one viewer has seen.
pub struct Screen<'f> {
    original: &'f Original,
    may_repeat_ms: u32,
    next: u32,
    /// The bit rates that the next frame may have: the last one that was seen, and what was asked for since.
    rates: Vec<u32>,
    went_over: bool,
    last: Option<Instant>,
    /// The jump in media time at each fail-over, in milliseconds; backwards is negative.
    pub gaps_ms: Vec<i64>,
    /// How long the picture stood still at each fail-over.
    pub stills: Vec<Duration>,
    /// Frames shown, again or for the first time.
    pub frames: u32,
    /// Times that the bit rate changed, as far as frames tell.
    pub turns: u32,
}

impl<'f> Screen<'f> {
    /// Nothing was seen yet; the first frame will have this bit rate.
    pub fn new(original: &'f Original, may_repeat_ms: u32, kbps: u32) -> Self {
        Self {
            original,
            may_repeat_ms,
            next: 0,
            rates: vec![kbps],
            went_over: false,
            last: None,
            gaps_ms: Vec::new(),
            stills: Vec::new(),
            frames: 0,
            turns: 0,
        }
    }

    /// Up to where the film was seen, in milliseconds: what a client derives from the last frame.
    pub fn position_ms(&self) -> u32 {
        self.next * FRAME_MS
    }

    /// Another bit rate was asked for: it may come with any of the next frames.
    pub fn asked(&mut self, kbps: u32) {
        self.rates.push(kbps);
    }

    /// Another server goes on, at this bit rate from its first frame.
    pub fn went_over(&mut self, kbps: u32) {
        self.turns += u32::from(self.rates.first() != Some(&kbps));
        self.rates = vec![kbps];
        self.went_over = true;
    }

    /// Shows a frame; gives whether it was the first one of another server.
    ///
    /// # Errors
    ///
    /// It is not the frame that must come now.
    pub fn show(&mut self, number: u32, payload: &[u8], now: Instant) -> Outcome<bool> {
        let gap_ms = (i64::from(number) - i64::from(self.next)) * i64::from(FRAME_MS);
        let may_repeat_ms = if self.went_over {
            self.may_repeat_ms.into()
        } else {
            0
        };
        if gap_ms > 0 || gap_ms < -may_repeat_ms {
            return Err(format!(
                "the film jumped by {gap_ms} ms at {} ms, where it may show {may_repeat_ms} ms again and leave out nothing",
                self.position_ms()
            )
            .into());
        }
        self.look(number, payload)?;
        let still = self.last.map(|last| now - last);
        let first = std::mem::take(&mut self.went_over);
        if first {
            self.gaps_ms.push(gap_ms);
            self.stills.extend(still);
        }
        (self.next, self.last) = (number + 1, Some(now));
        self.frames += 1;
        Ok(first)
    }

    /// What is in the frame, to the byte.
    fn look(&mut self, number: u32, payload: &[u8]) -> Outcome<()> {
        let mut rates = self.rates.iter();
        let found = rates.position(|kbps| self.original.holds(number, *kbps, payload));
        let found = found.ok_or_else(|| {
            format!(
                "what came as frame {number} is not that frame at {:?} kbit/s",
                self.rates
            )
        })?;
        self.turns += found as u32;
        self.rates.drain(..found);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILM: Original = Original::MadeUp;

    fn shown(screen: &mut Screen<'_>, number: u32, kbps: u32) -> Outcome<bool> {
        screen.show(number, &frame(number, kbps), Instant::now())
    }

    fn begun() -> Screen<'static> {
        let mut screen = Screen::new(&FILM, 80, 600);
        for number in 0..50 {
            assert!(!shown(&mut screen, number, 600).unwrap());
        }
        screen
    }

    #[test]
    fn a_fail_over_may_show_so_much_again_and_no_more_and_leaves_nothing_out() {
        for (number, allowed) in [(47, false), (48, true), (49, true), (50, true), (51, false)] {
            let mut screen = begun();
            screen.went_over(600);
            assert_eq!(shown(&mut screen, number, 600).is_ok(), allowed, "{number}");
        }
    }

    #[test]
    fn without_a_fail_over_every_frame_is_the_next_one() {
        for number in [0, 49, 51] {
            assert!(shown(&mut begun(), number, 600).is_err());
        }
    }

    #[test]
    fn another_frame_under_the_right_number_is_seen() {
        let wrong = frame(49, 600);
        assert!(begun().show(50, &wrong, Instant::now()).is_err());
        let mut short = frame(50, 600);
        short.pop();
        assert!(begun().show(50, &short, Instant::now()).is_err());
    }

    #[test]
    fn a_bit_rate_comes_when_it_was_asked_for_and_does_not_go_back() {
        let mut screen = begun();
        assert!(shown(&mut screen, 50, 300).is_err());
        screen.asked(300);
        assert!(shown(&mut screen, 50, 600).is_ok());
        assert!(shown(&mut screen, 51, 300).is_ok());
        assert!(shown(&mut screen, 52, 600).is_err());
        assert_eq!(screen.turns, 1);
    }
}
