//! What the protocol stands on here: loom's mutex for readers and for refreshers, and a store that somebody else writes.

use std::sync::Arc;

use loom::sync::Mutex;
use loom::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::protocol::{Gate, Protocol, Snapshot, Step, Swap};

/// A value in two halves, which belong together.
pub(crate) type Halves = [u64; 2];

/// The loom-backed snapshot.
pub(crate) struct Slot(Mutex<Arc<Snapshot<Halves>>>);

impl Swap<Snapshot<Halves>> for Slot {
    fn read<R>(&self, look: impl FnOnce(&Snapshot<Halves>) -> R) -> R {
        let held = Arc::clone(&self.0.lock().unwrap());
        look(&held)
    }

    fn publish(&self, new: Snapshot<Halves>) {
        *self.0.lock().unwrap() = Arc::new(new);
    }
}

/// The loom-backed gate.
pub(crate) struct Closed(Mutex<Option<u64>>);

impl Gate for Closed {
    fn enter<R>(&self, work: impl FnOnce(&mut Option<u64>) -> R) -> R {
        work(&mut self.0.lock().unwrap())
    }

    fn try_enter<R>(&self, work: impl FnOnce(&mut Option<u64>) -> R) -> Option<R> {
        self.0.try_lock().ok().map(|mut inside| work(&mut inside))
    }
}

/// A gate that keeps nobody out: the control.
pub(crate) struct Open;

impl Gate for Open {
    fn enter<R>(&self, work: impl FnOnce(&mut Option<u64>) -> R) -> R {
        work(&mut None)
    }

    fn try_enter<R>(&self, work: impl FnOnce(&mut Option<u64>) -> R) -> Option<R> {
        Some(work(&mut None))
    }
}

/// A pool's keys and the store from which they come.
pub(crate) struct Machine<G> {
    protocol: Protocol<Halves, Slot, G>,
    store: AtomicU64,
    asked: AtomicUsize,
}

impl Machine<Closed> {
    pub(crate) fn new() -> loom::sync::Arc<Self> {
        Self::with(Closed(Mutex::new(None)))
    }
}

impl<G: Gate> Machine<G> {
    pub(crate) fn with(gate: G) -> loom::sync::Arc<Self> {
        let first = Snapshot {
            generation: 0,
            value: [0; 2],
        };
        loom::sync::Arc::new(Self {
            protocol: Protocol::new(Slot(Mutex::new(Arc::new(first))), gate),
            store: AtomicU64::new(0),
            asked: AtomicUsize::new(0),
        })
    }

    /// Somebody puts another ring into the store.
    pub(crate) fn store(&self, generation: u64) {
        self.store.store(generation, Ordering::SeqCst);
    }

    /// How often the store was asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// The generation that a reader sees, whole.
    pub(crate) fn read(&self) -> u64 {
        self.protocol.read(|held| {
            assert_eq!(held.value, [held.generation; 2], "torn");
            held.generation
        })
    }

    pub(crate) fn refresh(&self) -> Step<()> {
        self.protocol.refresh(|| self.load(), |half| Ok([half; 2]))
    }

    pub(crate) fn refresh_for_unknown(&self, now: u64, interval: u64) -> Option<Step<()>> {
        let load = || self.load();
        self.protocol
            .refresh_for_unknown(now, interval, load, |half| Ok([half; 2]))
    }

    fn load(&self) -> Result<Snapshot<u64>, ()> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let generation = self.store.load(Ordering::SeqCst);
        Ok(Snapshot {
            generation,
            value: generation,
        })
    }
}
