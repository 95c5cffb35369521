//! The strict codec of mutable values, held against postcard and against random bytes.

use core::fmt::Debug;
use core::time::Duration;

use proptest::prelude::*;
use statecookie::{Malformed, MutableValue, Reader};

#[derive(MutableValue, Clone, Copy, Debug, PartialEq, serde::Serialize)]
enum Mode {
    Walk,
    Fly,
    Swim,
}

#[derive(MutableValue, Clone, Debug, PartialEq, serde::Serialize)]
struct Label {
    #[mutable(max_len = 8)]
    text: String,
    #[mutable(range = -3..=3)]
    size: i32,
    #[mutable(any, max_len = 2, each(max_len = 3))]
    tags: Vec<String>,
    #[mutable(any)]
    mode: Mode,
}

#[derive(MutableValue, Clone, Copy, Debug, PartialEq)]
struct Nothing {}

/// Enough lengths for every type of these tests.
const LENGTHS: &[usize] = &[64, 64, 64];

fn written(value: &impl MutableValue) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.write(&mut bytes);
    bytes
}

fn read<T: MutableValue>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut input = Reader::new(bytes);
    let value = T::read(&mut input, LENGTHS)?;
    input.end().map(|()| value)
}

/// What is written reads back, and is what postcard writes.
fn round_trips<T: MutableValue + serde::Serialize + PartialEq + Debug>(value: T) {
    let bytes = written(&value);
    assert_eq!(postcard::to_allocvec(&value).as_ref(), Ok(&bytes));
    assert_eq!(read::<T>(&bytes).as_ref(), Ok(&value));
    assert!(bytes.len() <= T::SHAPE.longest(LENGTHS));
    assert!(value.fits(LENGTHS) && value.intact());
}

/// Bytes that are a value at all are that value's only form.
fn is_canonical<T: MutableValue + Debug>(bytes: &[u8]) {
    let mut input = Reader::new(bytes);
    if let Ok(value) = T::read(&mut input, LENGTHS) {
        let taken = bytes.len() - input.len();
        assert_eq!(written(&value), bytes[..taken], "{value:?}");
        assert!(value.fits(LENGTHS), "{value:?}");
    }
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(any::<char>(), 0..16).prop_map(|text| text.into_iter().collect())
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Walk), Just(Mode::Fly), Just(Mode::Swim)]
}

fn label() -> impl Strategy<Value = Label> {
    let tags = proptest::collection::vec("[a-z]{0,3}", 0..=2);
    ("[a-z]{0,8}", -3..=3, tags, mode()).prop_map(|(text, size, tags, mode)| Label {
        text,
        size,
        tags,
        mode,
    })
}

macro_rules! numbers {
    ($($name:ident: $ty:ty;)*) => {
        proptest! {$(
            #[test]
            fn $name(value: $ty, bytes in proptest::collection::vec(any::<u8>(), 0..24)) {
                round_trips(value);
                round_trips(Some(value));
                round_trips([value; 3]);
                is_canonical::<$ty>(&bytes);
                is_canonical::<Vec<Option<$ty>>>(&bytes);
            }
        )*}
    };
}

numbers! {
    u8_has_one_form: u8;
    u16_has_one_form: u16;
    u32_has_one_form: u32;
    u64_has_one_form: u64;
    u128_has_one_form: u128;
    usize_has_one_form: usize;
    i8_has_one_form: i8;
    i16_has_one_form: i16;
    i32_has_one_form: i32;
    i64_has_one_form: i64;
    i128_has_one_form: i128;
    isize_has_one_form: isize;
    bool_has_one_form: bool;
    char_has_one_form: char;
    duration_has_one_form: Duration;
}

proptest! {
    #[test]
    fn f32_has_one_form(value in -1e30_f32..1e30, bits: u32) {
        round_trips([value, -0.0, f32::INFINITY]);
        is_canonical::<f32>(&bits.to_le_bytes());
    }

    #[test]
    fn f64_has_one_form(value in -1e300_f64..1e300, bits: u64) {
        round_trips([value, f64::NEG_INFINITY, f64::MIN_POSITIVE]);
        is_canonical::<f64>(&bits.to_le_bytes());
    }

    #[test]
    fn collections_have_one_form(
        list in proptest::collection::vec(proptest::option::of(text()), 0..20),
        label in label(),
        modes in proptest::collection::vec(mode(), 0..9),
    ) {
        round_trips(list.clone());
        round_trips([list, Vec::new()]);
        round_trips([label.clone(), label]);
        round_trips(modes);
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        is_canonical::<Vec<Option<[String; 2]>>>(&bytes);
        is_canonical::<Vec<Label>>(&bytes);
        is_canonical::<[Option<Label>; 2]>(&bytes);
        is_canonical::<Vec<Vec<Vec<u16>>>>(&bytes);
        is_canonical::<Vec<Nothing>>(&bytes);
        is_canonical::<String>(&bytes);
    }

    #[test]
    fn small_bytes_never_panic(bytes in proptest::collection::vec(0_u8..5, 0..64)) {
        is_canonical::<Vec<Option<[String; 2]>>>(&bytes);
        is_canonical::<Vec<Label>>(&bytes);
        is_canonical::<Vec<Duration>>(&bytes);
        is_canonical::<Vec<Vec<Vec<u16>>>>(&bytes);
    }
}

#[test]
fn a_list_reserves_what_it_holds_and_no_more() {
    let bytes = [&[3][..], &[0; 12]].concat();
    let list = Vec::<f32>::read(&mut Reader::new(&bytes), &[9]).unwrap();
    assert_eq!((list.len(), list.capacity()), (3, 3));
}

#[test]
fn refuses_what_postcard_would_take() {
    assert_eq!(read::<u16>(&[0x80, 0x00]), Err(Malformed::NotCanonical));
    assert_eq!(read::<u16>(&[0x80, 0x80, 0x04]), Err(Malformed::Overflow));
    assert_eq!(read::<bool>(&[2]), Err(Malformed::BadValue));
    assert_eq!(read::<Option<u8>>(&[2, 0]), Err(Malformed::BadValue));
    assert_eq!(read::<char>(b"\x02ab"), Err(Malformed::BadValue));
    assert_eq!(
        read::<char>(&[3, 0xed, 0xa0, 0x80]),
        Err(Malformed::BadValue)
    );
    assert_eq!(read::<char>(&[0]), Err(Malformed::BadValue));
    assert_eq!(read::<String>(&[1, 0xff]), Err(Malformed::BadValue));
    assert_eq!(read::<Mode>(&[3]), Err(Malformed::BadValue));
    assert_eq!(
        read::<Duration>(&[0, 0x80, 0x94, 0xeb, 0xdc, 0x03]),
        Err(Malformed::BadValue)
    );
}

#[test]
fn believes_no_length() {
    let millions = [0xff, 0xff, 0xff, 0x7f];
    assert_eq!(read::<Vec<u64>>(&millions), Err(Malformed::Truncated));
    assert_eq!(read::<String>(&millions), Err(Malformed::Truncated));
    assert_eq!(
        Vec::<u8>::read(&mut Reader::new(&[2, 1, 1]), &[1]),
        Err(Malformed::TooLong)
    );
    assert_eq!(
        Vec::<u8>::read(&mut Reader::new(&[0]), &[]),
        Err(Malformed::TooLong)
    );
}

#[test]
fn items_without_bytes_are_never_counted() {
    assert_eq!(read::<Vec<Nothing>>(&[0]), Ok(Vec::new()));
    assert_eq!(
        Vec::<Nothing>::read(&mut Reader::new(&[1, 0]), &[9]),
        Err(Malformed::TooLong)
    );
    assert_eq!(
        Vec::<[u8; 0]>::read(&mut Reader::new(&[1, 0]), &[9]),
        Err(Malformed::TooLong)
    );
    assert!(!vec![Nothing {}].fits(&[9]));
    assert!(!vec![[0_u8; 0]].fits(&[9]));
}

#[test]
fn what_is_inside_is_held_to_its_length() {
    let (short, long) = (String::from("abc"), String::from("abcd"));
    assert!(vec![short.clone(); 2].fits(&[2, 3]));
    assert!(!vec![short.clone(); 3].fits(&[2, 3]));
    assert!(!vec![short.clone(), long.clone()].fits(&[2, 3]));
    assert!(![short.clone(), long.clone()].fits(&[3]));
    assert!(!Some(long).fits(&[3]));
    assert!(Some(short).fits(&[3]) && None::<String>.fits(&[3]));
    assert!(!String::new().fits(&[]));
}

#[test]
fn a_number_that_is_none_is_found_inside() {
    assert!(!vec![0.0, f32::NAN].intact());
    assert!(![f64::NAN, 0.0].intact());
    assert!(!Some(f32::NAN).intact());
    assert!(vec![[Some(0.0_f32)]].intact() && None::<f32>.intact());
}

#[test]
fn text_has_no_numbers_that_a_range_could_be_about() {
    assert!(String::from("1").leaves(|_| false));
}

#[test]
fn an_inner_bound_is_held_while_reading() {
    let label = Label {
        text: String::new(),
        size: 4,
        tags: Vec::new(),
        mode: Mode::Walk,
    };
    assert_eq!(read::<Label>(&written(&label)), Err(Malformed::InnerBound));
    assert!(!label.intact());
}
