//! One cookie in the making: header, sections and tag, written straight into the update.

use alloc::vec::Vec;

use crate::bytes::{put_varint, varint_len};
use crate::error::FlushError;
use crate::keys::SubKeys;
use crate::schema::StateCookie;
use crate::seal::{self, Above, FullTag};
use crate::session::rules::Rules;
use crate::tier::{Class, Tier};
use crate::time::{Entropy, EntropyError};
use crate::wire::{AEAD_TAG_LEN, Header, NONCE_LEN, TAG_LEN};

/// A cookie that is being written at the end of a buffer.
///
/// Lengths stand before what they measure, so each gets a place of one byte, and the few cookies that need more are moved.
pub(crate) struct Draft<'a> {
    out: &'a mut Vec<u8>,
    tier: Tier,
    /// Where the cookie's own length stands.
    start: usize,
    /// The cookie's length, once it is known.
    len: usize,
    sections: Sections,
}

/// The lengths of a cookie's sections.
#[derive(Clone, Copy, Default)]
struct Sections {
    immutable: usize,
    /// The padded plaintext.
    private: Option<usize>,
    mutable: usize,
}

impl<'a> Draft<'a> {
    /// Begins a cookie with its header, in which the lengths are not filled in yet.
    pub(crate) fn begin(out: &'a mut Vec<u8>, tier: Tier, header: &Header) -> Self {
        let start = out.len();
        out.push(0);
        header.write(out);
        Self {
            out,
            tier,
            start,
            len: 0,
            sections: Sections::default(),
        }
    }

    /// Appends the encoded fields of `state`, with room for nonce and tags.
    pub(crate) fn write_sections<S: StateCookie>(
        &mut self,
        state: &S,
        rules: &Rules,
    ) -> Result<(), FlushError> {
        let lengths = self.out.len();
        let (immutable, private) = (
            rules.immutable.contains(self.tier),
            rules.private.contains(self.tier),
        );
        self.out
            .resize(lengths + usize::from(immutable) + usize::from(private), 0);
        if immutable {
            self.sections.immutable = self.write(state, Class::Immutable)?;
        }
        if private {
            self.sections.private = Some(self.write_private(state, rules.pad)?);
        }
        self.out.extend_from_slice(&[0; TAG_LEN]);
        self.sections.mutable = self.write(state, Class::Mutable)?;
        self.put_lengths(lengths, immutable);
        self.check_len(rules.max_cookie_len)
    }

    /// Encrypts and signs; gives the full tag and the cookie's length.
    pub(crate) fn seal(
        self,
        keys: &SubKeys,
        entropy: &dyn Entropy,
        above: Above<'_>,
    ) -> Result<(FullTag, u32), EntropyError> {
        let cookie = self.out.len() - self.len;
        let (signed, rest) =
            self.out[cookie..].split_at_mut(self.len - TAG_LEN - self.sections.mutable);
        if let Some(private) = self.sections.private {
            let start = signed.len() - private - NONCE_LEN - AEAD_TAG_LEN;
            seal::encrypt(keys, entropy, above, signed, start)?;
        }
        let tag = seal::tag(keys, above, signed);
        rest[..TAG_LEN].copy_from_slice(&tag[..TAG_LEN]);
        Ok((tag, u32::try_from(self.len).unwrap_or(u32::MAX)))
    }

    fn write<S: StateCookie>(&mut self, state: &S, class: Class) -> Result<usize, FlushError> {
        let before = self.out.len();
        state.__write(self.tier, class, self.out)?;
        Ok(self.out.len() - before)
    }

    fn write_private<S: StateCookie>(
        &mut self,
        state: &S,
        pad: usize,
    ) -> Result<usize, FlushError> {
        self.out.extend_from_slice(&[0; NONCE_LEN]);
        let text = self.out.len();
        let padded = self.write(state, Class::Private)?.next_multiple_of(pad);
        self.out.resize(text + padded + AEAD_TAG_LEN, 0);
        Ok(padded)
    }

    fn put_lengths(&mut self, at: usize, immutable: bool) {
        if let Some(private) = self.sections.private {
            self.put_length(at + usize::from(immutable), private);
        }
        if immutable {
            self.put_length(at, self.sections.immutable);
        }
        self.len = self.out.len() - self.start - 1;
        self.put_length(self.start, self.len);
    }

    /// Writes a length into its place of one byte; a longer one pushes aside what follows.
    fn put_length(&mut self, at: usize, len: usize) {
        if len < 0x80 {
            self.out[at] = len as u8;
            return;
        }
        put_varint(self.out, len as u64);
        let varint = varint_len(len as u64);
        self.out[at..].rotate_right(varint);
        self.out.remove(at + varint);
    }

    fn check_len(&self, limit: usize) -> Result<(), FlushError> {
        let len = self.len;
        if len <= limit {
            return Ok(());
        }
        Err(FlushError::CookieTooLong {
            tier: self.tier,
            len,
            limit,
            immutable: self.sections.immutable,
            private: self.sections.private.unwrap_or(0),
            mutable: self.sections.mutable,
        })
    }
}
