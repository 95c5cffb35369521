//! A visitor who cheats: each attempt goes to a live server, which must answer with the one refusal.
//!
//! Why it was refused is not the cheater's business; the checker asks a pool of its own, which has the same key.

pub mod pieces;

use statecookie::{Pool, Reason};

use self::pieces::{Pieces, varint};
use super::client::ask_server;
use super::fleet::Fleet;
use super::protocol::{Answer, Reply, Request};
use super::state::Shop;
use crate::Outcome;

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

/// One attempt.
pub struct Cheat {
    /// In words.
    pub what: &'static str,
    bundle: Vec<u8>,
    expected: Option<Reason>,
}

/// What became of an attempt.
pub struct Verdict {
    /// The attempt in words.
    pub what: &'static str,
    /// What the operator reads; nothing if it was accepted, as it should be.
    pub operator: Option<String>,
}

const ROOT: usize = 0;
const TIER_1: usize = 1;
const TIER_0: usize = 2;

/// Every attempt; the first two are honest, lest the refusals mean nothing.
///
/// # Errors
///
/// The loot is not what it should be.
pub fn cheats(loot: &Loot) -> Outcome<Vec<Cheat>> {
    let now = Pieces::of(&loot.now)?;
    let edited = |edit: &dyn Fn(&mut Pieces) -> Outcome<()>| -> Outcome<Vec<u8>> {
        let mut pieces = now.clone();
        edit(&mut pieces)?;
        Ok(pieces.bundle())
    };
    let dear = varint(4_990);
    let honest = |what, bundle| Cheat {
        what,
        bundle,
        expected: None,
    };
    let cheat = |what, bundle, reason| Cheat {
        what,
        bundle,
        expected: Some(reason),
    };
    Ok(vec![
        honest("honest: the bundle as it is", loot.now.clone()),
        honest(
            "honest: its own quality, 4",
            edited(&|p| p.overwrite(TIER_1, 1, &[4]))?,
        ),
        cheat(
            "cart: the lamp for 0.10 instead of 49.90",
            edited(&|p| p.replace(TIER_1, &dear, &[0x8a, 0]))?,
            Reason::BadTag,
        ),
        cheat(
            "cart: another article at the price of the vase",
            edited(&|p| p.replace(TIER_1, b"vase", b"gold"))?,
            Reason::BadTag,
        ),
        cheat(
            "credit rating: other ciphertext",
            edited(&|p| p.overwrite(ROOT, 40, &[0x55; 4]))?,
            Reason::BadTag,
        ),
        cheat(
            "quality: 9 of at most 4",
            edited(&|p| p.overwrite(TIER_1, 1, &[9]))?,
            Reason::OutOfRange,
        ),
        cheat(
            "position: 10 km outside the shop",
            edited(&|p| p.overwrite(TIER_0, 16, &10_000_f32.to_le_bytes()))?,
            Reason::OutOfRange,
        ),
        cheat(
            "yaw: not a number",
            edited(&|p| p.overwrite(TIER_0, 4, &f32::NAN.to_le_bytes()))?,
            Reason::OutOfRange,
        ),
        cheat(
            "the earlier cart under today's account",
            mixed(loot)?,
            Reason::Unlinked,
        ),
        cheat(
            "two visits mixed, the link forged",
            grafted(loot)?,
            Reason::BadTag,
        ),
        cheat(
            "the cart left away",
            edited(&|p| {
                p.cookies.truncate(1);
                Ok(())
            })?,
            Reason::MissingTier,
        ),
        cheat(
            "another visitor's cookies",
            loot.stolen.clone(),
            Reason::BadTag,
        ),
    ])
}

/// The cookies of two moments of one visit.
fn mixed(loot: &Loot) -> Outcome<Vec<u8>> {
    let (mut now, earlier) = (Pieces::of(&loot.now)?, Pieces::of(&loot.earlier)?);
    now.cookies.truncate(1);
    now.cookies.extend(earlier.cookies.into_iter().skip(1));
    Ok(now.bundle())
}

/// The lowest cookie of one visit under the cookies of another, made to look as if it belonged there.
fn grafted(loot: &Loot) -> Outcome<Vec<u8>> {
    let [one, other] = &loot.twins;
    let (mut one, mut other) = (Pieces::of(one)?, Pieces::of(other)?);
    let foreign = other.cookies.pop().ok_or("no cookies")?;
    let own = one.cookies.pop().ok_or("no cookies")?;
    // A child's header begins with its shape and the link: keep the own ones, and the rest of the foreign.
    let (head, tail) = (
        own.get(..5).ok_or("short")?,
        foreign.get(5..).ok_or("short")?,
    );
    one.cookies.push([head, tail].concat());
    Ok(one.bundle())
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
    let answered = match cheat.expected {
        Some(_) => {
            answer
                == Answer {
                    reply: Reply::Refused,
                    update: None,
                }
        }
        None => answer.reply == Reply::Done && answer.update.is_some(),
    };
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
