//! The command `statecookie`, run as a process on real files.
#![forbid(unsafe_code)]

mod explain;
mod fixed;
mod inspect;
mod kit;
mod new;
mod page;
mod revoke;
mod rotate;
mod secrecy;
mod shop;
mod snapshots;
mod texts;
