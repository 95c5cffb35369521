//! How a mutable field becomes bytes and back: strict, canonical, bounded, because nobody signed these bytes.

use alloc::vec::Vec;

use crate::bytes::Reader;
use crate::error::Malformed;

/// A type that a mutable field may have.
///
/// Derive it for field-less enums and for structs whose fields all declare a bound.
pub trait MutableValue: Sized + 'static {
    /// What a range speaks of: the number inside, through arrays, `Vec` and `Option`. [`NoLeaf`] where there is none.
    type Leaf: Leaf;

    /// The recursive shape, for the schema's description, sizes and other languages.
    const SHAPE: Shape;

    /// Appends the value's bytes.
    fn write(&self, out: &mut Vec<u8>);

    /// Reads a value; `lengths` bounds each level of variable length from the outside in, before anything is allocated.
    ///
    /// # Errors
    ///
    /// Anything but the one canonical form of a value.
    fn read(input: &mut Reader<'_>, lengths: &[usize]) -> Result<Self, Malformed>;

    /// Whether `holds` is true of every number inside.
    fn leaves(&self, holds: impl FnMut(&Self::Leaf) -> bool) -> bool;

    /// Whether no length inside exceeds its entry of `lengths`.
    fn fits(&self, lengths: &[usize]) -> bool;

    /// Whether every float inside is a number, and every inner struct keeps its own bounds.
    fn intact(&self) -> bool;

    /// Appends the evaluated inner bounds of a derived struct to the schema's description; nothing for other types.
    fn describe_bounds(_out: &mut Vec<u8>) {}
}

/// A number that a range can be about.
pub trait Leaf: PartialOrd + Copy + core::fmt::Debug + 'static {}

/// The leaf of types that no range can be about; it has no value.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum NoLeaf {}

impl Leaf for NoLeaf {}

/// The recursive shape of a mutable type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// A scalar by its name (`u8`, ..., `f64`, `bool`, `char`, `duration`) and the largest number of bytes it takes.
    Scalar(&'static str, usize),
    /// A string.
    Text,
    /// That many of one shape.
    Array(usize, &'static Shape),
    /// A length and so many of one shape.
    Sequence(&'static Shape),
    /// One byte, 0 or 1, and the value if 1.
    Option(&'static Shape),
    /// The variants' names in order; the index travels as a varint.
    Enum(&'static [&'static str]),
    /// Named fields in order, each with the lengths it declares.
    Struct(&'static [(&'static str, Shape, &'static [usize])]),
}
