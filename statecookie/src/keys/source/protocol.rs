//! The refresh protocol: load, compare generations, publish; and at most one question for an unknown id in an interval.
//!
//! It knows neither keys nor files. What readers look at and who may refresh are two small traits, so that a model checker can
//! put its own in their place (`tests/loom`), and so this file names nothing else of the library.

use core::marker::PhantomData;

/// The place of the snapshot. Readers never wait for a refresh.
pub(crate) trait Swap<T> {
    /// Looks at the snapshot as it is now; it stays whole while `look` runs.
    fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R;

    /// Puts another one in its place, for the readers to come.
    fn publish(&self, new: T);
}

/// Lets one thread at a time refresh. Inside stands when an unknown id was asked for last, in milliseconds.
pub(crate) trait Gate {
    /// Goes in, after whoever is inside.
    fn enter<R>(&self, work: impl FnOnce(&mut Option<u64>) -> R) -> R;

    /// Goes in if nobody is inside.
    fn try_enter<R>(&self, work: impl FnOnce(&mut Option<u64>) -> R) -> Option<R>;
}

/// A snapshot and its place in the source's order.
pub(crate) struct Snapshot<T> {
    pub(crate) generation: u64,
    pub(crate) value: T,
}

/// What came of one refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step<E> {
    /// The source has what is held.
    Unchanged { held: u64 },
    /// The source's newer one is held now.
    Replaced { held: u64 },
    /// The source gave an older one, which was not taken.
    Older { held: u64, found: u64 },
    /// The source failed, or what it gave will not do.
    Failed { held: u64, error: E },
}

/// A snapshot that is refreshed.
pub(crate) struct Protocol<T, S, G> {
    slot: S,
    gate: G,
    value: PhantomData<fn() -> T>,
}

impl<T, S: Swap<Snapshot<T>>, G: Gate> Protocol<T, S, G> {
    pub(crate) fn new(slot: S, gate: G) -> Self {
        Self {
            slot,
            gate,
            value: PhantomData,
        }
    }

    /// What the hot path does: it looks, and waits for nobody.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&Snapshot<T>) -> R) -> R {
        self.slot.read(look)
    }

    /// Asks the source, after whoever is asking it already, and publishes what is newer. Loading and publishing are one step
    /// at the gate: else what was loaded first could be published last.
    pub(crate) fn refresh<L, E>(
        &self,
        load: impl FnOnce() -> Result<Snapshot<L>, E>,
        prepare: impl FnOnce(L) -> Result<T, E>,
    ) -> Step<E> {
        self.gate.enter(|_| self.step(load, prepare))
    }

    /// Asks the source because of an id that is not held: never while another thread asks it, and not twice within
    /// `interval`. What clients present costs the source no more than that. `None` if it was not asked.
    pub(crate) fn refresh_for_unknown<L, E>(
        &self,
        now: u64,
        interval: u64,
        load: impl FnOnce() -> Result<Snapshot<L>, E>,
        prepare: impl FnOnce(L) -> Result<T, E>,
    ) -> Option<Step<E>> {
        let step = self.gate.try_enter(|last| {
            // A clock that was set back must not close the gate for as long as it was set back.
            let early = last.is_some_and(|last| now.abs_diff(last) < interval);
            if early {
                return None;
            }
            *last = Some(now);
            Some(self.step(load, prepare))
        });
        step.flatten()
    }

    /// Publishes a value that did not come from a source, as the next generation.
    pub(crate) fn replace(&self, value: T) {
        self.gate.enter(|_| {
            let generation = self.slot.read(|held| held.generation.saturating_add(1));
            self.slot.publish(Snapshot { generation, value });
        });
    }

    fn step<L, E>(
        &self,
        load: impl FnOnce() -> Result<Snapshot<L>, E>,
        prepare: impl FnOnce(L) -> Result<T, E>,
    ) -> Step<E> {
        let held = self.slot.read(|held| held.generation);
        let Snapshot { generation, value } = match load() {
            Ok(loaded) => loaded,
            Err(error) => return Step::Failed { held, error },
        };
        if generation == held {
            return Step::Unchanged { held };
        }
        if generation < held {
            let found = generation;
            return Step::Older { held, found };
        }
        match prepare(value) {
            Ok(value) => {
                self.slot.publish(Snapshot { generation, value });
                Step::Replaced { held: generation }
            }
            Err(error) => Step::Failed { held, error },
        }
    }
}
