//! The oracle: from the schedule of keys, what a bundle claims and the time that the server used, the one right verdict.

use std::collections::BTreeMap;

use statecookie_tests::rotation::message::{Then, Verdict};
use statecookie_tests::rotation::{LEEWAY, POLICY};

use crate::case::{Case, Kind, Life};
use crate::schedule::{TWINS, Window};

pub(crate) const ACCEPTED: &str = "accepted";
pub(crate) const EXPIRED: &str = "expired";
pub(crate) const KEY_EXPIRED: &str = "key-expired";
pub(crate) const NOT_YET_VALID: &str = "not-yet-valid";
pub(crate) const UNKNOWN_KEY: &str = "unknown-key";

const LEEWAY_MILLIS: u64 = LEEWAY.as_millis() as u64;
const EDGE_MILLIS: u64 = POLICY.refresh.as_millis() as u64;

pub(crate) struct Judge(pub(crate) BTreeMap<u32, Window>);

/// What came of a presentation that was judged rightly.
pub(crate) struct Judged {
    pub(crate) verdict: &'static str,
    /// Whether it was within one refresh of a moment at which a key or a cookie begins or ends.
    pub(crate) at_edge: bool,
    /// An honest client that came when its cookies were over already.
    pub(crate) late: bool,
}

impl Judge {
    /// What was said, if it is right; else why it is not.
    pub(crate) fn judge(&self, case: &Case) -> Result<Judged, String> {
        let key = self.window(case.claims.key)?;
        let verdict = said(case)?;
        if case.kind != Kind::Exact && verdict == UNKNOWN_KEY && case.answer.now < key.accept_until
        {
            return Err("a key that is accepted still was not known".into());
        }
        let right = self.right(case, key);
        if !right.contains(&verdict) {
            return Err(format!("{verdict} instead of {right:?}"));
        }
        let late = case.kind == Kind::Honest && verdict == EXPIRED;
        if case.kind == Kind::Honest && verdict != ACCEPTED && !late {
            return Err(format!("an honest client lost its session: {verdict}"));
        }
        self.check_issued(case)?;
        let at_edge = edges(case, key).any(|edge| edge.abs_diff(case.answer.now) <= EDGE_MILLIS);
        Ok(Judged {
            verdict,
            at_edge,
            late,
        })
    }

    /// One verdict; two only where the server took another ring while it judged.
    fn right(&self, case: &Case, key: Window) -> Vec<&'static str> {
        let verdict = |held: bool| {
            if !held {
                UNKNOWN_KEY
            } else if case.answer.now >= key.accept_until {
                KEY_EXPIRED
            } else {
                of_cookies(&case.claims.lives, case.answer.now)
            }
        };
        case.answer.held.map(verdict).to_vec()
    }

    /// A server signs with the newest key that is activated by its clock, and nothing that outlives its key.
    fn check_issued(&self, case: &Case) -> Result<(), String> {
        let Some(issued) = &case.issued else {
            return match (case.then, &case.answer.verdict) {
                (Then::Request | Then::FailOver, Verdict::Accepted(_)) => {
                    Err("nothing was issued".into())
                }
                _ => Ok(()),
            };
        };
        let now = case.answer.now;
        let activated = self.0.iter().filter(|(_, key)| key.activates_at <= now);
        let newest = activated.max_by_key(|(_, key)| key.activates_at);
        let (id, newest) = newest.ok_or("no key is activated")?;
        let key = self.window(issued.key)?;
        if key.activates_at > now || newest.activates_at - key.activates_at > TWINS {
            return Err(format!("signed with {} instead of {id}", issued.key));
        }
        if now >= key.sign_until {
            return Err(format!("key {id} signs no more"));
        }
        if issued
            .lives
            .iter()
            .any(|life| life.not_after > key.accept_until)
        {
            return Err("a cookie outlives its key".into());
        }
        check_begin(case, issued.lives.last())
    }

    fn window(&self, id: u32) -> Result<Window, String> {
        let found = self.0.get(&id).copied();
        found.ok_or_else(|| format!("key {id} never lay in the store"))
    }
}

/// The lowest tier is issued each time: it begins now, or with what was presented if that began later.
fn check_begin(case: &Case, issued: Option<&Life>) -> Result<(), String> {
    let presented = case.claims.lives.iter().map(|life| life.not_before).max();
    let begins = (case.answer.now / 1000 * 1000).max(presented.unwrap_or(0));
    match issued {
        Some(life) if life.not_before == begins => Ok(()),
        other => Err(format!("a cookie begins at {begins}, not as in {other:?}")),
    }
}

/// From the root down, as long as the key is good.
fn of_cookies(lives: &[Life], now: u64) -> &'static str {
    for life in lives {
        if now + LEEWAY_MILLIS < life.not_before {
            return NOT_YET_VALID;
        }
        if now > life.not_after + LEEWAY_MILLIS {
            return EXPIRED;
        }
    }
    ACCEPTED
}

fn said(case: &Case) -> Result<&'static str, String> {
    match &case.answer.verdict {
        Verdict::Accepted(values) if *values == case.values => Ok(ACCEPTED),
        Verdict::Accepted(values) => Err(format!("restored {values:?}")),
        Verdict::Failed(error) => Err(format!("failed: {error}")),
        Verdict::Refused(reason) => {
            let known = [EXPIRED, KEY_EXPIRED, NOT_YET_VALID, UNKNOWN_KEY];
            let found = known.into_iter().find(|known| known == reason);
            found.ok_or_else(|| format!("refused for no reason of this test: {reason}"))
        }
    }
}

/// The moments at which something about this bundle changes.
pub(crate) fn edges(case: &Case, key: Window) -> impl Iterator<Item = u64> {
    edges_of(&case.claims.lives, key)
}

pub(crate) fn edges_of(lives: &[Life], key: Window) -> impl Iterator<Item = u64> {
    let of_key = [key.activates_at, key.sign_until, key.accept_until];
    let of_cookie = |life: &Life| {
        [
            life.not_before - LEEWAY_MILLIS,
            life.not_after + LEEWAY_MILLIS,
        ]
    };
    of_key.into_iter().chain(lives.iter().flat_map(of_cookie))
}
