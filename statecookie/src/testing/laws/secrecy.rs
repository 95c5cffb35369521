//! Confidentiality: private values are in no byte that can be read, in no view of the client, and in no `Debug`.

use alloc::format;
use alloc::vec::Vec;

use super::super::cookies;
use super::super::states::{changed, section, tiers};
use super::lab::{Lab, START, text};
use super::{Verdict, require};
use crate::bytes::Reader;
use crate::range::Bound;
use crate::schema::{Field, Overlay, Source, StateCookie, derived_values};
use crate::signed;
use crate::tier::{Class, Tier, TierSet};
use crate::value::MutableValue;

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
    shows_what_is_not_private(&*served.session)?;
    let mut other = lab.serve(&here, other)?;
    let other_again = other.session.flush_full_at(START).map_err(text)?;
    drop(other_again);
    require(
        format!("{:?}", served.session) == format!("{:?}", other.session),
        "the session's `Debug` depends on its state",
    )
}

/// The client's view is made of the values that are not private: it needs all of them and asks for no other.
fn shows_what_is_not_private<S: StateCookie>(state: &S) -> Verdict {
    let open = tiers::<S>().flat_map(|tier| {
        [Class::Immutable, Class::Mutable].map(|class| section(state, tier, class))
    });
    let open: Vec<u8> = open.chain(derived_values(state)).flatten().collect();
    let mut source = Open(Reader::new(&open));
    let shown = S::__view(&mut source, &mut Nowhere).map(|_| ());
    shown.map_err(|Unshown(field)| format!("the view cannot be made: it asks for `{field}`"))?;
    require(source.0.is_empty(), "the view leaves values out")
}

/// A client that changes nothing.
struct Nowhere;

impl Overlay for Nowhere {
    fn put(&mut self, _tier: Tier, _write: &mut dyn FnMut(&mut Vec<u8>)) {}

    fn put_derived(&mut self, _field: &'static Field, _write: &mut dyn FnMut(&mut Vec<u8>)) {}
}

/// The values that a keyless client can read, one after another.
struct Open<'a>(Reader<'a>);

/// The view asked for this field, which is private or not the next one.
struct Unshown(&'static str);

impl Source for Open<'_> {
    type Error = Unshown;

    fn signed<T>(&mut self, field: &'static Field) -> Result<T, Unshown>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        if field.class == Class::Private {
            return Err(Unshown(field.name));
        }
        signed::decode(&mut self.0).map_err(|_| Unshown(field.name))
    }

    fn mutable<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Unshown> {
        let value = T::read(&mut self.0, bound.lengths).map_err(|_| Unshown(field.name))?;
        Some(value)
            .filter(|value| bound.holds(value))
            .ok_or(Unshown(field.name))
    }

    fn mutable_or_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Unshown> {
        self.mutable(field, bound)
    }
}

fn telling(bytes: &[u8]) -> bool {
    let repeats = bytes.iter().all(|byte| Some(byte) == bytes.first());
    bytes.len() >= TELLING && !repeats
}

/// The private section as it travels.
fn sealed(cookie: &[u8]) -> Option<Vec<u8>> {
    let private = crate::wire::Cookie::parse(cookie).ok()?.private()?;
    Some([private.nonce.as_slice(), private.ciphertext].concat())
}
