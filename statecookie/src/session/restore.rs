//! From the sections of a verified chain to the state: every section used up exactly, every mutable value within its bound.

use alloc::vec::Vec;

use super::rules::Rules;
use super::verify::Opened;
use crate::bytes::Reader;
use crate::error::{Malformed, Reason, Refusal};
use crate::range::Bound;
use crate::schema::{Field, Source, StateCookie};
use crate::seal;
use crate::signed;
use crate::tier::{Class, MAX_TIERS, Tier, TierSet};
use crate::value::MutableValue;
use crate::wire::Cookie;

/// Decrypts the private sections from the root down onto the end of `scratch`; a tier that may default has none.
pub(super) fn decrypt<S: StateCookie>(
    opened: &Opened<'_, S>,
    scratch: &mut Vec<u8>,
) -> Result<(), Refusal> {
    // At once: a buffer that grows leaves plaintext behind that nobody wipes.
    let lengths = opened
        .cookies
        .iter()
        .filter_map(Cookie::private)
        .map(|private| private.ciphertext.len());
    scratch.reserve(lengths.sum());
    for cookie in opened.cookies.iter() {
        let Some(private) = cookie.private() else {
            continue;
        };
        if !seal::decrypt(opened.key.sub_keys(), private, scratch) {
            return Err(Refusal::at(Reason::InternalMismatch, cookie.claimed_tier()));
        }
    }
    Ok(())
}

/// Reads the state out of the cookies' sections and the decrypted ones.
pub(super) fn read<S: StateCookie>(opened: &Opened<'_, S>, mut plain: &[u8]) -> Result<S, Refusal> {
    let mut sections = Sections::new(opened.rules, opened.defaulted, opened.derived);
    for cookie in opened.cookies.iter() {
        let tier = cookie.claimed_tier();
        sections.put(tier, Class::Immutable, cookie.immutable());
        sections.put(tier, Class::Mutable, cookie.mutable());
        if let Some(private) = cookie.private() {
            let (section, rest) = plain.split_at(private.ciphertext.len());
            sections.put(tier, Class::Private, section);
            plain = rest;
        }
    }
    sections.read()
}

/// The bytes of each tier and class, read field after field, and those of all derived fields behind them.
pub(super) struct Sections<'a> {
    slices: [[&'a [u8]; 3]; MAX_TIERS],
    derived: &'a [u8],
    pad: usize,
    mutable: TierSet,
    defaulted: TierSet,
    at: Option<(Tier, Class)>,
    input: Reader<'a>,
}

impl<'a> Sections<'a> {
    /// No bytes of cookies yet.
    pub(super) fn new(rules: &Rules, defaulted: TierSet, derived: Option<&'a [u8]>) -> Self {
        Self {
            slices: [[&[]; 3]; MAX_TIERS],
            derived: derived.unwrap_or_default(),
            pad: rules.pad,
            mutable: rules.mutable,
            defaulted,
            at: None,
            input: Reader::new(&[]),
        }
    }

    /// The bytes of one tier and class.
    pub(super) fn put(&mut self, tier: Tier, class: Class, bytes: &'a [u8]) {
        self.slices[tier.index()][class as usize] = bytes;
    }

    /// The state in these bytes, if they hold it and nothing else.
    pub(super) fn read<S: StateCookie>(mut self) -> Result<S, Refusal> {
        let state = S::__read(&mut self)?;
        self.leave()?;
        self.refuse_stray_values()?;
        Ok(state)
    }

    /// Makes the section of `field` the current one; the one before must be used up.
    fn enter(&mut self, field: &Field) -> Result<(), Refusal> {
        let section = (field.tier, field.class);
        if self.at == Some(section) {
            return Ok(());
        }
        self.leave()?;
        self.input = Reader::new(self.slices[field.tier.index()][field.class as usize]);
        self.at = Some(section);
        Ok(())
    }

    /// Makes the values of derived fields the current section.
    fn enter_derived(&mut self) -> Result<(), Refusal> {
        const SECTION: Option<(Tier, Class)> = Some((Tier::LOWEST, Class::Derived));
        if self.at != SECTION {
            self.leave()?;
            self.input = Reader::new(self.derived);
            self.at = SECTION;
        }
        Ok(())
    }

    /// Nothing below is looked at before the current section is used up, neither a value nor a default.
    fn leave(&mut self) -> Result<(), Refusal> {
        let Some((tier, class)) = self.at.take() else {
            return Ok(());
        };
        let clean = match class {
            Class::Private => self.is_padding(self.input.rest()),
            Class::Immutable | Class::Mutable | Class::Derived => self.input.is_empty(),
        };
        match class {
            _ if clean => Ok(()),
            Class::Derived => Err(Refusal::new(reason(class))),
            _ => Err(Refusal::at(reason(class), tier)),
        }
    }

    fn is_padding(&self, rest: &[u8]) -> bool {
        is_padding(rest, self.pad)
    }

    /// A tier without mutable fields has no mutable section; bytes there are nobody's.
    fn refuse_stray_values(&self) -> Result<(), Refusal> {
        let tiers = TierSet::ALL
            .iter()
            .filter(|tier| !self.mutable.contains(*tier));
        let stray = tiers
            .into_iter()
            .find(|tier| !self.slices[tier.index()][Class::Mutable as usize].is_empty());
        stray.map_or(Ok(()), |tier| {
            Err(Refusal::at(Reason::MalformedValue, tier))
        })
    }
}

/// Zeros, and fewer than one step of padding.
pub(crate) fn is_padding(rest: &[u8], pad: usize) -> bool {
    rest.len() < pad && rest.iter().fold(0, |sum, byte| sum | byte) == 0
}

/// A signed section was proven, so that it does not decode means that servers disagree.
pub(crate) const fn reason(class: Class) -> Reason {
    match class {
        Class::Immutable | Class::Private => Reason::InternalMismatch,
        Class::Mutable | Class::Derived => Reason::MalformedValue,
    }
}

/// A nested field's bound is checked while its struct is read, and is a bound all the same.
pub(crate) const fn unread(cause: Malformed) -> Reason {
    match cause {
        Malformed::InnerBound => Reason::OutOfRange,
        _ => Reason::MalformedValue,
    }
}

impl Source for Sections<'_> {
    type Error = Refusal;

    fn signed<T>(&mut self, field: &'static Field) -> Result<T, Refusal>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        self.enter(field)?;
        signed::decode(&mut self.input)
            .map_err(|_| Refusal::in_field(reason(field.class), field.tier, field.name))
    }

    fn mutable<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Refusal> {
        self.enter(field)?;
        let value = T::read(&mut self.input, bound.lengths)
            .map_err(|cause| Refusal::in_field(unread(cause), field.tier, field.name))?;
        in_bound(field, bound, value)
    }

    fn mutable_or_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Refusal> {
        if self.defaulted.contains(field.tier) {
            self.leave()?;
            return in_bound(field, bound, T::default());
        }
        self.mutable(field, bound)
    }

    /// The values stand one behind the other: where they end, the next field has none.
    fn derived<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Refusal> {
        self.enter_derived()?;
        let is_over = self.input.is_empty();
        let refused = |cause| match is_over {
            true => Reason::MissingDerived,
            false => unread(cause),
        };
        let value = T::read(&mut self.input, bound.lengths)
            .map_err(|cause| Refusal::in_field(refused(cause), field.tier, field.name))?;
        in_bound(field, bound, value)
    }
}

fn in_bound<T: MutableValue>(
    field: &'static Field,
    bound: &Bound<T>,
    value: T,
) -> Result<T, Refusal> {
    if bound.holds(&value) {
        Ok(value)
    } else {
        Err(Refusal::in_field(
            Reason::OutOfRange,
            field.tier,
            field.name,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private::BROKEN;
    use crate::schema::Table;

    #[test]
    fn padding_is_zeros_and_fewer_than_one_step() {
        let rules = Rules::of(&Table { pad: 4, ..BROKEN });
        let sections = Sections::new(&rules, TierSet::EMPTY, None);
        for good in [&[][..], &[0], &[0; 3]] {
            assert!(sections.is_padding(good), "{good:?}");
        }
        for bad in [&[0; 4][..], &[1], &[0, 1], &[1, 0], &[1, 1], &[0; 5]] {
            assert!(!sections.is_padding(bad), "{bad:?}");
        }
    }
}
