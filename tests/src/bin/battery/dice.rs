//! Dice: one seed, one sequence, the same on every machine.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// A known sequence of numbers for each seed.
#[derive(Clone)]
pub(crate) struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// The sequence of a seed; `purpose` keeps sequences of one seed apart.
    pub(crate) fn new(seed: u64, purpose: u64) -> Self {
        let mixed = seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
        Self(Xoshiro256PlusPlus::seed_from_u64(mixed))
    }

    /// Any number.
    pub(crate) fn word(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number below `end`; 0 if there is none.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.word() % end.max(1)
    }

    /// An index below `end`; 0 if there is none.
    pub(crate) fn index(&mut self, end: usize) -> usize {
        self.below(end as u64) as usize
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn within(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high.abs_diff(low) + 1) as i64
    }

    /// True once in `n` times.
    pub(crate) fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// True in half of the throws.
    pub(crate) fn coin(&mut self) -> bool {
        self.once_in(2)
    }

    /// Any number of 128 bits.
    pub(crate) fn wide(&mut self) -> u128 {
        u128::from(self.word()) << 64 | u128::from(self.word())
    }

    /// A number of any magnitude: small ones are as likely as large ones.
    pub(crate) fn any_size(&mut self) -> u64 {
        let bits = self.below(65) as u32;
        self.word() & u64::MAX.checked_shr(64 - bits).unwrap_or(0)
    }

    /// A fraction from 0 to 1, both included, with the ends more often than chance would have them.
    pub(crate) fn fraction(&mut self) -> f64 {
        match self.below(16) {
            0 => 0.0,
            1 => 1.0,
            _ => self.below(1 << 20) as f64 / f64::from((1 << 20) - 1),
        }
    }

    /// A text of at most `longest` bytes.
    pub(crate) fn text(&mut self, longest: usize) -> String {
        let wanted = self.index(longest + 1);
        let mut text = String::new();
        loop {
            let next = self.char();
            if text.len() + next.len_utf8() > wanted {
                return text;
            }
            text.push(next);
        }
    }

    /// A character, mostly of ASCII.
    pub(crate) fn char(&mut self) -> char {
        match self.below(8) {
            0 => self.pick(&['ß', '→', '😀', '\0', '\u{7f}', char::MAX]),
            _ => char::from(b' ' + self.below(95) as u8),
        }
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.index(from.len())]
    }

    /// So many elements.
    pub(crate) fn several<T>(
        &mut self,
        most: usize,
        mut make: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        let count = self.index(most + 1);
        (0..count).map(|_| make(self)).collect()
    }
}
