//! Headers alone: the library reads what the page says, and would write the same bytes again.

use statecookie::ParseError;
use statecookie::testing::raw;

use crate::naive::{Fault, Header, put_varint};

/// `root_header`: the shape is made a root's, whatever number of tiers it claims.
pub fn root(data: &[u8]) {
    run(data, |shape| shape & !7 | shape >> 3 & 7);
}

/// `child_header`: the shape is made any other tier's; with one tier there is none.
pub fn child(data: &[u8]) {
    run(data, |shape| match shape >> 3 & 7 {
        0 => shape & !7 | 1 << 3,
        root => (shape & !7) | ((shape & 7) % root),
    });
}

fn run(data: &[u8], fix: impl FnOnce(u8) -> u8) {
    let mut bytes = data.to_vec();
    if let Some(shape) = bytes.first_mut() {
        *shape = fix(*shape);
    }
    compare(&bytes);
    // As it came, too: the shape may be one that no cookie has.
    compare(data);
}

fn compare(bytes: &[u8]) {
    let mut rest = bytes;
    let expected = Header::read(&mut rest).and_then(|header| announced(&header, rest));
    let found = raw::header(bytes);
    let Ok(header) = expected else {
        assert_eq!(found.err().map(fault), expected.err());
        return;
    };
    let header_bytes = &bytes[..bytes.len() - rest.len()];
    assert_eq!(header.write(), header_bytes);
    assert_eq!(found, Ok((header_bytes.len(), header_bytes.to_vec())));
}

/// A header may announce no more than what follows each length.
fn announced(header: &Header, rest: &[u8]) -> Result<Header, Fault> {
    let mut len = Vec::new();
    header
        .private_len
        .into_iter()
        .for_each(|private| put_varint(&mut len, private));
    let fits = |len: Option<u64>, left: usize| len.is_none_or(|len| len <= left as u64);
    if fits(header.immutable_len, len.len() + rest.len()) && fits(header.private_len, rest.len()) {
        Ok(header.clone())
    } else {
        Err(Fault::Malformed)
    }
}

/// The code of an error.
pub(super) fn fault(error: ParseError) -> Fault {
    match error {
        ParseError::TooLarge { .. } => Fault::TooLarge,
        ParseError::UnknownVersion => Fault::UnknownVersion,
        ParseError::Unlinked { .. } => Fault::Unlinked,
        _ => Fault::Malformed,
    }
}
