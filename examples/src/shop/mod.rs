//! The 3D shop of the paper: three server processes, one visitor, and kills.
//!
//! - `state` is what a user of the library writes; `protocol` and `server` are the service around it
//! - `client` is the visitor's program: a jar, a connection, and fail-over
//! - `visit` is the visit itself, along a `walk`, and kills the servers of `fleet`
//! - `expected` checks, `cheats` attacks, `meter` measures, `report` and `show` print

pub mod cheats;
pub mod client;
pub mod expected;
pub mod meter;
pub mod protocol;
pub mod report;
pub mod server;
pub mod show;
pub mod state;
pub mod visit;
pub mod walk;
