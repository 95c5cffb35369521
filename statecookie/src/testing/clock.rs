//! A clock that stands still until a test moves it.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicU64, Ordering};
use core::time::Duration;

use crate::time::{Clock, Timestamp};

/// A clock that stands still until it is moved; its clones are the same clock.
///
/// ```
/// use std::time::Duration;
/// use statecookie::testing::TestClock;
/// use statecookie::{Clock, Timestamp};
///
/// let clock = TestClock::at(Timestamp::from_secs(1_000));
/// let hand = clock.clone();
/// hand.advance(Duration::from_millis(500));
/// assert_eq!(clock.now(), Timestamp::from_millis(1_000_500));
/// ```
#[derive(Clone, Debug)]
pub struct TestClock(Arc<AtomicU64>);

impl TestClock {
    /// A clock that shows `start`.
    pub fn at(start: Timestamp) -> Self {
        Self(Arc::new(AtomicU64::new(start.as_millis())))
    }

    /// Shows `now` from here on, which may be earlier.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::SeqCst);
    }

    /// Moves ahead, at most to the end of time.
    pub fn advance(&self, by: Duration) {
        self.step(|now| now.saturating_add(by));
    }

    /// Moves back, at most to the epoch.
    pub fn go_back(&self, by: Duration) {
        self.step(|now| now.saturating_sub(by));
    }

    fn step(&self, moved: impl Fn(Timestamp) -> Timestamp) {
        let next = |millis| Some(moved(Timestamp::from_millis(millis)).as_millis());
        // It cannot fail: `next` always has an answer.
        let _ = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_for_all_who_hold_it() {
        let clock = TestClock::at(Timestamp::from_secs(10));
        let other = clock.clone();
        other.advance(Duration::from_millis(1));
        assert_eq!(clock.now(), Timestamp::from_millis(10_001));
        clock.go_back(Duration::from_secs(20));
        assert_eq!(other.now(), Timestamp::from_millis(0));
        clock.set(Timestamp::from_millis(u64::MAX));
        clock.advance(Duration::from_secs(1));
        assert_eq!(other.now(), Timestamp::from_millis(u64::MAX));
    }
}
