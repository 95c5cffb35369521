//! Update and bundle: section 8, read and put together.

use statecookie::Reason;

use super::head::{Head, MALFORMED, Wrong, sum};
use super::put::{self, Out};
use super::strict::Strict;
use super::{AROUND_PRIVATE, LINK, MOST_TIERS, TAG};

/// The first byte of an update of one cookie.
pub(crate) const UPDATE: u8 = 0x20;
/// The first byte of a bundle of one cookie.
pub(crate) const BUNDLE: u8 = 0x28;
/// The first byte of a bundle of one cookie with derived values.
pub(crate) const DERIVED_BUNDLE: u8 = 0x30;

/// A cookie in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    /// The header.
    pub(crate) head: Head,
    /// Header to tag, as received.
    pub(crate) signed: &'a [u8],
    /// The immutable section.
    pub(crate) immutable: &'a [u8],
    /// Nonce, ciphertext and AEAD tag; empty where there are none.
    pub(crate) private: &'a [u8],
    /// The tag.
    pub(crate) tag: &'a [u8],
    /// The mutable section.
    pub(crate) mutable: &'a [u8],
}

/// A blob in its cookies, the highest tier first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blob<'a> {
    /// Bits 3 and 4 of the first byte: 0 update, 1 bundle, 2 bundle with derived values.
    pub(crate) kind: u8,
    /// The derived section, in a bundle that has one.
    pub(crate) derived: Option<&'a [u8]>,
    pieces: [Option<Piece<'a>>; MOST_TIERS],
}

impl<'a> Blob<'a> {
    /// Reads what a server may be shown; stops at the first fault, in the order of section 11.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Wrong> {
        let mut input = Strict::new(bytes);
        let first = input.u8()?;
        if first >> 5 != 1 {
            return Err(Wrong(Reason::UnknownVersion));
        }
        let (kind, count) = (first >> 3 & 3, usize::from(first & 7) + 1);
        if kind == 3 {
            return Err(MALFORMED);
        }
        let mut blob = Self {
            kind,
            derived: None,
            pieces: [None; MOST_TIERS],
        };
        let mut base = 0;
        for place in 0..count {
            let length = input.u64()?;
            let piece = Piece::read(input.take(length)?)?;
            if place > 0 && !blob.pieces[place - 1].is_some_and(|above| piece.is_below(&above)) {
                return Err(Wrong(Reason::Unlinked));
            }
            base = piece.begins(base)?;
            blob.pieces[place] = Some(piece);
        }
        if kind == 2 {
            let length = input.u64()?;
            blob.derived = Some(input.take(length)?);
        }
        check_padding(input.rest(), bytes.len())?;
        blob.check_ends()?;
        Ok(blob)
    }

    /// The cookies from the highest tier down.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = &Piece<'a>> {
        self.pieces.iter().flatten()
    }

    /// The first cookie; a blob has one.
    pub(crate) fn first(&self) -> Option<&Piece<'a>> {
        self.pieces[0].as_ref()
    }

    /// An update ends with tier 0, a bundle begins with the root.
    fn check_ends(&self) -> Result<(), Wrong> {
        let lowest = self.pieces().last().map(|piece| piece.head.tier());
        let from_root = self.first().is_some_and(|piece| piece.head.root.is_some());
        let good = if self.kind == 0 {
            lowest == Some(0)
        } else {
            from_root
        };
        if good { Ok(()) } else { Err(MALFORMED) }
    }
}

impl<'a> Piece<'a> {
    /// Reads a whole cookie.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Wrong> {
        let mut input = Strict::new(bytes);
        let head = Head::read(&mut input)?;
        let immutable = input.take(head.immutable.unwrap_or(0))?;
        let private = match head.private {
            Some(length) => input.take(sum(length, AROUND_PRIVATE)?)?,
            None => &[],
        };
        let tag = input.take(TAG as u64)?;
        let mutable = input.rest();
        let signed = &bytes[..bytes.len() - mutable.len()];
        Ok(Self {
            head,
            signed,
            immutable,
            private,
            tag,
            mutable,
        })
    }

    /// The first bytes of the tag, by which the cookie below refers to this one.
    pub(crate) fn link(&self) -> [u8; LINK] {
        std::array::from_fn(|at| self.tag.get(at).copied().unwrap_or_default())
    }

    /// Writes the parts one after another, whether they belong together or not.
    pub(crate) fn write(&self, out: &mut Out) {
        self.head.write(out);
        for part in [self.immutable, self.private, self.tag, self.mutable] {
            out.extend_from_slice(part);
        }
    }

    /// The cookie, its parts put together.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        self.write(&mut out);
        out
    }

    fn is_below(&self, above: &Self) -> bool {
        let parents = above.head.counters();
        self.head.tier() + 1 == above.head.tier()
            && self.head.tiers() == above.head.tiers()
            && self.head.root.is_none()
            && self.head.link == above.link()
            && self.head.counters().len() == parents.len() + 1
            && self.head.counters().starts_with(parents)
    }

    /// The absolute not-before after the parent's; not-after must fit as well.
    fn begins(&self, parent: u64) -> Result<u64, Wrong> {
        let base = self.head.root.map_or(parent, |root| root.born);
        let not_before = sum(base, self.head.not_before)?;
        sum(not_before, self.head.life)?;
        Ok(not_before)
    }
}

fn check_padding(rest: &[u8], length: usize) -> Result<(), Wrong> {
    let padded = rest.len() < 4 && rest.iter().all(|byte| *byte == 0) && length.is_multiple_of(4);
    if rest.is_empty() || padded {
        Ok(())
    } else {
        Err(MALFORMED)
    }
}

/// A blob of these cookies; `kind` is its first byte, were it one cookie.
pub(crate) fn compose<C: AsRef<[u8]>>(kind: u8, cookies: &[C]) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * cookies.len() + 64);
    out.push(kind | (cookies.len().saturating_sub(1) as u8 & 7));
    cookies
        .iter()
        .for_each(|cookie| put::bytes(&mut out, cookie.as_ref()));
    out
}

/// A bundle of these cookies, with these derived values where there are such.
pub(crate) fn bundle<C: AsRef<[u8]>>(cookies: &[C], derived: Option<&[u8]>) -> Vec<u8> {
    let Some(derived) = derived else {
        return compose(BUNDLE, cookies);
    };
    let mut out = compose(DERIVED_BUNDLE, cookies);
    put::bytes(&mut out, derived);
    out
}

/// The same with zeros up to a multiple of four.
pub(crate) fn padded(mut blob: Vec<u8>) -> Vec<u8> {
    blob.resize(blob.len().next_multiple_of(4), 0);
    blob
}
