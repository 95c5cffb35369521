//! The system's clock, off by a constant.

use statecookie::{Clock, SystemClock, Timestamp};

/// Ahead by so many milliseconds, or behind.
#[derive(Clone, Copy)]
pub(crate) struct OffsetClock(pub(crate) i64);

impl Clock for OffsetClock {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now().as_millis();
        Timestamp::from_millis(now.saturating_add_signed(self.0))
    }
}
