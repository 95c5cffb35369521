//! What the fuzz targets run, as functions: the fuzzer calls them, and the tests replay the kept corpus through them.
#![deny(unsafe_code)]

pub mod heap;
pub mod naive;
pub mod targets;
