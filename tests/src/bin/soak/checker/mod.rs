//! The checker: knows what each client commanded and what it reported, and nothing of the servers.

mod known;
mod ledger;

pub(crate) use known::{Own, Visible};
pub(crate) use ledger::{Ledger, Seen};
