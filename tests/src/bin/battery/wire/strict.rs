//! The oracle's own strict decoding: `docs/wire-format.md`, sections 1 and 2, without a line of the library's.

use std::time::Duration;

/// Why a value could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No value has these bytes.
    Undecodable,
    /// A nested field outside its own bound.
    OutOfBound,
}

/// What is left of a section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strict<'a>(&'a [u8]);

type Read<T> = Result<T, Fault>;

impl<'a> Strict<'a> {
    /// All of these bytes.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What was not taken yet.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// So many bytes.
    pub(crate) fn take(&mut self, count: u64) -> Read<&'a [u8]> {
        if count > self.0.len() as u64 {
            return Err(Fault::Undecodable);
        }
        let (taken, rest) = self.0.split_at(count as usize);
        self.0 = rest;
        Ok(taken)
    }

    /// A fixed number of bytes.
    pub(crate) fn fixed<const N: usize>(&mut self) -> Read<[u8; N]> {
        let taken = self.take(N as u64)?;
        Ok(std::array::from_fn(|at| taken[at]))
    }

    /// One byte.
    pub(crate) fn u8(&mut self) -> Read<u8> {
        self.take(1).map(|taken| taken[0])
    }

    /// A varint of at most so many bits.
    fn varint(&mut self, bits: u32) -> Read<u128> {
        let mut value = 0_u128;
        for place in 0..bits.div_ceil(7) {
            let byte = self.u8()?;
            let group = u128::from(byte & 0x7f);
            if place * 7 + (8 - (byte & 0x7f).leading_zeros()) > bits {
                return Err(Fault::Undecodable);
            }
            value |= group << (place * 7);
            if byte < 0x80 {
                let shortest = byte != 0 || place == 0;
                return if shortest {
                    Ok(value)
                } else {
                    Err(Fault::Undecodable)
                };
            }
        }
        Err(Fault::Undecodable)
    }

    /// A length, a count, a time or a counter.
    pub(crate) fn u64(&mut self) -> Read<u64> {
        self.varint(64).map(|value| value as u64)
    }

    /// A number of 16 bits.
    pub(crate) fn u16(&mut self) -> Read<u16> {
        self.varint(16).map(|value| value as u16)
    }

    /// A number of 32 bits.
    pub(crate) fn u32(&mut self) -> Read<u32> {
        self.varint(32).map(|value| value as u32)
    }

    /// A number of 128 bits.
    pub(crate) fn u128(&mut self) -> Read<u128> {
        self.varint(128)
    }

    fn zigzag(&mut self, bits: u32) -> Read<i128> {
        let coded = self.varint(bits)?;
        let half = (coded >> 1) as i128;
        Ok(if coded & 1 == 0 { half } else { -half - 1 })
    }

    /// A signed number of 16 bits.
    pub(crate) fn i16(&mut self) -> Read<i16> {
        self.zigzag(16).map(|value| value as i16)
    }

    /// A signed number of 64 bits.
    pub(crate) fn i64(&mut self) -> Read<i64> {
        self.zigzag(64).map(|value| value as i64)
    }

    /// A signed number of 128 bits.
    pub(crate) fn i128(&mut self) -> Read<i128> {
        self.zigzag(128)
    }

    /// A float of four bytes, whatever it is.
    pub(crate) fn f32(&mut self) -> Read<f32> {
        self.fixed()
            .map(|bytes| f32::from_bits(u32::from_le_bytes(bytes)))
    }

    /// A float of eight bytes, whatever it is.
    pub(crate) fn f64(&mut self) -> Read<f64> {
        self.fixed()
            .map(|bytes| f64::from_bits(u64::from_le_bytes(bytes)))
    }

    /// 0 or 1.
    pub(crate) fn flag(&mut self) -> Read<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Fault::Undecodable),
        }
    }

    /// One of so many variants.
    pub(crate) fn variant(&mut self, count: u32) -> Read<u32> {
        self.u32().and_then(|index| {
            if index < count {
                Ok(index)
            } else {
                Err(Fault::Undecodable)
            }
        })
    }

    /// A text of at most so many bytes.
    pub(crate) fn text(&mut self, longest: u64) -> Read<String> {
        let length = self.count(longest)?;
        let bytes = self.take(length)?.to_vec();
        String::from_utf8(bytes).map_err(|_| Fault::Undecodable)
    }

    /// Exactly one character.
    pub(crate) fn char(&mut self) -> Read<char> {
        let text = self.text(u64::MAX)?;
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Fault::Undecodable),
        }
    }

    /// Seconds and nanoseconds of less than a second.
    pub(crate) fn duration(&mut self) -> Read<Duration> {
        let (seconds, nanoseconds) = (self.u64()?, self.u32()?);
        if nanoseconds < 1_000_000_000 {
            Ok(Duration::new(seconds, nanoseconds))
        } else {
            Err(Fault::Undecodable)
        }
    }

    /// At most so many elements; each takes a byte at least.
    pub(crate) fn sequence<T>(
        &mut self,
        longest: u64,
        mut read: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        let count = self.count(longest)?;
        (0..count).map(|_| read(self)).collect()
    }

    /// What may be there.
    pub(crate) fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        if self.flag()? {
            read(self).map(Some)
        } else {
            Ok(None)
        }
    }

    /// So many of a kind.
    pub(crate) fn array<T, const N: usize>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<[T; N]> {
        let elements: Read<Vec<T>> = (0..N).map(|_| read(self)).collect();
        elements?.try_into().map_err(|_| Fault::Undecodable)
    }

    fn count(&mut self, longest: u64) -> Read<u64> {
        let count = self.u64()?;
        if count <= longest && count <= self.0.len() as u64 {
            Ok(count)
        } else {
            Err(Fault::Undecodable)
        }
    }
}

/// A nested field's value, if its own bound holds.
pub(crate) fn within<T>(value: T, holds: impl FnOnce(&T) -> bool) -> Read<T> {
    if holds(&value) {
        Ok(value)
    } else {
        Err(Fault::OutOfBound)
    }
}
