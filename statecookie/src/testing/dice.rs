//! Dice for tests: one seed, one sequence, no shrinking; a failing case is named by its seed.

use super::entropy::scramble;

/// A known sequence of numbers for each seed.
#[derive(Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x5851_f42d_4c95_7f2d))
    }

    /// Any number.
    pub(super) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(1);
        scramble(self.0)
    }

    /// A number below `end`; 0 if there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.word() % (end.max(1) as u64)) as usize
    }

    /// True once in `n` times.
    pub(super) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// Any number of 128 bits.
    pub(super) fn wide(&mut self) -> u128 {
        u128::from(self.word()) << 64 | u128::from(self.word())
    }

    /// A number of any magnitude: small ones are as likely as large ones.
    pub(super) fn any_size(&mut self) -> u64 {
        let bits = self.below(65) as u32;
        let mask = u64::MAX.checked_shr(64 - bits).unwrap_or(0);
        self.word() & mask
    }

    /// A finite float of moderate size, often a whole number.
    pub(super) fn float(&mut self) -> f64 {
        let whole = (self.word() % 2001) as f64 - 1000.0;
        match self.below(3) {
            0 => whole,
            1 => whole / 1000.0,
            _ => whole / 16.0,
        }
    }

    /// A character, mostly of ASCII.
    pub(super) fn char(&mut self) -> char {
        match self.below(8) {
            0 => ['ß', '→', '😀', '\0', '\u{7f}'][self.below(5)],
            _ => char::from(b' ' + self.below(95) as u8),
        }
    }
}
