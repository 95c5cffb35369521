//! What the fuzz targets run, as functions: the fuzzer calls them, and the tests replay the kept corpus through them.
#![deny(unsafe_code)]

mod aftermath;
pub mod corpus;
mod facts;
pub mod heap;
mod judge;
pub mod naive;
mod plan;
pub mod reached;
mod resign;
mod schemas;
mod server;
mod signer;
mod states;
pub mod targets;
