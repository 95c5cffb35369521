//! Values: dense ones, deep ones, claims that nothing stands behind, elements of no size, keys that repeat.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use statecookie::{Jar, MutableValue, Reason, StateCookie};

use super::before_tag::issued;
use super::forge::{self, Forged, varint};
use super::states::{Hidden, List, Nested, Onion, Roomy, Signed, Text, Texts, Tree, Wide};
use super::{Case, Heap, Input, fitted};
use crate::shop::{self, NOW};

/// A section of at most so many bytes.
type Section = fn(usize) -> Vec<u8>;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = signed();
    cases.extend(mutable());
    cases.extend(honest());
    cases
}

/// What a client decodes that it cannot verify.
fn signed() -> Vec<Case> {
    vec![
        view::<String>("view-text", 1, text, true),
        view::<String>("view-text-wrong-at-its-end", 1, bad_text, false),
        view::<Vec<u8>>("view-bytes", 1, text, true),
        view::<Vec<u128>>("view-long-numbers", 1, long_numbers, true),
        view::<Vec<char>>("view-characters", 2, characters, true),
        view::<Vec<String>>("view-empty-texts", 24, zeros, true),
        view::<Vec<Roomy>>("view-roomy", size_of::<Roomy>(), zeros, true),
        view::<Vec<()>>("view-nothing", 1, zeros, false),
        view::<Vec<Vec<()>>>("view-lists-of-nothing", 24, zeros, true),
        view::<Vec<Vec<()>>>("view-lists-that-claim-nothing", 24, claims, false),
        view::<Vec<Roomy>>("view-roomy-claims", size_of::<Roomy>(), claims, false),
        view::<Tree>("view-tree-of-claims", 24, claims, false),
        view::<Vec<Tree>>("view-deepest-trees", 24, deepest_trees, true),
        view::<Vec<Onion>>("view-deepest-onions", 8, deepest_onions, true),
        view::<Vec<Wide>>("view-deepest-wide-onions", 8, deepest_wide_onions, true),
        view::<Onion>("view-too-deep", 8, ones, false),
        view::<HashMap<u8, u8>>("view-map-of-one-key", 3, one_key, true),
        view::<HashMap<u32, u8>>("view-map", 9, keys, true),
        view::<BTreeMap<u32, u8>>("view-ordered-map", 8, keys, true),
        view::<BTreeMap<u32, u8>>("view-ordered-map-backwards", 8, keys_backwards, true),
    ]
}

/// What a client may choose: on the server behind a good tag that says nothing of it, on the client unproven as all is.
fn mutable() -> Vec<Case> {
    let mut cases = Vec::new();
    let empty = || Text {
        value: String::new(),
    };
    cases.extend(chosen(
        ["resume-text", "overlay-text"],
        1,
        empty,
        text,
        true,
    ));
    let names = ["resume-bad-text", "overlay-bad-text"];
    cases.extend(chosen(names, 1, empty, bad_text, false));
    let names = ["resume-empty-texts", "overlay-empty-texts"];
    cases.extend(chosen(names, 24, || Texts { value: vec![] }, zeros, true));
    let names = ["resume-nested-claims", "overlay-nested-claims"];
    cases.extend(chosen(
        names,
        24 + 24 + 1,
        || Nested { value: vec![] },
        claims,
        false,
    ));
    let names = ["resume-nested", "overlay-nested"];
    cases.extend(chosen(names, 24, || Nested { value: vec![] }, zeros, true));
    cases.extend(list::<u64>(
        ["resume-numbers", "overlay-numbers"],
        8,
        zeros,
        true,
    ));
    cases.extend(list::<Roomy>(
        ["resume-roomy", "overlay-roomy"],
        size_of::<Roomy>(),
        zeros,
        true,
    ));
    cases.extend(list::<[f64; 32]>(
        ["resume-array-claims", "overlay-array-claims"],
        1,
        claims,
        false,
    ));
    cases.extend(list::<Duration>(
        ["resume-durations", "overlay-durations"],
        8,
        pairs,
        true,
    ));
    cases
}

/// What a server decodes of its own pool's making.
fn honest() -> Vec<Case> {
    vec![
        restore("restore-text", 1, |n| Signed {
            value: "a".repeat(n),
        }),
        restore("restore-texts", 24, |n| Signed {
            value: vec![String::new(); n],
        }),
        restore("restore-ordered-map", 8, |n| Signed {
            value: (0..n as u32 / 4)
                .map(|key| (key, 0))
                .collect::<BTreeMap<_, u8>>(),
        }),
        restore("restore-private-text", 1, |n| Hidden {
            value: "a".repeat(n),
        }),
        restore("restore-private-texts", 24, |n| Hidden {
            value: vec![String::new(); n],
        }),
    ]
}

fn view<T: Serialize + DeserializeOwned + 'static>(
    name: &'static str,
    dense: usize,
    section: Section,
    good: bool,
) -> Case {
    Case::new(name, Heap::Values { dense }, move |wire| {
        shown::<Signed<T>>(wire, good, |inside| {
            Forged::only::<Signed<T>>(Some(section(inside)), Vec::new())
        })
    })
}

fn list<T: MutableValue + PartialEq + Clone + std::fmt::Debug>(
    names: [&'static str; 2],
    dense: usize,
    section: Section,
    good: bool,
) -> [Case; 2] {
    chosen(
        names,
        dense,
        || List::<T> { value: Vec::new() },
        section,
        good,
    )
}

/// Mutable values on the server, then on the client.
fn chosen<S: StateCookie>(
    [server, client]: [&'static str; 2],
    dense: usize,
    empty: fn() -> S,
    section: Section,
    good: bool,
) -> [Case; 2] {
    let heap = Heap::Values { dense };
    [
        Case::new(server, heap, move |wire| {
            presented(wire, good, empty(), section)
        }),
        Case::new(client, heap, move |wire| {
            shown::<S>(wire, good, |inside| {
                Forged::only::<S>(None, section(inside))
            })
        }),
    ]
}

fn shown<S: StateCookie>(wire: usize, good: bool, make: impl Fn(usize) -> Forged) -> Input {
    let update = fitted(wire, |inside| forge::update(&[make(inside)]));
    let mut jar = Jar::new();
    assert!(jar.merge(&update).is_ok());
    Input::new(update, move |_| assert_eq!(jar.view::<S>().is_ok(), good))
}

/// What a client makes of the bundle of an empty list.
#[expect(clippy::expect_used, reason = "the state is good")]
fn presented<S: StateCookie>(wire: usize, good: bool, empty: S, section: Section) -> Input {
    let pool = shop::pool::<S>();
    let mut session = pool.open_at(empty, NOW).expect("a good state");
    let update = session
        .flush_at(NOW)
        .expect("it is short")
        .expect("the first is full");
    // The mutable section of an empty list is its length, one byte.
    let cookie = forge::only_cookie(&update);
    let signed = &cookie[..cookie.len() - 1];
    let bundle = fitted(wire, |inside| {
        forge::blob_of(0x28, &[signed, &section(inside)].concat())
    });
    Input::new(bundle, move |bundle| match pool.resume_at(bundle, NOW) {
        Ok(_) => assert!(good),
        Err(refusal) => {
            assert!(!good);
            assert_eq!(refusal.reason, Reason::MalformedValue);
        }
    })
}

fn restore<S: StateCookie>(name: &'static str, dense: usize, state: fn(usize) -> S) -> Case {
    Case::new(name, Heap::Values { dense }, move |wire| {
        let pool = shop::pool::<S>();
        Input::new(issued(&pool, wire, state), move |bundle| {
            assert!(pool.resume_at(bundle, NOW).is_ok());
        })
    })
}

/// As many of these as fit, behind their count.
fn counted(bytes: usize, item: &[u8]) -> Vec<u8> {
    let count = bytes.saturating_sub(3) / item.len();
    [varint(count as u64), item.repeat(count)].concat()
}

fn text(bytes: usize) -> Vec<u8> {
    counted(bytes, b"a")
}

fn bad_text(bytes: usize) -> Vec<u8> {
    let mut text = text(bytes.max(8));
    text.pop();
    text.push(0xff);
    text
}

/// Elements of one byte each, the smallest there are: empty texts and lists, absent options, zeros.
fn zeros(bytes: usize) -> Vec<u8> {
    counted(bytes, &[0])
}

/// A count of two numbers, and twice as many of them.
fn pairs(bytes: usize) -> Vec<u8> {
    counted(bytes, &[0, 0])
}

fn long_numbers(bytes: usize) -> Vec<u8> {
    let mut longest = [0xff; 19];
    longest[18] = 3;
    counted(bytes, &longest)
}

fn characters(bytes: usize) -> Vec<u8> {
    counted(bytes, &[1, b'a'])
}

fn ones(bytes: usize) -> Vec<u8> {
    vec![1; bytes]
}

/// Counts inside counts, each of all bytes that are left: the memory of each is wanted before the next is read.
fn claims(bytes: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while out.len() + 3 < bytes {
        let left = bytes - out.len();
        let claim = varint((left - varint(left as u64).len()) as u64);
        out.extend(claim);
    }
    out.resize(bytes, 0);
    out
}

fn one_key(bytes: usize) -> Vec<u8> {
    counted(bytes, &[7, 7])
}

/// Pairs of different keys of three bytes, ascending, and a value of one byte.
fn keys(bytes: usize) -> Vec<u8> {
    let count = bytes.saturating_sub(3) / 4;
    map(0..count)
}

fn keys_backwards(bytes: usize) -> Vec<u8> {
    let count = bytes.saturating_sub(3) / 4;
    map((0..count).rev())
}

fn map(keys: impl ExactSizeIterator<Item = usize>) -> Vec<u8> {
    let mut out = varint(keys.len() as u64);
    for key in keys {
        out.extend(varint(key as u64 + 0x4000));
        out.push(0);
    }
    out
}

/// Trees of the depth that is just allowed below a list: each a list of one down to an empty one.
fn deepest_trees(bytes: usize) -> Vec<u8> {
    let mut tree = [1; 31];
    tree[30] = 0;
    counted(bytes, &tree)
}

fn deepest_onions(bytes: usize) -> Vec<u8> {
    let mut onion = [1; 64];
    onion[63] = 0;
    counted(bytes, &onion)
}

/// Two levels for each: the struct, and what is in its option. The array inside is one more.
fn deepest_wide_onions(bytes: usize) -> Vec<u8> {
    let mut layer = [0; 33];
    layer[32] = 1;
    let mut onion = layer.repeat(31);
    if let Some(last) = onion.last_mut() {
        *last = 0;
    }
    counted(bytes, &onion)
}
