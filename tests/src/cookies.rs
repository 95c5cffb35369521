//! Updates cut into cookies and put together again, as a client that means no good would.

use statecookie::{Reader, inspect, private};

/// The cookies of an update, from the highest tier down.
pub fn cut(update: &[u8]) -> Vec<Vec<u8>> {
    let mut input = Reader::new(&update[1..]);
    let mut cookies = Vec::new();
    while !input.is_empty() {
        let len = input.length().expect("an update is well-formed");
        let cookie = input.take(len).expect("an update is well-formed");
        cookies.push(cookie.to_vec());
    }
    cookies
}

/// A bundle of these cookies.
pub fn bundle(cookies: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![BUNDLE | cookies.len().saturating_sub(1) as u8];
    for cookie in cookies {
        private::put_prefixed(&mut bytes, cookie);
    }
    bytes
}

/// How many bytes of each cookie of an update are signed, the tag among them.
pub fn signed_lens(update: &[u8]) -> Vec<usize> {
    let seen = inspect(update).expect("an update is well-formed");
    let signed = seen
        .cookies
        .iter()
        .map(|cookie| cookie.len - cookie.mutable_len);
    signed.collect()
}

/// A bundle in which the number-th cookie from above holds these values of the client's own.
pub fn with_values(update: &[u8], number: usize, values: &[u8]) -> Vec<u8> {
    let mut cookies = cut(update);
    cookies[number].truncate(signed_lens(update)[number]);
    cookies[number].extend_from_slice(values);
    bundle(&cookies)
}

/// The first byte of a bundle of one cookie (`docs/wire-format.md`, section 8).
const BUNDLE: u8 = 0x28;
