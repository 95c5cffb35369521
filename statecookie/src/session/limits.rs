//! The one set of limits of a pool, enforced on issuing and on accepting.

use crate::wire::MAX_BLOB;

/// What a pool neither issues nor accepts beyond.
///
/// ```
/// let limits = statecookie::Limits::default();
/// assert_eq!((limits.cookies, limits.bytes), (16, 65_524));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most cookies looked at in one presentation.
    pub cookies: usize,
    /// The most bytes of an update or a bundle, at most 65,524.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cookies: 16,
            bytes: MAX_BLOB,
        }
    }
}

impl Limits {
    /// The same with at most that many cookies.
    #[must_use]
    pub const fn cookies(mut self, cookies: usize) -> Self {
        self.cookies = cookies;
        self
    }

    /// The same with at most that many bytes; more than 65,524 is taken as 65,524.
    #[must_use]
    pub const fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = if bytes < MAX_BLOB { bytes } else { MAX_BLOB };
        self
    }
}
