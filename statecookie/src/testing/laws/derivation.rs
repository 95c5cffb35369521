//! Derivation: no cookie has the derived values, and a bundle without one of them, or with a wrong one, is refused.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::cookies;
use super::super::states::{section, tiers};
use super::lab::{Lab, START, Served, text};
use super::{Verdict, require};
use crate::bytes::Reader;
use crate::error::{BundleError, Reason};
use crate::jar::{Jar, Merged};
use crate::range::Bound;
use crate::schema::{Field, Overlay, Source, StateCookie, derived_values};
use crate::signed;
use crate::tier::{Class, TierSet};
use crate::value::MutableValue;

pub(super) fn derivation<S: StateCookie + PartialEq>(lab: &mut Lab<'_, S>) -> Verdict {
    let state = lab.state()?;
    let here = lab.server("pool")?;
    let mut served = lab.serve(&here, state)?;
    let Some(first) = S::TABLE.derived().next() else {
        return refuses_values_of_no_field(&served);
    };
    let without = cookies::bundle_with(&served.chain, None);
    is_missing(&served, &without, first)?;
    let values = each_value(&served)?;
    for (at, (field, _)) in values.iter().enumerate() {
        let before: Vec<u8> = values[..at]
            .iter()
            .flat_map(|(_, value)| value.clone())
            .collect();
        let short = cookies::bundle_with(&served.chain, Some(&before));
        if values.iter().skip(at).any(|(_, value)| !value.is_empty()) {
            is_missing(&served, &short, field)?;
        }
    }
    let all: Vec<u8> = values.iter().flat_map(|(_, value)| value.clone()).collect();
    refuses_more(&served, &all)?;
    costs_no_update(lab, &mut served)?;
    comes_out_of_a_jar(&mut served, &values)
}

fn refuses_values_of_no_field<S: StateCookie>(served: &Served<S>) -> Verdict {
    let presented = cookies::bundle_with(&served.chain, Some(&[]));
    let refused = served.pool.resume_at(&presented, START).err();
    require(
        refused.is_some_and(|refusal| refusal.reason == Reason::Malformed),
        "values of derived fields were taken that the schema has not",
    )
}

fn is_missing<S: StateCookie>(served: &Served<S>, presented: &[u8], field: &Field) -> Verdict {
    let refused = served.pool.resume_at(presented, START).err();
    require(
        refused.is_some_and(|refusal| {
            refusal.reason == Reason::MissingDerived && refusal.field == Some(field.name)
        }),
        &format!("that `{}` is missing was not said", field.name),
    )
}

/// The derived fields with the values that this session has of them.
fn each_value<S: StateCookie>(
    served: &Served<S>,
) -> Result<Vec<(&'static Field, Vec<u8>)>, String> {
    let derived = derived_values(&*served.session).unwrap_or_default();
    let sent = tiers::<S>()
        .flat_map(|tier| Class::SENT.map(|class| section(&*served.session, tier, class)));
    let sent: Vec<u8> = sent.flatten().collect();
    let mut cut = Cut {
        sent: Reader::new(&sent),
        derived: Reader::new(&derived),
        values: Vec::new(),
    };
    S::__read(&mut cut).map_err(|Unreadable(field)| format!("`{field}` cannot be read back"))?;
    Ok(cut.values)
}

fn refuses_more<S: StateCookie>(served: &Served<S>, all: &[u8]) -> Verdict {
    let more = cookies::bundle_with(&served.chain, Some(&[all, &[0]].concat()));
    let refused = served.pool.resume_at(&more, START).err();
    require(
        refused.is_some_and(|refusal| refusal.reason == Reason::MalformedValue),
        "more than the values of the derived fields was taken",
    )
}

/// Another derived value makes no tier dirty, and comes back all the same.
fn costs_no_update<S: StateCookie + PartialEq>(
    lab: &mut Lab<'_, S>,
    served: &mut Served<S>,
) -> Verdict {
    let other = lab.changed(&served.session, TierSet::ALL)?;
    let other = cookies::bundle_with(&served.chain, derived_values(&other).as_deref());
    let Ok(resumed) = served.pool.resume_at(&other, START) else {
        // A signed bound, or `validate`, is about other values than these.
        return Ok(());
    };
    served
        .session
        .replace(resumed.session.end())
        .map_err(text)?;
    require(
        !served.session.is_dirty(),
        "a derived value made a tier dirty",
    )?;
    let update = served.session.flush_at(START).map_err(text)?;
    require(update.is_none(), "a derived value caused an update")
}

/// The client supplies one value after the other; the jar names the first that is missing.
fn comes_out_of_a_jar<S: StateCookie + PartialEq>(
    served: &mut Served<S>,
    values: &[(&'static Field, Vec<u8>)],
) -> Verdict {
    let mut jar = Jar::new();
    let merged = jar.merge(&cookies::update(&served.chain)).map_err(text)?;
    require(merged == Merged::Updated, "a full update was not merged")?;
    drop(jar.view::<S>().map_err(text)?);
    for (field, value) in values {
        let missing = BundleError::DerivedMissing { field: field.name };
        require(
            jar.bundle() == Err(missing),
            &format!("the jar does not miss `{}`", field.name),
        )?;
        jar.put_derived(field, &mut |out| out.extend_from_slice(value));
    }
    drop(jar.view::<S>().map_err(text)?);
    let all: Vec<u8> = values.iter().flat_map(|(_, value)| value.clone()).collect();
    require(
        jar.bundle() == Ok(cookies::bundle_with(&served.chain, Some(&all))),
        "the jar presents other values than were supplied",
    )
}

/// Keeps the encoded value of each derived field.
struct Cut<'a> {
    sent: Reader<'a>,
    derived: Reader<'a>,
    values: Vec<(&'static Field, Vec<u8>)>,
}

/// This field was not where it should be.
struct Unreadable(&'static str);

impl Source for Cut<'_> {
    type Error = Unreadable;

    fn signed<T>(&mut self, field: &'static Field) -> Result<T, Unreadable>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        signed::decode(&mut self.sent).map_err(|_| Unreadable(field.name))
    }

    fn mutable<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Unreadable> {
        T::read(&mut self.sent, bound.lengths).map_err(|_| Unreadable(field.name))
    }

    fn mutable_or_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Unreadable> {
        self.mutable(field, bound)
    }

    fn derived<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Unreadable> {
        let before = self.derived.rest();
        let value =
            T::read(&mut self.derived, bound.lengths).map_err(|_| Unreadable(field.name))?;
        let taken = before.len() - self.derived.len();
        let bytes = before.get(..taken).unwrap_or_default();
        self.values.push((field, bytes.to_vec()));
        Ok(value)
    }
}
