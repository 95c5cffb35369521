//! How far a number may stray from what was issued last before a new cookie is worth it.

use core::cmp::Ordering;
use core::time::Duration;

/// A type that a field with `approx` may have: numbers, `Duration`, and arrays of them.
///
/// The paper's state approximation (section 3).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be approximated",
    label = "`approx` is about numbers and arrays of them",
    note = "remove `approx`, or bound the rate of the whole tier with `at_most_every`"
)]
pub trait Approximate: Copy + Send + Sync + 'static {
    /// The number inside, through arrays.
    type Number: Copy;

    /// Whether any number is further than `tolerance` from the one `issued`; `exactly`: whether it is another one.
    fn strays(&self, issued: &Self, tolerance: &Tolerance<Self::Number>, exactly: bool) -> bool;
}

/// How far a number may be from another one, and where numbers begin again.
#[derive(Clone, Copy)]
pub struct Tolerance<N> {
    tolerance: N,
    wrap: Option<N>,
}

impl<N> Tolerance<N> {
    /// Within `tolerance`; with `wrap`, a number and `wrap` more are the same place.
    pub const fn new(tolerance: N, wrap: Option<N>) -> Self {
        Self { tolerance, wrap }
    }
}

impl<A: Approximate, const N: usize> Approximate for [A; N] {
    type Number = A::Number;

    #[inline]
    fn strays(&self, issued: &Self, tolerance: &Tolerance<A::Number>, exactly: bool) -> bool {
        let mut pairs = self.iter().zip(issued);
        pairs.any(|(now, issued)| now.strays(issued, tolerance, exactly))
    }
}

macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl Approximate for $ty {
            type Number = Self;

            #[inline]
            fn strays(&self, issued: &Self, within: &Tolerance<Self>, exactly: bool) -> bool {
                if exactly {
                    return self != issued;
                }
                let mut away = self.abs_diff(*issued);
                if let Some(wrap) = within.wrap.map(|wrap| wrap.abs_diff(0)) {
                    let rest = away.checked_rem(wrap).unwrap_or_default();
                    away = rest.min(wrap - rest);
                }
                away > within.tolerance.abs_diff(0)
            }
        }

        impl Tolerance<$ty> {
            /// Whether it lets something through, and not everything.
            pub const fn is_sound(&self) -> bool {
                self.tolerance > 0 && match self.wrap {
                    Some(wrap) => wrap > 0 && self.tolerance < wrap - self.tolerance,
                    None => true,
                }
            }
        }
    )*};
}

macro_rules! floats {
    ($($ty:ty)*) => {$(
        impl Approximate for $ty {
            type Number = Self;

            /// NaN is far from every number and near to itself, so that it is sent, and sent once.
            #[inline]
            fn strays(&self, issued: &Self, within: &Tolerance<Self>, exactly: bool) -> bool {
                let same = self.to_bits() == issued.to_bits();
                if exactly || same {
                    return !same;
                }
                let mut away = (self - issued).abs();
                if let Some(wrap) = within.wrap {
                    let rest = away % wrap;
                    away = rest.min(wrap - rest);
                }
                away.partial_cmp(&within.tolerance).is_none_or(Ordering::is_gt)
            }
        }

        impl Tolerance<$ty> {
            /// Whether it lets something through, and not everything.
            pub const fn is_sound(&self) -> bool {
                self.tolerance > 0.0 && self.tolerance < <$ty>::INFINITY && match self.wrap {
                    Some(wrap) => wrap < <$ty>::INFINITY && self.tolerance < wrap - self.tolerance,
                    None => true,
                }
            }
        }
    )*};
}

integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
floats!(f32 f64);

impl Approximate for Duration {
    type Number = Self;

    fn strays(&self, issued: &Self, within: &Tolerance<Self>, exactly: bool) -> bool {
        let nanos = Tolerance {
            tolerance: within.tolerance.as_nanos(),
            wrap: within.wrap.map(|wrap| wrap.as_nanos()),
        };
        self.as_nanos().strays(&issued.as_nanos(), &nanos, exactly)
    }
}

impl Tolerance<Duration> {
    /// Whether it lets something through, and not everything.
    pub const fn is_sound(&self) -> bool {
        let wrap = match self.wrap {
            Some(wrap) => Some(wrap.as_nanos()),
            None => None,
        };
        Tolerance::new(self.tolerance.as_nanos(), wrap).is_sound()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strays<A: Approximate>(
        from: A,
        to: A,
        tolerance: A::Number,
        wrap: Option<A::Number>,
    ) -> bool {
        to.strays(&from, &Tolerance::new(tolerance, wrap), false)
    }

    #[test]
    fn within_the_tolerance_is_near_and_beyond_it_is_far() {
        assert!(!strays(10_u8, 15, 5, None) && strays(10_u8, 16, 5, None));
        assert!(!strays(10_u8, 5, 5, None) && strays(10_u8, 4, 5, None));
        assert!(strays(i8::MIN, i8::MAX, 100, None) && !strays(-3_i8, 2, 5, None));
        assert!(!strays(1.0_f32, 1.5, 0.5, None) && strays(1.0_f32, 1.5001, 0.5, None));
        let second = Duration::from_secs(1);
        assert!(
            !strays(second, 2 * second, second, None) && strays(second, 3 * second, second, None)
        );
    }

    #[test]
    fn one_element_that_is_far_is_enough() {
        assert!(!strays([[1.0, 2.0]], [[1.5, 1.5]], 0.5, None));
        assert!(strays([[1.0, 2.0]], [[1.0, 1.0]], 0.5, None));
        assert!(!strays([0_u8; 0], [0; 0], 1, None));
    }

    #[test]
    fn an_angle_goes_round() {
        assert!(
            !strays(359.5_f32, 0.4, 1.0, Some(360.0)) && strays(359.5_f32, 0.6, 1.0, Some(360.0))
        );
        assert!(
            !strays(0.4_f64, 359.5, 1.0, Some(360.0)) && strays(0.0_f64, 180.0, 1.0, Some(360.0))
        );
        assert!(!strays(359_u16, 1, 2, Some(360)) && strays(359_u16, 2, 2, Some(360)));
        assert!(!strays(-179_i16, 179, 2, Some(360)) && !strays(0_u32, 720, 1, Some(360)));
    }

    #[test]
    fn what_is_no_number_is_sent_once() {
        assert!(strays(1.0_f32, f32::NAN, 1.0, None) && !strays(f32::NAN, f32::NAN, 1.0, None));
        assert!(
            strays(f64::NAN, 1.0, 1.0, Some(360.0)) && strays(1.0, f64::INFINITY, 1.0, Some(360.0))
        );
        assert!(!strays(f64::INFINITY, f64::INFINITY, 1.0, None));
    }

    #[test]
    fn exactly_is_bit_by_bit() {
        let within = Tolerance::new(1.0, None);
        assert!(0.5_f32.strays(&0.25, &within, true) && !0.5_f32.strays(&0.5, &within, true));
        assert!(!f32::NAN.strays(&f32::NAN, &within, true));
        assert!(
            2_u8.strays(&1, &Tolerance::new(1, None), true)
                && !2_u8.strays(&2, &Tolerance::new(1, None), true)
        );
    }

    #[test]
    fn a_tolerance_lets_something_through_and_not_everything() {
        assert!(Tolerance::new(1_u8, None).is_sound() && !Tolerance::new(0_u8, None).is_sound());
        assert!(
            !Tolerance::new(-1_i8, None).is_sound() && !Tolerance::new(1_i8, Some(-4)).is_sound()
        );
        assert!(
            Tolerance::new(1_u8, Some(3)).is_sound() && !Tolerance::new(1_u8, Some(2)).is_sound()
        );
        for bad in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(!Tolerance::new(bad, None).is_sound(), "{bad}");
        }
        for bad in [2.0, 0.0, f64::NAN, f64::INFINITY] {
            assert!(!Tolerance::new(1.0_f64, Some(bad)).is_sound(), "{bad}");
        }
        assert!(Tolerance::new(1.0_f64, Some(360.0)).is_sound());
        assert!(Tolerance::new(Duration::from_millis(1), None).is_sound());
        assert!(!Tolerance::new(Duration::ZERO, None).is_sound());
    }
}
