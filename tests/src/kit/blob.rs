//! Takes blobs apart and puts them together again, as somebody without keys can.

use statecookie::StateCookie;
use statecookie::private::{Class, tier};

/// The cookies of a blob that is well-formed and has no padding.
pub fn cookies(blob: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = &blob[1..];
    let mut cookies = Vec::new();
    while !rest.is_empty() {
        let (len, digits) = varint(rest);
        cookies.push(rest[digits..digits + len].to_vec());
        rest = &rest[digits + len..];
    }
    cookies
}

/// A bundle (kind 1) of these cookies.
pub fn bundle(cookies: &[Vec<u8>]) -> Vec<u8> {
    framed(0x28, cookies)
}

/// A blob of these cookies whose first byte has these upper five bits.
pub fn framed(kind: u8, cookies: &[Vec<u8>]) -> Vec<u8> {
    let mut blob = vec![kind | (cookies.len() as u8 - 1)];
    for cookie in cookies {
        put_varint(&mut blob, cookie.len());
        blob.extend(cookie);
    }
    blob
}

/// The full update of `state` as a bundle in which the mutable section of one tier is another one.
pub fn with_section<S: StateCookie>(blob: &[u8], state: &S, number: u8, section: &[u8]) -> Vec<u8> {
    let mut cookies = cookies(blob);
    let at = cookies.len() - 1 - usize::from(number);
    let signed = cookies[at].len() - section_of(state, number).len();
    cookies[at].truncate(signed);
    cookies[at].extend(section);
    bundle(&cookies)
}

/// The mutable section of a tier.
pub fn section_of<S: StateCookie>(state: &S, number: u8) -> Vec<u8> {
    let mut out = Vec::new();
    state
        .__write(tier(number), Class::Mutable, &mut out)
        .unwrap();
    out
}

/// The number at the front, and how many bytes it takes.
pub fn varint(bytes: &[u8]) -> (usize, usize) {
    let digits = bytes.iter().take_while(|byte| **byte > 127).count() + 1;
    let digit = |at: usize| usize::from(bytes[at] & 127) << (7 * at);
    ((0..digits).map(digit).sum(), digits)
}

/// Appends a varint.
pub fn put_varint(out: &mut Vec<u8>, mut value: usize) {
    while value > 127 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A bundle of kind 2: these cookies, then the values of the derived fields.
pub fn deriving(cookies: &[Vec<u8>], values: &[u8]) -> Vec<u8> {
    let mut blob = framed(0x30, cookies);
    put_varint(&mut blob, values.len());
    blob.extend(values);
    blob
}
