//! The text form of a blob, a cookie or a signed part: base64url without padding, one text for each byte string.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64UrlUnpadded, Encoding};

use super::MAX_BLOB;
use crate::error::Malformed;

/// The text form: four characters for three bytes, of `A-Z a-z 0-9 - _`.
///
/// ```
/// assert_eq!(statecookie::to_text(&[0xfb, 0xff, 0]), "-_8A");
/// ```
#[must_use]
pub fn to_text(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The bytes of a text form.
///
/// ```
/// assert_eq!(statecookie::from_text("-_8A"), Ok(vec![0xfb, 0xff, 0]));
/// ```
///
/// # Errors
///
/// Longer than the longest blob, or anything but the one text of some bytes: white space, padding, another
/// alphabet, or a last character with unused bits that are not zero.
pub fn from_text(text: &str) -> Result<Vec<u8>, Malformed> {
    if text.len() > MAX_TEXT {
        return Err(Malformed::TooLong);
    }
    Base64UrlUnpadded::decode_vec(text).map_err(|_| Malformed::BadValue)
}

const MAX_TEXT: usize = (MAX_BLOB * 4).div_ceil(3);

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use super::*;

    #[test]
    fn gives_back_every_short_byte_string() {
        for len in 0..100_usize {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 37 + len * 11) as u8).collect();
            let text = to_text(&bytes);
            assert_eq!(text.len(), (len * 4).div_ceil(3));
            assert_eq!(from_text(&text), Ok(bytes));
        }
    }

    #[test]
    fn has_exactly_one_text_for_each_byte_string() {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut accepted = [0; 2];
        for first in alphabet {
            for second in alphabet {
                for (index, end) in ["", "A"].into_iter().enumerate() {
                    let text = [*first as char, *second as char].iter().collect::<String>() + end;
                    if let Ok(bytes) = from_text(&text) {
                        assert_eq!(to_text(&bytes), text);
                        accepted[index] += 1;
                    }
                }
            }
        }
        assert_eq!(accepted, [256, 4096]);
    }

    #[test]
    fn refuses_foreign_characters_padding_and_impossible_lengths() {
        for text in [
            "+_8A",
            "-/8A",
            "-_8A=",
            "-_8A ",
            " -_8A",
            "-_\n8A",
            "AA==",
            "A",
            "AAAAA",
            "\u{e4}\u{e4}",
        ] {
            assert_eq!(from_text(text), Err(Malformed::BadValue), "{text:?}");
        }
    }

    #[test]
    fn refuses_a_text_beyond_the_longest_blob_before_decoding() {
        assert!(from_text(&to_text(&vec![0; MAX_BLOB])).is_ok());
        let long = "A".repeat(MAX_TEXT + 1).to_string();
        assert_eq!(from_text(&long), Err(Malformed::TooLong));
    }
}
