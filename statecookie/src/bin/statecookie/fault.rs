//! Why a command did nothing, in words for an operator.

use std::io;
use std::path::PathBuf;

use statecookie::outside::SchemaJsonError;
use statecookie::{KeyError, KeyFileError, ParseError, PolicyError, PoolError, RingError};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("{}: there is something already; `statecookie keys rotate` adds a key to a ring", .0.display())]
    Exists(PathBuf),
    #[error("no update, bundle or cookie: {0}")]
    Blob(#[from] ParseError),
    #[error(transparent)]
    File(#[from] KeyFileError),
    #[error("no id is left after 4294967295: make another file with `statecookie keys new`")]
    Ids,
    #[error("--identity: behind `hex:` stand pairs of hexadecimal digits")]
    Identity,
    #[error("the input cannot be read: {0}")]
    Input(io::Error),
    #[error("no random secret: {0}")]
    Key(#[from] KeyError),
    #[error("the lock {} cannot be taken: {error}", path.display())]
    Lock { path: PathBuf, error: io::Error },
    #[error("neither a file of that name, nor an update, bundle or cookie as bytes or base64url")]
    NoText,
    #[error("cookies would be stranded, so nothing was changed: {0}")]
    Policy(#[from] PolicyError),
    #[error("no server makes a pool of these keys and this schema: {0}")]
    Pool(#[from] PoolError),
    #[error("{} cannot be read: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("these keys make no ring: {0}")]
    Ring(#[from] RingError),
    #[error("{} is no schema: {error}", path.display())]
    Schema {
        path: PathBuf,
        error: SchemaJsonError,
    },
    #[error("a time is too far ahead: shorten --rotation, --publish-ahead or --longest-validity")]
    Time,
    #[error("there is no key {id}; there are {known}")]
    Unknown { id: u32, known: String },
}
