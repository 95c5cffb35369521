//! A file that holds one secret alone: raw bytes, hexadecimal digits or base64.

use std::path::Path;

use super::error::{KeyFileError, KeyFileFault};
use super::open;
use crate::keys::{KeyError, Secret};

/// The longest text of a secret and a line end.
const LIMIT: usize = 2 * Secret::MAX_LEN + 2;

impl Secret {
    /// The secret that a file holds alone, for [`Keys::embedded`](crate::Keys::embedded): 32 to 1024 raw bytes, or
    /// hexadecimal digits or base64 with at most one line end. What is printable is text and never taken for raw bytes, so
    /// that neither a slip nor a passphrase becomes a key.
    ///
    /// For systemd's credentials, mounted secrets and the like. A file that its group or everybody may write is refused.
    ///
    /// # Errors
    ///
    /// The file cannot be read, others may write it, or it holds no secret; the error names the path and what to do.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeyFileError> {
        let path = path.as_ref();
        read(path).map_err(|fault| KeyFileError {
            path: path.to_path_buf(),
            fault,
        })
    }
}

fn read(path: &Path) -> Result<Secret, KeyFileFault> {
    let contents = open::read(path, LIMIT)?;
    secret(&contents.bytes).map_err(KeyFileFault::Secret)
}

fn secret(bytes: &[u8]) -> Result<Secret, KeyError> {
    match core::str::from_utf8(bytes) {
        Ok(text) if bytes.iter().all(|byte| is_printable(*byte)) => {
            Secret::from_text(without_line_end(text))
        }
        _ => Secret::from_bytes(bytes),
    }
}

fn is_printable(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')
}

fn without_line_end(text: &str) -> &str {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.strip_suffix('\r').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    use super::*;

    fn bytes() -> Vec<u8> {
        (100..140).collect()
    }

    #[test]
    fn takes_raw_bytes_digits_and_base64_for_one_secret() {
        let digits: String = bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let base64 = "ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaHiImKiw==";
        for file in [
            bytes(),
            digits.clone().into(),
            format!("{digits}\n").into(),
            format!("{base64}\r\n").into(),
            base64.into(),
        ] {
            assert_eq!(secret(&file), Secret::from_bytes(&bytes()));
        }
    }

    #[test]
    fn takes_no_text_for_raw_bytes() {
        for text in [
            "correct horse battery staple and some more",
            "1f8b0d1f3c5a4e6d9b2a7c48e05f6d3b1a2c4e6f8091b3d5f7192a3b4c5d6e7g\n\n",
        ] {
            assert_eq!(secret(text.as_bytes()), Err(KeyError::NotBase64));
        }
        assert_eq!(secret(b""), Err(KeyError::TooShort { len: 0 }));
        assert_eq!(secret(&bytes()[..31]), Err(KeyError::TooShort { len: 31 }));
    }
}
