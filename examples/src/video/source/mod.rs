//! Where the packets come from.

mod ffmpeg;
mod own;

use self::ffmpeg::Ffmpeg;
use self::own::Own;
use super::archive::Archive;
use crate::Outcome;

/// The film as RTP packets, frame by frame; source, sequence and timestamps in them are not the session's yet.
pub trait Source: Send {
    /// Goes on with this frame at this bit rate.
    ///
    /// # Errors
    ///
    /// The film cannot be read.
    fn cue(&mut self, number: u32, kbps: u32) -> Outcome<()>;

    /// The packets of the next frame, when they are there.
    ///
    /// # Errors
    ///
    /// They do not come, or are not those of the next frame.
    fn next(&mut self) -> Outcome<Vec<Vec<u8>>>;
}

/// The source that an archive has.
pub fn source(archive: &Archive) -> Box<dyn Source> {
    match archive.reel() {
        Some(reel) => Box::new(Ffmpeg::new(reel.clone())),
        None => Box::new(Own::default()),
    }
}
