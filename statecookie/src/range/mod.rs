//! What `in range` means for numbers, collections and options, and the error that names field and bound.

mod choice;
mod interval;
mod signed;
mod text;

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use crate::bytes::{put_prefixed, put_varint};
use crate::error::OutOfRange;
use crate::value::MutableValue;
pub use choice::{Choice, put_choice};
pub use interval::Interval;
pub use signed::Arithmetic;

/// The declared bound of one mutable field, evaluated.
///
/// ```
/// use statecookie::{Bound, Interval, Rule};
///
/// let bound = Bound { lengths: &[], rule: Rule::<[f32; 3]>::Range(Interval::from(-1.0..1.0)) };
/// assert!(bound.check("position", &[0.0, -1.0, 0.999]).is_ok());
/// let refused = bound.check("position", &[0.0, f32::NAN, 0.0]).unwrap_err();
/// assert_eq!(refused.to_string(), "`position` is outside its bound: -1.0..1.0");
/// ```
pub struct Bound<T: MutableValue> {
    /// Greatest length for each level of variable length, from the outside in.
    pub lengths: &'static [usize],
    /// What else must hold.
    pub rule: Rule<T>,
}

/// What must hold of a mutable value beside its lengths.
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
        /// Appends the evaluated list to the schema's description: its count and each value behind its length.
        describe: fn(&mut Vec<u8>),
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
    #[inline]
    pub fn check(&self, field: &'static str, value: &T) -> Result<(), OutOfRange> {
        if self.holds(value) {
            Ok(())
        } else {
            Err(self.refusal(field))
        }
    }

    /// Whether the value is within the bound.
    #[inline]
    pub fn holds(&self, value: &T) -> bool {
        value.fits(self.lengths) && value.intact() && self.rule.holds(value)
    }

    /// Whether no value at all can be within the bound.
    pub fn is_empty(&self) -> bool {
        matches!(&self.rule, Rule::Range(interval) if interval.is_empty())
    }

    /// Appends the bound to a schema's description.
    pub fn describe(&self, out: &mut Vec<u8>) {
        put_lengths(self.lengths, out);
        self.rule.describe(out);
    }

    #[cold]
    fn refusal(&self, field: &'static str) -> OutOfRange {
        OutOfRange::new(field, self.to_string())
    }
}

impl<T: MutableValue> Rule<T> {
    /// The rule of a signed bound: what its evaluation gave, and nothing if it overflowed.
    #[inline]
    pub fn signed(interval: Option<Interval<T::Leaf>>) -> Self {
        interval.map_or(Self::Nothing, Self::Range)
    }

    #[inline]
    fn holds(&self, value: &T) -> bool {
        match self {
            Self::Any => true,
            Self::Range(interval) => value.leaves(|leaf| interval.contains(leaf)),
            Self::OneOf { holds, .. } | Self::Check { holds, .. } => holds(value),
            Self::Nothing => false,
        }
    }

    fn describe(&self, out: &mut Vec<u8>) {
        match self {
            Self::Any => put_varint(out, 0),
            Self::Range(interval) => {
                put_varint(out, 1);
                interval.describe(out);
            }
            Self::OneOf { describe, .. } => {
                put_varint(out, 2);
                describe(out);
            }
            Self::Check { text, .. } => {
                put_varint(out, 3);
                put_prefixed(out, text.as_bytes());
            }
            Self::Nothing => put_signed_rule("", out),
        }
    }
}

/// Appends the number of lengths and each of them.
pub(crate) fn put_lengths(lengths: &[usize], out: &mut Vec<u8>) {
    put_varint(out, lengths.len() as u64);
    lengths.iter().for_each(|len| put_varint(out, *len as u64));
}

/// Appends the rule of a signed bound, which has no value before there is a state.
pub(crate) fn put_signed_rule(text: &str, out: &mut Vec<u8>) {
    put_varint(out, 4);
    put_prefixed(out, text.as_bytes());
}

// By hand, because a derive would ask the same of `T`.
impl<T: MutableValue> Clone for Bound<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: MutableValue> Copy for Bound<T> {}

impl<T: MutableValue> fmt::Debug for Bound<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bound({self})")
    }
}

impl<T: MutableValue> Clone for Rule<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: MutableValue> Copy for Rule<T> {}

impl<T: MutableValue> fmt::Debug for Rule<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rule({self})")
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec;

    use super::*;

    fn range<T: MutableValue>(interval: impl Into<Interval<T::Leaf>>) -> Bound<T> {
        Bound {
            lengths: &[],
            rule: Rule::Range(interval.into()),
        }
    }

    #[test]
    fn a_range_speaks_of_every_number_inside() {
        let bound = Bound {
            lengths: &[3],
            rule: Rule::Range(Interval::from(1..=4)),
        };
        assert!(bound.holds(&Some(vec![1_u8, 4])));
        assert!(bound.holds(&None));
        assert!(!bound.holds(&Some(vec![1, 5])));
        assert!(!bound.holds(&Some(vec![1; 4])));
    }

    #[test]
    fn nan_stays_out_of_every_bound() {
        assert!(!range(0.0..).holds(&f32::NAN));
        assert!(!range(f64::NEG_INFINITY..=f64::INFINITY).holds(&f64::NAN));
        assert!(
            !Bound {
                lengths: &[],
                rule: Rule::Any
            }
            .holds(&[0.0, f32::NAN])
        );
        assert!(
            Bound {
                lengths: &[],
                rule: Rule::Any
            }
            .holds(&[0.0, f32::INFINITY])
        );
    }

    #[test]
    fn the_error_names_field_and_evaluated_bound() {
        let bound = Bound {
            lengths: &[2, 16],
            rule: Rule::Any,
        };
        let refused = bound
            .check("tags", &vec![String::from("a"); 3])
            .unwrap_err();
        assert_eq!(refused.field, "tags");
        assert_eq!(refused.bound, "at most 2 elements, each at most 16 bytes");
    }

    #[test]
    fn an_overflown_signed_bound_holds_nothing() {
        let bound = Bound {
            lengths: &[],
            rule: Rule::<u8>::signed(None),
        };
        assert!(!bound.holds(&0));
    }

    #[test]
    fn shows_itself_as_it_reads_in_an_error() {
        let bound = range::<u8>(0..=4);
        assert_eq!(alloc::format!("{bound:?}"), "Bound(0..=4)");
        assert_eq!(alloc::format!("{:?}", bound.rule), "Rule(0..=4)");
    }

    #[test]
    fn an_interval_without_a_value_leaves_the_bound_empty() {
        assert!(range::<u8>(4..4).is_empty());
        assert!(!range::<u8>(4..5).is_empty());
    }
}
