//! The parts of StateCookie's examples: the programs are in `src/bin`.
#![forbid(unsafe_code)]

pub mod evaluation;
pub mod fleet;
pub mod message;
pub mod shop;
pub mod video;

/// What goes wrong in an example is told to a person.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
