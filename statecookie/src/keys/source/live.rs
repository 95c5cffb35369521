//! A ring that may be replaced while it is read, by its source or by hand.

use alloc::sync::Arc;
use core::time::Duration;

use super::protocol::{Protocol, Snapshot, Step};
use super::report::{Kept, Refresh, RefreshCause, RefreshOutcome};
use super::shipped::{MutexGate, Swapped};
use super::{Generation, KeySource, SourceWarning};
use crate::keys::ring::{KeyRing, PreparedRing};
use crate::keys::{PolicyError, ReplaceError};
use crate::tier::KeyId;
use crate::time::Timestamp;

/// The ring in use, and the source that may give another.
pub(in crate::keys) struct Live {
    protocol: Protocol<PreparedRing, Swapped<Snapshot<PreparedRing>>, MutexGate>,
    source: Option<Arc<dyn KeySource>>,
}

/// Why a source is asked, and what bounds it.
#[derive(Clone, Copy)]
pub(in crate::keys) enum Question {
    Asked,
    /// A client presented this id: at most once in each interval.
    Unknown {
        id: KeyId,
        now: Timestamp,
        interval: Duration,
    },
}

impl Live {
    pub(in crate::keys) fn new(
        first: PreparedRing,
        generation: Generation,
        source: Option<Arc<dyn KeySource>>,
    ) -> Self {
        let first = Snapshot {
            generation: generation.0,
            value: first,
        };
        Self {
            protocol: Protocol::new(Swapped::new(first), MutexGate::default()),
            source,
        }
    }

    /// Looks at the ring in use.
    #[inline]
    pub(in crate::keys) fn read<R>(&self, look: impl FnOnce(&PreparedRing) -> R) -> R {
        self.protocol.read(|snapshot| look(&snapshot.value))
    }

    pub(in crate::keys) fn source(&self) -> Option<Arc<dyn KeySource>> {
        self.source.clone()
    }

    /// Goes on with another ring.
    pub(in crate::keys) fn replace(&self, ring: PreparedRing) -> Result<(), ReplaceError> {
        if self.source.is_some() {
            return Err(ReplaceError::FromSource);
        }
        self.protocol.replace(ring);
        Ok(())
    }

    /// Asks the source. `None` if there is none, or if it may not be asked yet.
    pub(in crate::keys) fn refresh(
        &self,
        question: Question,
        prepare: impl FnOnce(&KeyRing) -> Result<PreparedRing, PolicyError>,
    ) -> Option<Refresh> {
        let source = self.source.as_deref()?;
        let mut warning = None;
        let load = || load(source, &mut warning);
        let prepare = |ring: KeyRing| prepare(&ring).map_err(Kept::Policy);
        let (cause, step) = match question {
            Question::Asked => (RefreshCause::Asked, self.protocol.refresh(load, prepare)),
            Question::Unknown { id, now, interval } => {
                let interval = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
                let step =
                    self.protocol
                        .refresh_for_unknown(now.as_millis(), interval, load, prepare);
                (RefreshCause::UnknownKey(id), step?)
            }
        };
        Some(Refresh {
            source: source.name(),
            cause,
            outcome: outcome(step),
            warning,
        })
    }
}

fn outcome(step: Step<Kept>) -> RefreshOutcome {
    let kept = |held, why| RefreshOutcome::Kept {
        generation: Generation(held),
        why,
    };
    match step {
        Step::Unchanged { held } => RefreshOutcome::Unchanged {
            generation: Generation(held),
        },
        Step::Replaced { held } => RefreshOutcome::Replaced {
            generation: Generation(held),
        },
        Step::Older { held, found } => kept(
            held,
            Kept::Older {
                found: Generation(found),
            },
        ),
        Step::Failed { held, error } => kept(held, error),
    }
}

fn load(
    source: &dyn KeySource,
    warning: &mut Option<SourceWarning>,
) -> Result<Snapshot<KeyRing>, Kept> {
    let loaded = source.load()?;
    *warning = loaded.warning;
    Ok(Snapshot {
        generation: loaded.generation.0,
        value: loaded.ring,
    })
}
