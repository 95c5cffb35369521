//! One tier's cookie, parsed but not trusted: it borrows the received bytes and copies none of them.
//!
//! ```text
//! cookie      = signed part || mutable section
//! signed part = header || immutable section || private section || tag[16]
//! private     = nonce[24] || ciphertext || AEAD tag[16]
//! ```

use core::fmt;

use super::{
    AEAD_TAG_LEN, Header, LINK_LEN, Lineage, MAX_BLOB, NONCE_LEN, Root, SeqVector, TAG_LEN,
};
use crate::bytes::Reader;
use crate::error::{Malformed, ParseError};
use crate::tier::Tier;

/// A cookie whose structure is right; whatever it claims is not proven.
#[derive(Clone, Copy)]
pub(crate) struct Cookie<'a> {
    header: Header,
    header_len: usize,
    signed: &'a [u8],
    tag: &'a [u8; TAG_LEN],
    mutable: &'a [u8],
}

/// A private section in its parts.
#[derive(Clone, Copy)]
pub(crate) struct Private<'a> {
    /// The nonce.
    pub(crate) nonce: &'a [u8; NONCE_LEN],
    /// The ciphertext, as long as the padded plaintext.
    pub(crate) ciphertext: &'a [u8],
    /// The AEAD tag.
    pub(crate) tag: &'a [u8; AEAD_TAG_LEN],
}

impl<'a> Cookie<'a> {
    /// Reads a whole cookie: what follows the tag is the mutable section.
    #[inline]
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let mut input = Reader::new(bytes);
        let header = Header::read(&mut input)?;
        let header_len = bytes.len() - input.len();
        let parts = header.tail_len().and_then(|tail| {
            let (signed, mutable) = bytes.split_at_checked(header_len.checked_add(tail)?)?;
            Some((signed, signed.last_chunk()?, mutable))
        });
        let Some((signed, tag, mutable)) = parts else {
            return Err(ParseError::from(Malformed::Truncated).in_tier(header.shape.tier()));
        };
        Ok(Self {
            header,
            header_len,
            signed,
            tag,
            mutable,
        })
    }

    /// Reads a cookie that travelled outside of a blob: its own sums of times are checked here.
    pub(crate) fn parse_alone(bytes: &'a [u8]) -> Result<Self, ParseError> {
        if bytes.len() > MAX_BLOB {
            return Err(ParseError::TooLarge { limit: MAX_BLOB });
        }
        Self::parse(bytes)
    }

    #[cfg(test)]
    /// Reads a signed part that travelled without its mutable section.
    pub(crate) fn parse_signed_part(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let cookie = Self::parse(bytes)?;
        if cookie.mutable.is_empty() {
            Ok(cookie)
        } else {
            Err(ParseError::from(Malformed::TrailingBytes).in_tier(cookie.claimed_tier()))
        }
    }

    #[cfg(test)]
    /// The same signed part with another mutable section, which nobody signed.
    #[must_use]
    pub(crate) fn with_mutable(self, mutable: &'a [u8]) -> Self {
        Self { mutable, ..self }
    }

    /// The header as the bytes claim it.
    pub(crate) const fn claimed_header(&self) -> &Header {
        &self.header
    }

    /// The tier.
    pub(crate) const fn claimed_tier(&self) -> Tier {
        self.header.shape.tier()
    }

    /// The number of tiers of the schema.
    pub(crate) const fn claimed_tiers(&self) -> u8 {
        self.header.shape.tiers()
    }

    /// The counters from the root down to this tier.
    pub(crate) const fn claimed_vector(&self) -> &SeqVector {
        &self.header.vector
    }

    /// What only a root says.
    pub(crate) const fn claimed_root(&self) -> Option<&Root> {
        match &self.header.lineage {
            Lineage::Root(root) => Some(root),
            Lineage::Child { .. } => None,
        }
    }

    /// The first bytes of the parent's tag; a root has none.
    pub(crate) const fn claimed_link(&self) -> Option<[u8; LINK_LEN]> {
        match self.header.lineage {
            Lineage::Root(_) => None,
            Lineage::Child { link } => Some(link),
        }
    }

    /// Everything that is signed, and its tag.
    pub(crate) const fn signed_part(&self) -> &'a [u8] {
        self.signed
    }

    /// What the tag is computed over besides its prefix: header, immutable and private section, as received.
    #[inline]
    pub(crate) fn tagged(&self) -> &'a [u8] {
        self.signed
            .split_last_chunk::<TAG_LEN>()
            .map_or(&[], |(tagged, _)| tagged)
    }

    /// The tag as received.
    pub(crate) const fn tag(&self) -> &'a [u8; TAG_LEN] {
        self.tag
    }

    /// The first bytes of the tag, by which children refer to this cookie.
    pub(crate) const fn link_to_this(&self) -> [u8; LINK_LEN] {
        let [a, b, c, d, ..] = *self.tag;
        [a, b, c, d]
    }

    /// The immutable section; empty where the tier has none.
    pub(crate) fn immutable(&self) -> &'a [u8] {
        let len = self.header.immutable_len.unwrap_or(0);
        self.signed
            .get(self.header_len..self.header_len + len)
            .unwrap_or(&[])
    }

    /// The private section, where the tier has one.
    pub(crate) fn private(&self) -> Option<Private<'a>> {
        self.header.private_len?;
        let start = self.header_len + self.header.immutable_len.unwrap_or(0);
        let section = self.tagged().get(start..)?;
        let (nonce, sealed) = section.split_first_chunk()?;
        let (ciphertext, tag) = sealed.split_last_chunk()?;
        Some(Private {
            nonce,
            ciphertext,
            tag,
        })
    }

    /// The mutable section, which nobody signed.
    pub(crate) const fn mutable(&self) -> &'a [u8] {
        self.mutable
    }
}

/// Lengths and places, no bytes: a cookie in a log could be presented by who reads the log.
impl fmt::Debug for Cookie<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie")
            .field("tier", &self.claimed_tier().number())
            .field("vector", self.claimed_vector())
            .field("signed_len", &self.signed.len())
            .field("mutable_len", &self.mutable.len())
            .finish()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::wire::Shape;

    #[test]
    fn finds_every_section_by_the_header_alone() {
        let bytes = cookie(&header(Some(3), Some(2)), b"imm", b"MUTABLE");
        let parsed = Cookie::parse(&bytes).unwrap();
        assert_eq!(parsed.immutable(), b"imm");
        assert_eq!(parsed.mutable(), b"MUTABLE");
        assert_eq!(parsed.tag(), &[0xee; TAG_LEN]);
        let private = parsed.private().unwrap();
        assert_eq!(
            (private.nonce, private.tag),
            (&[1; NONCE_LEN], &[3; AEAD_TAG_LEN])
        );
        assert_eq!(private.ciphertext, [2; 2]);
        assert_eq!(parsed.signed_part().len() + 7, bytes.len());
        assert_eq!(parsed.tagged().len() + TAG_LEN, parsed.signed_part().len());
    }

    #[test]
    fn knows_an_empty_section_from_none() {
        let bytes = cookie(&header(Some(0), Some(0)), b"", b"");
        assert!(
            Cookie::parse(&bytes)
                .unwrap()
                .private()
                .unwrap()
                .ciphertext
                .is_empty()
        );
        let bytes = cookie(&header(None, None), b"", b"");
        assert!(Cookie::parse(&bytes).unwrap().private().is_none());
    }

    #[test]
    fn rejoins_a_signed_part_and_its_mutable_section() {
        let bytes = cookie(&header(Some(3), None), b"imm", b"M");
        let whole = Cookie::parse(&bytes).unwrap();
        let rejoined = Cookie::parse_signed_part(whole.signed_part())
            .unwrap()
            .with_mutable(b"M");
        assert_eq!(rejoined.signed_part(), whole.signed_part());
        assert_eq!(rejoined.mutable(), whole.mutable());
        assert_eq!(
            Cookie::parse_signed_part(&bytes).unwrap_err(),
            ParseError::Malformed {
                tier: Some(Tier::LOWEST),
                cause: Malformed::TrailingBytes
            }
        );
    }

    #[test]
    fn refuses_every_truncation_of_the_signed_part() {
        let bytes = cookie(&header(Some(3), Some(16)), b"imm", b"");
        for len in 0..bytes.len() {
            let error = Cookie::parse(&bytes[..len]).unwrap_err();
            assert!(matches!(
                error,
                ParseError::Malformed {
                    cause: Malformed::Truncated,
                    ..
                }
            ));
        }
    }

    #[test]
    fn shows_no_bytes_in_debug() {
        let bytes = cookie(&header(Some(3), None), b"imm", b"M");
        let shown = alloc::format!("{:?}", Cookie::parse(&bytes).unwrap());
        assert!(!shown.contains("238") && !shown.contains("ee"), "{shown}");
        assert_eq!(
            shown,
            "Cookie { tier: 0, vector: [1, 2, 300], signed_len: 31, mutable_len: 1 }"
        );
    }

    /// A cookie of that header; tag, nonce, ciphertext and AEAD tag are constants.
    pub(crate) fn cookie(header: &Header, immutable: &[u8], mutable: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        header.write(&mut bytes);
        bytes.extend_from_slice(immutable);
        if let Some(len) = header.private_len {
            bytes.extend([1; NONCE_LEN]);
            bytes.extend(core::iter::repeat_n(2, len));
            bytes.extend([3; AEAD_TAG_LEN]);
        }
        bytes.extend([0xee; TAG_LEN]);
        bytes.extend_from_slice(mutable);
        bytes
    }

    fn header(immutable_len: Option<usize>, private_len: Option<usize>) -> Header {
        let (immutable, private) = (immutable_len.is_some(), private_len.is_some());
        Header {
            shape: Shape::new(Tier::LOWEST, 3, immutable, private).unwrap(),
            lineage: Lineage::Child { link: [1, 2, 3, 4] },
            vector: [1, 2, 300].into(),
            not_before: 0,
            life: 30,
            immutable_len,
            private_len,
        }
    }
}
