//! The keys of a pool: where they come from, which one signs now, which are still accepted.

mod derive;
mod embedded;
mod error;
#[cfg(feature = "key-file")]
mod file;
mod mac;
mod policy;
mod prepared;
mod ring;
#[cfg(feature = "redis")]
mod sealed;
mod secret;
mod source;
mod stack;
mod times;

use alloc::sync::Arc;
use core::time::Duration;

use crate::time::SystemEntropy;

pub(crate) use derive::SubKeys;
pub use error::{
    KeyEnvError, KeyEnvFault, KeyError, KeyRefusal, NoSigningKey, PolicyError, ReplaceError,
    RingError,
};
#[cfg(feature = "key-file")]
pub use file::{
    KeyFile, KeyFileError, KeyFileFault, RingText, RingTextError, RingTextFault, RingWriteError,
};
pub(crate) use mac::Mac;
#[cfg(test)]
pub(crate) use mac::MacKey;
pub use policy::KeyPolicy;
pub(crate) use policy::{SHORTEST_REFRESH, check_leeway, default_leeway};
pub(crate) use prepared::PreparedKeys;
pub(crate) use ring::Prepared;
pub use ring::{Key, KeyRing};
#[cfg(feature = "redis")]
pub(crate) use sealed::RingSeal;
pub use secret::Secret;
pub use source::{
    Generation, Kept, KeyHint, KeySource, KeySourceError, Loaded, Refresh, RefreshCause,
    RefreshOutcome, SourceWarning,
};
pub use times::KeyTimes;

/// What a pool's keys come from. Every server of the pool is given the same.
///
/// ```
/// use statecookie::{Keys, Secret, SystemEntropy};
///
/// // In earnest: Secret::from_env("POOL_SECRET")?
/// let keys = Keys::embedded(Secret::generate(&SystemEntropy)?);
/// assert_eq!(format!("{keys:?}"), "Keys(..)");
/// # Ok::<(), statecookie::KeyError>(())
/// ```
#[derive(Clone)]
pub struct Keys(Origin);

#[derive(Clone)]
enum Origin {
    Embedded { root: Secret, rotation: Duration },
    Ring(KeyRing),
    Source(Arc<dyn KeySource>),
}

impl Keys {
    /// How long a derived key signs unless said otherwise: 3 h.
    pub const DEFAULT_ROTATION: Duration = Duration::from_secs(10_800);

    /// One root secret; a new key is derived from it every 3 h, without any coordination between the servers.
    ///
    /// What this rotation bounds: how long one *derived* key serves whoever got hold of it. What it does not: the root secret
    /// gives all keys, of the past and of the future; who has it can forge and read every session, and only another root
    /// secret on every server, which ends every session, helps against that. Where a key has to be revocable by itself, use a
    /// [`KeyRing`]: its keys have nothing in common.
    pub fn embedded(root: Secret) -> Self {
        Self::embedded_with_rotation(root, Self::DEFAULT_ROTATION)
    }

    /// [`embedded`](Self::embedded) with another rotation: whole seconds, the same on every server. The pool refuses
    /// others when it is made.
    pub fn embedded_with_rotation(root: Secret, rotation: Duration) -> Self {
        Self(Origin::Embedded { root, rotation })
    }

    /// A random root secret that nobody else has: for tests and for a single process whose clients need not survive it.
    ///
    /// # Errors
    ///
    /// The random generator failed.
    pub fn ephemeral() -> Result<Self, KeyError> {
        Secret::generate(&SystemEntropy).map(Self::embedded)
    }

    /// A list of keys that somebody else rotates, through [`Pool::replace_keys`](crate::Pool::replace_keys).
    pub fn ring(ring: KeyRing) -> Self {
        Self(Origin::Ring(ring))
    }

    /// A key ring that changes while the pool runs. A pool asks for it when it is made; then
    /// [`Pool::watch_keys`](crate::Pool::watch_keys) or [`Pool::refresh_keys`](crate::Pool::refresh_keys) asks again.
    pub fn source(source: impl KeySource + 'static) -> Self {
        Self(Origin::Source(Arc::new(source)))
    }
}

impl core::fmt::Debug for Keys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Keys(..)")
    }
}
