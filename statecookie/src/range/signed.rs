//! The arithmetic of signed bounds, which overflows into `None`: the numbers are the server's, the panic would be too.

use core::time::Duration;

/// Numbers that a signed bound may calculate with.
#[diagnostic::on_unimplemented(
    message = "a signed bound cannot calculate with `{Self}`",
    label = "not a number"
)]
pub trait Arithmetic: Sized {
    /// `self + other`.
    fn add(self, other: Self) -> Option<Self>;
    /// `self - other`.
    fn sub(self, other: Self) -> Option<Self>;
    /// `self * other`.
    fn mul(self, other: Self) -> Option<Self>;
    /// `self / other`.
    fn div(self, other: Self) -> Option<Self>;
    /// `self % other`.
    fn rem(self, other: Self) -> Option<Self>;
    /// `-self`.
    fn neg(self) -> Option<Self>;
}

macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl Arithmetic for $ty {
            #[inline]
            fn add(self, other: Self) -> Option<Self> {
                self.checked_add(other)
            }
            #[inline]
            fn sub(self, other: Self) -> Option<Self> {
                self.checked_sub(other)
            }
            #[inline]
            fn mul(self, other: Self) -> Option<Self> {
                self.checked_mul(other)
            }
            #[inline]
            fn div(self, other: Self) -> Option<Self> {
                self.checked_div(other)
            }
            #[inline]
            fn rem(self, other: Self) -> Option<Self> {
                self.checked_rem(other)
            }
            #[inline]
            fn neg(self) -> Option<Self> {
                self.checked_neg()
            }
        }
    )*};
}

macro_rules! floats {
    ($($ty:ty)*) => {$(
        impl Arithmetic for $ty {
            #[inline]
            fn add(self, other: Self) -> Option<Self> {
                Some(self + other)
            }
            #[inline]
            fn sub(self, other: Self) -> Option<Self> {
                Some(self - other)
            }
            #[inline]
            fn mul(self, other: Self) -> Option<Self> {
                Some(self * other)
            }
            #[inline]
            fn div(self, other: Self) -> Option<Self> {
                Some(self / other)
            }
            #[inline]
            fn rem(self, other: Self) -> Option<Self> {
                Some(self % other)
            }
            #[inline]
            fn neg(self) -> Option<Self> {
                Some(-self)
            }
        }
    )*};
}

integers! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }
floats! { f32 f64 }

impl Arithmetic for Duration {
    fn add(self, other: Self) -> Option<Self> {
        self.checked_add(other)
    }
    fn sub(self, other: Self) -> Option<Self> {
        self.checked_sub(other)
    }
    /// A product of two durations is none.
    fn mul(self, _other: Self) -> Option<Self> {
        None
    }
    /// A quotient of two durations is none.
    fn div(self, _other: Self) -> Option<Self> {
        None
    }
    /// The remainder after whole times of `other`, to the nanosecond.
    fn rem(self, other: Self) -> Option<Self> {
        let nanos = self.as_nanos().checked_rem(other.as_nanos())?;
        let secs = u64::try_from(nanos / 1_000_000_000).ok()?;
        Some(Self::new(secs, (nanos % 1_000_000_000) as u32))
    }
    /// Only nothing has an opposite.
    fn neg(self) -> Option<Self> {
        self.is_zero().then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_panic_is_none() {
        assert_eq!(Arithmetic::add(u8::MAX, 1), None);
        assert_eq!(Arithmetic::sub(0_u32, 1), None);
        assert_eq!(Arithmetic::mul(i64::MAX, 2), None);
        assert_eq!(Arithmetic::div(1_u16, 0), None);
        assert_eq!(Arithmetic::div(i8::MIN, -1), None);
        assert_eq!(Arithmetic::rem(1_i32, 0), None);
        assert_eq!(Arithmetic::neg(i8::MIN), None);
        assert_eq!(
            Arithmetic::sub(Duration::ZERO, Duration::from_nanos(1)),
            None
        );
        assert_eq!(
            Arithmetic::rem(Duration::from_secs(5), Duration::ZERO),
            None
        );
    }

    #[test]
    fn what_would_not_panic_is_itself() {
        assert_eq!(Arithmetic::add(1_u8, 2), Some(3));
        assert_eq!(Arithmetic::div(1.0_f32, 0.0), Some(f32::INFINITY));
        let rest = Arithmetic::rem(Duration::from_millis(5_250), Duration::from_secs(2));
        assert_eq!(rest, Some(Duration::from_millis(1_250)));
    }

    #[test]
    fn durations_add_and_subtract_but_have_no_products() {
        let (long, short) = (Duration::from_millis(5_250), Duration::from_secs(2));
        let sum = Arithmetic::add(long, short);
        assert_eq!(sum, Some(Duration::from_millis(7_250)));
        let difference = Arithmetic::sub(long, short);
        assert_eq!(difference, Some(Duration::from_millis(3_250)));
        assert_eq!(Arithmetic::mul(long, short), None);
        assert_eq!(Arithmetic::div(long, short), None);
        assert_eq!(Arithmetic::neg(long), None);
        assert_eq!(Arithmetic::neg(Duration::ZERO), Some(Duration::ZERO));
        let centuries = Duration::from_secs(10_000_000_000);
        let rest = Arithmetic::rem(centuries + long, centuries);
        assert_eq!(rest, Some(long));
    }
}
