//! The operator's side of the checks: it has the pool's key, and so reads what no client can.

use statecookie::Pool;

use super::playback::{Playback, Values};
use crate::Outcome;

/// A pool of its own with the servers' key, and what the first bundle held.
pub struct Operator<P: Playback> {
    pool: Pool<P>,
    first: Option<Values>,
}

impl<P: Playback> Operator<P> {
    /// Nothing was presented yet.
    pub fn new(pool: Pool<P>) -> Self {
        Self { pool, first: None }
    }

    /// The pool.
    pub fn pool(&self) -> &Pool<P> {
        &self.pool
    }

    /// Whether everything but bit rate and position is what it was at the beginning, the private part included.
    ///
    /// # Errors
    ///
    /// The bundle is refused, or something in it is not what it was.
    pub fn compare(&mut self, bundle: &[u8], viewer: &str) -> Outcome<()> {
        let found = self.pool.resume_bound(bundle, viewer.as_bytes())?.session;
        let mut found = found.values();
        let first = self.first.get_or_insert_with(|| found.clone());
        (found.bit_rate_kbps, found.position_ms) = (first.bit_rate_kbps, first.position_ms);
        if found == *first {
            return Ok(());
        }
        Err(format!("the state changed:\n  first {first:?}\n  now   {found:?}").into())
    }
}
