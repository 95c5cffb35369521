//! The key-ring file: its text, read and written, and the file itself.

mod error;
mod read;
mod text;
mod write;

pub use error::{RingTextError, RingTextFault, RingWriteError};
pub use text::RingText;
