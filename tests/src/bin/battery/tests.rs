//! The oracle held against the specification's own example; and against servers that lie.

mod example;
mod liars;
mod own_codec;
