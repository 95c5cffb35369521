//! What can be wrong with a key file and its text: which line, and what to do. Never what stands there: it may be a secret.

use core::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;

use super::shell::in_shell;
use crate::keys::{KeyError, KeyRing, RingError};
use crate::tier::KeyId;

/// A key file cannot be used. `Display` names the path and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyFileError {
    /// The file's path, as it was given.
    pub path: PathBuf,
    /// What is wrong.
    pub fault: KeyFileFault,
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, fault } = self;
        write!(f, "key file {}: {fault}", path.display())?;
        match fault {
            KeyFileFault::Missing => write!(
                f,
                ": `statecookie keys new {}`; a lone secret comes from `openssl rand -hex 32`",
                in_shell(path)
            ),
            KeyFileFault::Writable => write!(f, ": `chmod go-w {}`", in_shell(path)),
            KeyFileFault::WorldReadable => write!(f, ": `chmod o-r {}`", in_shell(path)),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for KeyFileError {}

/// What is wrong with a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileFault {
    /// Two looks at it saw different contents.
    #[error("it was written while it was read; write another file and rename it over this one")]
    Changing,
    /// There is no such file.
    #[error("there is no such file; make a ring with")]
    Missing,
    /// A directory, a pipe, a device.
    #[error("it is no regular file")]
    NotAFile,
    /// The system refused to read it.
    #[error("it cannot be read: {0}")]
    Read(ErrorKind),
    /// It holds no secret, where it should hold one alone.
    #[error("it holds no secret: {0}; generate one with `openssl rand -hex 32`")]
    Secret(KeyError),
    /// It holds no key ring.
    #[error("it holds no key ring: {0}")]
    Text(#[from] RingTextError),
    /// Longer than what it should hold.
    #[error("it is longer than {limit} bytes")]
    TooLong {
        /// The most bytes.
        limit: usize,
    },
    /// The ring cannot be written as text.
    #[error("the ring cannot be written: {0}")]
    Unwritable(#[from] RingWriteError),
    /// Everybody may read it, which was not allowed.
    #[error("everybody may read it; repair it with")]
    WorldReadable,
    /// Its group or everybody may write it, and so forge every session.
    #[error("others than its owner may write it; repair it with")]
    Writable,
    /// The system refused to write it.
    #[error("it cannot be written: {0}")]
    Write(ErrorKind),
}

/// A text is no key ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RingTextError {
    /// The line at fault, counted from 1, if it is one line's: of an entry as a whole, that of its `[[key]]`.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: RingTextFault,
}

impl RingTextError {
    pub(super) fn whole(fault: impl Into<RingTextFault>) -> Self {
        Self {
            line: None,
            fault: fault.into(),
        }
    }

    pub(super) fn at(line: usize, fault: impl Into<RingTextFault>) -> Self {
        Self {
            line: Some(line),
            fault: fault.into(),
        }
    }
}

impl fmt::Display for RingTextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.fault),
            None => write!(f, "{}", self.fault),
        }
    }
}

impl core::error::Error for RingTextError {}

/// What is wrong with a key ring's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RingTextFault {
    /// An item that is not `keys` stands before the first `[[key]]`.
    #[error("only `keys = ..` may stand before the first `[[key]]`")]
    BeforeFirstKey,
    /// There are more or fewer keys than `keys` says: a text that was cut.
    #[error("`keys = {said}` stands there, but {found} follow: is the file whole?")]
    Count {
        /// What it says.
        said: u32,
        /// How many there are.
        found: usize,
    },
    /// An entry lacks an item.
    #[error("this `[[key]]` has no `{name}`")]
    Missing {
        /// The item's name.
        name: &'static str,
    },
    /// There is no entry in it.
    #[error(
        "there is no `[[key]]` in it; a file that holds one secret alone is read by `Secret::from_file`"
    )]
    NoKey,
    /// A line that the format does not have.
    #[error("write `[[key]]`, `name = value` or `# comment`")]
    NotALine,
    /// Not UTF-8.
    #[error("this is not text in UTF-8")]
    NotText,
    /// Not a number as the format has it.
    #[error("write `{name}` as a whole number from 0 to 4294967295, without quotes")]
    Number {
        /// The item's name.
        name: &'static str,
    },
    /// The secret stands without its quotes.
    #[error("write the secret in double quotes: `secret = \"base64:..\"`")]
    Quotes,
    /// Raw bytes cannot stand in a text.
    #[error("raw bytes cannot stand in a text: write them as `hex:..` or `base64:..`")]
    RawSecret,
    /// An item stands twice in an entry.
    #[error("`{name}` stands twice in this `[[key]]`")]
    Repeated {
        /// The item's name.
        name: &'static str,
    },
    /// The mark of revocation is neither `true` nor `false`.
    #[error("write `revoked = true`, or leave the line out")]
    Revoked,
    /// The entries together are no key ring.
    #[error(transparent)]
    Ring(#[from] RingError),
    /// The secret is none.
    #[error("the secret is none: {0}; generate one with `openssl rand -hex 32`")]
    Secret(#[from] KeyError),
    /// Not a time in the one form that is read.
    #[error("write `{name}` in UTC and whole seconds: `2026-11-28T09:00:00Z`, without quotes")]
    Time {
        /// The item's name.
        name: &'static str,
    },
    /// Longer than any key ring.
    #[error("it is longer than {} bytes", KeyRing::MAX_TEXT_LEN)]
    TooLong,
    /// A name that the format does not have.
    #[error(
        "the names are `id`, `secret`, `activates_at`, `sign_until`, `accept_until` and `revoked`"
    )]
    UnknownName,
}

/// A key ring cannot be written as text: a time of this key has a fraction of a second, or lies beyond the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time of key {key} has a fraction of a second, or lies beyond the year 9999")]
#[non_exhaustive]
pub struct RingWriteError {
    /// The key.
    pub key: KeyId,
}
