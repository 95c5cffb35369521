//! Section 11, step 7: from what was issued and what the client says of its mutable values to the state.

use statecookie::Reason;

use crate::schemas::Known;
use crate::wire::MOST_TIERS;
use crate::wire::strict::{Fault, Strict};

/// A state, or why there is none.
pub(crate) type Restored<S> = Result<S, Reason>;

/// What the oracle knows of the cookies shown: for each tier the application's values when it was issued, and the client's.
pub(crate) struct Shown<'a, S> {
    tiers: [Option<Tier<'a, S>>; MOST_TIERS],
    open: Option<(usize, Strict<'a>)>,
    derived: &'a [u8],
}

/// The place of the derived values, which are in no tier's cookie.
const DERIVED: usize = MOST_TIERS;

/// A tier whose cookie counts.
#[derive(Clone, Copy)]
struct Tier<'a, S> {
    issued: &'a S,
    mutable: &'a [u8],
    read: bool,
}

impl<'a, S: Known> Shown<'a, S> {
    /// These derived values, and no cookie yet: every tier is missing.
    pub(crate) fn new(derived: &'a [u8]) -> Self {
        Self {
            tiers: [const { None }; MOST_TIERS],
            open: None,
            derived,
        }
    }

    /// A cookie that counts: the state when it was issued, and the mutable section as shown.
    pub(crate) fn put(&mut self, tier: usize, issued: &'a S, mutable: &'a [u8]) {
        self.tiers[tier] = Some(Tier {
            issued,
            mutable,
            read: false,
        });
    }

    /// The state that must be restored of all this.
    pub(crate) fn restored(mut self) -> Restored<S> {
        let state = S::restore(&mut self)?;
        self.close()?;
        // Tiers without a mutable field, whose mutable section nobody looked at, come last.
        let stray = |tier: &Tier<'_, S>| !tier.read && !tier.mutable.is_empty();
        if self.tiers.iter().flatten().any(stray) {
            return Err(Reason::MalformedValue);
        }
        if state.is_sound() {
            Ok(state)
        } else {
            Err(Reason::Invalid)
        }
    }

    /// The application's state when the cookie of this tier was issued.
    pub(crate) fn issued(&self, tier: usize) -> Result<&'a S, Reason> {
        self.tiers[tier]
            .as_ref()
            .map(|tier| tier.issued)
            .ok_or(Reason::MissingTier)
    }

    /// The next mutable field.
    pub(crate) fn mutable<T>(
        &mut self,
        tier: usize,
        read: impl FnOnce(&mut Strict<'a>) -> Result<T, Fault>,
        holds: impl FnOnce(&T) -> bool,
    ) -> Result<T, Reason> {
        let value = read(self.section(tier)?).map_err(reason)?;
        bounded(value, holds)
    }

    /// The next mutable field of a tier that may be missing.
    pub(crate) fn or_default<T: Default>(
        &mut self,
        tier: usize,
        read: impl FnOnce(&mut Strict<'a>) -> Result<T, Fault>,
        holds: impl FnOnce(&T) -> bool,
    ) -> Result<T, Reason> {
        if self.tiers[tier].is_none() {
            return bounded(T::default(), holds);
        }
        self.mutable(tier, read, holds)
    }

    /// The next derived field; all others come before.
    pub(crate) fn derived<T>(
        &mut self,
        read: impl FnOnce(&mut Strict<'a>) -> Result<T, Fault>,
        holds: impl FnOnce(&T) -> bool,
    ) -> Result<T, Reason> {
        if !matches!(self.open, Some((DERIVED, _))) {
            self.close()?;
        }
        let mut left = match self.open {
            Some((DERIVED, left)) => left,
            _ => Strict::new(self.derived),
        };
        let over = left.rest().is_empty();
        let value = read(&mut left).map_err(|fault| match over {
            true => Reason::MissingDerived,
            false => reason(fault),
        })?;
        self.open = Some((DERIVED, left));
        bounded(value, holds)
    }

    /// The mutable section of a tier, as far as it was not read; the one before must be used up.
    fn section(&mut self, tier: usize) -> Result<&mut Strict<'a>, Reason> {
        if !matches!(self.open, Some((open, _)) if open == tier) {
            self.close()?;
            let shown = self.tiers[tier].as_mut().ok_or(Reason::MissingTier)?;
            shown.read = true;
            self.open = Some((tier, Strict::new(shown.mutable)));
        }
        self.open
            .as_mut()
            .map(|(_, section)| section)
            .ok_or(Reason::MissingTier)
    }

    fn close(&self) -> Result<(), Reason> {
        match &self.open {
            Some((_, section)) if !section.rest().is_empty() => Err(Reason::MalformedValue),
            _ => Ok(()),
        }
    }
}

fn bounded<T>(value: T, holds: impl FnOnce(&T) -> bool) -> Result<T, Reason> {
    if holds(&value) {
        Ok(value)
    } else {
        Err(Reason::OutOfRange)
    }
}

const fn reason(fault: Fault) -> Reason {
    match fault {
        Fault::Undecodable => Reason::MalformedValue,
        Fault::OutOfBound => Reason::OutOfRange,
    }
}
