//! A state's encoded values, field by field: written by class, and cut where reading them back stops.

use alloc::vec::Vec;
use core::ops::Range;

use zeroize::Zeroizing;

use super::RecordError;
use crate::range::Bound;
use crate::schema::{Field, Source, derived_values};
use crate::signed;
use crate::value::MutableValue;
use crate::{Class, Reader, StateCookie, Tier};

/// The encoded values of one state; wiped when dropped.
pub(super) struct Values {
    /// Private values never stand in one buffer with others: the signed codec leaves nothing behind where it grows.
    of_class: [Zeroizing<Vec<u8>>; 3],
    places: Vec<Place>,
}

#[derive(Clone)]
struct Place {
    class: Class,
    bytes: Range<usize>,
}

impl Values {
    /// Writes `state` and finds where each field begins and ends.
    pub(super) fn of<S: StateCookie>(state: &S) -> Result<Self, RecordError> {
        let of_class = written(state)?;
        let derived = derived_values(state).unwrap_or_default();
        let mut cut = Cut {
            derived: Reader::new(&derived),
            fields: S::TABLE.fields,
            inputs: [
                Reader::new(&of_class[0]),
                Reader::new(&of_class[1]),
                Reader::new(&of_class[2]),
            ],
            lens: core::array::from_fn(|class| of_class[class].len()),
            places: S::TABLE.fields.iter().map(nowhere).collect(),
        };
        S::__read(&mut cut)?;
        let places = cut.places;
        Ok(Self { of_class, places })
    }

    /// How many fields there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The encoded value of the field at `place`; nothing of a field that no cookie carries.
    pub(super) fn field(&self, place: usize) -> &[u8] {
        let place = self.places.get(place);
        let bytes = place.and_then(|place| {
            let class = self.of_class.get(place.class as usize)?;
            class.get(place.bytes.clone())
        });
        bytes.unwrap_or_default()
    }
}

/// All sections, by class, from the root down.
fn written<S: StateCookie>(state: &S) -> Result<[Zeroizing<Vec<u8>>; 3], RecordError> {
    let mut of_class = core::array::from_fn(|_| Zeroizing::new(Vec::new()));
    let tiers = S::TABLE.tiers.len() as u8;
    for class in Class::SENT {
        for tier in (0..tiers).rev().filter_map(Tier::new) {
            state.__write(tier, class, &mut of_class[class as usize])?;
        }
    }
    Ok(of_class)
}

fn nowhere(field: &Field) -> Place {
    Place {
        class: field.class,
        bytes: 0..0,
    }
}

/// Reads field after field, each from the section of its class, and notes how far it came.
struct Cut<'a> {
    fields: &'static [Field],
    inputs: [Reader<'a>; 3],
    derived: Reader<'a>,
    lens: [usize; 3],
    places: Vec<Place>,
}

impl<'a> Cut<'a> {
    fn take<T, E>(
        &mut self,
        field: &'static Field,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, E>,
    ) -> Result<T, RecordError> {
        let unreadable = RecordError::Unreadable { field: field.name };
        let class = field.class as usize;
        let input = &mut self.inputs[class];
        let start = self.lens[class] - input.len();
        let value = read(input).map_err(|_| unreadable)?;
        let end = self.lens[class] - input.len();
        let place = self
            .fields
            .iter()
            .position(|known| known.name == field.name);
        if let Some(place) = place.and_then(|place| self.places.get_mut(place)) {
            place.bytes = start..end;
        }
        Ok(value)
    }
}

impl Source for Cut<'_> {
    type Error = RecordError;

    fn signed<T>(&mut self, field: &'static Field) -> Result<T, RecordError>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        self.take(field, |input| signed::decode(input))
    }

    fn mutable<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, RecordError> {
        self.take(field, |input| T::read(input, bound.lengths))
    }

    fn mutable_or_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, RecordError> {
        self.mutable(field, bound)
    }

    /// No cookie carries it: it costs nothing, wherever it stands.
    fn derived<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, RecordError> {
        let unreadable = RecordError::Unreadable { field: field.name };
        T::read(&mut self.derived, bound.lengths).map_err(|_| unreadable)
    }
}
