//! The members of `one_of(..)`: values of the field's type, and string literals for `String`.

use alloc::string::String;
use alloc::vec::Vec;

use crate::bytes::put_prefixed;
use crate::value::MutableValue;

/// A value that `one_of` may list for a field of type `T`.
#[diagnostic::on_unimplemented(
    message = "`one_of` lists a `{Self}` for a field of type `{T}`",
    label = "not a comparable value of type `{T}`",
    note = "the field's type must be `PartialEq`, and every listed value of that type (or a string literal for `String`)"
)]
pub trait Choice<T> {
    /// Whether `value` is this one.
    fn is(&self, value: &T) -> bool;

    /// Appends the value in the field codec.
    fn put(&self, out: &mut Vec<u8>);
}

impl<T: MutableValue + PartialEq> Choice<T> for T {
    #[inline]
    fn is(&self, value: &T) -> bool {
        self == value
    }

    fn put(&self, out: &mut Vec<u8>) {
        self.write(out);
    }
}

impl Choice<String> for &'static str {
    fn is(&self, value: &String) -> bool {
        self == value
    }

    fn put(&self, out: &mut Vec<u8>) {
        put_prefixed(out, self.as_bytes());
    }
}

/// Appends a listed value of a field of type `T` behind its length.
pub fn put_choice<T>(choice: &impl Choice<T>, out: &mut Vec<u8>) {
    let mut encoded = Vec::new();
    choice.put(&mut encoded);
    put_prefixed(out, &encoded);
}
