//! Ranges of mutable values, held against the comparisons of the standard library.

use std::fmt::Debug;
use std::time::Duration;

use statecookie::private::take_inner;
use statecookie::{Bound, Interval, Malformed, MutableValue, Reader, Rule};

/// A number that a range can be about, as the page has it.
trait Number: MutableValue<Leaf = Self> + PartialOrd + Copy + Debug {
    fn is_nan(self) -> bool {
        false
    }

    /// Beyond what a range without that end reaches.
    fn is_beyond(self, _low: bool) -> bool {
        false
    }
}

macro_rules! plain {
    ($($ty:ty)*) => { $(impl Number for $ty {})* };
}

macro_rules! float {
    ($($ty:ty)*) => {$(
        impl Number for $ty {
            fn is_nan(self) -> bool {
                self.is_nan()
            }

            fn is_beyond(self, low: bool) -> bool {
                self == if low { <$ty>::NEG_INFINITY } else { <$ty>::INFINITY }
            }
        }
    )*};
}

plain! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize char Duration }
float! { f32 f64 }

const RUNS: [fn(u8, &[u8]); 16] = [
    check::<u8>,
    check::<u16>,
    check::<u32>,
    check::<u64>,
    check::<u128>,
    check::<usize>,
    check::<i8>,
    check::<i16>,
    check::<i32>,
    check::<i64>,
    check::<i128>,
    check::<isize>,
    check::<char>,
    check::<Duration>,
    check::<f32>,
    check::<f64>,
];

/// `kind` chooses the type; the bytes hold the kind of range, its two ends, and values.
pub(super) fn run(kind: u8, data: &[u8]) {
    if let [ends, bytes @ ..] = data {
        RUNS[usize::from(kind) % RUNS.len()](*ends, bytes);
    }
}

fn check<T: Number>(ends: u8, bytes: &[u8]) {
    let mut input = Reader::new(bytes);
    let mut next = || T::read(&mut input, &[]).ok();
    let (Some(low), Some(high)) = (next(), next()) else {
        return;
    };
    let interval = Interval {
        low: (ends & 1 != 0).then_some(low),
        high: (ends & 2 != 0).then_some(high),
        high_excluded: ends & 4 != 0,
    };
    let holds = |value: &T| contains(interval, *value);
    bounded::<T>(interval, input, holds);
    bounded::<Option<T>>(interval, input, |value| value.iter().all(holds));
    bounded::<[T; 2]>(interval, input, |value| value.iter().all(holds));
    bounded::<Vec<T>>(interval, input, |value| value.iter().all(holds));
}

/// What is read is within the bound, and what was within it is not refused.
fn bounded<T: MutableValue<Leaf: Number> + Debug>(
    interval: Interval<T::Leaf>,
    mut input: Reader<'_>,
    holds: impl Fn(&T) -> bool,
) {
    let bound = Bound::<T> {
        lengths: &[8],
        rule: Rule::Range(interval),
    };
    let mut again = input;
    let read = T::read(&mut input, bound.lengths);
    match (take_inner(&mut again, &bound), read) {
        (Ok(value), Ok(_)) => assert!(holds(&value), "{value:?} in {interval:?}"),
        (Err(Malformed::InnerBound), Ok(value)) => {
            assert!(!holds(&value), "{value:?} not in {interval:?}");
        }
        (found, read) => assert_eq!(found.err(), read.err()),
    }
}

fn contains<T: Number>(interval: Interval<T>, value: T) -> bool {
    let Interval {
        low,
        high,
        high_excluded,
    } = interval;
    let above = low.map_or(!value.is_beyond(true), |low| low <= value);
    let below = match high {
        None => !value.is_beyond(false),
        Some(high) if high_excluded => value < high,
        Some(high) => value <= high,
    };
    !value.is_nan() && above && below
}
