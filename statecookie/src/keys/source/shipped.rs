//! What the refresh protocol stands on in the library: `arc-swap` for readers, a mutex for refreshers.

use alloc::sync::Arc;
use std::sync::{Mutex, PoisonError, TryLockError};

use arc_swap::ArcSwap;

use super::protocol::{Gate, Swap};

/// A snapshot that readers take without waiting.
pub(crate) struct Swapped<T>(ArcSwap<T>);

impl<T> Swapped<T> {
    pub(crate) fn new(first: T) -> Self {
        Self(ArcSwap::from_pointee(first))
    }
}

impl<T> Swap<T> for Swapped<T> {
    #[inline]
    fn read<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.0.load())
    }

    fn publish(&self, new: T) {
        self.0.store(Arc::new(new));
    }
}

/// A mutex. A source that panicked inside left nothing half done: what is published is published whole.
#[derive(Default)]
pub(crate) struct MutexGate(Mutex<Option<u64>>);

impl Gate for MutexGate {
    fn enter<R>(&self, work: impl FnOnce(&mut Option<u64>) -> R) -> R {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn try_enter<R>(&self, work: impl FnOnce(&mut Option<u64>) -> R) -> Option<R> {
        match self.0.try_lock() {
            Ok(mut inside) => Some(work(&mut inside)),
            Err(TryLockError::Poisoned(inside)) => Some(work(&mut inside.into_inner())),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}
