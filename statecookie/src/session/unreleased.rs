//! What was written of an update before it may be given out.

use alloc::vec::Vec;

use zeroize::Zeroize;

/// An update at the end of a buffer, taken away again unless it is released.
pub(super) struct Unreleased<'o> {
    pub(super) out: &'o mut Vec<u8>,
    start: usize,
    released: bool,
}

impl<'o> Unreleased<'o> {
    /// Whatever comes behind what is there already.
    pub(super) fn behind(out: &'o mut Vec<u8>) -> Self {
        Self {
            start: out.len(),
            out,
            released: false,
        }
    }

    /// It stays.
    pub(super) fn release(&mut self) -> &[u8] {
        self.released = true;
        &self.out[self.start..]
    }
}

/// Also where a store panics that somebody else wrote.
impl Drop for Unreleased<'_> {
    fn drop(&mut self) {
        if !self.released {
            // Private values may stand there in the clear still.
            self.out[self.start..].zeroize();
            self.out.truncate(self.start);
        }
    }
}
