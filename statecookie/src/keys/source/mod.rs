//! Where a key ring comes from that changes while a pool runs: one trait, and the protocol by which it is asked.

mod live;
mod protocol;
mod report;
mod shipped;

use alloc::string::String;
use core::fmt;

use super::ring::KeyRing;

pub(super) use live::{Live, Question};
pub use report::{Kept, Refresh, RefreshCause, RefreshOutcome};

/// Where a key ring comes from: a file, a store. For a source of one's own; [`KeyFile`](crate::KeyFile) is one.
///
/// A pool asks it when it is made, when [`Pool::refresh_keys`](crate::Pool::refresh_keys) is called, and when a client
/// presents a key id that is not held: for that at most once in each [`KeyPolicy::refresh`](crate::KeyPolicy::refresh). One
/// pool asks from one thread at a time; several pools may share a source. Sessions never wait for it but that one which
/// presented the unknown id.
///
/// A source may be slow, fail, or give the same ring again and again: the last good ring goes on until its keys' times end. It
/// must come to an end (give every question of yours to a network a time limit), should not panic, and gives no ring that
/// somebody else than the pool's operator can write. A ring of a stranger lets the stranger forge every session.
///
/// ```
/// use statecookie::{
///     Generation, Key, KeyId, KeyRing, KeySource, KeySourceError, Keys, Loaded, Pool, Secret, StateCookie, SystemEntropy,
///     Timestamp,
/// };
///
/// #[derive(StateCookie, Clone, Debug, PartialEq)]
/// #[statecookie(tier(0, valid_for = "1h"))]
/// struct Visit {
///     #[tier(0)]
///     customer: u64,
/// }
///
/// struct Constant(KeyRing);
///
/// impl KeySource for Constant {
///     fn name(&self) -> String {
///         "a constant".into()
///     }
///
///     fn load(&self) -> Result<Loaded, KeySourceError> {
///         Ok(Loaded::new(self.0.clone(), Generation(1)))
///     }
/// }
///
/// let ring = KeyRing::new(vec![Key {
///     id: KeyId(1),
///     secret: Secret::generate(&SystemEntropy)?,
///     activates_at: Timestamp::from_secs(0),
///     sign_until: Timestamp::from_secs(4_000_000_000),
///     accept_until: Timestamp::from_secs(4_000_010_000),
///     revoked: false,
/// }])?;
/// let pool = Pool::<Visit>::new("shop.example", Keys::source(Constant(ring)))?;
/// let refresh = pool.refresh_keys().expect("its keys come from a source");
/// assert_eq!(refresh.to_string(), "keys from a constant: generation 1 is still the newest");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait KeySource: Send + Sync {
    /// What events and errors call it: a path, an address. Without passwords.
    fn name(&self) -> String;

    /// The ring as it stands now, and its place in the source's order.
    ///
    /// # Errors
    ///
    /// There is no ring, or none that can be read.
    fn load(&self) -> Result<Loaded, KeySourceError>;

    /// Listens for word that there may be a newer ring, on a thread of its own of [`Pool::watch_keys`](crate::Pool::watch_keys),
    /// and passes it to `tell`, so that the pool looks soon instead of at its next turn. `tell` says whether to go on; it is to be
    /// called with [`KeyHint::Quiet`] every few seconds while there is no word. Gives whether listening is worth another try: `true`
    /// if it was cut off, or cannot begin now.
    ///
    /// Only a hint: a lost one costs the time until the next turn, and whoever forges them makes the pool look, at most ten times
    /// within each [`KeyPolicy::refresh`](crate::KeyPolicy::refresh). What came in one must not be believed, and need not be read.
    ///
    /// Where there is nothing to listen to, the default: `false`, at once.
    fn listen(&self, tell: &dyn Fn(KeyHint) -> bool) -> bool {
        let _ = tell;
        false
    }
}

/// What a source hears while it [listens](KeySource::listen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyHint {
    /// There may be a newer ring.
    Changed,
    /// It listens from now on; what was said before may have been missed.
    Listening,
    /// Nothing for a while.
    Quiet,
}

/// The place of a ring in its source's order. Another ring has another generation, and a newer one a greater; a pool never
/// goes back to a smaller one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// What a source gave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The ring.
    pub ring: KeyRing,
    /// Its place in the source's order.
    pub generation: Generation,
    /// What the operator should see to, though the ring is good.
    pub warning: Option<SourceWarning>,
}

impl Loaded {
    /// A ring without a warning.
    pub fn new(ring: KeyRing, generation: Generation) -> Self {
        Self {
            ring,
            generation,
            warning: None,
        }
    }
}

/// What the operator should see to, though the ring is good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceWarning {
    /// Everybody on the machine may read the secrets.
    #[cfg(feature = "key-file")]
    #[error("everybody may read the key file; repair it with `chmod o-r {}`", super::file::in_shell(.path))]
    WorldReadable {
        /// The file.
        path: std::path::PathBuf,
    },
    /// Something else, in the source's own words.
    #[error("{0}")]
    Other(String),
}

/// A source gave no key ring.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeySourceError {
    /// The key-ring file.
    #[cfg(feature = "key-file")]
    #[error(transparent)]
    File(#[from] super::file::KeyFileError),
    /// Another source.
    #[error("{name}: {reason}")]
    Other {
        /// What the source is called.
        name: String,
        /// What went wrong, in the source's own words; without secrets.
        reason: String,
    },
}
