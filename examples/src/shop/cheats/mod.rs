//! A visitor who cheats: each attempt goes to a live server, which must answer with the one refusal.
//!
//! Why it was refused is not the cheater's business; the checker asks a pool of its own, which has the same key.

mod list;
pub mod pieces;

use statecookie::Pool;

pub use self::list::{Cheat, cheats};
use super::client::ask_server;
use super::protocol::{Answer, Reply, Request};
use super::state::Shop;
use crate::Outcome;
use crate::fleet::Fleet;

/// What the cheater has: bundles of its own, of two moments and two visits, and one that it stole.
pub struct Loot {
    /// As whom the cheater is logged in.
    pub login: String,
    /// Of this visit, now.
    pub now: Vec<u8>,
    /// Of this visit, earlier.
    pub earlier: Vec<u8>,
    /// Of the first moment of a visit, and of another visit of the same customer: their counters are equal.
    pub twins: [Vec<u8>; 2],
    /// Of another visitor.
    pub stolen: Vec<u8>,
}

/// What became of an attempt.
pub struct Verdict {
    /// The attempt in words.
    pub what: &'static str,
    /// What the operator reads; nothing if it was accepted, as it should be.
    pub operator: Option<String>,
}

/// Tries an attempt on a live server, and asks the operator's pool for the reason.
///
/// # Errors
///
/// It was not treated as it must be.
pub fn attempt(
    cheat: Cheat,
    login: &str,
    fleet: &Fleet,
    server: usize,
    operator: &Pool<Shop>,
) -> Outcome<Verdict> {
    let request = Request::Resume {
        login: login.into(),
        bundle: cheat.bundle.clone(),
    };
    let answer = ask_server(fleet, server, &request)?;
    let refusal = operator.resume_bound(&cheat.bundle, login.as_bytes()).err();
    let as_expected = refusal.map(|refusal| refusal.reason) == cheat.expected;
    let refused = Answer {
        reply: Reply::Refused,
        update: None,
    };
    let answered = (answer == refused) == cheat.expected.is_some();
    if !as_expected || !answered {
        return Err(format!(
            "\"{}\" was answered by {:?}, the operator reads {refusal:?}",
            cheat.what, answer.reply
        )
        .into());
    }
    Ok(Verdict {
        what: cheat.what,
        operator: refusal.map(|refusal| refusal.to_string()),
    })
}
