//! Section 8: update and bundle.

use super::cookie::sum;
use super::{Cookie, Fault, array, prefixed};

/// What a blob is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// From the server to the client.
    Update,
    /// From the client to a server.
    Bundle,
    /// A bundle with a derived section.
    Derived,
}

/// An update or bundle cut into its parts.
#[derive(Clone, Debug)]
pub struct Blob<'a> {
    /// What it is for.
    pub kind: Kind,
    /// From the highest tier down.
    pub cookies: Vec<Cookie<'a>>,
    /// The derived section, in a bundle of that kind.
    pub derived: Option<&'a [u8]>,
    /// The bytes in front of the padding.
    pub unpadded: &'a [u8],
}

impl<'a> Blob<'a> {
    /// Reads a blob of at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// The first fault in the order of the bytes.
    pub fn read(bytes: &'a [u8], limit: usize) -> Result<Self, Fault> {
        if bytes.len() > limit {
            return Err(Fault::TooLarge);
        }
        let mut input = bytes;
        let [first] = array(&mut input)?;
        if first >> 5 != 1 {
            return Err(Fault::UnknownVersion);
        }
        let kind = [
            Some(Kind::Update),
            Some(Kind::Bundle),
            Some(Kind::Derived),
            None,
        ];
        let kind = kind[usize::from(first >> 3 & 3)].ok_or(Fault::Malformed)?;
        let mut cookies = Vec::<Cookie<'a>>::new();
        let mut not_before = 0;
        for _ in 0..=first & 7 {
            let cookie = Cookie::read(prefixed(&mut input)?)?;
            if cookies
                .last()
                .is_some_and(|above| !is_below(&cookie, above))
            {
                return Err(Fault::Unlinked);
            }
            let born = cookie.header.root.as_ref().map_or(0, |root| root.born);
            not_before = sum(sum(not_before, born)?, cookie.header.not_before)?;
            sum(not_before, cookie.header.life)?;
            cookies.push(cookie);
        }
        let derived = match kind {
            Kind::Derived => Some(prefixed(&mut input)?),
            Kind::Update | Kind::Bundle => None,
        };
        let padded =
            input.len() <= 3 && bytes.len().is_multiple_of(4) && input.iter().all(|b| *b == 0);
        let ends = match kind {
            Kind::Update => cookies.last().is_some_and(|last| last.header.tier() == 0),
            Kind::Bundle | Kind::Derived => cookies[0].header.root.is_some(),
        };
        if !(input.is_empty() || padded) || !ends {
            return Err(Fault::Malformed);
        }
        Ok(Self {
            kind,
            cookies,
            derived,
            unpadded: &bytes[..bytes.len() - input.len()],
        })
    }
}

fn is_below(cookie: &Cookie<'_>, above: &Cookie<'_>) -> bool {
    let (one, other) = (&cookie.header, &above.header);
    one.tier() + 1 == other.tier()
        && one.tiers() == other.tiers()
        && one.root.is_none()
        && one.link == above.tag[..4]
        && one
            .vector
            .split_last()
            .is_some_and(|(_, rest)| rest == other.vector)
}
