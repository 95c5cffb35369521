//! What came of asking a source, for logs and metrics.

use alloc::string::String;
use core::fmt;

use super::{Generation, KeySource, KeySourceError, Loaded, SourceWarning};
use crate::keys::PolicyError;
use crate::tier::KeyId;

/// A source was asked for its key ring: why, and what came of it.
///
/// `Display` is one line for a log; it names keys by their ids and holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refresh {
    /// What the source is called.
    pub source: String,
    /// Why it was asked.
    pub cause: RefreshCause,
    /// What came of it.
    pub outcome: RefreshOutcome,
    /// What the operator should see to, though the ring is good.
    pub warning: Option<SourceWarning>,
}

impl Refresh {
    pub(in crate::keys) fn first(source: &dyn KeySource, loaded: &Loaded) -> Self {
        Self {
            source: source.name(),
            cause: RefreshCause::Start,
            outcome: RefreshOutcome::Replaced {
                generation: loaded.generation,
            },
            warning: loaded.warning.clone(),
        }
    }

    /// Whether the pool goes on with the ring it had although the source should have given one: worth an alarm, because the
    /// times of the keys that are held will end.
    pub fn is_failure(&self) -> bool {
        matches!(self.outcome, RefreshOutcome::Kept { .. })
    }
}

/// Why a source was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefreshCause {
    /// The program wished it, or its [`KeyWatch`](crate::KeyWatch) did.
    Asked,
    /// The pool was made.
    Start,
    /// A client presented a key id that was not held.
    UnknownKey(KeyId),
}

/// What came of asking a source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefreshOutcome {
    /// The last good ring goes on.
    Kept {
        /// Its generation.
        generation: Generation,
        /// Why there is no other.
        why: Kept,
    },
    /// A newer ring took over.
    Replaced {
        /// Its generation.
        generation: Generation,
    },
    /// The source has the ring that is held.
    Unchanged {
        /// Its generation.
        generation: Generation,
    },
}

/// Why the last good ring goes on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Kept {
    /// The source gave an older ring than the one that is held: it lost something.
    #[error("the source went back to generation {found}")]
    Older {
        /// The generation it gave.
        found: Generation,
    },
    /// The new ring violates the pool's policy.
    #[error("the new ring violates the policy: {0}")]
    Policy(#[from] PolicyError),
    /// The source gave none.
    #[error("{0}")]
    Source(#[from] KeySourceError),
}

impl fmt::Display for Refresh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keys from {}: {}", self.source, self.outcome)?;
        if let RefreshCause::UnknownKey(id) = self.cause {
            write!(f, " (asked for the unknown key {id})")?;
        }
        match &self.warning {
            Some(warning) => write!(f, "; warning: {warning}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for RefreshOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept { generation, why } => {
                write!(f, "generation {generation} goes on, because {why}")
            }
            Self::Replaced { generation } => write!(f, "generation {generation} took over"),
            Self::Unchanged { generation } => {
                write!(f, "generation {generation} is still the newest")
            }
        }
    }
}
