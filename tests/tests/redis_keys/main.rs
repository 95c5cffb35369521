//! Keys in a real Redis: servers agree, no session is lost while windows last, and nothing wrong is taken or overwritten.
#![forbid(unsafe_code)]
#![cfg(unix)]

mod agree;
mod hints;
mod outage;
mod pool;
mod proxy;
mod revoke;
mod rotation;
mod slow;
mod tampered;
