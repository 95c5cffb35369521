//! What a word on the command line stands for: a file, standard input, or the text form itself.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use statecookie::{Inspection, MAX_BLOB, ParseError};

use crate::fault::Fault;

/// The bytes of an update, bundle or cookie, and what they claim.
pub(crate) struct Input {
    pub(crate) bytes: Vec<u8>,
    pub(crate) seen: Inspection,
}

impl Input {
    /// Of a file, `-`, or the word itself; as bytes or as text.
    pub(crate) fn read(what: &str) -> Result<Self, Fault> {
        let bytes = read(what)?;
        match statecookie::inspect(&bytes) {
            Ok(seen) => Ok(Self { bytes, seen }),
            Err(error) => Self::of_text(&bytes).unwrap_or_else(|| Self::of_cookie(bytes, error)),
        }
    }

    /// What the bytes are, where they are no blob; the first byte of one is no letter that begins a text of one.
    fn of_text(bytes: &[u8]) -> Option<Result<Self, Fault>> {
        let text = std::str::from_utf8(bytes).ok()?.trim();
        let decoded = statecookie::from_text(text).ok()?;
        Some(match statecookie::inspect(&decoded) {
            Ok(seen) => Ok(Self {
                bytes: decoded,
                seen,
            }),
            Err(error) => Self::of_cookie(decoded, error),
        })
    }

    /// A cookie alone has no mark of its own: it is tried last, and if it is none, the blob's error is the one to tell.
    fn of_cookie(bytes: Vec<u8>, error: ParseError) -> Result<Self, Fault> {
        match statecookie::inspect_cookie(&bytes) {
            Ok(seen) => Ok(Self { bytes, seen }),
            Err(_) if bytes.is_ascii() => Err(Fault::NoText),
            Err(_) => Err(Fault::Blob(error)),
        }
    }
}

/// What a client presents, in whichever form; a blob begins with no letter that begins the text of one.
pub(crate) fn presented(what: &str) -> Result<Vec<u8>, Fault> {
    let bytes = read(what)?;
    if statecookie::inspect(&bytes).is_ok() {
        return Ok(bytes);
    }
    // Shorter than the text of any root: a file's name with a slip in it.
    let is_word = what != "-" && what.as_bytes() == bytes;
    if is_word && what.len() < 60 {
        return Err(Fault::NoText);
    }
    let text = std::str::from_utf8(&bytes).map(str::trim);
    match text.map(statecookie::from_text) {
        Ok(Ok(decoded)) => Ok(decoded),
        // A word that is no file and no text was meant as one of both.
        _ if bytes.is_empty() || is_word => Err(Fault::NoText),
        _ => Ok(bytes),
    }
}

/// A text file of at most `limit` bytes.
pub(crate) fn text(path: &Path, limit: usize) -> Result<String, Fault> {
    let fault = |error| Fault::Read {
        path: path.to_path_buf(),
        error,
    };
    let bytes =
        limited(File::open(path).map_err(fault)?, limit.saturating_add(1)).map_err(fault)?;
    String::from_utf8(bytes).map_err(|error| fault(io::Error::other(error)))
}

fn read(what: &str) -> Result<Vec<u8>, Fault> {
    // A text is a third longer than what it says; whatever is longer than any text is refused by its length.
    let limit = 2 * MAX_BLOB;
    match what {
        "-" => limited(io::stdin().lock(), limit),
        file if Path::new(file).exists() => File::open(file).and_then(|file| limited(file, limit)),
        word => return Ok(word.as_bytes().to_vec()),
    }
    .map_err(Fault::Input)
}

fn limited(input: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    input.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
