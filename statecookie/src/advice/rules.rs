//! Where a field may stand: what the schema demands of a layout, and what the user pins.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::ladder::Ladder;
use super::{AdviceError, FieldSet, Layout};
use crate::range::Bound;
use crate::schema::{BoundVisitor, Field};
use crate::value::MutableValue;
use crate::{Class, MAX_TIERS, StateCookie};

/// Where a field is to stand in the advised layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pin {
    /// In the highest tier.
    Root,
    /// In the tier of that number.
    Tier(u8),
    /// In the tier of that number or a higher one.
    NoLowerThan(u8),
}

/// What a layout must fulfil.
pub(super) struct Rules {
    /// By the place of a field.
    pins: Vec<Vec<Pin>>,
    /// For each set the fields that must not stand below it.
    needs: Vec<usize>,
    mutable: usize,
    sent: usize,
    or_default: [bool; MAX_TIERS],
    most_tiers: usize,
}

impl Rules {
    pub(super) fn new<S: StateCookie>(
        ladder: &Ladder,
        pins: &[(String, Pin)],
        most_tiers: usize,
    ) -> Result<Self, AdviceError> {
        let fields = S::TABLE.fields;
        let mut of_field = vec![Vec::new(); fields.len()];
        for (name, pin) in pins {
            let place = fields.iter().position(|field| field.name == name);
            let pins = place.and_then(|place| of_field.get_mut(place));
            pins.ok_or_else(|| AdviceError::UnknownField { name: name.clone() })?
                .push(*pin);
        }
        let mutable = fields.iter().enumerate();
        let mutable =
            mutable.filter(|(_, field)| matches!(field.class, Class::Mutable | Class::Derived));
        Ok(Self {
            pins: of_field,
            needs: union_of_needs(&bounds::<S>()),
            mutable: FieldSet::of(mutable.map(|(place, _)| place)).index(),
            sent: sent::<S>().index(),
            or_default: core::array::from_fn(|depth| ladder.rung(depth).or_default),
            most_tiers: most_tiers.clamp(1, MAX_TIERS),
        })
    }

    pub(super) const fn most_tiers(&self) -> usize {
        self.most_tiers
    }

    /// The fields that must not stand below a tier with these: its signed bounds name them.
    pub(super) fn needs(&self, tier: usize) -> usize {
        self.needs[tier]
    }

    /// The numbers of tiers to look at one by one: only a pin to a number needs that.
    pub(super) fn tier_counts(&self) -> Vec<Option<usize>> {
        let numbered = |pin: &Pin| !matches!(pin, Pin::Root);
        if self.pins.iter().flatten().any(numbered) {
            (1..=self.most_tiers).map(Some).collect()
        } else {
            vec![None]
        }
    }

    /// For each set the depths at which it may be a tier, a bit for each.
    pub(super) fn permitted(&self, all: usize, tiers: Option<usize>) -> Vec<u8> {
        let mut permitted = vec![u8::MAX; all + 1];
        for set in 1..=all {
            let rest = set & (set - 1);
            let place = (set ^ rest).trailing_zeros() as usize;
            permitted[set] = permitted[rest] & self.depths_of(place, tiers);
        }
        // A tier of derived fields alone has no cookie: these can as well stand elsewhere.
        for set in (1..=all).filter(|set| set & self.sent == 0) {
            permitted[set] = 0;
        }
        permitted
    }

    fn depths_of(&self, place: usize, tiers: Option<usize>) -> u8 {
        let depths = 0..tiers.unwrap_or(self.most_tiers);
        let open = depths.filter(|depth| self.may_stand(place, *depth, tiers));
        open.fold(0, |bits, depth| bits | 1 << depth)
    }

    fn may_stand(&self, place: usize, depth: usize, tiers: Option<usize>) -> bool {
        let number = tiers.map(|tiers| tiers - 1 - depth);
        let kept = |pin: &Pin| match pin {
            Pin::Root => depth == 0,
            Pin::Tier(tier) => number == Some(usize::from(*tier)),
            Pin::NoLowerThan(tier) => number >= Some(usize::from(*tier)),
        };
        let signed = self.mutable & (1 << place) == 0;
        self.pins[place].iter().all(kept) && !(signed && self.or_default[depth])
    }

    /// Whether a layout fulfils all of it.
    pub(super) fn permit(&self, layout: &Layout) -> bool {
        let tiers = layout.tiers();
        let permitted = |(depth, tier): (usize, &FieldSet)| {
            tier.iter()
                .all(|at| self.may_stand(at, depth, Some(tiers.len())))
        };
        let mut lower = 0;
        let above_their_bounds = tiers.iter().all(|tier| {
            let sound = self.needs(tier.index()) & lower == 0 && tier.index() & self.sent != 0;
            lower |= tier.index();
            sound
        });
        let depths = (0..tiers.len()).rev().zip(tiers);
        tiers.len() <= self.most_tiers && above_their_bounds && depths.into_iter().all(permitted)
    }
}

/// The fields that are in cookies.
pub(super) fn sent<S: StateCookie>() -> FieldSet {
    let fields = S::TABLE.fields.iter().enumerate();
    let sent = fields.filter(|(_, field)| field.class != Class::Derived);
    FieldSet::of(sent.map(|(place, _)| place))
}

/// For each field the fields that its signed bound names.
fn bounds<S: StateCookie>() -> Vec<usize> {
    let mut names = Names {
        fields: S::TABLE.fields,
        needs: vec![0; S::TABLE.fields.len()],
    };
    match S::__bounds(&mut names) {
        Ok(()) => names.needs,
        Err(never) => match never {},
    }
}

fn union_of_needs(of_field: &[usize]) -> Vec<usize> {
    let mut needs = vec![0; 1 << of_field.len()];
    for set in 1..needs.len() {
        let rest: usize = set & (set - 1);
        needs[set] = needs[rest] | of_field[(set ^ rest).trailing_zeros() as usize];
    }
    needs
}

/// Finds `self.name` in the text of signed bounds.
struct Names {
    fields: &'static [Field],
    needs: Vec<usize>,
}

impl Names {
    fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

impl BoundVisitor for Names {
    type Error = core::convert::Infallible;

    fn fixed<T: MutableValue>(
        &mut self,
        _: &'static Field,
        _: &Bound<T>,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    fn fixed_with_default<T: MutableValue + Default>(
        &mut self,
        _: &'static Field,
        _: &Bound<T>,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    fn signed<T: MutableValue>(
        &mut self,
        field: &'static Field,
        _: &'static [usize],
        text: &'static str,
    ) -> Result<(), Self::Error> {
        let named = named_in(text);
        let places = named.iter().filter_map(|name| self.place(name));
        let needs = FieldSet::of(places).index();
        if let Some(place) = self.place(field.name) {
            self.needs[place] |= needs;
        }
        Ok(())
    }
}

/// The names behind each `self.` of an expression.
fn named_in(text: &str) -> Vec<String> {
    let behind = text.split("self.").skip(1);
    let names = behind.map(|rest| {
        let rest = rest.strip_prefix("r#").unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
        rest[..end.unwrap_or(rest.len())].to_string()
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_a_signed_bound_are_found() {
        assert_eq!(named_in("self.least..=self.limit*2"), ["least", "limit"]);
        assert_eq!(named_in("0..=self.max as u32"), ["max"]);
        assert_eq!(named_in("..self.r#type.saturating_sub(1)"), ["type"]);
        assert!(named_in("0..=4").is_empty());
    }
}
