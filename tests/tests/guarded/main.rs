//! Guarded tiers: older states and forks are refused where a high-water store is asked, and nowhere else.
#![forbid(unsafe_code)]
#![cfg(unix)]

mod away;
mod by_hand;
mod deploy;
#[cfg(not(feature = "one-binary"))]
mod histories;
mod kit;
mod limits;
#[cfg(not(feature = "one-binary"))]
#[path = "../redis_keys/proxy.rs"]
#[allow(dead_code, reason = "this one leads nowhere else")]
mod proxy;
#[cfg(not(feature = "one-binary"))]
mod redis;
mod refused;
mod requests;
mod unguarded;
