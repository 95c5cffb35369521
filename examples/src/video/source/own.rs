//! The embedded default: frames of the right size, made up on the spot.

use super::Source;
use crate::Outcome;
use crate::video::film::frame;
use crate::video::rtp::packets;

/// The next frame's number and the bit rate in kbit/s.
#[derive(Default)]
pub(super) struct Own {
    number: u32,
    kbps: u32,
}

impl Source for Own {
    fn cue(&mut self, number: u32, kbps: u32) -> Outcome<()> {
        (self.number, self.kbps) = (number, kbps);
        Ok(())
    }

    fn next(&mut self) -> Outcome<Vec<Vec<u8>>> {
        let packets = packets(&frame(self.number, self.kbps))?;
        self.number += 1;
        Ok(packets)
    }
}
