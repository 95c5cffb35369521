//! Surroundings in which careless generated code breaks. That this file compiles is most of the test.
#![deny(
    missing_docs,
    warnings,
    unreachable_pub,
    private_interfaces,
    clippy::all,
    clippy::pedantic
)]
#![no_implicit_prelude]

use ::statecookie::{MutableValue, StateCookie};
use ::statecookie_tests::field_source::{FieldSource, written};
use ::std::prelude::rust_2024::{Clone, Copy, Debug, PartialEq, derive, test};
use ::std::{assert, assert_eq, vec};

/// Names that are not what they seem.
#[allow(dead_code, reason = "they only stand in the way")]
mod misleading {
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod alloc {}
    pub(super) mod statecookie {}
    pub(super) struct Option;
    pub(super) struct Result;
    pub(super) struct Vec;
    pub(super) trait MutableValue {}
    pub(super) trait StateCookie {}
}

/// No prelude, and every name that generated code could say means something else.
mod nothing_in_scope {
    #[allow(unused_imports, reason = "they only stand in the way")]
    use super::misleading::{Option, Result, Vec, alloc, core, statecookie, std};

    #[derive(::statecookie::StateCookie)]
    #[statecookie(tier(0, valid_for = "1m"), validate = accept)]
    pub(super) struct Bare {
        #[tier(0)]
        #[mutable(range = 0..=4)]
        pub(super) number: u8,
        #[tier(0)]
        #[mutable(one_of(1, 2))]
        pub(super) choice: u8,
        #[tier(0)]
        #[private]
        pub(super) secret: u64,
        #[tier(0)]
        #[mutable(range = 0..=self.limit + 1)]
        pub(super) limited: u32,
        #[tier(0)]
        pub(super) limit: u32,
    }

    fn accept(_: &Bare) -> bool {
        true
    }
}

/// The library under another name.
mod renamed {
    /// The other name.
    pub(super) mod library {
        pub(crate) extern crate statecookie as renamed;
    }

    use library::renamed::MutableValue;

    #[derive(::statecookie::StateCookie)]
    #[statecookie(crate = self::library::renamed, tier(0, valid_for = "1m"))]
    pub(super) struct Moved {
        #[tier(0)]
        #[mutable(any)]
        pub(super) inner: Inner,
    }

    #[derive(MutableValue, ::std::clone::Clone, ::std::marker::Copy)]
    #[statecookie(crate = self::library::renamed)]
    pub(super) struct Inner {
        #[mutable(range = 0..10)]
        pub(super) number: u16,
    }
}

/// Raw identifiers, and fields named like the locals, parameters and fields of generated code.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "1m"), tier(1, valid_for = "2m"))]
struct Names {
    #[tier(1)]
    r#type: u8,
    #[tier(1)]
    r#match: u8,
    #[tier(0)]
    #[mutable(range = 0..=self.r#type)]
    r#fn: u8,
    #[tier(0)]
    #[mutable(any)]
    value: u8,
    #[tier(0)]
    #[mutable(any)]
    __source: u8,
    #[tier(0)]
    #[mutable(any)]
    __overlay: u8,
    #[tier(0)]
    #[mutable(any)]
    __state: u8,
    #[tier(0)]
    #[private]
    __out: u8,
    #[tier(0)]
    __touched: u8,
    #[tier(0)]
    #[mutable(range = 0..=self.__touched)]
    check: u8,
}

/// A generic state: the where-clauses come from the fields.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(1, valid_for = "2m"), tier(0, valid_for = "1m", or_default))]
pub struct Generic<T: Clone, R, const N: usize>
where
    R: PartialEq,
{
    /// Public and signed.
    #[tier(1)]
    pub signed: T,
    /// Visible in the crate.
    #[tier(1)]
    #[private]
    pub(crate) private: R,
    #[tier(0)]
    #[mutable(range = 0..=3)]
    fixed: [u8; 2],
    #[tier(0)]
    #[mutable(any, max_len = N)]
    list: ::std::vec::Vec<T>,
}

/// A generic mutable value.
#[derive(MutableValue, Clone, Copy, Debug, PartialEq)]
struct Pair<T, const N: usize> {
    #[mutable(any)]
    left: T,
    #[mutable(range = 0..5)]
    right: [u8; N],
}

/// Expressions out of a macro of the user's.
macro_rules! state {
    ($name:ident, $field:ident: $ty:ty, $range:expr, $other:ident) => {
        #[derive(StateCookie)]
        #[statecookie(tier(0, valid_for = "1m"))]
        struct $name {
            #[tier(0)]
            $other: $ty,
            #[tier(0)]
            #[mutable(range = $range)]
            $field: $ty,
            #[tier(0)]
            #[mutable(range = 0..=self.$other * 2)]
            bounded: $ty,
        }
    };
}

state!(FromMacro, level: u8, 0..=3, limit);

/// Everything that an attribute can hold out of the arguments of a macro of the user's, token by token.
macro_rules! handed_over {
    ($name:ident, $inner:ident, $ty:ident, $check:ident, $one:expr, $range:expr, $validate:path) => {
        #[derive(MutableValue, Clone, Copy, Debug, PartialEq)]
        struct $inner {
            #[mutable(check = $check)]
            even: $ty,
        }

        #[derive(StateCookie, Clone, Debug, PartialEq)]
        #[statecookie(tier(1, valid_for = "2m"), tier(0, valid_for = "1m", or_default))]
        #[statecookie(validate = $name::is_sound)]
        struct $name {
            #[tier(1)]
            signed: $ty,
            #[tier(1)]
            #[private]
            private: $ty,
            #[tier(1)]
            #[mutable(check = $check)]
            even: $ty,
            #[tier(1)]
            #[mutable(any)]
            inner: $inner,
            #[tier(1)]
            #[mutable(range = 0..=self.signed)]
            bounded: $ty,
            #[tier(0)]
            #[mutable(one_of(0, $one))]
            choice: $ty,
            #[tier(0)]
            #[mutable(range = $range)]
            level: $ty,
        }

        impl $name {
            fn is_sound(&self) -> bool {
                $validate(self.level)
            }
        }
    };
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "a check gets a reference"
)]
const fn is_even(value: &u8) -> bool {
    value.is_multiple_of(2)
}

const fn is_small(value: u8) -> bool {
    value < 5
}

handed_over!(HandedOver, HandedOverInner, u8, is_even, 7, 0..=9, is_small);

#[test]
fn states_in_hostile_surroundings_work() {
    let bare = nothing_in_scope::Bare {
        number: 4,
        choice: 2,
        secret: 9,
        limited: 4,
        limit: 3,
    };
    let read = nothing_in_scope::Bare::__read(&mut FieldSource::new(&written(&bare)));
    let bare = read.expect("it reads back");
    assert_eq!(
        (
            bare.number,
            bare.choice,
            bare.secret,
            bare.limited,
            bare.limit
        ),
        (4, 2, 9, 4, 3)
    );
    let moved = renamed::Moved {
        inner: renamed::Inner { number: 9 },
    };
    let read = renamed::Moved::__read(&mut FieldSource::new(&written(&moved)));
    assert_eq!(read.expect("it reads back").inner.number, 9);
}

#[test]
fn awkward_names_keep_apart() {
    let names = Names {
        r#type: 1,
        r#match: 2,
        r#fn: 1,
        value: 4,
        __source: 5,
        __overlay: 6,
        __state: 7,
        __out: 8,
        __touched: 9,
        check: 9,
    };
    let bytes = written(&names);
    assert_eq!(bytes, vec![1, 2, 9, 8, 1, 4, 5, 6, 7, 9]);
    assert_eq!(
        Names::__read(&mut FieldSource::new(&bytes)).ok(),
        ::std::option::Option::Some(names)
    );
    assert_eq!(Names::TABLE.fields[0].name, "type");
}

#[test]
fn generic_states_work() {
    type State = Generic<u16, ::std::string::String, 2>;
    let state: State = Generic {
        signed: 1,
        private: ::std::convert::From::from("x"),
        fixed: [1, 2],
        list: vec![3, 4],
    };
    let bytes = written(&state);
    let read = State::__read(&mut FieldSource::new(&bytes)).ok();
    assert_eq!(read, ::std::option::Option::Some(state));
    let mut overlong = bytes[..bytes.len() - 3].to_vec();
    overlong.extend_from_slice(&[3, 1, 2, 3]);
    assert_eq!(
        State::__read(&mut FieldSource::new(&overlong)).ok(),
        ::std::option::Option::None
    );
    let mut out = vec![];
    Pair {
        left: 300_u16,
        right: [4],
    }
    .write(&mut out);
    assert_eq!(out, [0xac, 0x02, 4]);
}

#[test]
fn a_state_from_a_macro_works() {
    let state = FromMacro {
        limit: 2,
        level: 3,
        bounded: 4,
    };
    let all = ::statecookie_tests::field_source::all_tiers::<FromMacro>();
    assert_eq!(state.__check(all), ::std::result::Result::Ok(()));
    let beyond = FromMacro {
        bounded: 5,
        ..state
    };
    assert_eq!(
        beyond.__check(all).expect_err("five is beyond").bound,
        "0..=4"
    );
}

#[test]
fn a_state_made_of_a_macros_arguments_works() {
    let state = HandedOver {
        signed: 5,
        private: 6,
        even: 2,
        inner: HandedOverInner { even: 4 },
        bounded: 5,
        choice: 7,
        level: 4,
    };
    let bytes = written(&state);
    assert_eq!(
        HandedOver::__read(&mut FieldSource::new(&bytes)).ok(),
        ::std::option::Option::Some(state.clone())
    );
    let all = ::statecookie_tests::field_source::all_tiers::<HandedOver>();
    let outside = [
        HandedOver { even: 3, ..state },
        HandedOver { choice: 8, ..state },
        HandedOver {
            bounded: 6,
            ..state
        },
    ];
    for outside in outside {
        assert!(outside.__check(all).is_err(), "{outside:?}");
    }
    let unsound = HandedOver { level: 5, ..state };
    assert_eq!(unsound.__check(all), ::std::result::Result::Ok(()));
    assert!(unsound.__validate().is_err());
}
