//! Order: a jar ends up with the same chain, whatever order the updates of a session arrive in, and how often.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::cookies;
use super::super::dice::Dice;
use super::super::states::tiers;
use super::forgery::mutate;
use super::lab::{Lab, START, text};
use super::{Verdict, require};
use crate::jar::{Jar, Merged};
use crate::schema::{StateCookie, derived_values};
use crate::tier::TierSet;

/// Few enough that a jar keeps all of them, whatever comes first.
const CHANGES: usize = 4;
const ORDERS: usize = 12;

pub(super) fn order<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let (updates, derived) = updates_of_a_forked_session(lab)?;
    let mut in_turn = Jar::new();
    for update in &updates {
        takes(&mut in_turn, update)?;
    }
    let expected = in_turn.bundle().map_err(text)?;
    let there = lab.server("pool")?;
    // Which of the two branches is the newest, the changes decide.
    let presented = derived
        .iter()
        .map(|derived| cookies::bundle_with(&cookies::cut(&expected), derived.as_deref()));
    let mut resumed = presented.map(|bundle| there.resume_at(&bundle, START).map(|_| ()));
    let accepted = resumed.by_ref().find(Result::is_ok);
    require(
        accepted.is_some(),
        "no server accepts the chain that the jar ended up with",
    )?;
    for _ in 0..ORDERS {
        let found = merged_at_random(&mut lab.dice, &updates)?;
        require(found == expected, "another order gave another chain")?;
    }
    refuses_others(lab, &mut in_turn, &expected)
}

/// The updates, and the derived values that a client of either branch supplies.
type Forked = (Vec<Vec<u8>>, [Option<Vec<u8>>; 2]);

fn updates_of_a_forked_session<S: StateCookie + PartialEq>(
    lab: &mut Lab<'_, S>,
) -> Result<Forked, String> {
    let state = lab.state()?;
    let (here, there) = (lab.server("pool")?, lab.server("pool")?);
    let mut served = lab.serve(&here, state)?;
    let first = served.bundle();
    let mut updates = alloc::vec![
        served
            .session
            .flush_full_at(START)
            .map_err(text)?
            .into_bytes()
    ];
    let all: Vec<_> = tiers::<S>().collect();
    for _ in 0..CHANGES {
        let tier = all[lab.dice.below(all.len())];
        let next = lab.changed(&served.session, TierSet::only(tier))?;
        served.session.replace(next).map_err(text)?;
        let update = served.session.flush_at(START).map_err(text)?;
        updates.extend(update.map(|update| update.into_bytes()));
    }
    // The client presented what it had at first to another server: a fork, with a root of its own.
    let mut resumed = there.resume_at(&first, START).map_err(text)?;
    updates.push(
        resumed
            .session
            .flush_full_at(START)
            .map_err(text)?
            .into_bytes(),
    );
    let derived = [&*served.session, &*resumed.session].map(derived_values);
    Ok((updates, derived))
}

/// The bundle after all updates in some order, some of them twice, with damaged ones in between.
fn merged_at_random(dice: &mut Dice, updates: &[Vec<u8>]) -> Result<Vec<u8>, String> {
    let mut jar = Jar::new();
    let mut left: Vec<&Vec<u8>> = updates.iter().chain(updates).collect();
    while !left.is_empty() {
        let update = left.swap_remove(dice.below(left.len()));
        takes(&mut jar, update)?;
        refuses_truncated(&mut jar, dice, update)?;
    }
    jar.bundle().map_err(text)
}

fn takes(jar: &mut Jar, update: &[u8]) -> Verdict {
    let merged = jar.merge(update).map_err(text)?;
    require(
        merged != Merged::OtherSession,
        "an update of its own session was taken for another's",
    )
}

fn refuses_truncated(jar: &mut Jar, dice: &mut Dice, update: &[u8]) -> Verdict {
    let before = jar.bundle().ok();
    let damaged = &update[..dice.below(update.len())];
    require(jar.merge(damaged).is_err(), "a truncated update was merged")?;
    require(
        jar.bundle().ok() == before,
        "a malformed update cost the jar a cookie",
    )
}

/// Another session's root changes nothing, a gap is reported, and no bytes make it panic.
fn refuses_others<S: StateCookie + PartialEq>(
    lab: &mut Lab<'_, S>,
    jar: &mut Jar,
    held: &[u8],
) -> Verdict {
    let other = lab.state()?;
    let here = lab.server("pool")?;
    let mut other = lab.serve(&here, other)?;
    let full = other.session.flush_full_at(START).map_err(text)?;
    require(
        jar.merge(&full) == Ok(Merged::OtherSession) && jar.bundle().as_deref() == Ok(held),
        "the root of another session changed something",
    )?;
    let next = lab.changed(&other.session, TierSet::only(crate::tier::Tier::LOWEST))?;
    other.session.replace(next).map_err(text)?;
    let partial = other.session.flush_at(START).map_err(text)?;
    if let Some(partial) = partial.filter(|update| !update.is_full()) {
        let mut empty = Jar::new();
        let merged = empty.merge(&partial);
        require(
            merged == Ok(Merged::NeedsFull) && empty.has_gap(),
            &format!("a gap was not reported: {merged:?}"),
        )?;
    }
    for _ in 0..60 {
        let mut bytes = full.as_bytes().to_vec();
        mutate(&mut lab.dice, &mut bytes);
        // Whatever it answers, it answers.
        let mut jar = Jar::new();
        let _ = (jar.merge(&bytes), jar.bundle(), jar.view::<S>().is_ok());
    }
    Ok(())
}
