//! Update and bundle: linked cookies in one self-contained string of bytes.
//!
//! ```text
//! blob = kind { length cookie }... [derived section] [padding]
//! ```

use alloc::vec::Vec;

use super::header::after;
use super::{Cookie, FORMAT_VERSION};
use crate::bytes::{Reader, put_varint};
use crate::error::{Malformed, ParseError};
use crate::tier::{MAX_TIERS, Tier};

/// An update or bundle whose structure is right; its cookies stand below each other and are not proven.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blob<'a> {
    /// What it is for.
    pub(crate) kind: Kind,
    /// The cookies from the highest tier down.
    pub(crate) cookies: Linked<'a>,
    /// The values of the derived fields, in a bundle of that kind.
    pub(crate) derived: Option<&'a [u8]>,
}

/// What a blob is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// From the server to the client.
    Update,
    /// From the client to a server.
    Bundle,
    /// A bundle with the values of derived fields.
    DerivedBundle,
}

/// Cookies of consecutive tiers from the highest down, each linked to the one before. No heap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Linked<'a> {
    cookies: [Option<Cookie<'a>>; MAX_TIERS],
    len: usize,
    not_before: u64,
}

impl<'a> Blob<'a> {
    /// Reads a blob of at most `limit` bytes.
    #[inline]
    pub(crate) fn parse(bytes: &'a [u8], limit: usize) -> Result<Self, ParseError> {
        let mut cookies = Linked::new();
        let (kind, derived) = cookies.read(bytes, limit)?;
        Ok(Self {
            kind,
            cookies,
            derived,
        })
    }
}

impl<'a> Linked<'a> {
    /// No cookie yet.
    pub(crate) const fn new() -> Self {
        Self {
            cookies: [None; MAX_TIERS],
            len: 0,
            not_before: 0,
        }
    }

    /// Reads the cookies of a blob into an empty list, and returns what else the blob says.
    #[inline]
    pub(crate) fn read(
        &mut self,
        bytes: &'a [u8],
        limit: usize,
    ) -> Result<(Kind, Option<&'a [u8]>), ParseError> {
        if bytes.len() > limit {
            return Err(ParseError::TooLarge { limit });
        }
        let mut input = Reader::new(bytes);
        let (kind, count) = Kind::read(&mut input)?;
        for _ in 0..count {
            self.push(Cookie::parse(prefixed(&mut input)?)?)?;
        }
        let derived = match kind {
            Kind::DerivedBundle => Some(prefixed(&mut input)?),
            Kind::Update | Kind::Bundle => None,
        };
        padding(input.rest(), bytes.len())?;
        self.check_extent(kind)?;
        Ok((kind, derived))
    }

    /// Appends the cookie of the next tier down.
    #[inline]
    pub(crate) fn push(&mut self, cookie: Cookie<'a>) -> Result<(), ParseError> {
        let tier = cookie.claimed_tier();
        if self
            .last()
            .is_some_and(|parent| !stands_below(&cookie, parent))
        {
            return Err(ParseError::Unlinked { tier });
        }
        let not_before = self
            .check_times(&cookie)
            .map_err(|e| ParseError::from(e).in_tier(tier))?;
        let free = self
            .cookies
            .get_mut(self.len)
            .ok_or(ParseError::Unlinked { tier })?;
        *free = Some(cookie);
        self.len += 1;
        self.not_before = not_before;
        Ok(())
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// The cookies, the highest tier first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Cookie<'a>> {
        self.cookies.iter().flatten()
    }

    /// The highest one.
    pub(crate) fn first(&self) -> Option<&Cookie<'a>> {
        self.cookies.first()?.as_ref()
    }

    /// Whether the first one is a root.
    pub(crate) fn begin_with_root(&self) -> bool {
        self.first()
            .is_some_and(|cookie| cookie.claimed_root().is_some())
    }

    fn last(&self) -> Option<&Cookie<'a>> {
        self.cookies.get(self.len.checked_sub(1)?)?.as_ref()
    }

    fn lowest(&self) -> Option<Tier> {
        self.last().map(Cookie::claimed_tier)
    }

    /// An update ends with tier 0, a bundle begins with the root.
    fn check_extent(&self, kind: Kind) -> Result<(), Malformed> {
        let good = match kind {
            Kind::Update => self.lowest() == Some(Tier::LOWEST),
            Kind::Bundle | Kind::DerivedBundle => self.begin_with_root(),
        };
        if good {
            Ok(())
        } else {
            Err(Malformed::Unsupported)
        }
    }

    /// The cookie's not-before: absolute below a root, else after that of the missing parent.
    #[inline]
    fn check_times(&self, cookie: &Cookie<'_>) -> Result<u64, Malformed> {
        let header = cookie.claimed_header();
        let not_before = after(self.not_before, header.not_before)?;
        after(not_before, header.life)?;
        Ok(not_before)
    }
}

#[inline]
fn stands_below(cookie: &Cookie<'_>, parent: &Cookie<'_>) -> bool {
    cookie.claimed_tier().number() + 1 == parent.claimed_tier().number()
        && cookie.claimed_tiers() == parent.claimed_tiers()
        && cookie.claimed_link() == Some(parent.link_to_this())
        && cookie.claimed_vector().extends(parent.claimed_vector())
}

impl Kind {
    fn read(input: &mut Reader<'_>) -> Result<(Self, u8), ParseError> {
        let byte = input.byte()?;
        if byte >> 5 != FORMAT_VERSION {
            return Err(ParseError::UnknownVersion);
        }
        let kind = match byte >> 3 & 3 {
            0 => Self::Update,
            1 => Self::Bundle,
            2 => Self::DerivedBundle,
            _ => return Err(Malformed::Unsupported.into()),
        };
        Ok((kind, (byte & 7) + 1))
    }

    /// The kind of a bundle with or without the values of derived fields.
    pub(crate) const fn of_bundle(derived: Option<&[u8]>) -> Self {
        match derived {
            Some(_) => Self::DerivedBundle,
            None => Self::Bundle,
        }
    }

    /// The first byte of a blob of that many cookies, 1 to 8.
    pub(crate) const fn byte_for(self, cookies: usize) -> u8 {
        self.byte() | (cookies.saturating_sub(1) as u8 & 7)
    }

    /// The first byte of a blob of one cookie; each further one adds 1.
    const fn byte(self) -> u8 {
        FORMAT_VERSION << 5 | (self as u8) << 3
    }
}

#[inline]
fn prefixed<'a>(input: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let len = input.length()?;
    input.take(len)
}

/// Up to three zero bytes, where they bring the blob to a multiple of four.
fn padding(rest: &[u8], blob_len: usize) -> Result<(), Malformed> {
    let good = rest.len() < 4 && rest.iter().all(|byte| *byte == 0);
    if rest.is_empty() || (good && blob_len.is_multiple_of(4)) {
        Ok(())
    } else {
        Err(Malformed::TrailingBytes)
    }
}

/// Appends a blob to a buffer, cookie by cookie, from the highest tier down; who calls keeps the rules of [`Blob`].
#[derive(Debug)]
pub(crate) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
    cookies: usize,
}

impl<'o> Writer<'o> {
    /// Begins a blob at the end of `out`.
    pub(crate) fn begin(out: &'o mut Vec<u8>, kind: Kind) -> Self {
        let start = out.len();
        out.push(kind.byte());
        Self {
            out,
            start,
            cookies: 0,
        }
    }

    /// Begins a cookie of exactly `len` bytes, which the caller appends to what this returns.
    pub(crate) fn cookie(&mut self, len: usize) -> &mut Vec<u8> {
        if let (1.., Some(kind)) = (self.cookies, self.out.get_mut(self.start)) {
            *kind += 1;
        }
        self.cookies += 1;
        put_varint(self.out, len as u64);
        self.out
    }

    #[cfg(test)]
    /// Appends zero bytes up to a multiple of four, for channels that carry words of 32 bits.
    pub(crate) fn pad(self) {
        let len = self.out.len() - self.start;
        self.out.resize(self.start + len.next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::put_prefixed;
    use crate::wire::cookie::tests::cookie;
    use crate::wire::{Header, Lineage, MAX_BLOB, Root, Shape, TAG_LEN};

    #[test]
    fn reads_what_it_writes() {
        for (kind, from) in [(Kind::Update, 2), (Kind::Update, 0), (Kind::Bundle, 2)] {
            let bytes = blob(kind, &tiers(from));
            let parsed = Blob::parse(&bytes, MAX_BLOB).unwrap();
            assert_eq!(
                (parsed.kind, parsed.cookies.len()),
                (kind, from as usize + 1)
            );
            assert_eq!(parsed.cookies.begin_with_root(), from == 2);
            assert!(
                parsed
                    .cookies
                    .iter()
                    .map(|c| c.claimed_tier().number())
                    .eq((0..=from).rev())
            );
        }
    }

    #[test]
    fn carries_a_derived_section() {
        let mut bytes = blob(Kind::DerivedBundle, &tiers(2));
        put_prefixed(&mut bytes, b"derived");
        assert_eq!(
            Blob::parse(&bytes, MAX_BLOB).unwrap().derived,
            Some(&b"derived"[..])
        );
    }

    #[test]
    fn pads_to_a_multiple_of_four_and_takes_no_other_padding() {
        for mutable in [&b""[..], b"a", b"ab", b"abc"] {
            let mut bytes = Vec::new();
            let mut writer = Writer::begin(&mut bytes, Kind::Update);
            let lowest = cookie(&child(0), b"", mutable);
            writer.cookie(lowest.len()).extend_from_slice(&lowest);
            writer.pad();
            assert_eq!(bytes.len() % 4, 0);
            assert_eq!(Blob::parse(&bytes, MAX_BLOB).unwrap().cookies.len(), 1);
            bytes.push(0);
            refuses(&bytes, Malformed::TrailingBytes);
            bytes.extend([0; 3]);
            refuses(&bytes, Malformed::TrailingBytes);
        }
    }

    #[test]
    fn refuses_an_update_that_stops_early_and_a_bundle_that_begins_late() {
        refuses(&blob(Kind::Update, &tiers(2)[..2]), Malformed::Unsupported);
        assert!(Blob::parse(&blob(Kind::Bundle, &tiers(2)[..2]), MAX_BLOB).is_ok());
        refuses(&blob(Kind::Bundle, &tiers(1)), Malformed::Unsupported);
    }

    #[test]
    fn refuses_cookies_that_do_not_stand_below_each_other() {
        let tier = Tier::LOWEST;
        let other_vector = Header {
            vector: [1, 3, 0].into(),
            ..child(0)
        };
        let other_link = Header {
            lineage: Lineage::Child { link: [0; 4] },
            ..child(0)
        };
        for wrong in [other_vector, other_link] {
            let bytes = blob(Kind::Update, &[child(1), wrong]);
            assert_eq!(
                Blob::parse(&bytes, MAX_BLOB).unwrap_err(),
                ParseError::Unlinked { tier }
            );
        }
        for wrong in [[root(), child(0)], [child(0), child(0)]] {
            let bytes = blob(Kind::Update, &wrong);
            assert_eq!(
                Blob::parse(&bytes, MAX_BLOB).unwrap_err(),
                ParseError::Unlinked { tier }
            );
        }
    }

    #[test]
    fn refuses_times_whose_sum_overflows() {
        let late = Header {
            not_before: u64::MAX - 10,
            life: 0,
            ..child(0)
        };
        let bytes = blob(Kind::Update, &[root(), child(1), late]);
        let error = ParseError::Malformed {
            tier: Some(Tier::LOWEST),
            cause: Malformed::Overflow,
        };
        assert_eq!(Blob::parse(&bytes, MAX_BLOB).unwrap_err(), error);
    }

    #[test]
    fn tells_unknown_versions_reserved_kinds_and_oversize_apart() {
        let mut bytes = blob(Kind::Update, &tiers(0));
        assert_eq!(
            Blob::parse(&bytes, bytes.len() - 1).unwrap_err(),
            ParseError::TooLarge {
                limit: bytes.len() - 1
            }
        );
        assert!(Blob::parse(&bytes, bytes.len()).is_ok());
        bytes[0] = 0b0011_1000;
        refuses(&bytes, Malformed::Unsupported);
        bytes[0] = 0b0100_0000;
        assert_eq!(
            Blob::parse(&bytes, MAX_BLOB).unwrap_err(),
            ParseError::UnknownVersion
        );
        refuses(&[], Malformed::Truncated);
    }

    #[test]
    fn refuses_every_truncation() {
        let bytes = blob(Kind::Update, &tiers(2));
        for len in 0..bytes.len() {
            assert!(Blob::parse(&bytes[..len], MAX_BLOB).is_err());
        }
    }

    fn refuses(bytes: &[u8], expected: Malformed) {
        let error = Blob::parse(bytes, MAX_BLOB).unwrap_err();
        assert!(matches!(error, ParseError::Malformed { cause, .. } if cause == expected));
    }

    fn blob(kind: Kind, headers: &[Header]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut writer = Writer::begin(&mut bytes, kind);
        for header in headers {
            let cookie = cookie(header, b"", b"mutable");
            writer.cookie(cookie.len()).extend_from_slice(&cookie);
        }
        bytes
    }

    fn tiers(from: u8) -> Vec<Header> {
        [root(), child(1), child(0)]
            .into_iter()
            .skip(2 - usize::from(from))
            .collect()
    }

    fn root() -> Header {
        Header {
            shape: Shape::new(Tier::new(2).unwrap(), 3, false, false).unwrap(),
            lineage: Lineage::Root(Root {
                required: 3,
                schema_hash: [1, 2, 3, 4],
                key_id: crate::tier::KeyId(1),
                session: [9; 16],
                branch: [8; 4],
                born: 100,
                end: 3_700,
            }),
            vector: [1].into(),
            not_before: 105,
            life: 60,
            immutable_len: None,
            private_len: None,
        }
    }

    fn child(tier: u8) -> Header {
        let vector = if tier == 0 {
            [1, 2, 0].into()
        } else {
            [1, 2].into()
        };
        Header {
            shape: Shape::new(Tier::new(tier).unwrap(), 3, false, false).unwrap(),
            lineage: Lineage::Child { link: [0xee; 4] },
            vector,
            not_before: 1,
            ..root()
        }
    }

    const _: () = assert!(TAG_LEN > 4);
}
