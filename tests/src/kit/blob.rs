//! Takes blobs apart and puts them together again, as somebody without keys can.

use statecookie::StateCookie;
use statecookie::private::{Class, tier};

/// The cookies of a blob that is well-formed and has no padding.
pub fn cookies(blob: &[u8]) -> Vec<Vec<u8>> {
    split(blob).0
}

/// The values of the derived fields, where the blob has a section of them.
pub fn derived_values(blob: &[u8]) -> Option<Vec<u8>> {
    let rest = split(blob).1;
    (blob[0] >> 3 & 3 == 2).then(|| prefixed(rest).0.to_vec())
}

/// Other cookies in a bundle, with the derived section that the blob has, if it has one.
pub fn again(blob: &[u8], cookies: &[Vec<u8>]) -> Vec<u8> {
    match derived_values(blob) {
        Some(values) => deriving(cookies, &values),
        None => bundle(cookies),
    }
}

fn split(blob: &[u8]) -> (Vec<Vec<u8>>, &[u8]) {
    let mut rest = &blob[1..];
    let cookies = (0..=blob[0] & 7).map(|_| {
        let (cookie, behind) = prefixed(rest);
        rest = behind;
        cookie.to_vec()
    });
    (cookies.collect(), rest)
}

fn prefixed(bytes: &[u8]) -> (&[u8], &[u8]) {
    let (len, digits) = varint(bytes);
    bytes[digits..].split_at(len)
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
