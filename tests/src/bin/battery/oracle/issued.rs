//! One cookie as the oracle remembers it.

use crate::wire::head::RootHead;

/// A cookie that an honest server issued.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    /// Header to tag.
    pub(crate) signed: Vec<u8>,
    /// The mutable section as issued.
    pub(crate) mutable: Vec<u8>,
    /// The tier.
    pub(crate) tier: usize,
    /// The cookie under which it was issued; a root has none.
    pub(crate) parent: Option<usize>,
    /// The counter of its tier.
    pub(crate) counter: u64,
    /// Absolute, in seconds.
    pub(crate) not_before: u64,
    /// Absolute, in seconds.
    pub(crate) not_after: u64,
    /// What its root says.
    pub(crate) root: RootHead,
    /// The identity to which its session is bound.
    pub(crate) identity: Option<usize>,
    /// The application's state at that moment.
    pub(crate) state: usize,
    /// When it was issued, in the server's milliseconds.
    pub(crate) issued_at: u64,
}

impl Issued {
    /// The cookie as issued.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        [&self.signed[..], &self.mutable].concat()
    }
}
