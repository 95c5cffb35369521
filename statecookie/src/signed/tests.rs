//! Byte-equal with the postcard crate, one byte string for each value, and nothing believed of hostile bytes.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet, VecDeque};
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Debug;

use proptest::prelude::*;
use serde::{Deserialize, Serialize, Serializer};

use super::{decode, encode};
use crate::bytes::Reader;
use crate::error::Malformed;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Newtype(i64);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Unit,
    Newtype(Newtype),
    Tuple(u8, i8, char),
    Struct {
        text: String,
        next: Option<Box<Kind>>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Rich {
    numbers: (u8, u16, u32, u64, u128),
    signed: (i8, i16, i32, i64, i128),
    floats: (f32, f64),
    unit: (Unit, ()),
    flags: [bool; 3],
    letter: char,
    words: Vec<String>,
    kinds: VecDeque<Kind>,
    maybe: Option<Option<u32>>,
    result: Result<u8, String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Bytes(#[serde(with = "as_bytes")] Vec<u8>);

mod as_bytes {
    use super::*;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], out: S) -> Result<S::Ok, S::Error> {
        out.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
        input: D,
    ) -> Result<Vec<u8>, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        input.deserialize_byte_buf(Visitor)
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    let leaf = prop_oneof![
        Just(Kind::Unit),
        any::<i64>().prop_map(|n| Kind::Newtype(Newtype(n))),
        any::<(u8, i8, char)>().prop_map(|(a, b, c)| Kind::Tuple(a, b, c)),
    ];
    leaf.prop_recursive(6, 16, 1, |inner| {
        (any::<String>(), proptest::option::of(inner)).prop_map(|(text, next)| Kind::Struct {
            text,
            next: next.map(Box::new),
        })
    })
}

prop_compose! {
    fn rich()(
        numbers in any::<(u8, u16, u32, u64, u128)>(),
        signed in any::<(i8, i16, i32, i64, i128)>(),
        floats in any::<(f32, f64)>(),
        flags in any::<[bool; 3]>(),
        letter in any::<char>(),
        words in any::<Vec<String>>(),
        kinds in proptest::collection::vec_deque(kind(), 0..4),
        maybe in any::<Option<Option<u32>>>(),
        result in any::<Result<u8, String>>(),
    ) -> Rich {
        Rich { numbers, signed, floats, unit: (Unit, ()), flags, letter, words, kinds, maybe, result }
    }
}

proptest! {
    #[test]
    fn writes_the_bytes_of_postcard_and_reads_them_back(value in rich()) {
        same_as_postcard(&value)?;
    }

    #[test]
    fn carries_maps_sets_and_byte_strings(
        map in any::<BTreeMap<String, Vec<u16>>>(),
        set in any::<BTreeSet<i32>>(),
        bytes in any::<Vec<u8>>(),
    ) {
        same_as_postcard(&(map, set, Bytes(bytes)))?;
    }

    #[test]
    fn has_one_byte_string_for_each_value(bytes in proptest::collection::vec(small_byte(), 0..60)) {
        accepted_bytes_come_back::<Kind>(&bytes)?;
        accepted_bytes_come_back::<Vec<Option<Kind>>>(&bytes)?;
        accepted_bytes_come_back::<(u16, i32, u64, i128, char, String)>(&bytes)?;
        accepted_bytes_come_back::<Vec<(bool, f32, Result<u8, ()>)>>(&bytes)?;
        accepted_bytes_come_back::<Vec<Vec<()>>>(&bytes)?;
        accepted_bytes_come_back::<Rich>(&bytes)?;
    }

    #[test]
    fn never_panics_on_changed_bytes(value in rich(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut bytes = encoded(&value).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        accepted_bytes_come_back::<Rich>(&bytes)?;
    }
}

/// A sequence that does not know its length before it is written.
struct OddBelow(u8);

impl Serialize for OddBelow {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq((0..self.0).filter(|number| number % 2 == 1))
    }
}

#[test]
fn a_count_that_is_known_late_stands_before_its_elements_all_the_same() {
    assert_eq!(
        encoded(&(9_u8, OddBelow(6), 8_u8)).unwrap(),
        [9, 3, 1, 3, 5, 8]
    );
    let many = encoded(&(9_u8, OddBelow(255), 8_u8)).unwrap();
    assert_eq!(
        (many.len(), &many[..3]),
        (1 + 1 + 127 + 1, &[9, 127, 1][..])
    );
}

#[test]
fn carries_tuple_structs() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Pair(u8, u16);

    same_as_postcard(&Pair(1, 300)).unwrap();
}

#[test]
fn refuses_what_is_not_the_shortest_or_not_a_value() {
    refuses::<u16>(&[0x80, 0x00], Malformed::NotCanonical);
    refuses::<u16>(&[0x80, 0x80, 0x04], Malformed::Overflow);
    refuses::<i16>(&[0x80, 0x80, 0x04], Malformed::Overflow);
    refuses::<u32>(&[0xff, 0xff, 0xff, 0xff, 0x10], Malformed::Overflow);
    refuses::<bool>(&[2], Malformed::BadValue);
    refuses::<Option<u8>>(&[2, 0], Malformed::BadValue);
    refuses::<char>(&[2, b'a', b'b'], Malformed::BadValue);
    refuses::<char>(&[0], Malformed::BadValue);
    refuses::<String>(&[1, 0xff], Malformed::BadValue);
    refuses::<String>(&[2, b'a'], Malformed::Truncated);
    refuses::<Kind>(&[4], Malformed::BadValue);
    refuses::<Kind>(&[0xff, 0xff, 0xff, 0xff, 0x10], Malformed::Overflow);
}

/// So many elements without bytes, of which nobody says how many before the end.
struct Listed(usize);

impl Serialize for Listed {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_seq((0..self.0).filter(|_| true).map(|_| ()))
    }
}

#[test]
fn refuses_bombs_of_elements_without_bytes() {
    let bomb = [0xff, 0xff, 0xff, 0x7f];
    refuses::<Vec<()>>(&bomb, Malformed::Truncated);
    refuses::<Vec<Unit>>(&bomb, Malformed::Truncated);
    refuses::<Vec<[u64; 0]>>(&bomb, Malformed::Truncated);
    refuses::<BTreeMap<(), ()>>(&bomb, Malformed::Truncated);
    refuses::<Vec<u8>>(&bomb, Malformed::Truncated);
    refuses::<(Vec<()>, u8)>(&[1, 0], Malformed::Unsupported);
    refuses_to_write(&vec![(); 2], Malformed::Unsupported);
    refuses_to_write(&vec![()], Malformed::Unsupported);
    refuses_to_write(&(0_u8, vec![()]), Malformed::Unsupported);
    refuses_to_write(&BTreeMap::from([((), ())]), Malformed::Unsupported);
    refuses_to_write(&(0_u8, Listed(1)), Malformed::Unsupported);
    same_as_postcard(&Vec::<()>::new()).unwrap();
}

#[test]
fn nests_64_levels_and_no_more_on_both_sides() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Nest(Option<Box<Nest>>);

    let nest = |levels: usize| (0..levels).fold(Nest(None), |inner, _| Nest(Some(Box::new(inner))));
    let mut deepest = encoded(&nest(31)).unwrap();
    assert_eq!(decode::<Nest>(&mut Reader::new(&deepest)), Ok(nest(31)));
    refuses_to_write(&nest(32), Malformed::TooDeep);
    deepest.insert(0, 1);
    refuses::<Nest>(&deepest, Malformed::TooDeep);
    refuses::<Nest>(&vec![1; 60_000], Malformed::TooDeep);
}

#[test]
fn counts_depth_for_every_kind_of_nesting_as_the_reader_does() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Nest {
        End,
        Newtype(Box<Nest>),
        Tuple(Box<Nest>, u8),
        Struct { inner: Box<Nest> },
        Listed(Vec<Nest>),
        Mapped(BTreeMap<u8, Nest>),
    }

    let wraps: [fn(Nest) -> Nest; 5] = [
        |inner| Nest::Newtype(Box::new(inner)),
        |inner| Nest::Tuple(Box::new(inner), 0),
        |inner| Nest::Struct {
            inner: Box::new(inner),
        },
        |inner| Nest::Listed(vec![inner]),
        |inner| Nest::Mapped([(0, inner)].into()),
    ];
    for (wrap, most) in wraps.into_iter().zip([64, 64, 64, 32, 32]) {
        let nest = |levels: usize| (0..levels).fold(Nest::End, |inner, _| wrap(inner));
        let bytes = encoded(&nest(most)).unwrap();
        assert_eq!(decode::<Nest>(&mut Reader::new(&bytes)), Ok(nest(most)));
        refuses_to_write(&nest(most + 1), Malformed::TooDeep);
        let deeper = postcard::to_allocvec(&nest(most + 1)).unwrap();
        refuses::<Nest>(&deeper, Malformed::TooDeep);
    }
}

#[test]
fn counts_a_sequence_of_unknown_length_at_its_end() {
    struct Counted(Vec<u16>);
    impl Serialize for Counted {
        fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
            out.collect_seq(self.0.iter().filter(|_| true))
        }
    }

    struct Mapped(BTreeMap<u16, u8>);
    impl Serialize for Mapped {
        fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
            out.collect_map(self.0.iter().filter(|_| true))
        }
    }

    for len in [0, 1, 200] {
        let map: BTreeMap<u16, u8> = (0..len as u16).map(|key| (key, 1)).collect();
        let bytes = encoded(&Mapped(map.clone())).unwrap();
        assert_eq!(decode(&mut Reader::new(&bytes)), Ok(map));
        let list = vec![300; len];
        let bytes = encoded(&Counted(list.clone())).unwrap();
        assert_eq!(decode::<Vec<u16>>(&mut Reader::new(&bytes)), Ok(list));
    }
}

#[test]
fn refuses_to_write_a_count_that_is_not_true_or_a_skipped_field() {
    struct Liar;
    impl Serialize for Liar {
        fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
            serde::ser::SerializeSeq::end(out.serialize_seq(Some(1))?)
        }
    }
    struct Understater;
    impl Serialize for Understater {
        fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
            let mut list = out.serialize_seq(Some(1))?;
            serde::ser::SerializeSeq::serialize_element(&mut list, &1_u8)?;
            serde::ser::SerializeSeq::serialize_element(&mut list, &2_u8)?;
            serde::ser::SerializeSeq::end(list)
        }
    }
    #[derive(Serialize)]
    enum Varied {
        Skips {
            #[serde(skip_serializing_if = "Option::is_none")]
            maybe: Option<u8>,
        },
    }
    #[derive(Serialize)]
    struct Skips {
        #[serde(skip_serializing_if = "Option::is_none")]
        maybe: Option<u8>,
    }

    refuses_to_write(&Liar, Malformed::Unsupported);
    refuses_to_write(&Understater, Malformed::Unsupported);
    refuses_to_write(&Varied::Skips { maybe: None }, Malformed::Unsupported);
    assert!(encoded(&Varied::Skips { maybe: Some(1) }).is_ok());
    refuses_to_write(&Skips { maybe: None }, Malformed::Unsupported);
    assert!(encoded(&Skips { maybe: Some(1) }).is_ok());
}

#[test]
fn refuses_types_that_need_self_describing_bytes() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        #[allow(dead_code, reason = "never reached")]
        Number(u8),
    }

    refuses::<Untagged>(&[1], Malformed::Unsupported);
    refuses::<serde::de::IgnoredAny>(&[1], Malformed::Unsupported);
}

#[test]
fn shows_nothing_of_a_value_in_errors() {
    #[derive(Debug, PartialEq)]
    struct Telltale;
    impl<'de> Deserialize<'de> for Telltale {
        fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
            let secret = String::deserialize(input)?;
            Err(serde::de::Error::custom(secret))
        }
    }

    let bytes = encoded("top secret").unwrap();
    let error = decode::<Telltale>(&mut Reader::new(&bytes)).unwrap_err();
    assert_eq!(error, Malformed::BadValue);
    assert!(!error.to_string().contains("secret"));
}

#[test]
fn refuses_a_type_that_leaves_elements_to_whoever_reads_next() {
    #[derive(Debug, PartialEq)]
    struct First(u8);
    impl<'de> Deserialize<'de> for First {
        fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = First;

                fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.write_str("numbers")
                }

                fn visit_seq<A: serde::de::SeqAccess<'de>>(
                    self,
                    mut items: A,
                ) -> Result<First, A::Error> {
                    Ok(First(items.next_element()?.unwrap_or_default()))
                }
            }
            input.deserialize_seq(Visitor)
        }
    }

    let read = |bytes: &[u8]| decode::<First>(&mut Reader::new(bytes));
    assert_eq!(read(&[1, 7]), Ok(First(7)));
    assert_eq!(read(&[2, 7, 8]), Err(Malformed::BadValue));
}

#[test]
fn promises_no_more_elements_than_there_are_bytes() {
    #[derive(Debug, PartialEq)]
    struct Promised(Vec<Option<usize>>);
    struct Visitor;
    impl<'de> serde::de::Visitor<'de> for Visitor {
        type Value = Promised;

        fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
            f.write_str("numbers")
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(
            self,
            mut items: A,
        ) -> Result<Promised, A::Error> {
            let mut promised = vec![items.size_hint()];
            while items.next_element::<u16>()?.is_some() {
                promised.push(items.size_hint());
            }
            Ok(Promised(promised))
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(
            self,
            mut entries: A,
        ) -> Result<Promised, A::Error> {
            let mut promised = vec![entries.size_hint()];
            while entries.next_entry::<u8, u8>()?.is_some() {
                promised.push(entries.size_hint());
            }
            Ok(Promised(promised))
        }
    }
    struct Counted(Promised);
    impl<'de> Deserialize<'de> for Counted {
        fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
            input.deserialize_seq(Visitor).map(Self)
        }
    }
    struct Mapped(Promised);
    impl<'de> Deserialize<'de> for Mapped {
        fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
            input.deserialize_map(Visitor).map(Self)
        }
    }

    let listed = decode::<Counted>(&mut Reader::new(&[3, 1, 2, 3])).ok();
    assert_eq!(listed.unwrap().0.0, [Some(3), Some(2), Some(1), Some(0)]);
    let mapped = decode::<Mapped>(&mut Reader::new(&[2, 1, 2, 3, 4])).ok();
    assert_eq!(mapped.unwrap().0.0, [Some(2), Some(1), Some(0)]);
}

#[test]
fn takes_the_short_form_of_types_that_have_a_long_one_for_people() {
    struct Form;
    impl Serialize for Form {
        fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
            let people = out.is_human_readable();
            out.serialize_bool(people)
        }
    }
    struct Read(bool);
    impl<'de> Deserialize<'de> for Read {
        fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
            let people = input.is_human_readable();
            bool::deserialize(input).map(|_| Self(people))
        }
    }

    assert_eq!(encoded(&Form), Ok(vec![0]));
    let read = decode::<Read>(&mut Reader::new(&[0])).ok();
    assert!(!read.unwrap().0);
}

fn encoded<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, Malformed> {
    let mut bytes = Vec::new();
    encode(value, &mut bytes)?;
    Ok(bytes)
}

fn same_as_postcard<T>(value: &T) -> Result<(), TestCaseError>
where
    T: Serialize + serde::de::DeserializeOwned + PartialEq + Debug,
{
    let bytes = encoded(value).unwrap();
    prop_assert_eq!(&bytes, &postcard::to_allocvec(value).unwrap());
    let mut input = Reader::new(&bytes);
    prop_assert_eq!(&decode::<T>(&mut input).unwrap(), value);
    prop_assert!(input.is_empty());
    Ok(())
}

fn accepted_bytes_come_back<T>(bytes: &[u8]) -> Result<(), TestCaseError>
where
    T: Serialize + serde::de::DeserializeOwned,
{
    let mut input = Reader::new(bytes);
    if let Ok(value) = decode::<T>(&mut input) {
        let taken = &bytes[..bytes.len() - input.len()];
        prop_assert_eq!(encoded(&value).unwrap(), taken);
    }
    Ok(())
}

/// Mostly counts, booleans and variants: bytes that get far into a value.
fn small_byte() -> impl Strategy<Value = u8> {
    prop_oneof![4 => 0..4_u8, 1 => any::<u8>()]
}

fn refuses<T: serde::de::DeserializeOwned + Debug>(bytes: &[u8], expected: Malformed) {
    let result = decode::<T>(&mut Reader::new(bytes));
    assert_eq!(result.err(), Some(expected));
}

fn refuses_to_write<T: Serialize>(value: &T, expected: Malformed) {
    assert_eq!(encoded(value), Err(expected));
}
