//! The hidden switch: a server that comes to the point named to it says so and stands still until it is killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use crate::point::{AIMS, Aim, Moment, Path};

/// The switch; its clones are the same one.
#[derive(Clone, Default)]
pub(super) struct Stop(Arc<AtomicUsize>);

impl Stop {
    /// Stops at this aim from now on, or at none.
    pub(super) fn arm(&self, aim: Option<usize>) {
        self.0
            .store(aim.map_or(0, |aim| aim + 1), Ordering::Relaxed);
    }

    /// Whether there is a point to stop at.
    pub(super) fn is_armed(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// Goes past a point; or not.
    pub(super) fn pass(&self, path: Path, moment: Moment) {
        let armed = self.0.load(Ordering::Relaxed);
        let aim = armed.checked_sub(1).and_then(|aim| AIMS.get(aim));
        if aim != Some(&Aim::At(path, moment)) {
            return;
        }
        println!("at {}", armed - 1);
        loop {
            thread::sleep(Duration::from_secs(60));
        }
    }
}
