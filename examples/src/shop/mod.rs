//! The 3D shop of the paper: three server processes, one visitor, and kills.
//!
//! - `state` is what a user of the library writes; `protocol` and `server` are the service around it
//! - `client` is the visitor's program: a jar, a connection, and fail-over
//! - `keys` is where the servers' keys come from: one secret, or with `on_redis` a Redis, in which they rotate
//! - `visit` is the visit itself, along a `walk`, and kills the servers of `fleet`
//! - `crowd` is more visitors, who do nothing but fail over
//! - `expected` checks, `cheats` attacks, `meter` measures, `report` and `show` print

pub mod cheats;
pub mod client;
pub mod crowd;
pub mod expected;
pub mod keys;
pub mod meter;
#[cfg(feature = "redis")]
pub mod on_redis;
pub mod protocol;
pub mod report;
pub mod server;
pub mod show;
pub mod state;
pub mod visit;
pub mod walk;
