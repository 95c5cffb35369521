//! Intervals: the comparison follows the kind of range as written, and nothing is ever clamped.

use alloc::vec::Vec;
use core::fmt;
use core::ops::{Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};
use core::time::Duration;

use crate::bytes::{put_prefixed, put_varint};
use crate::value::{Leaf, NoLeaf};

/// An interval of numbers, open or closed at its upper end; a missing end bounds nothing.
///
/// NaN is in no interval, and an infinity only in one that has it as a bound.
///
/// ```
/// use statecookie::Interval;
///
/// let angles = Interval::from(0.0..360.0_f32);
/// assert!(angles.contains(&359.99997) && !angles.contains(&360.0));
/// assert!(!Interval::from(0.0..).contains(&f32::INFINITY));
/// assert!(Interval::from(0.0..=f32::INFINITY).contains(&f32::INFINITY));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval<L> {
    /// The least value allowed.
    pub low: Option<L>,
    /// The greatest value allowed, or the least not allowed.
    pub high: Option<L>,
    /// Whether `high` itself is outside.
    pub high_excluded: bool,
}

impl<L> Interval<L> {
    /// `low..=high`, either end of which may be missing.
    #[inline]
    pub const fn closed(low: Option<L>, high: Option<L>) -> Self {
        Self {
            low,
            high,
            high_excluded: false,
        }
    }

    /// `low..high`, the lower end of which may be missing.
    #[inline]
    pub const fn half_open(low: Option<L>, high: Option<L>) -> Self {
        Self {
            low,
            high,
            high_excluded: true,
        }
    }

    /// Where there is no upper end, none can be excluded: the greatest number of the type is inside.
    #[inline]
    const fn excludes_high(&self) -> bool {
        self.high_excluded && self.high.is_some()
    }
}

impl<L: Leaf> Interval<L> {
    /// Whether the number is in the interval.
    #[inline]
    pub fn contains(&self, number: &L) -> bool {
        self.low_end().is_some_and(|low| low <= *number)
            && self.high_end().is_some_and(|high| {
                if self.excludes_high() {
                    *number < high
                } else {
                    *number <= high
                }
            })
    }

    /// Whether no number at all is in the interval; a NaN as an end leaves none.
    pub fn is_empty(&self) -> bool {
        let ends = self.low_end().zip(self.high_end());
        let holds_something = ends.is_some_and(|(low, high)| {
            if self.excludes_high() {
                low < high
            } else {
                low <= high
            }
        });
        !holds_something
    }

    /// Appends flags and ends to a schema's description.
    pub(crate) fn describe(&self, out: &mut Vec<u8>) {
        let flags = u64::from(self.low.is_some())
            | u64::from(self.high.is_some()) << 1
            | u64::from(self.high_excluded) << 2;
        put_varint(out, flags);
        for end in [self.low, self.high].into_iter().flatten() {
            let mut encoded = Vec::new();
            end.put(&mut encoded);
            put_prefixed(out, &encoded);
        }
    }

    #[inline]
    fn low_end(&self) -> Option<L> {
        self.low.or(L::LIMITS.map(|limits| limits.0))
    }

    #[inline]
    fn high_end(&self) -> Option<L> {
        self.high.or(L::LIMITS.map(|limits| limits.1))
    }
}

impl<L: fmt::Debug> fmt::Display for Interval<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(low) = &self.low {
            write!(f, "{low:?}")?;
        }
        f.write_str(if self.high_excluded || self.high.is_none() {
            ".."
        } else {
            "..="
        })?;
        self.high
            .as_ref()
            .map_or(Ok(()), |high| write!(f, "{high:?}"))
    }
}

impl<L> From<Range<L>> for Interval<L> {
    fn from(range: Range<L>) -> Self {
        Self::half_open(Some(range.start), Some(range.end))
    }
}

impl<L> From<RangeFrom<L>> for Interval<L> {
    fn from(range: RangeFrom<L>) -> Self {
        Self::closed(Some(range.start), None)
    }
}

impl<L> From<RangeInclusive<L>> for Interval<L> {
    fn from(range: RangeInclusive<L>) -> Self {
        let (low, high) = range.into_inner();
        Self::closed(Some(low), Some(high))
    }
}

impl<L> From<RangeTo<L>> for Interval<L> {
    fn from(range: RangeTo<L>) -> Self {
        Self::half_open(None, Some(range.end))
    }
}

impl<L> From<RangeToInclusive<L>> for Interval<L> {
    fn from(range: RangeToInclusive<L>) -> Self {
        Self::closed(None, Some(range.end))
    }
}

/// `holds_something` for one leaf: what `is_empty` denies, for literal ranges, while the user's program is compiled.
macro_rules! holds_something {
    ($($ty:ident, $number:ident => $key:expr, $min:expr, $max:expr;)*) => {$(
        impl Interval<$ty> {
            /// Whether some number is in the interval.
            #[doc(hidden)]
            pub const fn holds_something(&self) -> bool {
                let low = match self.low { Some($number) => $key, None => $min };
                let high = match self.high { Some($number) => $key, None => $max };
                if self.excludes_high() { low < high } else { low <= high }
            }
        }
    )*};
    ($($ty:ident)*) => {
        holds_something! { $($ty, number => number, $ty::MIN, $ty::MAX;)* }
    };
}

holds_something! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 char }
holds_something! { Duration, number => number.as_nanos(), 0, Duration::MAX.as_nanos(); }

impl Interval<NoLeaf> {
    /// Nothing to judge: the type mismatch is reported already.
    #[doc(hidden)]
    pub const fn holds_something(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn the_comparison_follows_the_kind_of_range() {
        assert!(Interval::from(0..=4).contains(&4_u8));
        assert!(!Interval::from(0..4).contains(&4_u8));
        assert!(Interval::from(..=4).contains(&4_u8));
        assert!(!Interval::from(..4).contains(&4_u8));
        assert!(Interval::from(4..).contains(&u8::MAX));
        assert!(Interval::from(-0.0..=0.0).contains(&0.0_f32));
        assert!(Interval::from(0.0..1.0).contains(&-0.0_f32));
    }

    #[test]
    fn an_upper_end_that_is_missing_excludes_nothing() {
        assert!(Interval::half_open(None, None).contains(&u8::MAX));
        assert!(Interval::half_open(Some(u8::MAX), None).holds_something());
        assert!(!Interval::half_open(Some(u8::MAX), None).is_empty());
    }

    #[test]
    fn an_infinity_is_inside_only_where_a_bound_is_one() {
        assert!(!Interval::from(..=0.0).contains(&f64::NEG_INFINITY));
        assert!(Interval::from(f64::NEG_INFINITY..).contains(&f64::NEG_INFINITY));
        assert!(!Interval::from(f64::NEG_INFINITY..).contains(&f64::INFINITY));
        assert!(!Interval::from(0.0..f64::INFINITY).contains(&f64::INFINITY));
        assert!(Interval::from(..=f64::INFINITY).contains(&f64::INFINITY));
    }

    #[test]
    fn emptiness_is_the_same_at_run_time_and_at_compile_time() {
        let floats = [
            f32::NAN,
            f32::NEG_INFINITY,
            f32::MIN,
            -0.0,
            0.0,
            1.0,
            f32::MAX,
            f32::INFINITY,
        ];
        let ends = || floats.into_iter().map(Some).chain([None]);
        for (low, high) in ends().flat_map(|low| ends().map(move |high| (low, high))) {
            for interval in [Interval::closed(low, high), Interval::half_open(low, high)] {
                assert_eq!(
                    interval.holds_something(),
                    !interval.is_empty(),
                    "{interval}"
                );
                if interval.is_empty() {
                    assert!(
                        !floats.iter().any(|float| interval.contains(float)),
                        "{interval}"
                    );
                }
            }
        }
        assert!(!Interval::from(..0_u8).holds_something());
        assert!(!Interval::from('b'..='a').holds_something());
        assert!(Interval::from(..=Duration::ZERO).holds_something());
        assert!(Interval::<NoLeaf>::closed(None, None).holds_something());
    }

    #[test]
    fn prints_as_it_was_written() {
        assert_eq!(Interval::from(0..=4).to_string(), "0..=4");
        assert_eq!(Interval::from(0.0..360.0).to_string(), "0.0..360.0");
        assert_eq!(Interval::from('a'..).to_string(), "'a'..");
        assert_eq!(
            Interval::from(..=Duration::from_secs(5)).to_string(),
            "..=5s"
        );
    }
}
