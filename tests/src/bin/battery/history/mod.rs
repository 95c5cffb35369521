//! Honest histories: real pools and sessions, what their servers issue, and what the application knows of it.

pub(crate) mod events;
pub(crate) mod live;
mod opening;
pub(crate) mod plan;
pub(crate) mod play;
pub(crate) mod record;
mod resuming;
pub(crate) mod server;
