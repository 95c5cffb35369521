//! The text of a key ring in memory: wiped when dropped, mute in `Debug`.

use alloc::string::String;
use core::fmt;

use zeroize::Zeroizing;

/// The text of a key ring, with its secrets in the clear: see [`KeyRing::to_text`](crate::KeyRing::to_text).
///
/// It is wiped when dropped and says nothing in `Debug`; there is no `Display`.
pub struct RingText(pub(super) Zeroizing<String>);

impl RingText {
    /// The text. Whoever copies it has to wipe the copy.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text's bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for RingText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RingText(..)")
    }
}
