//! Confidentiality: private values are in no byte that can be read, and in no `Debug`.

use alloc::format;

use super::super::cookies;
use super::super::states::{changed, section, tiers};
use super::lab::{Lab, START, text};
use super::{Verdict, require};
use crate::schema::StateCookie;
use crate::tier::{Class, TierSet};

/// Shorter values are found by chance.
const TELLING: usize = 8;

pub(super) fn confidentiality<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let state = lab.state()?;
    let all = tiers::<S>().fold(TierSet::EMPTY, |set, tier| set.union(TierSet::only(tier)));
    let other = changed(&mut lab.dice, &state, all).map_err(text)?;
    let here = lab.server("pool")?;
    let mut served = lab.serve(&here, state)?;
    let first = served.chain.clone();
    let again = served.session.flush_full_at(START).map_err(text)?;
    let again = cookies::cut(&again);
    for (tier, (one, two)) in tiers::<S>().zip(first.iter().zip(&again)) {
        let private = section(&*served.session, tier, Class::Private);
        if telling(&private) {
            let found = one.windows(private.len()).any(|bytes| bytes == private);
            require(!found, &format!("the private values of {tier} can be read"))?;
        }
        require(
            private.is_empty() || one.len() != two.len() || sealed(one) != sealed(two),
            &format!("{tier} was encrypted twice to the same bytes"),
        )?;
    }
    let mut other = lab.serve(&here, other)?;
    let other_again = other.session.flush_full_at(START).map_err(text)?;
    drop(other_again);
    require(
        format!("{:?}", served.session) == format!("{:?}", other.session),
        "the session's `Debug` depends on its state",
    )
}

fn telling(bytes: &[u8]) -> bool {
    let repeats = bytes.iter().all(|byte| Some(byte) == bytes.first());
    bytes.len() >= TELLING && !repeats
}

/// The private section as it travels.
fn sealed(cookie: &[u8]) -> Option<alloc::vec::Vec<u8>> {
    let private = crate::wire::Cookie::parse(cookie).ok()?.private()?;
    Some([private.nonce.as_slice(), private.ciphertext].concat())
}
