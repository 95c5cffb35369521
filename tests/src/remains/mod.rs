//! What is left of secrets in a process's own memory, read as the kernel shows it: no unsafe code, and nothing asked of an
//! allocator.
//!
//! Who looks for a secret must not hold it. The process that is searched knows its needles only masked; another process has
//! derived them.

mod needles;

use std::fs::{self, File};
use std::io::BufRead;
use std::os::unix::fs::FileExt;

pub use needles::{Needles, masked, prefixed};

/// Bytes of a needle. Longer secrets are several of them: a freed block loses its first bytes to the allocator.
pub const LEN: usize = 16;

/// What each byte of a needle is hidden behind; nothing that a key is combined with has this pattern.
pub fn mask(at: usize) -> u8 {
    0xa5 ^ (at as u8).wrapping_mul(29)
}

/// Some bytes of a secret, which are hidden until they are compared.
#[derive(Clone, Debug)]
pub struct Needle {
    /// What of which secret it is.
    pub name: String,
    masked: Vec<u8>,
}

impl Needle {
    /// Reads needles as [`Needles::lines`] wrote them, up to an empty line.
    #[expect(clippy::expect_used, reason = "both ends are this crate")]
    pub fn read(input: impl BufRead) -> Vec<Self> {
        let lines = input.lines().map(|line| line.expect("text"));
        let lines = lines.take_while(|line| !line.is_empty());
        let needle = |line: String| {
            let (name, digits) = line.split_once(' ').expect("a name and digits");
            let (pairs, _) = digits.as_bytes().as_chunks::<2>();
            let byte = |pair: &[u8; 2]| {
                let pair = str::from_utf8(pair).expect("digits");
                u8::from_str_radix(pair, 16).expect("digits")
            };
            Self {
                name: name.to_owned(),
                masked: pairs.iter().map(byte).collect(),
            }
        };
        lines.map(needle).collect()
    }

    /// Writes the secret itself onto the end of a buffer that was made large enough, byte by byte.
    pub fn reveal(&self, out: &mut Vec<u8>) {
        let bytes = self.masked.iter().enumerate();
        bytes.for_each(|(at, byte)| out.push(byte ^ mask(at)));
    }

    fn first(&self) -> usize {
        self.masked
            .first()
            .map_or(0, |byte| usize::from(byte ^ mask(0)))
    }

    fn is_at(&self, memory: &[u8]) -> bool {
        memory.len() >= self.masked.len()
            && self
                .masked
                .iter()
                .zip(memory)
                .enumerate()
                .all(|(at, (hidden, byte))| hidden ^ mask(at) == *byte)
    }
}

/// A needle that was found, and in which part of the memory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The needle's name.
    pub name: String,
    /// What the kernel calls the mapping: `[heap]`, `[stack]`, a file, or nothing.
    pub place: String,
}

/// Memory is read in pieces of this size, into a buffer which is a mapping of its own.
const PIECE: usize = 1 << 20;

/// Looks for all needles in all memory that this process can write to, but the buffer that it is read into.
#[expect(
    clippy::expect_used,
    reason = "a search that cannot read finds nothing, and must not say so"
)]
pub fn search(needles: &[Needle]) -> Vec<Found> {
    let memory = File::open("/proc/self/mem").expect("procfs");
    let mut by_first: Vec<Vec<&Needle>> = vec![Vec::new(); 256];
    needles
        .iter()
        .for_each(|needle| by_first[needle.first()].push(needle));
    let mut buffer = vec![0; PIECE + LEN];
    let own = buffer.as_ptr() as u64..buffer.as_ptr() as u64 + buffer.len() as u64;
    let mut found = Vec::new();
    let maps = fs::read_to_string("/proc/self/maps").expect("procfs");
    for (start, end, place) in maps.lines().filter_map(writable) {
        for at in (start..end).step_by(PIECE) {
            let len = usize::try_from(end - at).map_or(buffer.len(), |left| left.min(buffer.len()));
            if at < own.end && own.start < at + len as u64 {
                continue;
            }
            // A mapping may be gone since the list was read.
            let read = memory.read_at(&mut buffer[..len], at).unwrap_or(0);
            for offset in 0..read {
                for needle in &by_first[usize::from(buffer[offset])] {
                    if needle.is_at(&buffer[offset..read]) {
                        found.push(Found {
                            name: needle.name.clone(),
                            place: place.to_owned(),
                        });
                    }
                }
            }
        }
    }
    buffer.fill(0);
    found.sort();
    found
}

/// The limits and the name of a mapping that can be read and written.
fn writable(line: &str) -> Option<(u64, u64, &str)> {
    let mut words = line.split_whitespace();
    let (start, end) = words.next()?.split_once('-')?;
    let mode = words.next()?;
    let hex = |digits| u64::from_str_radix(digits, 16).ok();
    let place = words.nth(3).unwrap_or("");
    mode.starts_with("rw")
        .then_some((hex(start)?, hex(end)?, place))
}
