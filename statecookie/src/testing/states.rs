//! States of any schema out of dice, and small changes of them, without a line of the user's code.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::arbitrary::arbitrary;
use super::dice::Dice;
use super::values;
use crate::bytes::Reader;
use crate::range::Bound;
use crate::schema::{Field, Source, StateCookie, derived_values};
use crate::signed;
use crate::tier::{Class, Tier, TierSet};
use crate::value::MutableValue;

/// No state of the schema was found by chance; give states of your own to [`laws_with`](super::laws_with).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no value was found by chance for `{field}`; run the laws on states of your own with `laws_with`"
)]
#[non_exhaustive]
pub struct GiveUp {
    /// The field that nothing was found for; `validate` where the combinations found were all refused.
    pub field: &'static str,
}

/// Where the laws take their states from.
pub(super) struct States<S> {
    own: Option<Box<dyn FnMut() -> S>>,
}

impl<S: StateCookie> States<S> {
    pub(super) const fn by_chance() -> Self {
        Self { own: None }
    }

    pub(super) fn made_by(make: impl FnMut() -> S + 'static) -> Self {
        Self {
            own: Some(Box::new(make)),
        }
    }

    /// A valid state.
    pub(super) fn any(&mut self, dice: &mut Dice) -> Result<S, GiveUp> {
        match &mut self.own {
            Some(make) => Ok(make()),
            None => draw(dice, None, TierSet::EMPTY, false),
        }
    }
}

/// The same state with other values in `tiers`; lower ones follow where a signed bound makes them.
pub(super) fn changed<S: StateCookie>(
    dice: &mut Dice,
    state: &S,
    tiers: TierSet,
) -> Result<S, GiveUp> {
    draw(dice, Some(&written(state)), tiers, false)
}

/// The same state with mutable values in `tiers` as a client may choose them.
pub(super) fn by_client<S: StateCookie>(
    dice: &mut Dice,
    state: &S,
    tiers: TierSet,
) -> Result<S, GiveUp> {
    draw(dice, Some(&written(state)), tiers, true)
}

/// The same state with the value of one mutable field outside its bound, if it has such values.
pub(super) fn broken<S: StateCookie>(dice: &mut Dice, state: &S, field: &'static str) -> Option<S> {
    let bytes = written(state);
    S::__read(&mut Draw {
        dice,
        kept: Some(Reader::new(&bytes)),
        fresh: TierSet::EMPTY,
        by_client: true,
        broken: Some(field),
    })
    .ok()
}

/// The encoded values of one section.
pub(super) fn section<S: StateCookie>(state: &S, tier: Tier, class: Class) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Generated states were encoded once already; own states that cannot be are found by the first flush.
    let _ = state.__write(tier, class, &mut bytes);
    bytes
}

/// The tiers of a schema.
pub(super) fn tiers<S: StateCookie>() -> impl DoubleEndedIterator<Item = Tier> {
    (0..S::TABLE.tiers.len() as u8).rev().filter_map(Tier::new)
}

/// All values in the order in which `__read` takes them.
fn written<S: StateCookie>(state: &S) -> Vec<u8> {
    let sections =
        tiers::<S>().flat_map(|tier| Class::SENT.map(|class| section(state, tier, class)));
    sections.chain(derived_values(state)).flatten().collect()
}

const TRIES: usize = 200;

fn draw<S: StateCookie>(
    dice: &mut Dice,
    kept: Option<&[u8]>,
    fresh: TierSet,
    by_client: bool,
) -> Result<S, GiveUp> {
    let mut stuck = GiveUp { field: "validate" };
    for _ in 0..TRIES {
        let drawn = S::__read(&mut Draw {
            dice: &mut *dice,
            kept: kept.map(Reader::new),
            fresh,
            by_client,
            broken: None,
        });
        match drawn {
            Ok(state) if state.__validate().is_ok() => return Ok(state),
            Ok(_) => {}
            Err(error) => stuck = error,
        }
    }
    Err(stuck)
}

/// A source that keeps the values of one state and invents the others.
struct Draw<'d> {
    dice: &'d mut Dice,
    kept: Option<Reader<'d>>,
    fresh: TierSet,
    /// Keeps everything that is signed.
    by_client: bool,
    broken: Option<&'static str>,
}

impl Source for Draw<'_> {
    type Error = GiveUp;

    fn signed<T>(&mut self, field: &'static Field) -> Result<T, GiveUp>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        let kept = self.kept.as_mut();
        let old = kept.and_then(|input| signed::decode::<T>(input).ok());
        if (self.by_client || !self.fresh.contains(field.tier)) && old.is_some() {
            return old.ok_or(GiveUp { field: field.name });
        }
        let encodable = |value: &T| signed::encode(value, &mut Vec::new()).is_ok();
        let found = (0..TRIES).find_map(|_| arbitrary(self.dice).filter(encodable));
        found.or(old).ok_or(GiveUp { field: field.name })
    }

    fn mutable<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, GiveUp> {
        let kept = self.kept.as_mut();
        let old = kept.and_then(|input| T::read(input, bound.lengths).ok());
        if self.broken == Some(field.name) {
            return values::outside(self.dice, bound).ok_or(GiveUp { field: field.name });
        }
        let old = old.filter(|old| bound.holds(old));
        if !self.fresh.contains(field.tier)
            && let Some(old) = old
        {
            return Ok(old);
        }
        let found = values::inside(self.dice, bound);
        found.or(old).ok_or(GiveUp { field: field.name })
    }

    fn mutable_or_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, GiveUp> {
        self.mutable(field, bound)
    }
}
