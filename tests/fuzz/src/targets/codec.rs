//! The strict codec of mutable values: unsigned bytes, so there is one form of each value, and a bound for each length.

use std::fmt::Debug;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use statecookie::{MutableValue, Reader};

use super::bounds;
use crate::heap;

/// A field-less enum.
#[derive(MutableValue, Serialize, serde::Deserialize, Clone, Copy, Debug, PartialEq)]
pub(crate) enum Mode {
    /// Index 0.
    Walk,
    /// Index 1.
    Run,
    /// Index 2.
    Fly,
}

#[derive(MutableValue, Serialize, serde::Deserialize, Debug)]
enum Lonely {
    Only,
}

/// A small struct whose fields have bounds of their own.
#[derive(MutableValue, Serialize, serde::Deserialize, Debug)]
struct Label {
    #[mutable(max_len = 8)]
    text: String,
    #[mutable(range = -3..=3)]
    size: i32,
    #[mutable(any, max_len = 2, each(max_len = 3))]
    tags: Vec<String>,
    #[mutable(any)]
    mode: Mode,
    #[mutable(range = 0.0..360.0)]
    yaw: Option<f32>,
}

#[derive(MutableValue, Serialize, serde::Deserialize, Debug)]
struct Nested {
    #[mutable(any)]
    label: Label,
    #[mutable(any, max_len = 3)]
    more: Vec<Label>,
}

#[derive(MutableValue, Serialize, serde::Deserialize, Debug)]
struct Nothing {}

const LENGTHS: [&[usize]; 4] = [&[64, 64, 64], &[3, 2, 1], &[0, 9, 9], &[]];

/// `codec`: the first byte chooses the type, the second the lengths; the rest is the value.
pub fn run(data: &[u8]) {
    let [kind, lengths, bytes @ ..] = data else {
        return;
    };
    let lengths = LENGTHS[usize::from(*lengths) % LENGTHS.len()];
    match TYPES.get(usize::from(*kind)) {
        Some(check) => check(bytes, lengths),
        None => bounds::run(kind.wrapping_sub(TYPES.len() as u8), bytes),
    }
}

/// How many values of the first byte choose a type here; the others choose a bound.
pub const KINDS: usize = TYPES.len();

type Check = fn(&[u8], &[usize]);

macro_rules! scalars {
    ($($ty:ty)*) => {
        [$(&[
            check::<$ty>,
            check::<Option<$ty>>,
            check::<[$ty; 3]>,
            check::<Vec<$ty>>,
        ] as &[Check]),*]
    };
}

const SCALARS: [&[Check]; 18] = scalars! {
    u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char String Duration
};

const COMPOSED: &[Check] = &[
    check::<Mode>,
    check::<Lonely>,
    check::<Label>,
    check::<Nested>,
    check::<Vec<Mode>>,
    check::<[Option<Label>; 2]>,
    check::<Vec<Option<[String; 2]>>>,
    check::<Option<Option<bool>>>,
    check::<[[f32; 2]; 2]>,
    check::<Vec<Vec<u8>>>,
    check::<Vec<Vec<Vec<u16>>>>,
    check::<Vec<[Duration; 2]>>,
    check::<[u8; 0]>,
    check_bomb::<Nothing>,
    check_bomb::<Vec<Nothing>>,
    check_bomb::<Vec<[u8; 0]>>,
    check_bomb::<Vec<[Vec<Nothing>; 2]>>,
];

const TYPES: [Check; 18 * 4 + COMPOSED.len()] = {
    let mut types = [check::<u8> as Check; 18 * 4 + COMPOSED.len()];
    let mut at = 0;
    while at < types.len() {
        types[at] = if at < 18 * 4 {
            SCALARS[at / 4][at % 4]
        } else {
            COMPOSED[at - 18 * 4]
        };
        at += 1;
    }
    types
};

fn check<T: MutableValue + Serialize + DeserializeOwned + Debug>(bytes: &[u8], lengths: &[usize]) {
    if accepts::<T>(bytes, lengths) {
        return;
    }
    // What postcard reads, in its own form and within lengths and bounds, is a value for us, too.
    if let Ok((value, rest)) = postcard::take_from_bytes::<T>(bytes) {
        let canonical = to_postcard(&value) == bytes[..bytes.len() - rest.len()];
        let good = canonical && value.fits(lengths) && value.intact();
        assert!(!good, "{value:?} was refused");
    }
}

/// A type that postcard would build millions of.
fn check_bomb<T: MutableValue + Serialize + DeserializeOwned + Debug>(
    bytes: &[u8],
    lengths: &[usize],
) {
    accepts::<T>(bytes, lengths);
}

fn accepts<T: MutableValue + Serialize + DeserializeOwned + Debug>(
    bytes: &[u8],
    lengths: &[usize],
) -> bool {
    let mut input = Reader::new(bytes);
    let (found, peak) = heap::peak(|| T::read(&mut input, lengths));
    // No level is longer than 64 elements of at most 96 bytes, nor than the bytes that are there.
    let most = 3 * 64.min(bytes.len()) * 96 + bytes.len() * 96;
    assert!(peak <= most, "{} bytes took {peak}", bytes.len());
    let Ok(value) = found else {
        return false;
    };
    let taken = &bytes[..bytes.len() - input.len()];
    let mut written = Vec::new();
    value.write(&mut written);
    assert_eq!(written, taken, "{value:?}");
    assert!(value.fits(lengths), "{value:?}");
    assert!(taken.len() <= T::SHAPE.longest(lengths), "{value:?}");
    let theirs = postcard::from_bytes::<T>(taken).map(|theirs| to_postcard(&theirs));
    assert_eq!(theirs.as_deref(), Ok(taken), "{value:?}");
    true
}

fn to_postcard<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}
