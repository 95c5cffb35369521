//! The checker: knows what each client commanded and what it reported, and nothing of the servers.

mod known;
mod ledger;
mod line;

pub(crate) use known::{Own, Visible};
pub(crate) use ledger::{Ledger, Seen};

/// Or how a promise was broken.
type Checked<T = ()> = Result<T, String>;
