//! Round trip, cascade and continuity: what is issued, in which tiers, and that it comes back.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::cookies;
use super::super::states::{section, tiers};
use super::lab::{Lab, START, came_back, flush, text};
use super::{Verdict, require};
use crate::schema::StateCookie;
use crate::session::Pool;
use crate::tier::{Class, Tier, TierSet};
use crate::wire::inspect;

pub(super) fn round_trip<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let state = lab.state()?;
    let (here, there) = (lab.server("pool")?, lab.server("pool")?);
    let served = lab.serve(&here, state)?;
    let resumed = there.resume_at(&served.bundle(), START).map_err(text)?;
    require(
        *resumed.session == *served.session,
        "another state came back",
    )?;
    require(resumed.defaulted.is_empty(), "a tier took its defaults")
}

pub(super) fn cascade<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let state = lab.state()?;
    let here = lab.server("pool")?;
    let mut served = lab.serve(&here, state)?;
    require(
        served.chain.len() == S::TABLE.tiers.len(),
        "the first update is not full",
    )?;
    for tier in tiers::<S>().chain(tiers::<S>().rev()) {
        if S::TABLE.paces() {
            // The first change goes at once.
            let state = lab.state()?;
            served = lab.serve(&here, state)?;
        }
        let mut next = lab.changed(&served.session, TierSet::only(tier))?;
        let expected = TierSet::down_from_highest(differing(&*served.session, &mut next));
        served.session.replace(next).map_err(text)?;
        let update = served.session.flush_at(START).map_err(text)?;
        let issued = update
            .as_ref()
            .map_or(TierSet::EMPTY, |update| update.tiers());
        require(
            issued == expected,
            &format!("{issued:?} were issued, not {expected:?}"),
        )?;
        if let Some(update) = update {
            let before = vector(&served.bundle())?;
            require(
                cookies::cut(&update).len() == expected.len(),
                "an update carries other tiers than it says",
            )?;
            served.take(&update);
            require(
                vector(&served.bundle())? == follows(before, expected),
                "the counters do not follow each other",
            )?;
        }
        let resumed = here.resume_at(&served.bundle(), START).map_err(text)?;
        came_back(&served.session, resumed)?;
    }
    renewal(&mut served.session)
}

/// The sequence numbers of the lowest cookie, from the root down.
fn vector(bundle: &[u8]) -> Result<Vec<u64>, String> {
    let lowest = inspect(bundle).map_err(text)?.cookies.pop();
    Ok(lowest.map(|cookie| cookie.vector).unwrap_or_default())
}

/// The highest re-issued tier counts one up, those below restart.
fn follows(mut vector: Vec<u64>, issued: TierSet) -> Vec<u64> {
    let first = vector.len() - issued.len();
    for (at, counter) in vector.iter_mut().enumerate().skip(first) {
        *counter = if at == first { *counter + 1 } else { 0 };
    }
    vector
}

/// Nothing goes out before it is due, and what is due takes all below with it.
fn renewal<S: StateCookie>(session: &mut crate::session::Session<S>) -> Verdict {
    let Some(due) = session.next_due_at(START) else {
        return Ok(());
    };
    let before = due.saturating_sub(core::time::Duration::from_millis(1));
    if before >= START {
        let early = session.flush_at(before).map_err(text)?;
        require(early.is_none(), "a renewal before its time")?;
    }
    let update = flush(session, due)?;
    let down = TierSet::down_from_highest(update.tiers());
    require(update.tiers() == down, "a renewal left out a lower tier")
}

/// The tiers to be re-issued: those whose sections differ, but for approximated values within their tolerance.
fn differing<S: StateCookie>(old: &S, new: &mut S) -> TierSet {
    let strayed = new.__strayed(&old.__issued(), false);
    let approximated = new.__issued();
    new.__put(old.__issued());
    let differs = |tier: &Tier| {
        Class::SENT
            .iter()
            .any(|class| section(old, *tier, *class) != section(new, *tier, *class))
    };
    let differing = tiers::<S>()
        .filter(differs)
        .fold(strayed, |set, tier| set.union(TierSet::only(tier)));
    new.__put(approximated);
    differing
}

impl TierSet {
    /// The set closed downwards.
    fn down_from_highest(self) -> Self {
        self.highest().map_or(Self::EMPTY, Self::down_from)
    }
}

pub(super) fn continuity<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let state = lab.state()?;
    let here = lab.server("pool")?;
    let served = lab.serve(&here, state)?;
    let (one, other) = (lab.server("pool")?, lab.server("pool")?);
    let presented = served.bundle();
    let branches = [goes_on(&one, &presented)?, goes_on(&other, &presented)?];
    require(
        branches[0] != branches[1],
        "two servers went on with the same bytes",
    )?;
    for branch in &branches {
        let branch = cookies::bundle(&cookies::cut(branch), &*served.session);
        let again = here.resume_at(&branch, START).map_err(text)?;
        require(
            *again.session == *served.session,
            "a branch lost what was presented",
        )?;
    }
    Ok(())
}

/// The first update of who resumes, which must be newer than what was presented.
fn goes_on<S: StateCookie>(pool: &Pool<S>, presented: &[u8]) -> Result<Vec<u8>, String> {
    let mut resumed = pool.resume_at(presented, START).map_err(text)?;
    let update = flush(&mut resumed.session, START)?;
    require(
        update.is_full(),
        "the first update after a resumption is not full",
    )?;
    let (old, new) = (
        inspect(presented).map_err(text)?,
        inspect(&update).map_err(text)?,
    );
    let newest = |of: &crate::wire::Inspection| of.cookies.first().map(|root| root.vector.clone());
    require(newest(&new) > newest(&old), "the root is not newer")?;
    let (old, new) = (old.root, new.root);
    require(
        old.as_ref().map(|root| root.session) == new.as_ref().map(|root| root.session),
        "another session id",
    )?;
    require(
        old.map(|root| root.branch) != new.map(|root| root.branch),
        "the branch bytes stayed",
    )?;
    Ok(update.into_bytes())
}
