//! Bytes in and out: the bounded reader, and varints in their shortest form.

use alloc::vec::Vec;
use core::fmt;

use crate::error::Malformed;

/// Reads from the front of a byte string and never beyond its end.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader over all of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub const fn len(&self) -> usize {
        self.rest.len()
    }

    /// Whether nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// What is left, without taking it.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next byte.
    ///
    /// # Errors
    ///
    /// The bytes end too early, or hold no such thing in its one form.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.rest.split_first().ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    /// The next `len` bytes.
    ///
    /// # Errors
    ///
    /// The bytes end too early, or hold no such thing in its one form.
    #[inline]
    pub fn take(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self
            .rest
            .split_at_checked(len)
            .ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes as an array.
    ///
    /// # Errors
    ///
    /// The bytes end too early, or hold no such thing in its one form.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Malformed::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    /// A varint of up to 64 bits: little-endian groups of seven bits, shortest form only.
    ///
    /// # Errors
    ///
    /// The bytes end too early, or hold no such thing in its one form.
    #[inline]
    pub fn varint(&mut self) -> Result<u64, Malformed> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        self.long_varint(first)
    }

    /// A varint of up to 128 bits, shortest form only.
    ///
    /// # Errors
    ///
    /// The bytes end too early, or hold no such thing in its one form.
    pub fn varint128(&mut self) -> Result<u128, Malformed> {
        let first = self.byte()?;
        self.long_varint128(first)
    }

    /// A length that the bytes left can hold, if each item takes at least one byte.
    ///
    /// # Errors
    ///
    /// The bytes end too early, or hold no such thing in its one form.
    #[inline]
    pub fn length(&mut self) -> Result<usize, Malformed> {
        let len = self.varint()?;
        usize::try_from(len)
            .ok()
            .filter(|len| *len <= self.len())
            .ok_or(Malformed::Truncated)
    }

    /// Refuses what was not read.
    ///
    /// # Errors
    ///
    /// Bytes are left.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Malformed::TrailingBytes)
        }
    }

    fn long_varint(&mut self, first: u8) -> Result<u64, Malformed> {
        let mut value = u64::from(first & 0x7f);
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            let group = u64::from(byte & 0x7f);
            if shift == 63 && byte > 1 {
                return Err(Malformed::Overflow);
            }
            value |= group << shift;
            match byte {
                0 => return Err(Malformed::NotCanonical),
                1..0x80 => return Ok(value),
                0x80.. => {}
            }
        }
        Err(Malformed::Overflow)
    }

    fn long_varint128(&mut self, first: u8) -> Result<u128, Malformed> {
        let mut value = u128::from(first & 0x7f);
        let mut last = first;
        let mut shift = 0;
        while last & 0x80 != 0 {
            last = self.byte()?;
            shift += 7;
            let group = u128::from(last & 0x7f);
            if shift >= 128 || group >> (128 - shift).min(7) != 0 {
                return Err(Malformed::Overflow);
            }
            value |= group << shift;
        }
        if shift > 0 && last == 0 {
            Err(Malformed::NotCanonical)
        } else {
            Ok(value)
        }
    }
}

/// How much is left, and no byte of it.
impl fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("len", &self.len()).finish()
    }
}

/// Makes room for `more` bytes, as `reserve` does, but leaves nothing behind where the buffer moves: private values in the
/// clear may stand in it.
#[inline]
pub(crate) fn make_room(out: &mut Vec<u8>, more: usize) {
    if out.capacity() - out.len() < more {
        grow(out, more);
    }
}

#[cold]
fn grow(out: &mut Vec<u8>, more: usize) {
    let needed = out.len().saturating_add(more);
    let mut larger = Vec::with_capacity(needed.max(2 * out.capacity()));
    larger.extend_from_slice(out);
    // A client's buffers never hold private values.
    #[cfg(feature = "server")]
    zeroize::Zeroize::zeroize(out);
    *out = larger;
}

/// Appends a varint in its shortest form: one byte for each seven bits.
#[inline]
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// How many bytes [`put_varint`] appends.
#[inline]
pub(crate) const fn varint_len(value: u64) -> usize {
    (70 - (value | 1).leading_zeros() as usize) / 7
}

/// How many bytes [`put_varint128`] appends.
pub(crate) const fn varint128_len(value: u128) -> usize {
    (134 - (value | 1).leading_zeros() as usize) / 7
}

/// Appends a varint of up to 128 bits in its shortest form.
pub(crate) fn put_varint128(out: &mut Vec<u8>, mut value: u128) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends `bytes` behind their length.
pub fn put_prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_room_where_there_is_none_and_only_there() {
        let mut bytes = alloc::vec![7; 8];
        bytes.shrink_to_fit();
        make_room(&mut bytes, 3);
        assert!(bytes.capacity() >= 8 + 3);
        assert_eq!(bytes, [7; 8]);
        let (place, room) = (bytes.as_ptr(), bytes.capacity() - bytes.len());
        make_room(&mut bytes, room);
        assert_eq!((bytes.as_ptr(), bytes.capacity()), (place, 8 + room));
    }

    #[test]
    fn knows_the_length_of_128_bits_beforehand() {
        for value in [0, 1, 2, 0x7f, 0x80, u128::from(u64::MAX), u128::MAX] {
            let mut bytes = Vec::new();
            put_varint128(&mut bytes, value);
            assert_eq!(bytes.len(), varint128_len(value), "{value}");
        }
    }

    #[test]
    fn a_reader_shows_how_much_is_left_and_no_byte_of_it() {
        assert_eq!(
            alloc::format!("{:?}", Reader::new(&[1, 2, 3])),
            "Reader { len: 3 }"
        );
    }

    #[test]
    fn reads_back_every_length_of_varint() {
        for bits in 0..64 {
            for value in [1_u64 << bits, (1 << bits) - 1, u64::MAX >> bits] {
                let mut bytes = Vec::new();
                put_varint(&mut bytes, value);
                assert_eq!(bytes.len(), varint_len(value));
                let mut reader = Reader::new(&bytes);
                assert_eq!(reader.varint(), Ok(value));
                assert_eq!(reader.end(), Ok(()));
                assert_eq!(Reader::new(&bytes).varint128(), Ok(u128::from(value)));
                let wide = u128::from(value) << 64 >> (bits % 3);
                bytes.clear();
                put_varint128(&mut bytes, wide);
                assert_eq!(bytes.len(), varint128_len(wide));
            }
        }
    }

    #[test]
    fn refuses_overlong_and_overflowing_varints() {
        assert_eq!(
            Reader::new(&[0x80, 0x00]).varint(),
            Err(Malformed::NotCanonical)
        );
        let mut too_large = [0xff; 10];
        too_large[9] = 0x02;
        assert_eq!(Reader::new(&too_large).varint(), Err(Malformed::Overflow));
        assert_eq!(Reader::new(&[0xff; 11]).varint(), Err(Malformed::Overflow));
        assert_eq!(Reader::new(&[0xff; 9]).varint(), Err(Malformed::Truncated));
    }

    #[test]
    fn refuses_a_length_beyond_the_end() {
        assert_eq!(Reader::new(&[3, 1, 2]).length(), Err(Malformed::Truncated));
        assert_eq!(Reader::new(&[2, 1, 2]).length(), Ok(2));
    }

    #[test]
    fn knows_the_end_of_128_bits() {
        let long = |last: &[u8]| [&[0xff; 18][..], last].concat();
        let read = |bytes: &[u8]| Reader::new(bytes).varint128();
        assert_eq!(read(&long(&[0x03])), Ok(u128::MAX));
        assert_eq!(read(&long(&[0x04])), Err(Malformed::Overflow));
        assert_eq!(read(&long(&[0x83, 0x01])), Err(Malformed::Overflow));
        assert_eq!(read(&long(&[])), Err(Malformed::Truncated));
        assert_eq!(read(&[0x80, 0x00]), Err(Malformed::NotCanonical));
        assert_eq!(read(&[0x00]), Ok(0));
    }
}
