//! Honest histories: real pools and sessions, what their servers issue, and what the application knows of it.

pub(crate) mod events;
pub(crate) mod live;
pub(crate) mod plan;
pub(crate) mod play;
pub(crate) mod record;
pub(crate) mod server;
