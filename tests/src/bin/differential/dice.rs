//! Draws by chance from a seed.

/// A generator (SplitMix64): the same sequence for the same seed, everywhere.
pub(crate) struct Dice(u64);

const LETTERS: [&str; 10] = ["a", "b", " ", "z", "\0", "é", "ß", "я", "€", "𝄞"];

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.word() % end as u64) as usize
    }

    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// A whole number of the range, its ends and small numbers more often than chance.
    pub(crate) fn whole(&mut self, low: i128, high: i128) -> i128 {
        let span = high.wrapping_sub(low) as u128;
        let within = |offset: u128| low.wrapping_add(offset.min(span) as i128);
        match self.below(6) {
            0 => low,
            1 => high,
            2 => within(self.below(3) as u128),
            3 => (self.below(401) as i128 - 200).clamp(low, high),
            4 => {
                let bits = self.below(128);
                within(self.wide() >> bits)
            }
            _ => within(if span == u128::MAX {
                self.wide()
            } else {
                self.wide() % (span + 1)
            }),
        }
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.word()) << 64 | u128::from(self.word())
    }

    /// A number of the range (its upper end not more often than chance), or an odd one within it.
    pub(crate) fn float(&mut self, low: f64, high: f64) -> f64 {
        let unit = (self.word() >> 11) as f64 / (1_u64 << 53) as f64;
        let odd = [
            low,
            0.0,
            -0.0,
            1.0,
            0.1,
            5e-324,
            f64::MIN_POSITIVE,
            low + (high - low) * unit,
        ];
        let drawn = *self.of(&odd);
        if low <= drawn && drawn < high {
            drawn
        } else {
            low
        }
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.word() as u8).collect()
    }

    /// Text of at most so many bytes.
    pub(crate) fn text(&mut self, most: usize) -> String {
        let mut text = String::new();
        for _ in 0..self.below(most + 1) {
            let letter = *self.of(&LETTERS);
            if text.len() + letter.len() > most {
                break;
            }
            text.push_str(letter);
        }
        text
    }

    pub(crate) fn letter(&mut self) -> char {
        self.of(&LETTERS).chars().next().unwrap_or('a')
    }
}
