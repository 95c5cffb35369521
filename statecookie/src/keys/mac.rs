//! HMAC-SHA256 in place: a key is kept as two states of the hash, and what is computed with it never moves.
//!
//! The `Hmac` of the same crate is finished by value and brings a buffer along. Each move leaves a copy that nobody wipes,
//! and a fresh buffer is whatever the stack held before: pieces of the pool key, in a sub-key that lives for hours.

use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, FixedOutputCore, UpdateCore};
use hmac::digest::{KeyInit, Output};
use sha2::Sha256;
use zeroize::Zeroize;

type Core = HmacCore<Sha256>;

/// A key of HMAC-SHA256; wiped when dropped.
pub(crate) struct MacKey(Core);

/// The HMAC of some bytes in the making; wiped when dropped.
pub(crate) struct Mac {
    core: Core,
    buffer: Buffer<Core>,
}

impl MacKey {
    // HMAC pads a key that is shorter than its block with zeros; done here, because a whole block cannot be refused.
    pub(crate) fn new<const N: usize>(key: &[u8; N]) -> Self {
        const { assert!(N <= 64, "longer keys would have to be hashed") };
        let mut block = hmac::digest::Key::<Core>::default();
        block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
        let core = Core::new(&block);
        block.as_mut_slice().zeroize();
        Self(core)
    }

    /// A fresh HMAC.
    #[inline]
    pub(crate) fn begin(&self) -> Mac {
        Mac {
            core: self.0.clone(),
            buffer: Buffer::<Core>::default(),
        }
    }
}

impl Mac {
    /// Takes more bytes.
    #[inline]
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let core = &mut self.core;
        self.buffer
            .digest_blocks(bytes, |blocks| core.update_blocks(blocks));
    }

    /// The HMAC of all bytes taken; there is no use for it afterwards.
    #[inline]
    pub(crate) fn finish(&mut self) -> [u8; 32] {
        let mut out = Output::<Core>::default();
        self.core.finalize_fixed_core(&mut self.buffer, &mut out);
        out.into()
    }
}
