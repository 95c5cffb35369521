//! What a server has to show, and with which sender.

use super::film::{FRAME_MS, TITLE};
use super::reel::Reel;
use crate::Outcome;
use crate::fleet::Setting;

/// The environment variable with the film's length in frames.
const FRAMES: &str = "VIDEO_FRAMES";
/// The environment variable with the folder of the files; without it the frames are made up.
const FOLDER: &str = "VIDEO_FOLDER";

/// The films of a server: there is one.
#[derive(Clone, Debug)]
pub struct Archive {
    frames: u32,
    reel: Option<Reel>,
}

impl Archive {
    /// A film of so many frames, from files or made up.
    pub fn new(frames: u32, reel: Option<Reel>) -> Self {
        Self { frames, reel }
    }

    /// In a server process: what the launcher says.
    ///
    /// # Errors
    ///
    /// It says nothing.
    pub fn from_env() -> Outcome<Self> {
        let frames = std::env::var(FRAMES)?.parse()?;
        let reel = std::env::var_os(FOLDER).map(Reel::in_folder);
        Ok(Self { frames, reel })
    }

    /// The same for the environment of a server process.
    ///
    /// # Errors
    ///
    /// The folder's name is no text.
    pub fn settings(&self) -> Outcome<[Setting; 2]> {
        let folder = self.reel.as_ref().map(Reel::folder);
        let name = |folder: &std::path::Path| folder.to_str().map(str::to_owned);
        let folder = folder.map(|folder| name(folder).ok_or("not a name"));
        Ok([
            (FRAMES, Some(self.frames.to_string())),
            (FOLDER, folder.transpose()?),
        ])
    }

    /// How long a film lasts, in milliseconds, if it is there.
    pub fn duration_ms(&self, title: &str) -> Option<u32> {
        (title == TITLE).then_some(self.frames * FRAME_MS)
    }

    /// The files, if there are any.
    pub fn reel(&self) -> Option<&Reel> {
        self.reel.as_ref()
    }
}
