//! A thread that does something again and again until it is told to stop, and one that may say when it is time.

use alloc::string::String;
use alloc::sync::Arc;
use core::cell::Cell;
use core::fmt;
use core::time::Duration;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::keys::{KeyHint, SHORTEST_REFRESH};

/// Keeps a pool's keys fresh as long as it lives: see [`Pool::watch_keys`](crate::Pool::watch_keys).
///
/// Dropping it ends the thread, after the question that is under way, if any; it does not wait for that.
#[must_use = "keys are watched until this is dropped"]
pub struct KeyWatch(Option<Arc<Signal>>);

#[derive(Default)]
struct Signal {
    wish: Mutex<Wish>,
    changed: Condvar,
}

#[derive(Default)]
struct Wish {
    stop: bool,
    hinted: bool,
}

impl KeyWatch {
    /// How often hints are followed at most: ten times within each interval.
    const HINTS: u32 = 10;

    /// Says that there may be something new: the source is asked soon instead of at the next turn. Many hints are one, and
    /// the source is asked at most ten times within each [`KeyPolicy::refresh`](crate::KeyPolicy::refresh).
    pub fn hint(&self) {
        if let Some(signal) = &self.0 {
            signal.say(|wish| wish.hinted = true);
        }
    }

    pub(super) fn idle() -> Self {
        Self(None)
    }

    /// Calls `look` every `interval`, until it says that there is nothing to look at any more.
    pub(super) fn start(
        interval: Duration,
        look: impl Fn() -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let signal = Arc::new(Signal::default());
        let theirs = Arc::clone(&signal);
        thread::Builder::new()
            .name(String::from("statecookie-keys"))
            .spawn(move || theirs.follow(interval.max(SHORTEST_REFRESH), look))?;
        Ok(Self(Some(signal)))
    }

    /// Takes hints from what `listen` hears, for as long as it is worth it. It is told when to end.
    pub(super) fn listen(
        &self,
        interval: Duration,
        listen: impl Fn(&dyn Fn(KeyHint) -> bool) -> bool + Send + 'static,
    ) -> io::Result<()> {
        let Some(signal) = &self.0 else {
            return Ok(());
        };
        let signal = Arc::clone(signal);
        thread::Builder::new()
            .name(String::from("statecookie-hints"))
            .spawn(move || signal.hear(interval.max(SHORTEST_REFRESH), listen))?;
        Ok(())
    }
}

impl Signal {
    fn say(&self, say: impl FnOnce(&mut Wish)) {
        say(&mut self.wish());
        self.changed.notify_all();
    }

    fn follow(&self, interval: Duration, look: impl Fn() -> bool) {
        let gap = interval / KeyWatch::HINTS;
        loop {
            self.wait(interval.saturating_sub(gap), |wish| {
                !wish.stop && !wish.hinted
            });
            if self.is_stopped() {
                return;
            }
            // A source that panics may do better next time; keys that nobody looks at any more would run out.
            let looked = catch_unwind(AssertUnwindSafe(&look));
            if matches!(looked, Ok(false)) {
                return self.say(|wish| wish.stop = true);
            }
            self.wait(gap, |wish| !wish.stop);
        }
    }

    fn hear(&self, interval: Duration, listen: impl Fn(&dyn Fn(KeyHint) -> bool) -> bool) {
        let gap = interval / KeyWatch::HINTS;
        let was_cut = Cell::new(false);
        let tell = |hint| {
            if hint == KeyHint::Changed || (hint == KeyHint::Listening && was_cut.get()) {
                self.say(|wish| wish.hinted = true);
                // Whoever floods with hints is not read any faster than they are followed.
                self.wait(gap, |wish| !wish.stop);
            }
            !self.wish().stop
        };
        loop {
            let heard = catch_unwind(AssertUnwindSafe(|| listen(&tell)));
            if matches!(heard, Ok(false)) || self.wish().stop {
                return;
            }
            was_cut.set(true);
            self.wait(gap, |wish| !wish.stop);
        }
    }

    fn wait(&self, time: Duration, quiet: impl Fn(&Wish) -> bool) {
        let waited = self
            .changed
            .wait_timeout_while(self.wish(), time, |wish| quiet(wish));
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Whether the end has come; hints are followed by what comes next.
    fn is_stopped(&self) -> bool {
        let mut wish = self.wish();
        wish.hinted = false;
        wish.stop
    }

    fn wish(&self) -> MutexGuard<'_, Wish> {
        self.wish.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for KeyWatch {
    fn drop(&mut self) {
        if let Some(signal) = &self.0 {
            signal.say(|wish| wish.stop = true);
        }
    }
}

impl fmt::Debug for KeyWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyWatch(..)")
    }
}
