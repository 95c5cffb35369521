//! A cookie's header: what stands before its sections, and announces their lengths.
//!
//! ```text
//! root:  shape version required schema-hash[4] key-id[4] session[16] branch[4]
//!        sequence born lifetime not-before life [immutable-len] [private-len]
//! child: shape link[4] vector... not-before life [immutable-len] [private-len]
//! ```

use alloc::vec::Vec;

use super::{AEAD_TAG_LEN, FORMAT_VERSION, LINK_LEN, NONCE_LEN, SeqVector, TAG_LEN};
#[cfg(test)]
use crate::bytes::varint_len;
use crate::bytes::{Reader, put_varint};
use crate::error::{Malformed, ParseError};
#[cfg(test)]
use crate::tier::MAX_TIERS;
use crate::tier::{KeyId, Tier};

#[cfg(test)]
/// The longest header in bytes: a child of the lowest of eight tiers with every varint at its longest.
pub(crate) const MAX_HEADER: usize = 1 + LINK_LEN + 10 * (MAX_TIERS + 4);

/// A header; nothing of it is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The shape byte.
    pub(crate) shape: Shape,
    /// What only a root or only a child has.
    pub(crate) lineage: Lineage,
    /// The counters from the root down to this tier.
    pub(crate) vector: SeqVector,
    /// In a root seconds since the epoch, in a child seconds after the parent's.
    pub(crate) not_before: u64,
    /// Seconds from not-before to not-after.
    pub(crate) life: u64,
    /// Bytes of the immutable section, where the tier has one.
    pub(crate) immutable_len: Option<usize>,
    /// Bytes of the padded private plaintext, where the tier has any.
    pub(crate) private_len: Option<usize>,
}

/// What only a root or only a child has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lineage {
    /// The highest tier.
    Root(Root),
    /// Any other tier.
    Child {
        /// The first bytes of the parent's tag.
        link: [u8; LINK_LEN],
    },
}

/// What only the root says, for all tiers of its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// How many tiers, from the root down, a bundle must hold at least.
    pub(crate) required: u8,
    /// The FNV-1a hash of the schema's description.
    pub(crate) schema_hash: [u8; 4],
    /// The key of the whole chain.
    pub(crate) key_id: KeyId,
    /// The session's random id.
    pub(crate) session: [u8; 16],
    /// Random, new after each fail-over.
    pub(crate) branch: [u8; 4],
    /// When the session began, in seconds since the epoch.
    pub(crate) born: u64,
    /// The session's absolute end, in seconds since the epoch.
    pub(crate) end: u64,
}

/// The first byte of a cookie: tier, number of tiers, and which sections there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape(u8);

impl Header {
    /// Reads a header; the sections follow. A header is large to hand over, and a merge does little else.
    #[inline(always)]
    pub(crate) fn read(input: &mut Reader<'_>) -> Result<Self, ParseError> {
        let shape = Shape::read(input)?;
        let blame = |cause| ParseError::from(cause).in_tier(shape.tier());
        let mut lineage = Lineage::read(shape, input).map_err(|e| e.in_tier(shape.tier()))?;
        let mut vector = SeqVector::default();
        for _ in shape.tier().number()..shape.tiers() {
            vector.push(input.varint().map_err(blame)?);
        }
        let not_before = lineage.read_times(input).map_err(blame)?;
        let life = input.varint().map_err(blame)?;
        after(not_before, life).map_err(blame)?;
        let [immutable_len, private_len] = read_lens(shape, input).map_err(blame)?;
        Ok(Self {
            shape,
            lineage,
            vector,
            not_before,
            life,
            immutable_len,
            private_len,
        })
    }

    /// Appends the header.
    #[inline]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.push(self.shape.0);
        match &self.lineage {
            Lineage::Root(root) => self.write_root(root, out),
            Lineage::Child { link } => self.write_child(*link, out),
        }
        put_varint(out, self.life);
        for len in [self.immutable_len, self.private_len].into_iter().flatten() {
            put_varint(out, len as u64);
        }
    }

    #[cfg(test)]
    /// How many bytes [`write`](Self::write) appends.
    pub(crate) fn encoded_len(&self) -> usize {
        let lineage = match &self.lineage {
            Lineage::Root(root) => {
                ROOT_FIXED_LEN
                    + varint_len(root.born)
                    + varint_len(root.end.saturating_sub(root.born))
                    + varint_len(self.not_before.saturating_sub(root.born))
            }
            Lineage::Child { .. } => LINK_LEN + varint_len(self.not_before),
        };
        let lens = [self.immutable_len, self.private_len].into_iter().flatten();
        1 + lineage
            + self
                .vector
                .as_slice()
                .iter()
                .copied()
                .map(varint_len)
                .sum::<usize>()
            + varint_len(self.life)
            + lens.map(|len| varint_len(len as u64)).sum::<usize>()
    }

    /// How many bytes the signed part takes behind the header: the sections and the tag.
    #[inline]
    pub(crate) fn tail_len(&self) -> Option<usize> {
        let private = match self.private_len {
            Some(len) => len.checked_add(NONCE_LEN + AEAD_TAG_LEN)?,
            None => 0,
        };
        self.immutable_len
            .unwrap_or(0)
            .checked_add(private)?
            .checked_add(TAG_LEN)
    }

    fn write_root(&self, root: &Root, out: &mut Vec<u8>) {
        out.extend_from_slice(&[FORMAT_VERSION, root.required]);
        out.extend_from_slice(&root.schema_hash);
        out.extend_from_slice(&root.key_id.0.to_le_bytes());
        out.extend_from_slice(&root.session);
        out.extend_from_slice(&root.branch);
        self.write_vector(out);
        put_varint(out, root.born);
        put_varint(out, root.end.saturating_sub(root.born));
        put_varint(out, self.not_before.saturating_sub(root.born));
    }

    #[inline]
    fn write_child(&self, link: [u8; LINK_LEN], out: &mut Vec<u8>) {
        out.extend_from_slice(&link);
        self.write_vector(out);
        put_varint(out, self.not_before);
    }

    #[inline]
    fn write_vector(&self, out: &mut Vec<u8>) {
        self.vector
            .as_slice()
            .iter()
            .for_each(|counter| put_varint(out, *counter));
    }
}

impl Lineage {
    /// Reads what stands between shape and vector; the times of a root come behind.
    #[inline]
    fn read(shape: Shape, input: &mut Reader<'_>) -> Result<Self, ParseError> {
        if shape.is_root() {
            Root::read(shape, input).map(Self::Root)
        } else {
            let link = input.array()?;
            Ok(Self::Child { link })
        }
    }

    /// Reads the times down to not-before, which it returns.
    #[inline]
    fn read_times(&mut self, input: &mut Reader<'_>) -> Result<u64, Malformed> {
        match self {
            Self::Root(root) => root.read_times(input),
            Self::Child { .. } => input.varint(),
        }
    }
}

impl Root {
    fn read(shape: Shape, input: &mut Reader<'_>) -> Result<Self, ParseError> {
        if input.byte()? != FORMAT_VERSION {
            return Err(ParseError::UnknownVersion);
        }
        let required = input.byte()?;
        if required == 0 || required > shape.tiers() {
            return Err(Malformed::BadValue.into());
        }
        Ok(Self {
            required,
            schema_hash: input.array()?,
            key_id: KeyId(u32::from_le_bytes(input.array()?)),
            session: input.array()?,
            branch: input.array()?,
            born: 0,
            end: 0,
        })
    }

    fn read_times(&mut self, input: &mut Reader<'_>) -> Result<u64, Malformed> {
        self.born = input.varint()?;
        self.end = after(self.born, input.varint()?)?;
        after(self.born, input.varint()?)
    }
}

#[inline]
fn read_lens(shape: Shape, input: &mut Reader<'_>) -> Result<[Option<usize>; 2], Malformed> {
    let immutable = shape.has_immutable().then(|| input.length()).transpose()?;
    let private = shape.has_private().then(|| input.length()).transpose()?;
    Ok([immutable, private])
}

#[cfg(test)]
/// Version, required, schema hash, key id, session and branch.
const ROOT_FIXED_LEN: usize = 1 + 1 + 4 + 4 + 16 + 4;

impl Shape {
    const IMMUTABLE: u8 = 1 << 6;
    const PRIVATE: u8 = 1 << 7;

    #[cfg(test)]
    /// The shape of a tier's cookie; none if the tier is not below the number of tiers, or that is above eight.
    pub(crate) fn new(tier: Tier, tiers: u8, immutable: bool, private: bool) -> Option<Self> {
        let sections =
            if immutable { Self::IMMUTABLE } else { 0 } | if private { Self::PRIVATE } else { 0 };
        (tier.number() < tiers && usize::from(tiers) <= MAX_TIERS)
            .then(|| Self(tier.number() | (tiers - 1) << 3 | sections))
    }

    /// The shape of a cookie in a schema with that root.
    pub(crate) const fn of(tier: Tier, root: Tier, immutable: bool, private: bool) -> Self {
        let immutable = if immutable { Self::IMMUTABLE } else { 0 };
        let private = if private { Self::PRIVATE } else { 0 };
        Self(tier.number() | root.number() << 3 | immutable | private)
    }

    /// The tier.
    pub(crate) const fn tier(self) -> Tier {
        Tier::from_low_bits(self.0)
    }

    /// The schema's number of tiers, 1 to 8.
    pub(crate) const fn tiers(self) -> u8 {
        (self.0 >> 3 & 7) + 1
    }

    /// Whether this is the highest tier.
    pub(crate) const fn is_root(self) -> bool {
        self.tier().number() + 1 == self.tiers()
    }

    /// Whether there is an immutable section.
    pub(crate) const fn has_immutable(self) -> bool {
        self.0 & Self::IMMUTABLE != 0
    }

    /// Whether there is a private section.
    pub(crate) const fn has_private(self) -> bool {
        self.0 & Self::PRIVATE != 0
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, Malformed> {
        let shape = Self(input.byte()?);
        if shape.tier().number() < shape.tiers() {
            Ok(shape)
        } else {
            Err(Malformed::BadValue)
        }
    }
}

/// A sum of times, which must fit.
#[inline]
pub(super) fn after(time: u64, seconds: u64) -> Result<u64, Malformed> {
    time.checked_add(seconds).ok_or(Malformed::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_it_reads_and_says_its_length_before() {
        for header in [root(), child()] {
            let mut bytes = Vec::new();
            header.write(&mut bytes);
            assert_eq!(bytes.len(), header.encoded_len());
            bytes.extend([0; 300]);
            let mut input = Reader::new(&bytes);
            assert_eq!(Header::read(&mut input), Ok(header));
            assert_eq!(input.len(), 300);
        }
    }

    #[test]
    fn takes_the_bytes_of_the_specification() {
        let mut bytes = Vec::new();
        child().write(&mut bytes);
        assert_eq!(bytes, [0x50, 1, 2, 3, 4, 7, 8, 0x80, 0x02, 0, 30, 5]);
        bytes.clear();
        root().write(&mut bytes);
        assert_eq!(bytes[..3], [0xd2, 1, 2]);
        assert_eq!(bytes[7..11], [0x0d, 0x0c, 0x0b, 0x0a]);
        assert_eq!(bytes[31..], [7, 100, 0x90, 0x1c, 5, 60, 0x80, 0x02, 16]);
    }

    #[test]
    fn is_never_longer_than_announced() {
        let longest = Header {
            shape: Shape::new(Tier::LOWEST, 8, true, true).unwrap(),
            vector: [u64::MAX; 8].into(),
            not_before: u64::MAX,
            life: u64::MAX,
            immutable_len: Some(usize::MAX),
            private_len: Some(usize::MAX),
            ..child()
        };
        assert_eq!(longest.encoded_len(), MAX_HEADER);
    }

    #[test]
    fn refuses_impossible_shapes_times_and_requirements() {
        assert_eq!(read_with(&root(), 1, 2), Err(ParseError::UnknownVersion));
        for required in [0, 4, 255] {
            assert_eq!(
                read_with(&root(), 2, required),
                Err(malformed(Malformed::BadValue))
            );
        }
        assert!(matches!(
            Header::read(&mut Reader::new(&[0b0000_0001])),
            Err(ParseError::Malformed {
                tier: None,
                cause: Malformed::BadValue
            })
        ));
        let endless = Header {
            not_before: 1,
            life: u64::MAX,
            ..root()
        };
        assert_eq!(
            read_with(&endless, 1, 1),
            Err(malformed(Malformed::Overflow))
        );
    }

    fn read_with(header: &Header, position: usize, byte: u8) -> Result<Header, ParseError> {
        let mut bytes = Vec::new();
        let born = Lineage::Root(Root {
            born: 0,
            ..root_part()
        });
        Header {
            lineage: born,
            ..*header
        }
        .write(&mut bytes);
        bytes[position] = byte;
        bytes.extend([0; 300]);
        Header::read(&mut Reader::new(&bytes))
    }

    fn malformed(cause: Malformed) -> ParseError {
        ParseError::Malformed {
            tier: Tier::new(2),
            cause,
        }
    }

    fn root() -> Header {
        Header {
            shape: Shape::new(Tier::new(2).unwrap(), 3, true, true).unwrap(),
            lineage: Lineage::Root(root_part()),
            vector: [7].into(),
            not_before: 105,
            life: 60,
            immutable_len: Some(256),
            private_len: Some(16),
        }
    }

    fn root_part() -> Root {
        Root {
            required: 2,
            schema_hash: [1, 2, 3, 4],
            key_id: KeyId(0x0a0b_0c0d),
            session: [9; 16],
            branch: [8; 4],
            born: 100,
            end: 3_700,
        }
    }

    fn child() -> Header {
        Header {
            shape: Shape::new(Tier::LOWEST, 3, true, false).unwrap(),
            lineage: Lineage::Child { link: [1, 2, 3, 4] },
            vector: [7, 8, 256].into(),
            not_before: 0,
            life: 30,
            immutable_len: Some(5),
            private_len: None,
        }
    }
}
