//! The client's own values: a duplicate does not undo them, a newer cookie of that tier does.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use statecookie::private::Overlay;
use statecookie::{Jar, Tier};
use statecookie_tests::jar_model::{Issuer, ModelUpdate, blob, oracle};

/// What happens to a client: messages arrive in any order and number, and it changes values in between.
#[derive(Clone, Debug)]
enum Step {
    Arrives(prop::sample::Index),
    Changes(u8, Vec<u8>),
}

proptest! {
    #[test]
    fn own_values_live_exactly_as_long_as_their_cookie_is_the_best(
        steps in proptest::collection::vec(step(), 0..40),
    ) {
        let history = history();
        let mut jar = Jar::new();
        let mut seen = Vec::<&ModelUpdate>::new();
        let mut own = BTreeMap::<u8, (Vec<u8>, Vec<u8>)>::new();
        for step in steps {
            match step {
                Step::Arrives(index) => {
                    let update = index.get(&history);
                    let _ = jar.merge(&blob(0, update)).unwrap();
                    seen.push(update);
                }
                Step::Changes(tier, values) => {
                    if let Some(chain) = oracle(seen.iter().copied()).best {
                        jar.put(Tier::new(tier).unwrap(), &mut |out| out.extend_from_slice(&values));
                        own.insert(tier, (chain[usize::from(2 - tier)].signed(), values));
                    }
                }
            }
            let Some(mut chain) = oracle(seen.iter().copied()).best else {
                prop_assert!(jar.bundle().is_err());
                continue;
            };
            for cookie in &mut chain {
                own.retain(|tier, (signed, _)| *tier != cookie.tier || *signed == cookie.signed());
                if let Some((_, values)) = own.get(&cookie.tier) {
                    cookie.mutable = values.clone();
                }
            }
            prop_assert_eq!(jar.bundle().unwrap(), blob(1, &chain));
        }
    }
}

#[test]
fn a_duplicate_does_not_undo_own_values_and_a_newer_cookie_does() {
    let (mut server, full) = Issuer::start(3, 1);
    let mut jar = Jar::new();
    let _ = jar.merge(&blob(0, &full)).unwrap();
    let mut presented = full.clone();
    for (tier, cookie) in presented.iter_mut().rev().enumerate() {
        jar.put(Tier::new(tier as u8).unwrap(), &mut |out| {
            out.extend(b"own")
        });
        cookie.mutable = b"own".to_vec();
    }
    let _ = jar.merge(&blob(0, &full)).unwrap();
    assert_eq!(jar.bundle().unwrap(), blob(1, &presented));
    let newer = server.issue(1, &[0, 1], 1, b"new");
    let _ = jar.merge(&blob(0, &newer)).unwrap();
    presented[1..].clone_from_slice(&newer);
    assert_eq!(jar.bundle().unwrap(), blob(1, &presented));
}

#[test]
fn values_for_the_only_tier_are_kept() {
    let (_, full) = Issuer::start(1, 1);
    let mut jar = Jar::new();
    let _ = jar.merge(&blob(0, &full)).unwrap();
    jar.put(Tier::LOWEST, &mut |out| out.extend(b"own"));
    assert!(jar.bundle().unwrap().ends_with(b"own"));
}

#[test]
fn values_for_no_cookie_are_not_kept() {
    let (_, full) = Issuer::start(2, 1);
    let mut jar = Jar::new();
    jar.put(Tier::LOWEST, &mut |out| out.push(1));
    let _ = jar.merge(&blob(0, &full)).unwrap();
    jar.put(Tier::new(2).unwrap(), &mut |out| out.push(1));
    assert_eq!(jar.bundle().unwrap(), blob(1, &full));
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => any::<prop::sample::Index>().prop_map(Step::Arrives),
        1 => (0..3_u8, proptest::collection::vec(any::<u8>(), 0..4))
            .prop_map(|(tier, values)| Step::Changes(tier, values)),
    ]
}

/// Two servers go on from one chain, with equal vectors and equal signed bytes among their updates.
fn history() -> Vec<ModelUpdate> {
    let (mut left, full) = Issuer::start(3, 1);
    let mut right = Issuer {
        chain: left.chain.clone(),
        ..left
    };
    vec![
        full,
        left.issue(0, &[0, 0, 1], 1, b"a"),
        left.issue(0, &[0, 0, 1], 1, b"b"),
        right.issue(0, &[0, 0, 1], 2, b"c"),
        left.issue(1, &[0, 1], 1, b"d"),
        right.issue(1, &[0, 1], 2, b"e"),
        left.issue(0, &[0, 1, 1], 1, b"f"),
        right.issue(0, &[0, 1, 2], 2, b"g"),
        left.issue(0, &[0, 1, 3], 1, b"h"),
        right.issue(2, &[1], 2, b"i"),
    ]
}
