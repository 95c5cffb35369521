//! What a cheater does to a bundle: takes it to pieces and puts other pieces together.

use statecookie::inspect;

use crate::Outcome;

/// The bytes of a bundle's cookies, from the root down.
#[derive(Clone)]
pub struct Pieces {
    kind: u8,
    /// The cookies, each with header, sections and tag.
    pub cookies: Vec<Vec<u8>>,
}

impl Pieces {
    /// Takes a bundle to pieces; the lengths are public.
    ///
    /// # Errors
    ///
    /// It is no bundle.
    pub fn of(bundle: &[u8]) -> Outcome<Self> {
        let (kind, mut rest) = bundle.split_first().ok_or("an empty bundle")?;
        let mut cookies = Vec::new();
        for cookie in inspect(bundle)?.cookies {
            let prefix = varint(cookie.len).len();
            let end = prefix + cookie.len;
            cookies.push(rest.get(prefix..end).ok_or("too short")?.to_vec());
            rest = rest.get(end..).ok_or("too short")?;
        }
        Ok(Self {
            kind: *kind,
            cookies,
        })
    }

    /// Puts the pieces together again.
    pub fn bundle(&self) -> Vec<u8> {
        let count = self.cookies.len() as u8;
        let mut out = vec![(self.kind & !7) | count.saturating_sub(1)];
        for cookie in &self.cookies {
            out.extend(varint(cookie.len()));
            out.extend(cookie);
        }
        out
    }

    /// The bundle with the first `old` in a cookie replaced by `new`.
    ///
    /// # Errors
    ///
    /// It is not there.
    pub fn replaced(&self, cookie: usize, old: &[u8], new: &[u8]) -> Outcome<Vec<u8>> {
        let bytes = self.cookies.get(cookie).ok_or("no such cookie")?;
        let mut places = bytes.windows(old.len());
        let at = places
            .position(|place| place == old)
            .ok_or("no such bytes")?;
        self.overwritten(cookie, bytes.len() - at, new)
    }

    /// The bundle with `new` over a cookie's bytes, which begin so many bytes before its end.
    ///
    /// # Errors
    ///
    /// The cookie is shorter.
    pub fn overwritten(&self, cookie: usize, before_end: usize, new: &[u8]) -> Outcome<Vec<u8>> {
        let mut pieces = self.clone();
        let bytes = pieces.cookies.get_mut(cookie).ok_or("no such cookie")?;
        let start = bytes.len().checked_sub(before_end).ok_or("too short")?;
        let place = bytes.get_mut(start..start + new.len()).ok_or("too short")?;
        place.copy_from_slice(new);
        Ok(pieces.bundle())
    }
}

/// A number as the format and postcard write it.
pub fn varint(mut number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}
