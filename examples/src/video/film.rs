//! The film: its frames as the own sender makes them, and as the checker knows them.

/// What one frame lasts, in milliseconds: 25 frames a second.
pub const FRAME_MS: u32 = 40;
/// The film that is shown.
pub const TITLE: &str = "A Test Picture";
/// What the viewer has paid for, in kbit/s.
pub const LICENCE_KBPS: u32 = 1_200;
/// The least that a film is sent with, in kbit/s.
pub const LEAST_KBPS: u32 = 100;
/// The bit rates that the viewers ask for, in kbit/s; `ffmpeg` makes one file for each.
pub const LADDER: [u32; 3] = [300, 600, 1_200];

/// Every so many frames there is one that stands alone.
const KEY_EVERY: u32 = 25;
/// A key frame is about so many times the mean; the others share what is left of the bit rate.
const KEY_WEIGHT: usize = 4;

/// A frame of the own sender: as many bytes as the bit rate gives it, which no other frame has.
///
/// ```
/// use statecookie_examples::video::film::frame;
///
/// let second: usize = (0..25).map(|number| frame(number, 1_200).len()).sum();
/// assert_eq!(second * 8, 1_200_000);
/// ```
pub fn frame(number: u32, kbps: u32) -> Vec<u8> {
    let len = frame_len(number, kbps);
    let mut seed = u64::from(number) << 32 | u64::from(kbps);
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        bytes.extend(mixed(seed).to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

fn frame_len(number: u32, kbps: u32) -> usize {
    let mean = (kbps * FRAME_MS / 8) as usize;
    let others = KEY_EVERY as usize - 1;
    let other = (others + 1 - KEY_WEIGHT) * mean / others;
    if number.is_multiple_of(KEY_EVERY) {
        (others + 1) * mean - others * other
    } else {
        other
    }
}

/// SplitMix64's finisher: neighbours become strangers.
fn mixed(seed: u64) -> u64 {
    let once = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    twice ^ (twice >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_second_has_the_bytes_of_its_bit_rate() {
        for kbps in LADDER {
            let bytes: usize = (75..100).map(|number| frame(number, kbps).len()).sum();
            assert_eq!(bytes * 8, kbps as usize * 1_000);
        }
    }

    #[test]
    fn no_frame_is_another() {
        let beginnings: BTreeSet<Vec<u8>> = (0..1_000)
            .flat_map(|number| LADDER.map(|kbps| frame(number, kbps)[..16].to_vec()))
            .collect();
        assert_eq!(beginnings.len(), 3_000);
    }
}
