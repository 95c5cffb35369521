//! From the sections of a verified chain to the state: every section used up exactly, every mutable value within its bound.

use alloc::vec::Vec;
use core::ops::Range;

use super::verify::Opened;
use crate::bytes::Reader;
use crate::error::{Malformed, Reason, Refusal};
use crate::range::Bound;
use crate::schema::{Field, Source, StateCookie};
use crate::seal;
use crate::signed;
use crate::tier::{Class, MAX_TIERS, Tier};
use crate::value::MutableValue;
use crate::wire::Cookie;

/// Where the decrypted values of each tier lie in the scratch buffer; the index is the tier's number.
pub(super) struct Plain {
    sections: [Range<usize>; MAX_TIERS],
}

impl Plain {
    /// Decrypts the private sections of all tiers that count onto the end of `scratch`.
    pub(super) fn decrypt<S: StateCookie>(
        opened: &Opened<'_, S>,
        scratch: &mut Vec<u8>,
    ) -> Result<Self, Refusal> {
        let mut plain = Self {
            sections: [const { 0..0 }; MAX_TIERS],
        };
        // At once: a buffer that grows leaves plaintext behind that nobody wipes.
        scratch.reserve(opened.cookies.iter().filter_map(Cookie::private).map(|section| section.ciphertext.len()).sum());
        for cookie in opened.cookies.iter() {
            let tier = cookie.claimed_tier();
            let Some(section) = cookie.private() else {
                continue;
            };
            if opened.defaulted.contains(tier) {
                continue;
            }
            let start = scratch.len();
            if !seal::decrypt(opened.key.sub_keys(), section, scratch) {
                return Err(Refusal::at(Reason::InternalMismatch, tier));
            }
            plain.sections[tier.index()] = start..scratch.len();
        }
        Ok(plain)
    }
}

/// Reads the state out of the sections.
pub(super) fn read<S: StateCookie>(
    opened: &Opened<'_, S>,
    plain: &Plain,
    scratch: &[u8],
) -> Result<S, Refusal> {
    let mut sections = Sections {
        opened,
        plain,
        scratch,
        at: None,
        input: Reader::new(&[]),
    };
    let state = S::__read(&mut sections)?;
    sections.finish()?;
    sections.check_untouched()?;
    Ok(state)
}

/// The fields of a verified chain, one section after another.
struct Sections<'a, S: StateCookie> {
    opened: &'a Opened<'a, S>,
    plain: &'a Plain,
    scratch: &'a [u8],
    at: Option<(Tier, Class)>,
    input: Reader<'a>,
}

impl<'a, S: StateCookie> Sections<'a, S> {
    /// Makes the section of `field` the current one; the one before must be used up.
    fn enter(&mut self, field: &Field) -> Result<(), Refusal> {
        let section = (field.tier, field.class);
        if self.at == Some(section) {
            return Ok(());
        }
        self.finish()?;
        self.input = Reader::new(self.section(field.tier, field.class));
        self.at = Some(section);
        Ok(())
    }

    fn section(&self, tier: Tier, class: Class) -> &'a [u8] {
        match class {
            Class::Private => &self.scratch[self.plain.sections[tier.index()].clone()],
            Class::Immutable => self.cookie(tier).map_or(&[], Cookie::immutable),
            Class::Mutable => self.cookie(tier).map_or(&[], |cookie| cookie.mutable()),
        }
    }

    fn cookie(&self, tier: Tier) -> Option<&'a Cookie<'a>> {
        self.opened
            .cookies
            .iter()
            .find(|cookie| cookie.claimed_tier() == tier)
    }

    fn finish(&self) -> Result<(), Refusal> {
        let Some((tier, class)) = self.at else {
            return Ok(());
        };
        let clean = match class {
            Class::Private => self.is_padding(self.input.rest()),
            Class::Immutable | Class::Mutable => self.input.is_empty(),
        };
        if clean {
            Ok(())
        } else {
            Err(Refusal::at(reason(class), tier))
        }
    }

    /// Zeros, and fewer than one step of padding.
    fn is_padding(&self, rest: &[u8]) -> bool {
        rest.len() < self.opened.rules.pad && rest.iter().fold(0, |sum, byte| sum | byte) == 0
    }

    /// A tier without mutable fields has no mutable section; bytes there are nobody's.
    fn check_untouched(&self) -> Result<(), Refusal> {
        let stray = self.opened.cookies.iter().find(|cookie| {
            let tier = cookie.claimed_tier();
            !self.opened.rules.mutable.contains(tier) && !cookie.mutable().is_empty()
        });
        match stray {
            Some(cookie) => Err(Refusal::at(Reason::MalformedValue, cookie.claimed_tier())),
            None => Ok(()),
        }
    }
}

/// A signed section was proven, so that it does not decode means that servers disagree.
const fn reason(class: Class) -> Reason {
    match class {
        Class::Immutable | Class::Private => Reason::InternalMismatch,
        Class::Mutable => Reason::MalformedValue,
    }
}

/// A nested field's bound is checked while its struct is read, and is a bound all the same.
const fn unread(cause: Malformed) -> Reason {
    match cause {
        Malformed::InnerBound => Reason::OutOfRange,
        _ => Reason::MalformedValue,
    }
}

impl<S: StateCookie> Source for Sections<'_, S> {
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
        if self.opened.defaulted.contains(field.tier) {
            return in_bound(field, bound, T::default());
        }
        self.mutable(field, bound)
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
