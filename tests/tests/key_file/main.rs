//! The key-ring file as a source: whatever happens to it, sessions go on under the last good ring, and nobody sees half of one.
#![forbid(unsafe_code)]
#![cfg(unix)]

mod folder;
mod modes;
mod pool;
mod refresh;
mod rings;
mod start;
mod storm;
mod swaps;
mod watch;
