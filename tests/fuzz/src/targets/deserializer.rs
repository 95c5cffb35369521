//! The bounded reader of signed values, held against `postcard`: what it takes, postcard takes for the same value.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use statecookie::private::put_signed;
use statecookie::testing::raw;

use crate::heap;

#[derive(Serialize, Deserialize, Debug)]
enum Tree {
    Leaf,
    Number(u16),
    Pair(Box<Tree>, String),
    Branch {
        left: Option<Box<Tree>>,
        more: Vec<Tree>,
    },
}

#[derive(Serialize, Deserialize, Debug)]
struct List {
    next: Option<Box<List>>,
}

#[derive(Serialize, Deserialize, Debug)]
struct Order {
    customer: NonZeroU32,
    items: Vec<Item>,
    note: Option<String>,
    from: IpAddr,
}

#[derive(Serialize, Deserialize, Debug)]
struct Item {
    name: String,
    count: u32,
    price: (i64, bool),
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Nothing;

#[derive(Serialize, Deserialize, Debug)]
struct Newtype(u32);

#[derive(Serialize, Deserialize, Debug)]
struct Skewed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maybe: Option<u8>,
    last: u8,
}

/// `deserializer`: the first byte chooses the type, the rest is the value and what follows it.
pub fn run(data: &[u8]) {
    if let [kind, bytes @ ..] = data {
        TYPES[usize::from(*kind) % TYPES.len()](bytes);
    }
}

/// How many types there are.
pub const KINDS: usize = TYPES.len();

/// `one` is for types of which each value has one form; `many` for those whose own reader takes several; `bomb` for those
/// of which postcard would build millions; `never` for those that need bytes which say their type.
const TYPES: [fn(&[u8]); 31] = [
    one::<(bool, u8, i8, u16, i16, u32, i32, u64, i64)>,
    one::<(u128, i128, usize, isize)>,
    one::<(f32, f64, char)>,
    one::<String>,
    one::<Vec<String>>,
    one::<Option<Option<u8>>>,
    one::<serde_bytes::ByteBuf>,
    one::<Vec<u8>>,
    one::<Vec<(u16, char)>>,
    one::<Vec<Vec<Vec<u8>>>>,
    one::<[[u16; 3]; 2]>,
    one::<Tree>,
    one::<Vec<Tree>>,
    list,
    one::<Order>,
    one::<Newtype>,
    one::<Result<Newtype, String>>,
    one::<Box<[i32]>>,
    one::<(Nothing, (), [u8; 0])>,
    many::<Duration>,
    many::<BTreeMap<String, u16>>,
    many::<BTreeMap<u8, Vec<Item>>>,
    many::<BTreeSet<i16>>,
    many::<Skewed>,
    bomb::<Vec<()>>,
    bomb::<Vec<Nothing>>,
    bomb::<Vec<Vec<[u8; 0]>>>,
    bomb::<BTreeMap<Nothing, ()>>,
    bomb::<BTreeMap<u8, Vec<()>>>,
    never::<serde_json::Value>,
    never::<Vec<serde::de::IgnoredAny>>,
];

fn one<T: Serialize + DeserializeOwned + 'static>(bytes: &[u8]) {
    if let Some((value, taken)) = same_as_postcard::<T>(bytes) {
        assert_eq!(written(&value).as_deref(), Some(taken));
    } else {
        is_rightly_refused::<T>(bytes);
    }
}

/// A struct and an option for each level: of 64 levels the last is a struct, which ends the list.
fn list(bytes: &[u8]) {
    one::<List>(bytes);
    if let Ok((_, taken)) = raw::decode::<List>(bytes) {
        assert!(taken <= 32, "{taken} levels");
    }
}

fn many<T: Serialize + DeserializeOwned + 'static>(bytes: &[u8]) {
    if same_as_postcard::<T>(bytes).is_none() {
        is_rightly_refused::<T>(bytes);
    }
}

fn bomb<T: Serialize + DeserializeOwned + Counted + 'static>(bytes: &[u8]) {
    if let Some((value, taken)) = same_as_postcard::<T>(bytes) {
        assert!(value.count() < taken.len());
        assert!(written(&value).is_some_and(|written| written.len() <= taken.len()));
    }
}

/// How many elements there are, those without a size too.
trait Counted {
    fn count(&self) -> usize;
}

macro_rules! without_size {
    ($($ty:ty)*) => {$(
        impl Counted for $ty {
            fn count(&self) -> usize {
                1
            }
        }
    )*};
}

without_size! { () Nothing [u8; 0] }

impl<T: Counted> Counted for Vec<T> {
    fn count(&self) -> usize {
        self.iter().map(Counted::count).sum()
    }
}

impl<K, V: Counted> Counted for BTreeMap<K, V> {
    fn count(&self) -> usize {
        self.values().map(Counted::count).sum()
    }
}

fn never<T: DeserializeOwned + Debug>(bytes: &[u8]) {
    // An empty list holds nothing whose type would have to be known.
    if bytes.first() != Some(&0) {
        assert!(raw::decode::<T>(bytes).is_err());
    }
}

/// What was read, and from which bytes.
fn same_as_postcard<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<(T, &[u8])> {
    let (found, peak) = heap::peak(|| raw::decode::<T>(bytes));
    // The largest element takes 80 bytes, and at least one on the wire; a list that grows is there twice for a moment.
    let most = 3 * 80 * bytes.len() + 256;
    assert!(peak <= most, "{} bytes took {peak}", bytes.len());
    let (value, taken) = found.ok()?;
    let theirs = postcard::take_from_bytes::<T>(bytes);
    let theirs = theirs.map(|(theirs, rest)| (in_postcard(&theirs), bytes.len() - rest.len()));
    assert_eq!(theirs, Ok((in_postcard(&value), taken)));
    Some((value, &bytes[..taken]))
}

/// Whatever postcard reads in its own form, and our writer would write, our reader takes.
fn is_rightly_refused<T: Serialize + DeserializeOwned + 'static>(bytes: &[u8]) {
    // Postcard nests as deep as the stack is, and deeper.
    if bytes.len() > 400 {
        return;
    }
    if let Ok((theirs, rest)) = postcard::take_from_bytes::<T>(bytes) {
        let taken = &bytes[..bytes.len() - rest.len()];
        assert_ne!(written(&theirs).as_deref(), Some(taken));
    }
}

fn written<T: Serialize + DeserializeOwned + 'static>(value: &T) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    put_signed("value", value, &mut out).ok()?;
    assert_eq!(Some(&out), in_postcard(value).as_ref());
    Some(out)
}

fn in_postcard<T: Serialize>(value: &T) -> Option<Vec<u8>> {
    postcard::to_allocvec(value).ok()
}
