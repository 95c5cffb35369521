//! The text form: one text for each byte string, and the jar takes updates in it as it takes them in bytes.

use statecookie::{Jar, MAX_BLOB, from_text, to_text};

use crate::heap;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// `text`: the input as bytes, as text, and its characters put into the alphabet.
pub fn run(data: &[u8]) {
    let text = to_text(data);
    assert_eq!(text, naive_text(data));
    if data.len() <= MAX_BLOB {
        assert_eq!(from_text(&text).as_deref(), Ok(data));
    }
    reads(&String::from_utf8_lossy(data));
    let clean = data
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 64)]));
    reads(&clean.collect::<String>());
}

fn reads(text: &str) {
    let (found, peak) = heap::peak(|| from_text(text));
    assert!(peak <= text.len(), "{} characters took {peak}", text.len());
    let expected = naive_bytes(text);
    assert_eq!(found.as_ref().ok(), expected.as_ref());
    let (mut one, mut other) = (Jar::new(), Jar::new());
    let merged = one.merge_text(text);
    match expected {
        Some(bytes) => assert_eq!(merged, other.merge(&bytes)),
        None => assert!(merged.is_err()),
    }
    assert_eq!(one.bundle(), other.bundle());
}

fn naive_text(bytes: &[u8]) -> String {
    let groups = bytes.chunks(3).flat_map(|chunk| {
        let word = (0..3).fold(0, |word, at| {
            word << 8 | chunk.get(at).map_or(0, |b| u32::from(*b))
        });
        (0..=chunk.len()).map(move |at| ALPHABET[(word >> (18 - 6 * at) & 63) as usize])
    });
    groups.map(char::from).collect()
}

/// Bit by bit: what is left over must be fewer bits than a character has, and zero.
fn naive_bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut word, mut bits) = (0_u32, 0);
    for character in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == character)?;
        word = word << 6 | value as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    (bits < 6 && word == 0 && bytes.len() <= MAX_BLOB).then_some(bytes)
}
