//! One cookie in the making: header, sections and tag, written straight into the update.

use alloc::vec::Vec;

use crate::bytes::{make_room, put_varint, varint_len};
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

/// What a cookie is sealed with.
#[derive(Clone, Copy)]
pub(crate) struct Seal<'a> {
    pub(crate) keys: &'a SubKeys,
    pub(crate) entropy: &'a dyn Entropy,
    pub(crate) above: Above<'a>,
}

impl<'a> Draft<'a> {
    /// Begins a cookie with its header, in which the lengths are not filled in yet.
    #[inline]
    pub(crate) fn begin(out: &'a mut Vec<u8>, tier: Tier, header: &Header) -> Self {
        let start = out.len();
        out.push(0);
        header.write(out);
        Self {
            out,
            tier,
            start,
            sections: Sections::default(),
        }
    }

    /// Appends the signed fields of `state` and the tag, which it gives in full.
    ///
    /// Private values are encrypted before anything else is written: a buffer that grows leaves its bytes behind.
    #[inline]
    pub(crate) fn write_signed<S: StateCookie>(
        &mut self,
        state: &S,
        rules: &Rules,
        seal: Seal<'_>,
    ) -> Result<FullTag, FlushError> {
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
        self.put_lengths(lengths, immutable);
        let tag = self.seal(seal)?;
        self.out.extend_from_slice(&tag[..TAG_LEN]);
        Ok(tag)
    }

    /// Appends the mutable fields, which complete the cookie; gives its length.
    #[inline]
    pub(crate) fn write_mutable<S: StateCookie>(
        mut self,
        state: &S,
        rules: &Rules,
    ) -> Result<usize, FlushError> {
        self.sections.mutable = self.write(state, Class::Mutable)?;
        let len = self.out.len() - self.start - 1;
        self.check_len(len, rules.max_cookie_len)?;
        self.put_length(self.start, len);
        Ok(len)
    }

    #[inline]
    fn seal(&mut self, seal: Seal<'_>) -> Result<FullTag, EntropyError> {
        let signed = &mut self.out[self.start + 1..];
        if let Some(private) = self.sections.private {
            let start = signed.len() - private - NONCE_LEN - AEAD_TAG_LEN;
            seal::encrypt(seal.keys, seal.entropy, seal.above, signed, start)?;
        }
        Ok(seal::tag(seal.keys, seal.above, signed))
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
        let written = self.write(state, Class::Private)?;
        let padded = written.next_multiple_of(pad);
        // The lengths that are still to come take less than a tag.
        make_room(self.out, padded - written + AEAD_TAG_LEN + TAG_LEN);
        self.out.resize(text + padded + AEAD_TAG_LEN, 0);
        Ok(padded)
    }

    #[inline]
    fn put_lengths(&mut self, at: usize, immutable: bool) {
        if let Some(private) = self.sections.private {
            self.put_length(at + usize::from(immutable), private);
        }
        if immutable {
            self.put_length(at, self.sections.immutable);
        }
    }

    /// Writes a length into its place of one byte; a longer one pushes aside what follows.
    #[inline]
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

    fn check_len(&self, len: usize, limit: usize) -> Result<(), FlushError> {
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
