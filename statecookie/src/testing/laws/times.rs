//! Validity and key change: the exact edges of every window.

use alloc::format;
use core::time::Duration;

use super::super::cookies;
use super::lab::{Lab, START, flush, text};
use super::{Verdict, require};
use crate::error::Reason;
use crate::keys::KeyPolicy;
use crate::schema::StateCookie;
use crate::session::Pool;
use crate::tier::{KeyId, TierSet};
use crate::time::Timestamp;
use crate::wire::{Inspection, inspect};

const TICK: Duration = Duration::from_millis(1);

pub(super) fn validity<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let state = lab.state()?;
    let here = lab.server("pool")?;
    let mut served = lab.serve(&here, state)?;
    let later = START.saturating_add(Duration::from_secs(lab.dice.below(3) as u64));
    let next = lab.changed(&served.session, TierSet::only(crate::tier::Tier::LOWEST))?;
    served.session.replace(next).map_err(text)?;
    if later < served.session.ends_at()
        && let Some(update) = served.session.flush_at(later).map_err(text)?
    {
        served.take(&update);
    }
    check_edges(&here, &served.bundle())?;
    let end = served.session.ends_at();
    let last = end.saturating_sub(Duration::from_secs(1));
    let update = served.session.flush_full_at(last).map_err(text)?;
    check_edges(&here, &served.bundle_of(&cookies::cut(&update)))?;
    require(
        served.session.flush_full_at(end).is_err(),
        "a session issued at its absolute end",
    )
}

/// Accepts and refuses at every edge of every cookie as its times say.
fn check_edges<S: StateCookie>(pool: &Pool<S>, bundle: &[u8]) -> Verdict {
    let seen = inspect(bundle).map_err(text)?;
    let leeway = pool.inner.leeway;
    let ends = seen.root.iter().map(|root| root.end);
    let begins = seen.cookies.iter().filter_map(|cookie| cookie.not_before);
    let overs = seen
        .cookies
        .iter()
        .filter_map(|cookie| Some(cookie.not_before?.saturating_add(cookie.life)));
    let edges = begins
        .map(|begin| begin.saturating_sub(leeway))
        .chain(overs.map(|over| over.saturating_add(leeway)))
        .chain(ends);
    for edge in edges {
        for now in [edge.saturating_sub(TICK), edge, edge.saturating_add(TICK)] {
            let (expected, found) = (
                is_valid::<S>(&seen, leeway, now),
                pool.resume_at(bundle, now),
            );
            // Defaults in the place of an expired tier may not fit together with the rest.
            let unfit = |refusal: &crate::error::Refusal| {
                matches!(refusal.reason, Reason::Invalid | Reason::OutOfRange)
            };
            let agrees = match &found {
                Ok(_) => expected,
                Err(refusal) => !expected || unfit(refusal),
            };
            require(
                agrees,
                &format!("expected {expected} at {now}, leeway {leeway:?}"),
            )?;
        }
    }
    Ok(())
}

/// What the times of the cookies say, worked out apart from the code that verifies.
fn is_valid<S: StateCookie>(seen: &Inspection, leeway: Duration, now: Timestamp) -> bool {
    let ended = seen.root.iter().any(|root| now >= root.end);
    let each = seen.cookies.iter().all(|cookie| {
        let begin = cookie.not_before.unwrap_or(now);
        let over = begin.saturating_add(cookie.life).saturating_add(leeway);
        let begun = now.saturating_add(leeway) >= begin;
        begun && (now <= over || S::TABLE.tiers[cookie.tier.index()].or_default)
    });
    !ended && each
}

pub(super) fn key_change<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let state = lab.state()?;
    let handover = START.saturating_add(Duration::from_secs(1));
    let policy = KeyPolicy {
        skew: Duration::ZERO,
        ..KeyPolicy::default()
    };
    let here = lab.server_until("pool", handover, policy)?;
    let mut served = lab.serve(&here, state)?;
    let old = served.bundle();
    if handover >= served.session.ends_at() {
        return Ok(());
    }
    let update = flush(&mut served.session, handover)?;
    require(
        update.is_full(),
        "the update after a key change is not full",
    )?;
    let new = served.bundle_of(&cookies::cut(&update));
    let resumed = here.resume_at(&new, handover).map_err(text)?;
    require(
        resumed.key_id == KeyId(2) && served.session.key_id() == KeyId(2),
        "the chain stayed under the old key",
    )?;
    require(
        *resumed.session == *served.session,
        "another state came back",
    )?;
    let old_resumed = here.resume_at(&old, handover).map_err(text)?;
    require(
        old_resumed.key_id == KeyId(1),
        "the old chain claims another key",
    )?;
    let until = handover.saturating_add(super::lab::longest::<S>());
    let expired = |now| {
        let refused = here.resume_at(&old, now).err();
        refused.is_some_and(|refusal| refusal.reason == Reason::KeyExpired)
    };
    require(
        !expired(until.saturating_sub(TICK)) && expired(until),
        "the key's window does not end where it says",
    )
}
