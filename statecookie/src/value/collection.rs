//! `String`, `Vec`, arrays and `Option`: lengths are believed only after they were checked.

use alloc::string::String;
use alloc::vec::Vec;

use super::scalar::flag;
use super::{MutableValue, NoLeaf, Shape};
use crate::bytes::{Reader, put_prefixed, put_varint};
use crate::error::Malformed;
use crate::schema::EmptyRange;

impl MutableValue for String {
    type Leaf = NoLeaf;
    const SHAPE: Shape = Shape::Text;

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        put_prefixed(out, self.as_bytes());
    }

    fn read(input: &mut Reader<'_>, lengths: &[usize]) -> Result<Self, Malformed> {
        let (len, _) = length(input, lengths)?;
        let text = core::str::from_utf8(input.take(len)?).map_err(|_| Malformed::BadValue)?;
        Ok(Self::from(text))
    }

    fn leaves(&self, _holds: impl FnMut(&NoLeaf) -> bool) -> bool {
        true
    }

    fn fits(&self, lengths: &[usize]) -> bool {
        lengths.first().is_some_and(|max| self.len() <= *max)
    }

    fn intact(&self) -> bool {
        true
    }
}

impl<T: MutableValue> MutableValue for Vec<T> {
    type Leaf = T::Leaf;
    const SHAPE: Shape = Shape::Sequence(&T::SHAPE);

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        put_varint(out, self.len() as u64);
        self.iter().for_each(|item| item.write(out));
    }

    fn read(input: &mut Reader<'_>, lengths: &[usize]) -> Result<Self, Malformed> {
        let (len, inner) = length(input, lengths)?;
        if is_refused_count::<T>(len) {
            return Err(Malformed::TooLong);
        }
        // A claim reserves no more than the bytes left could fill: an item's memory may be many times the one byte that its
        // count was held against.
        let most = input.len() / T::SHAPE.shortest().max(1);
        let mut items = Self::with_capacity(len.min(most));
        for _ in 0..len {
            items.push(T::read(input, inner)?);
        }
        Ok(items)
    }

    fn leaves(&self, mut holds: impl FnMut(&T::Leaf) -> bool) -> bool {
        self.iter().all(|item| item.leaves(&mut holds))
    }

    fn fits(&self, lengths: &[usize]) -> bool {
        lengths.split_first().is_some_and(|(max, inner)| {
            self.len() <= *max
                && !is_refused_count::<T>(self.len())
                && self.iter().all(|item| item.fits(inner))
        })
    }

    fn intact(&self) -> bool {
        self.iter().all(T::intact)
    }

    fn describe(out: &mut Vec<u8>) -> Result<(), EmptyRange> {
        put_varint(out, 3);
        T::describe(out)
    }
}

impl<T: MutableValue, const N: usize> MutableValue for [T; N] {
    type Leaf = T::Leaf;
    const SHAPE: Shape = Shape::Array(N, &T::SHAPE);

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        self.iter().for_each(|item| item.write(out));
    }

    #[inline]
    fn read(input: &mut Reader<'_>, lengths: &[usize]) -> Result<Self, Malformed> {
        T::read_array(input, lengths)
    }

    #[inline]
    fn leaves(&self, mut holds: impl FnMut(&T::Leaf) -> bool) -> bool {
        self.iter().all(|item| item.leaves(&mut holds))
    }

    #[inline]
    fn fits(&self, lengths: &[usize]) -> bool {
        self.iter().all(|item| item.fits(lengths))
    }

    #[inline]
    fn intact(&self) -> bool {
        self.iter().all(T::intact)
    }

    fn describe(out: &mut Vec<u8>) -> Result<(), EmptyRange> {
        put_varint(out, 2);
        put_varint(out, N as u64);
        T::describe(out)
    }
}

impl<T: MutableValue> MutableValue for Option<T> {
    type Leaf = T::Leaf;
    const SHAPE: Shape = Shape::Option(&T::SHAPE);

    #[inline]
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.is_some()));
        self.iter().for_each(|value| value.write(out));
    }

    #[inline]
    fn read(input: &mut Reader<'_>, lengths: &[usize]) -> Result<Self, Malformed> {
        if flag(input)? {
            T::read(input, lengths).map(Some)
        } else {
            Ok(None)
        }
    }

    #[inline]
    fn leaves(&self, holds: impl FnMut(&T::Leaf) -> bool) -> bool {
        self.as_ref().is_none_or(|value| value.leaves(holds))
    }

    #[inline]
    fn fits(&self, lengths: &[usize]) -> bool {
        self.as_ref().is_none_or(|value| value.fits(lengths))
    }

    #[inline]
    fn intact(&self) -> bool {
        self.as_ref().is_none_or(T::intact)
    }

    fn describe(out: &mut Vec<u8>) -> Result<(), EmptyRange> {
        put_varint(out, 4);
        T::describe(out)
    }
}

/// `N` values of a type that has no blank value to start from.
pub(super) fn read_array<T: MutableValue, const N: usize>(
    input: &mut Reader<'_>,
    lengths: &[usize],
) -> Result<[T; N], Malformed> {
    let mut slots = [const { None }; N];
    for slot in &mut slots {
        *slot = Some(T::read(input, lengths)?);
    }
    // Every slot was filled above, or the function has returned.
    Ok(slots.map(|slot| slot.unwrap_or_else(|| unreachable!("all slots are filled"))))
}

/// A length within its bound and within the bytes left, and the bounds of what is inside.
#[inline]
fn length<'l>(
    input: &mut Reader<'_>,
    lengths: &'l [usize],
) -> Result<(usize, &'l [usize]), Malformed> {
    let len = input.length()?;
    match lengths.split_first() {
        Some((max, inner)) if len <= *max => Ok((len, inner)),
        _ => Err(Malformed::TooLong),
    }
}

/// Items that take no bytes are never counted: four bytes could claim millions of them.
const fn is_refused_count<T: MutableValue>(len: usize) -> bool {
    len > 0 && T::SHAPE.is_nothing()
}
