//! Recombination, integrity, range and no panic: what a client may try with its cookies.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::cookies;
use super::super::dice::Dice;
use super::super::states::{broken, by_client, section, tiers};
use super::lab::{Lab, START, Served, text};
use super::{Verdict, require};
use crate::error::{Malformed, OutOfRange, Reason, StateError};
use crate::jar::{Jar, Merged, ViewError};
use crate::schema::{Field, StateCookie};
use crate::session::Pool;
use crate::tier::{Class, TierSet};
use crate::wire::inspect;

type Chain = Vec<Vec<u8>>;

pub(super) fn recombination<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let (state, other_state) = (lab.state()?, lab.state()?);
    let (here, there, foreign) = (
        lab.server("pool")?,
        lab.server("pool")?,
        lab.server("pool 2")?,
    );
    let mut served = lab.serve(&here, state)?;
    let first = served.chain.clone();
    let bundle = served.bundle();
    let session = lab.serve(&there, other_state)?.chain;
    let elsewhere = lab.changed(&served.session, TierSet::EMPTY)?;
    let elsewhere = lab.serve(&foreign, elsewhere)?.chain;
    refuses_mixes("two sessions", &served, &first, &session)?;
    refuses_mixes("two pools", &served, &first, &elsewhere)?;
    require(
        here.resume_at(&served.bundle_of(&elsewhere), START)
            .is_err(),
        "a chain of another pool was accepted",
    )?;
    let forks = [fork(&here, &bundle)?, fork(&there, &bundle)?];
    refuses_mixes("two forks", &served, &forks[0], &forks[1])?;
    refuses_mixes("before and after a resumption", &served, &first, &forks[0])?;
    for tier in tiers::<S>() {
        let before = served.chain.clone();
        let next = lab.changed(&served.session, TierSet::only(tier))?;
        served.session.replace(next).map_err(text)?;
        if let Some(update) = served.session.flush_at(START).map_err(text)? {
            served.take(&update);
        }
        refuses_mixes("two points in time", &served, &before, &served.chain)?;
        refuses_mixes("the first and the last", &served, &first, &served.chain)?;
    }
    Ok(())
}

fn fork<S: StateCookie>(pool: &Pool<S>, bundle: &[u8]) -> Result<Chain, String> {
    let mut resumed = pool.resume_at(bundle, START).map_err(text)?;
    let update = resumed.session.flush_full_at(START).map_err(text)?;
    Ok(cookies::cut(&update))
}

/// Every choice of tiers from two chains that signs something else than either of them.
fn refuses_mixes<S: StateCookie>(
    what: &str,
    served: &Served<S>,
    one: &Chain,
    other: &Chain,
) -> Verdict {
    for choice in 1_u32..(1 << one.len()) - 1 {
        let picked = one.iter().zip(other).enumerate();
        let mix: Chain = picked
            .map(|(at, (one, other))| if choice >> at & 1 == 0 { one } else { other }.clone())
            .collect();
        if signs_same(&mix, one) || signs_same(&mix, other) {
            continue;
        }
        require(
            served
                .pool
                .resume_at(&served.bundle_of(&mix), START)
                .is_err(),
            &format!("a mix of {what} was accepted: {choice:b}"),
        )?;
    }
    Ok(())
}

fn signs_same(one: &Chain, other: &Chain) -> bool {
    let signed = |cookie: &Vec<u8>| cookie[..cookies::signed_len(cookie)].to_vec();
    one.iter().map(signed).eq(other.iter().map(signed))
}

pub(super) fn integrity<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    const FLIPS: usize = 60;
    let state = lab.state()?;
    let here = lab.server("pool")?;
    let served = lab.serve(&here, state)?;
    for _ in 0..FLIPS {
        let mut chain = served.chain.clone();
        let at = lab.dice.below(chain.len());
        let bit = lab.dice.below(cookies::signed_len(&chain[at]) * 8);
        chain[at][bit / 8] ^= 1 << (bit % 8);
        require(
            here.resume_at(&served.bundle_of(&chain), START).is_err(),
            &format!("bit {bit} of cookie {at} may be changed"),
        )?;
    }
    Ok(())
}

pub(super) fn range<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let state = lab.state()?;
    let here = lab.server("pool")?;
    let mut served = lab.serve(&here, state)?;
    restores_the_clients_values(lab, &here, &served)?;
    let mutable = S::TABLE
        .fields
        .iter()
        .filter(|field| matches!(field.class, Class::Mutable | Class::Derived));
    for field in mutable {
        let Some(outside) = broken(&mut lab.dice, &*served.session, field.name) else {
            continue;
        };
        let is_derived = field.class == Class::Derived;
        let forged = client_claims(&served, field, &outside);
        let refused = here.resume_at(&forged, START).err();
        require(
            refused.is_some_and(|refusal| {
                matches!(refusal.reason, Reason::OutOfRange | Reason::MalformedValue)
                    && refusal.field == Some(field.name)
            }),
            &format!("a value outside of the bound of `{}` restored", field.name),
        )?;
        let Err(StateError::OutOfRange(error)) = served.session.replace(outside) else {
            return Err(format!(
                "the server took a value outside of `{}`",
                field.name
            ));
        };
        require(
            error.field == field.name && (is_derived || is_hidden::<S>(&forged, &error)?),
            &format!("the client is shown a value outside of `{}`", field.name),
        )?;
    }
    mutated_values_stay_in_bounds(lab, &here, &served)
}

/// The bundle of a client that says of a field what another state has.
fn client_claims<S: StateCookie>(served: &Served<S>, field: &Field, other: &S) -> Vec<u8> {
    if field.class == Class::Derived {
        return cookies::bundle(&served.chain, other);
    }
    let values = section(other, field.tier, Class::Mutable);
    client_sends(served, field.tier.index(), &values)
}

fn restores_the_clients_values<S: StateCookie + PartialEq>(
    lab: &mut Lab<'_, S>,
    pool: &Pool<S>,
    served: &Served<S>,
) -> Verdict {
    let all = tiers::<S>().fold(TierSet::EMPTY, |set, tier| set.union(TierSet::only(tier)));
    let chosen = by_client(&mut lab.dice, &*served.session, all).map_err(text)?;
    let with_chosen = |(cookie, tier): (&Vec<u8>, _)| {
        cookies::with_mutable(cookie, &section(&chosen, tier, Class::Mutable))
    };
    let chain: Chain = served
        .chain
        .iter()
        .zip(tiers::<S>())
        .map(with_chosen)
        .collect();
    let bundle = cookies::bundle(&chain, &chosen);
    let resumed = pool.resume_at(&bundle, START);
    let resumed = resumed.map_err(|refusal| format!("a value within bounds: {refusal}"))?;
    require(
        *resumed.session == chosen,
        "the client's own values did not come back",
    )?;
    let shown = holding(&bundle)?.view::<S>().map(|_| ()).map_err(text);
    shown.map_err(|error| format!("the view refuses values within bounds: {error}"))
}

/// Whether the client's view of the forged chain is refused with the server's own error; a value that is longer than its
/// bound allows is not even decoded.
fn is_hidden<S: StateCookie>(forged: &[u8], error: &OutOfRange) -> Result<bool, String> {
    Ok(match holding(forged)?.view::<S>().err() {
        Some(ViewError::OutOfRange(found)) => found == *error,
        Some(ViewError::Malformed { field, cause, .. }) => {
            field == Some(error.field) && cause == Malformed::TooLong
        }
        _ => false,
    })
}

/// A jar that holds the cookies of a bundle, as if they had been issued like this.
fn holding(bundle: &[u8]) -> Result<Jar, String> {
    let update = cookies::update(&cookies::cut(bundle));
    let mut jar = Jar::new();
    let merged = jar.merge(&update).map_err(text)?;
    require(merged == Merged::Updated, "a full update was not merged")?;
    Ok(jar)
}

fn mutated_values_stay_in_bounds<S: StateCookie + PartialEq>(
    lab: &mut Lab<'_, S>,
    pool: &Pool<S>,
    served: &Served<S>,
) -> Verdict {
    const MUTATIONS: usize = 60;
    for _ in 0..MUTATIONS {
        let tier = lab.dice.below(S::TABLE.tiers.len());
        let cookie = &served.chain[S::TABLE.tiers.len() - 1 - tier];
        let mut values = cookie[cookies::signed_len(cookie)..].to_vec();
        mutate(&mut lab.dice, &mut values);
        let forged = client_sends(served, tier, &values);
        let Ok(resumed) = pool.resume_at(&forged, START) else {
            continue;
        };
        let all = tiers::<S>().fold(TierSet::EMPTY, |set, tier| set.union(TierSet::only(tier)));
        resumed.session.__check(all).map_err(text)?;
        resumed.session.__validate().map_err(text)?;
        for tier in tiers::<S>() {
            for class in [Class::Immutable, Class::Private] {
                require(
                    section(&*resumed.session, tier, class)
                        == section(&*served.session, tier, class),
                    "mutable bytes changed what is signed",
                )?;
            }
        }
    }
    Ok(())
}

/// The chain with other mutable bytes in one tier.
fn client_sends<S: StateCookie>(served: &Served<S>, tier: usize, values: &[u8]) -> Vec<u8> {
    let at = served.chain.len() - 1 - tier;
    let mut forged = served.chain.clone();
    forged[at] = cookies::with_mutable(&forged[at], values);
    served.bundle_of(&forged)
}

pub(super) fn no_panic<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    const ATTEMPTS: usize = 100;
    let state = lab.state()?;
    let here = lab.server("pool")?;
    let bundle = lab.serve(&here, state)?.bundle();
    for attempt in 0..ATTEMPTS {
        let mut bytes = if attempt % 4 == 0 {
            let len = lab.dice.below(300);
            (0..len).map(|_| lab.dice.word() as u8).collect()
        } else {
            bundle.clone()
        };
        mutate(&mut lab.dice, &mut bytes);
        // Whatever they answer, they answer.
        let _ = (here.resume_at(&bytes, START), inspect(&bytes));
    }
    Ok(())
}

/// One to three small damages.
pub(super) fn mutate(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        match dice.below(5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, dice.word() as u8),
            2 if !bytes.is_empty() => drop(bytes.remove(at)),
            3 => {
                let tail = bytes.split_off(at);
                bytes.extend(tail.iter().rev());
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << dice.below(8);
                }
            }
        }
    }
}
