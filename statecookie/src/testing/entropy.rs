//! Generators for tests: one with a known sequence, one that fails, one that counts. None is random.

use core::sync::atomic::{AtomicU64, Ordering};

use crate::time::{Entropy, EntropyError};

/// A known sequence of bytes for each seed, the same in every run; never all equal in 2 bytes or more.
///
/// ```
/// use statecookie::Entropy;
/// use statecookie::testing::FixedEntropy;
///
/// let (mut one, mut other) = ([0; 16], [0; 16]);
/// FixedEntropy::new(7).fill(&mut one)?;
/// FixedEntropy::new(7).fill(&mut other)?;
/// assert_eq!(one, other);
/// # Ok::<(), statecookie::EntropyError>(())
/// ```
#[derive(Debug)]
pub struct FixedEntropy(AtomicU64);

impl FixedEntropy {
    /// The sequence of this seed.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Entropy for FixedEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in out.chunks_mut(8) {
            let word = scramble(self.0.fetch_add(1, Ordering::SeqCst)).to_le_bytes();
            chunk.iter_mut().zip(word).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }
}

/// A generator that always fails.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrokenEntropy;

impl Entropy for BrokenEntropy {
    fn fill(&self, _: &mut [u8]) -> Result<(), EntropyError> {
        Err(EntropyError)
    }
}

/// Counts the bytes that are taken from another generator.
#[derive(Debug, Default)]
pub struct CountingEntropy<E> {
    inner: E,
    taken: AtomicU64,
}

impl<E> CountingEntropy<E> {
    /// A counter in front of `inner`.
    pub const fn new(inner: E) -> Self {
        Self {
            inner,
            taken: AtomicU64::new(0),
        }
    }

    /// How many bytes were handed out so far.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::SeqCst)
    }
}

impl<E: Entropy> Entropy for CountingEntropy<E> {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        self.inner.fill(out)?;
        self.taken.fetch_add(out.len() as u64, Ordering::SeqCst);
        Ok(())
    }
}

// Vigna's splitmix64: neighbouring counters give words that look unrelated.
pub(super) fn scramble(counter: u64) -> u64 {
    let mut word = counter.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_a_seed_and_tells_seeds_and_calls_apart() {
        let draw = |entropy: &FixedEntropy| {
            let mut out = [0; 20];
            entropy.fill(&mut out).unwrap();
            out
        };
        let one = FixedEntropy::new(1);
        let first = draw(&one);
        assert_eq!(first, draw(&FixedEntropy::new(1)));
        assert_ne!(first, draw(&one));
        assert_ne!(first, draw(&FixedEntropy::new(1 << 32)));
    }

    #[test]
    fn counts_what_was_handed_out_only() {
        let counting = CountingEntropy::new(FixedEntropy::new(1));
        counting.fill(&mut [0; 24]).unwrap();
        counting.fill(&mut [0; 4]).unwrap();
        assert_eq!(counting.taken(), 28);
        let broken = CountingEntropy::new(BrokenEntropy);
        assert_eq!(broken.fill(&mut [0; 24]), Err(EntropyError));
        assert_eq!(broken.taken(), 0);
    }
}
