//! What generated code may touch, and nothing more. Not part of the public API.

pub use alloc::vec::Vec;
pub use core::assert;
pub use core::convert::From;
pub use core::default::Default;
pub use core::marker::{PhantomData, Send};
pub use core::ops::FnMut;
pub use core::option::Option::{self, None, Some};
pub use core::result::Result::{self, Err, Ok};
pub use core::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use crate::approx::{Approximate, Tolerance};
pub use crate::bytes::{Reader, put_prefixed, put_varint};
pub use crate::error::{EncodeError, Invalid, Malformed, OutOfRange};
pub use crate::range::{Arithmetic, Bound, Choice, Interval, Rule, put_choice};
pub use crate::schema::{
    BoundVisitor, EmptyRange, Field, Overlay, Source, StateCookie, Table, TierPolicy, WhenAway,
    describe_field,
};
pub use crate::tier::{Class, Stamp, Tier, TierSet};
pub use crate::value::{Leaf, MutableValue, NoLeaf, Shape};

/// What an immutable or private field needs of its type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not serialisable, so it cannot be an immutable or private field",
    label = "needs `serde::Serialize` and `serde::Deserialize` without borrowing",
    note = "add `#[derive(serde::Serialize, serde::Deserialize)]` to `{Self}`"
)]
pub trait Signed: Serialize + DeserializeOwned + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + 'static> Signed for T {}

/// Appends a signed field's value.
///
/// # Errors
///
/// The value cannot be written in the format; the error names the field.
pub fn put_signed<T: Signed>(
    field: &'static str,
    value: &T,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    crate::signed::encode(value, out).map_err(|cause| EncodeError { field, cause })
}

/// Takes a signed field's value from `source`.
///
/// # Errors
///
/// Those of the source.
pub fn take_signed<T: Signed, R: Source>(
    source: &mut R,
    field: &'static Field,
) -> Result<T, R::Error> {
    source.signed(field)
}

/// Takes a field of a mutable struct, which nothing is outside of its bound.
///
/// # Errors
///
/// Anything but the canonical form of a value within the bound.
#[inline]
pub fn take_inner<T: MutableValue>(
    input: &mut Reader<'_>,
    bound: &Bound<T>,
) -> Result<T, Malformed> {
    let value = T::read(input, bound.lengths)?;
    if bound.holds(&value) {
        Ok(value)
    } else {
        Err(Malformed::InnerBound)
    }
}

/// What a struct's `validate` may return.
#[diagnostic::on_unimplemented(
    message = "`validate` returns `{Self}`",
    label = "must return `bool` or `Result<(), &'static str>`"
)]
pub trait Verdict {
    /// The verdict as an error of the state.
    ///
    /// # Errors
    ///
    /// The state is not valid.
    fn judge(self) -> Result<(), Invalid>;
}

impl Verdict for bool {
    fn judge(self) -> Result<(), Invalid> {
        if self {
            Ok(())
        } else {
            Err(Invalid {
                reason: "`validate` refused it",
            })
        }
    }
}

impl Verdict for Result<(), &'static str> {
    fn judge(self) -> Result<(), Invalid> {
        self.map_err(|reason| Invalid { reason })
    }
}

/// The tier of that number, which the macro has checked.
pub const fn tier(number: u8) -> Tier {
    match Tier::new(number) {
        Some(tier) => tier,
        None => Tier::LOWEST,
    }
}

/// The table of a struct whose attributes were refused; the program that holds it never compiles.
pub const BROKEN: Table = Table {
    name: "",
    version: 0,
    tiers: &[],
    fields: &[],
    session_max: Duration::ZERO,
    pad: 1,
    max_cookie_len: None,
    leaned_on: TierSet::EMPTY,
    derived_len: 0,
};

/// The body of what stands in for generated code until the attributes are repaired; it never runs.
pub fn broken() -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// The longest cookie of a tier whose fields all have a known size, without what longer varints add.
pub const fn longest_cookie(
    overhead: usize,
    open: &[(Shape, &[usize])],
    private: &[(Shape, &[usize])],
    pad: usize,
) -> usize {
    let cookie = overhead.saturating_add(longest(open));
    if private.is_empty() {
        return cookie;
    }
    let padded = longest(private).div_ceil(pad).saturating_mul(pad);
    cookie.saturating_add(42).saturating_add(padded)
}

/// The longest encoding of mutable values one after another.
pub const fn longest(fields: &[(Shape, &[usize])]) -> usize {
    match fields.split_first() {
        Some(((shape, lengths), rest)) => shape.longest(lengths).saturating_add(longest(rest)),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_an_error_or_none() {
        assert!(true.judge().is_ok());
        assert_eq!(false.judge().unwrap_err().reason, "`validate` refused it");
        assert!(Ok::<(), _>(()).judge().is_ok());
        assert_eq!(Err("too late").judge().unwrap_err().reason, "too late");
    }

    #[test]
    fn the_longest_cookie_counts_padding_nonce_and_tag_where_something_is_private() {
        const NUMBER: (Shape, &[usize]) = (Shape::Scalar("u16", 3), &[]);
        const TEXT: (Shape, &[usize]) = (Shape::Text, &[20]);
        assert_eq!(longest_cookie(30, &[NUMBER, TEXT], &[], 16), 30 + 3 + 21);
        assert_eq!(longest_cookie(30, &[], &[NUMBER, TEXT], 16), 30 + 42 + 32);
        assert_eq!(longest_cookie(30, &[NUMBER], &[NUMBER], 1), 30 + 3 + 42 + 3);
    }

    #[test]
    fn a_tier_has_its_number() {
        assert_eq!(tier(3).number(), 3);
    }

    #[test]
    fn what_cannot_be_written_names_its_field() {
        let mut out = Vec::new();
        put_signed("rating", &300_u16, &mut out).unwrap();
        assert_eq!(out, [0xac, 0x02]);
        let refused = put_signed("nothings", &alloc::vec![(); 3], &mut out).unwrap_err();
        assert_eq!(refused.field, "nothings");
    }

    #[test]
    fn an_inner_field_is_held_to_its_bound_while_it_is_read() {
        let bound = Bound::<u8> {
            lengths: &[],
            rule: Rule::Range(Interval::from(0..=4_u8)),
        };
        assert_eq!(take_inner(&mut Reader::new(&[4]), &bound), Ok(4));
        let refused = take_inner(&mut Reader::new(&[5]), &bound);
        assert_eq!(refused, Err(Malformed::InnerBound));
    }
}
