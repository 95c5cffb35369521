//! The key-ring file: its text, read and written, and the file as a source.

mod error;
mod lone;
mod open;
mod read;
mod replace;
mod shell;
mod text;
mod watched;
mod write;

pub use error::{KeyFileError, KeyFileFault, RingTextError, RingTextFault, RingWriteError};
pub(super) use shell::in_shell;
pub use text::RingText;
pub use watched::KeyFile;
