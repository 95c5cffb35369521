//! Guarded tiers: older states and forks are refused where a high-water store is asked, and nowhere else.
#![forbid(unsafe_code)]
#![cfg(unix)]

mod away;
mod by_hand;
mod deploy;
mod histories;
mod kit;
mod limits;
#[path = "../redis_keys/proxy.rs"]
#[allow(dead_code, reason = "this one leads nowhere else")]
mod proxy;
mod redis;
mod refused;
mod requests;
mod unguarded;
