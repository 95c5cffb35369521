//! The key-ring file as a source: asked again and again, it gives another ring when its content is another one.

use alloc::string::{String, ToString};
use core::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::error::{KeyFileError, KeyFileFault};
use super::open;
use crate::keys::{Generation, KeyRing, KeySource, KeySourceError, Loaded, SourceWarning};

/// A key-ring file, which somebody replaces now and then: an operator, the command, Kubernetes, an agent.
///
/// The file is looked at by its *content*, so that it does not matter how it is replaced: renamed over, or by a symbolic link
/// that points elsewhere. Its text is that of [`KeyRing::from_text`]. A file that its group or everybody may write is
/// refused: whoever can write it can forge every session. One that everybody may read is a
/// [warning](SourceWarning::WorldReadable), or refused on request. (Looked at on Unix only.)
///
/// ```
/// use statecookie::{KeyFile, Keys, Pool, PoolError, StateCookie};
///
/// #[derive(StateCookie, Clone, Debug, PartialEq)]
/// #[statecookie(tier(0, valid_for = "1h"))]
/// struct Visit {
///     #[tier(0)]
///     customer: u64,
/// }
///
/// let keys = Keys::source(KeyFile::at("/no/such/keys.toml"));
/// let error = Pool::<Visit>::new("shop.example", keys).unwrap_err();
/// assert!(error.to_string().starts_with("key file /no/such/keys.toml: there is no such file"));
/// ```
pub struct KeyFile {
    path: PathBuf,
    refuses_world_readable: bool,
    seen: Mutex<Seen>,
}

/// The last good content.
#[derive(Default)]
struct Seen {
    digest: [u8; 32],
    generation: u64,
}

impl KeyFile {
    /// The file at this path. Nothing is read yet.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            refuses_world_readable: false,
            seen: Mutex::default(),
        }
    }

    /// Refuses a file that everybody on the machine may read.
    #[must_use]
    pub fn refuse_world_readable(mut self) -> Self {
        self.refuses_world_readable = true;
        self
    }

    /// The path, as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the ring.
    ///
    /// # Errors
    ///
    /// The file cannot be read, others may write it, or it holds no ring; the error names the path and what to do.
    pub fn read(&self) -> Result<KeyRing, KeyFileError> {
        self.look().map(|loaded| loaded.ring)
    }

    fn look(&self) -> Result<Loaded, KeyFileError> {
        // Held while the file is read: else what was read first could count as the newer one.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let contents = open::read(&self.path, KeyRing::MAX_TEXT_LEN).map_err(|f| self.blame(f))?;
        if contents.world_readable && self.refuses_world_readable {
            return Err(self.blame(KeyFileFault::WorldReadable));
        }
        let ring = KeyRing::from_text(&contents.bytes).map_err(|error| self.blame(error.into()))?;
        let generation = seen.generation_of(Sha256::digest(&*contents.bytes).into());
        Ok(Loaded {
            ring,
            generation,
            warning: contents
                .world_readable
                .then(|| SourceWarning::WorldReadable {
                    path: self.path.clone(),
                }),
        })
    }

    pub(super) fn blame(&self, fault: KeyFileFault) -> KeyFileError {
        KeyFileError {
            path: self.path.clone(),
            fault,
        }
    }
}

impl Seen {
    fn generation_of(&mut self, digest: [u8; 32]) -> Generation {
        if self.generation == 0 || self.digest != digest {
            self.generation += 1;
            self.digest = digest;
        }
        Generation(self.generation)
    }
}

impl KeySource for KeyFile {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn load(&self) -> Result<Loaded, KeySourceError> {
        Ok(self.look()?)
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
