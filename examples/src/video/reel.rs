//! The film as real files: made once by `ffmpeg`'s test source, one for each bit rate, every frame a key frame.
//!
//! So a server can go on at any frame. There are no B-frames: they would go over the wire in another order than they are shown in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

use super::film::{FRAME_MS, LADDER};
use crate::Outcome;

/// The size of the picture for each bit rate of the ladder.
const SIZES: [&str; LADDER.len()] = ["256x144", "384x216", "640x360"];

/// The folder with the files.
#[derive(Clone, Debug)]
pub struct Reel {
    folder: PathBuf,
}

/// What the frames of the files are, by their hashes: for the checker.
pub struct Index {
    frames: BTreeMap<u32, Vec<[u8; 32]>>,
}

impl Reel {
    /// The files in a folder.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// Makes the files, so many frames long.
    ///
    /// # Errors
    ///
    /// There is no `ffmpeg`, or it fails.
    pub fn make(&self, frames: u32) -> Outcome<()> {
        for (kbps, size) in LADDER.into_iter().zip(SIZES) {
            let source = format!("testsrc=size={size}:rate={}", 1_000 / FRAME_MS);
            let rate = format!("{kbps}k");
            let mut command = quiet();
            command.args(["-f", "lavfi", "-i", &source]);
            command.args(["-frames:v", &frames.to_string()]);
            command.args(["-c:v", "mpeg4", "-g", "1", "-bf", "0", "-b:v", &rate]);
            command.arg(self.file(kbps));
            run(&mut command)?;
        }
        Ok(())
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file with the best quality that a bit rate allows; the least there is if it allows none.
    pub fn file(&self, kbps: u32) -> PathBuf {
        self.folder.join(format!("film-{}.avi", rung(kbps)))
    }

    /// The hash of every frame of every file, as `ffmpeg` finds them there.
    ///
    /// # Errors
    ///
    /// `ffmpeg` fails.
    pub fn index(&self) -> Outcome<Index> {
        let mut frames = BTreeMap::new();
        for kbps in LADDER {
            let mut command = quiet();
            command.arg("-i").arg(self.file(kbps));
            command.args(["-c", "copy", "-f", "framehash", "-hash", "sha256", "-"]);
            let lines = String::from_utf8(run(&mut command)?)?;
            let packets = lines.lines().filter(|line| !line.starts_with('#'));
            let hashes: Option<Vec<_>> = packets.map(hash).collect();
            frames.insert(kbps, hashes.ok_or("ffmpeg printed no hash")?);
        }
        Ok(Index { frames })
    }
}

impl Index {
    /// Whether a frame is this one of the file for that bit rate.
    pub fn holds(&self, number: u32, kbps: u32, frame: &[u8]) -> bool {
        let hashes = self.frames.get(&rung(kbps));
        let hash = hashes.and_then(|hashes| hashes.get(number as usize));
        hash.is_some_and(|hash| hash[..] == Sha256::digest(frame)[..])
    }
}

/// The highest rung of the ladder that a bit rate reaches.
fn rung(kbps: u32) -> u32 {
    let reached = LADDER.into_iter().rev().find(|rung| *rung <= kbps);
    reached.unwrap_or(LADDER[0])
}

fn quiet() -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-loglevel", "error", "-y"]);
    command
}

/// Runs a command to its end; gives what it printed.
fn run(command: &mut Command) -> Outcome<Vec<u8>> {
    let output = command
        .output()
        .map_err(|error| format!("ffmpeg does not start ({error}): is it installed?"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(output.stdout)
}

/// The last column of a line, from hex.
fn hash(line: &str) -> Option<[u8; 32]> {
    let text = line.rsplit(' ').next()?;
    let digits = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(digits).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_rate_between_two_files_takes_the_lower_one() {
        assert_eq!(
            [0, 300, 599, 600, 5_000].map(rung),
            [300, 300, 300, 600, 1_200]
        );
    }

    #[test]
    fn reads_the_hash_that_ffmpeg_prints() {
        let digest = Sha256::digest(b"frame");
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let line = format!("0,          0,          0,        1,        5, {hex}");
        assert_eq!(hash(&line).unwrap()[..], digest[..]);
        assert_eq!(hash("0, 0, 0, 1, 5, short"), None);
    }
}
