//! What the resume targets have reached in this thread: refusals by reason, successes by kind.

use std::cell::Cell;

use statecookie::Reason;

/// The kinds of success that have to be reached, each for good and for one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Success {
    /// A schema without private values.
    Plain,
    /// Private values were decrypted.
    Private,
    /// The session is bound to an identity.
    Bound,
    /// The lowest tiers could have been left away and were not.
    Complete,
    /// A tier was left away and took its defaults.
    Missing,
    /// A tier had expired and took its defaults.
    Expired,
    /// The client supplied derived values.
    Derived,
}

impl Success {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Plain,
        Self::Private,
        Self::Bound,
        Self::Complete,
        Self::Missing,
        Self::Expired,
        Self::Derived,
    ];
}

thread_local! {
    static REASONS: Cell<u32> = const { Cell::new(0) };
    static SUCCESSES: Cell<[u32; 2]> = const { Cell::new([0; 2]) };
}

pub(crate) fn refused(reason: Reason) {
    REASONS.set(REASONS.get() | 1 << reason as u32);
}

pub(crate) fn resumed(request: bool, kind: Success) {
    let mut successes = SUCCESSES.get();
    successes[usize::from(request)] |= 1 << kind as u32;
    SUCCESSES.set(successes);
}

/// Forgets what was reached.
pub fn clear() {
    REASONS.set(0);
    SUCCESSES.set([0; 2]);
}

/// A line for each reason and each kind of success, and whether it was reached.
pub fn report() -> Vec<(String, bool)> {
    let reasons = REASONS.get();
    let by_bytes = Reason::ALL
        .into_iter()
        .filter(|reason| !reason.is_of_marks());
    let refusals = by_bytes.map(|reason| {
        (
            format!("refused: {reason}"),
            reasons & 1 << reason as u32 != 0,
        )
    });
    let words = ["resumed", "resumed for one request"];
    let successes = words.into_iter().zip(SUCCESSES.get());
    let successes = successes.flat_map(|(word, reached)| {
        Success::ALL.map(|kind| (format!("{word}: {kind:?}"), reached & 1 << kind as u32 != 0))
    });
    refusals.chain(successes).collect()
}
