//! The protocol as `docs/wire-format.md` says it, without a byte of it: cookies are rows of a table, tags are identities.
//!
//! Nothing here uses the library.

pub(crate) mod accept;
pub(crate) mod action;
pub(crate) mod issue;
pub(crate) mod jar;
pub(crate) mod judge;
pub(crate) mod pack;
pub(crate) mod renewal;
pub(crate) mod rules;
pub(crate) mod scope;
pub(crate) mod state;
pub(crate) mod step;
pub(crate) mod survey;
pub(crate) mod tally;
