//! What those who watch a pool are told: events, counts, their export, and which keys may be retired.
#![forbid(unsafe_code)]

mod counts;
mod events;
mod flood;
mod log;
mod pools;
mod prometheus;
mod retire;
