//! One presentation: what the client had, what the server said, and what it used to say so.

use statecookie::inspect;
use statecookie_tests::rotation::message::{Answer, Then, Values};

/// From when until when a cookie is good, in milliseconds, without leeway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    pub(crate) not_before: u64,
    pub(crate) not_after: u64,
}

/// What a bundle claims.
#[derive(Clone, Debug)]
pub(crate) struct Claims {
    pub(crate) key: u32,
    /// From the root down.
    pub(crate) lives: Vec<Life>,
}

impl Claims {
    pub(crate) fn of(bundle: &[u8]) -> Self {
        let seen = inspect(bundle).unwrap();
        let mut ceiling = u64::MAX;
        let lives = seen.cookies.iter().map(|cookie| {
            let not_before = cookie.not_before.unwrap();
            let not_after = not_before.saturating_add(cookie.life).as_millis();
            ceiling = ceiling.min(not_after);
            Life {
                not_before: not_before.as_millis(),
                not_after: ceiling,
            }
        });
        Self {
            lives: lives.collect(),
            key: seen.root.unwrap().key_id.0,
        }
    }
}

/// Who presented, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A client that goes on with its session.
    Honest,
    /// A bundle that was kept for a moment at which the verdict changes.
    Kept,
    /// A bundle that is judged at a millisecond that the test chose, not at the server's own time.
    Exact,
}

#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) kind: Kind,
    pub(crate) server: usize,
    pub(crate) claims: Claims,
    /// The values that the bundle must restore.
    pub(crate) values: Values,
    pub(crate) then: Then,
    pub(crate) answer: Answer,
    /// What the client's bundle claims afterwards, if the server issued something.
    pub(crate) issued: Option<Claims>,
}
