//! How a mutable field becomes bytes and back: strict, canonical, bounded, because nobody signed these bytes.
//!
//! The bytes are those of postcard's format; unlike a general decoder, this one takes only the one shortest form of each
//! value and checks every length before it allocates.

mod collection;
mod scalar;
mod shape;

use alloc::vec::Vec;
use core::fmt;

use crate::bytes::Reader;
use crate::error::{Malformed, OutOfRange};
use crate::range::Bound;
use crate::schema::{BoundVisitor, EmptyRange, Field, Source};
pub use shape::Shape;

/// A type that a mutable field may have.
///
/// Derive it for field-less enums and for structs whose fields all declare a bound.
///
/// ```
/// use statecookie::{MutableValue, Reader};
///
/// let mut bytes = Vec::new();
/// Some(300_u16).write(&mut bytes);
/// assert_eq!(bytes, [1, 0xac, 0x02]);
/// assert_eq!(Option::<u16>::read(&mut Reader::new(&bytes), &[]), Ok(Some(300)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a mutable field",
    label = "a client may change this field, so its type needs the strict codec `MutableValue`",
    note = "numbers, `bool`, `char`, `String`, `Duration`, arrays, `Vec` and `Option` have it",
    note = "derive `MutableValue` for a field-less enum or a struct of bounded fields, or make the field `#[immutable]`"
)]
pub trait MutableValue: Sized + 'static {
    /// What a range speaks of: the number inside, through arrays, `Vec` and `Option`. [`NoLeaf`] where there is none.
    type Leaf: Leaf;

    /// The recursive shape, for sizes and the number of lengths.
    const SHAPE: Shape;

    /// Appends the value's bytes.
    fn write(&self, out: &mut Vec<u8>);

    /// Reads a value; `lengths` bounds each level of variable length from the outside in, before anything is allocated.
    ///
    /// # Errors
    ///
    /// Anything but the one canonical form of a value.
    fn read(input: &mut Reader<'_>, lengths: &[usize]) -> Result<Self, Malformed>;

    /// Reads `N` values one after another.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    #[doc(hidden)]
    fn read_array<const N: usize>(
        input: &mut Reader<'_>,
        lengths: &[usize],
    ) -> Result<[Self; N], Malformed> {
        collection::read_array(input, lengths)
    }

    /// Whether `holds` is true of every number inside.
    fn leaves(&self, holds: impl FnMut(&Self::Leaf) -> bool) -> bool;

    /// Whether no length inside exceeds its entry of `lengths`.
    fn fits(&self, lengths: &[usize]) -> bool;

    /// Whether every float inside is a number, and every inner struct keeps its own bounds.
    fn intact(&self) -> bool;

    /// Takes a mutable field's value from `source`.
    ///
    /// Like the next ones a method of the value's type, so that for a type without the codec the compiler says the same
    /// of every call, and says it once.
    ///
    /// # Errors
    ///
    /// Those of the source.
    #[doc(hidden)]
    #[inline]
    fn __take<R: Source>(
        source: &mut R,
        field: &'static Field,
        bound: &Bound<Self>,
    ) -> Result<Self, R::Error> {
        source.mutable(field, bound)
    }

    /// Takes a derived field's value from `source`.
    ///
    /// # Errors
    ///
    /// Those of the source.
    #[doc(hidden)]
    #[inline]
    fn __derive<R: Source>(
        source: &mut R,
        field: &'static Field,
        bound: &Bound<Self>,
    ) -> Result<Self, R::Error> {
        source.derived(field, bound)
    }

    /// Takes a derived field's value from `source`, if the client has supplied it.
    ///
    /// # Errors
    ///
    /// Those of the source.
    #[doc(hidden)]
    #[inline]
    fn __supplied<R: Source>(
        source: &mut R,
        field: &'static Field,
        bound: &Bound<Self>,
    ) -> Result<Option<Self>, R::Error> {
        source.supplied(field, bound)
    }

    /// Holds a field's value against its bound.
    ///
    /// # Errors
    ///
    /// The value is outside; the error names `field` and the evaluated bound.
    #[doc(hidden)]
    #[inline]
    fn __check(&self, field: &'static str, bound: &Bound<Self>) -> Result<(), OutOfRange> {
        bound.check(field, self)
    }

    /// Shows a fixed bound.
    ///
    /// # Errors
    ///
    /// Those of the visitor.
    #[doc(hidden)]
    fn __show<V: BoundVisitor>(
        visitor: &mut V,
        field: &'static Field,
        bound: &Bound<Self>,
    ) -> Result<(), V::Error> {
        visitor.fixed(field, bound)
    }

    /// Appends the shape to the schema's description, the evaluated bounds of inner structs with it.
    ///
    /// # Errors
    ///
    /// A field of an inner struct declares a range that holds nothing.
    #[doc(hidden)]
    fn describe(out: &mut Vec<u8>) -> Result<(), EmptyRange> {
        Self::SHAPE.describe(out);
        Ok(())
    }
}

/// A number that a range can be about.
#[diagnostic::on_unimplemented(message = "no range can be about `{Self}`")]
pub trait Leaf: PartialOrd + Copy + fmt::Debug + 'static {
    /// The least and the greatest value that a range without an end reaches: infinities are beyond it.
    const LIMITS: Option<(Self, Self)>;

    /// Appends the number in the field codec.
    fn put(&self, out: &mut Vec<u8>);
}

/// The leaf of types that no range can be about; it has no value.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum NoLeaf {}

impl Leaf for NoLeaf {
    const LIMITS: Option<(Self, Self)> = None;

    fn put(&self, _out: &mut Vec<u8>) {
        match *self {}
    }
}
