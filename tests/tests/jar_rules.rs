//! What a jar refuses, what it keeps all the same, and what a flood can do to it.
#![forbid(unsafe_code)]

use statecookie::{BundleError, Jar, MAX_BLOB, Malformed, MergeError, Merged, ParseError, to_text};
use statecookie_tests::jar_model::{Issuer, ModelCookie, ModelUpdate, blob};

#[test]
fn a_message_that_cannot_be_read_costs_nothing() {
    let (mut jar, mut server) = jar_with(3);
    let before = jar.bundle().unwrap();
    let update = blob(0, &server.issue(1, &[0, 1], 1, b"new"));
    for len in 0..update.len() {
        assert!(jar.merge(&update[..len]).is_err());
        assert!(jar.switch(&update[..len]).is_err());
    }
    assert_eq!(jar.bundle().unwrap(), before);
    assert_eq!(jar.merge(&update), Ok(Merged::Updated));
}

#[test]
fn no_changed_bit_makes_a_jar_panic_or_an_error_cost_something() {
    let (jar, mut server) = jar_with(3);
    let before = jar.bundle().unwrap();
    for update in [
        server.issue(0, &[0, 0, 300], 1, b"x"),
        server.issue(2, &[1], 1, b"y"),
    ] {
        let update = blob(0, &update);
        for bit in 0..update.len() * 8 {
            let mut flipped = update.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let mut jar = jar.clone();
            if jar.merge(&flipped).is_err() {
                assert_eq!(jar.bundle().unwrap(), before);
            }
        }
    }
}

#[test]
fn a_cookie_under_another_parent_is_unlinked() {
    let (mut jar, mut server) = jar_with(3);
    let mut update = server.issue(1, &[0, 1], 1, b"new");
    update[1].link = [9; 4];
    let refused = jar.merge(&blob(0, &update));
    assert!(
        matches!(refused, Err(MergeError::Parse(ParseError::Unlinked { tier })) if tier.number() == 0)
    );
}

#[test]
fn only_updates_are_merged() {
    let (mut jar, _) = jar_with(3);
    let bundle = jar.bundle().unwrap();
    assert_eq!(jar.merge(&bundle), Err(MergeError::NotAnUpdate));
    assert_eq!(
        jar.merge(&vec![0x20; MAX_BLOB + 1]),
        Err(MergeError::Parse(ParseError::TooLarge { limit: MAX_BLOB }))
    );
    assert_eq!(jar.bundle().unwrap(), bundle);
}

#[test]
fn the_text_form_is_merged_and_no_other_text() {
    let (_, full) = Issuer::start(3, 1);
    let text = to_text(&blob(0, &full));
    let mut jar = Jar::new();
    let refused = ParseError::Malformed {
        tier: None,
        cause: Malformed::BadValue,
    };
    assert_eq!(
        jar.merge_text(&format!("{text}=")),
        Err(MergeError::Parse(refused))
    );
    assert_eq!(jar.merge_text(&text), Ok(Merged::Updated));
}

#[test]
fn a_late_update_takes_nothing_back() {
    let (mut jar, mut server) = jar_with(3);
    let first = server.chain.clone();
    let updates = [
        server.issue(2, &[1], 1, b"a"),
        server.issue(0, &[1, 0, 1], 1, b"b"),
        server.issue(0, &[1, 0, 2], 1, b"c"),
    ];
    for update in &updates {
        assert_eq!(jar.merge(&blob(0, update)), Ok(Merged::Updated));
    }
    let newest = jar.bundle().unwrap();
    for late in updates.iter().rev().chain([&first]) {
        assert_eq!(jar.merge(&blob(0, late)), Ok(Merged::Unchanged));
        assert_eq!(jar.bundle().unwrap(), newest);
    }
}

/// Two servers go on from one chain; one of them has come further, whatever its tags are.
#[test]
fn of_two_branches_the_newer_one_wins_whichever_comes_first() {
    let (mut one, full) = Issuer::start(3, 1);
    let mut other = Issuer {
        chain: one.chain.clone(),
        ..one
    };
    let older = one.issue(2, &[1], 200, b"dead");
    let newer = [
        other.issue(2, &[1], 9, b"alive"),
        other.issue(1, &[1, 1], 9, b"and well"),
    ];
    let chain = [&newer[0][..1], &newer[1]].concat();
    for late in [true, false] {
        let mut jar = Jar::new();
        let mut order = vec![&full, &newer[0], &newer[1]];
        order.insert(if late { 3 } else { 1 }, &older);
        for update in order {
            let _ = jar.merge(&blob(0, update)).unwrap();
        }
        assert_eq!(jar.bundle().unwrap(), blob(1, &chain));
        assert!(!jar.has_gap());
    }
}

#[test]
fn another_session_changes_nothing_until_the_jar_switches() {
    let (mut jar, _) = jar_with(3);
    let before = jar.bundle().unwrap();
    let other = blob(0, &of_session(2, Issuer::start(3, 5).1));
    let fewer_tiers = blob(0, &Issuer::start(2, 1).1);
    let partial_of_fewer = blob(0, &Issuer::start(2, 1).1[1..]);
    for foreign in [&other, &fewer_tiers, &partial_of_fewer] {
        assert_eq!(jar.merge(foreign), Ok(Merged::OtherSession));
        assert_eq!(jar.bundle().unwrap(), before);
    }
    assert_eq!(jar.switch(&partial_of_fewer), Err(MergeError::NotFull));
    assert_eq!(jar.bundle().unwrap(), before);
    jar.switch(&other).unwrap();
    assert_eq!(jar.session_id(), Some([2; 16]));
    assert_eq!(jar.bundle().unwrap()[1..], other[1..]);
}

#[test]
fn nothing_of_the_session_before_is_left_after_a_switch() {
    let (mut jar, mut server) = jar_with(3);
    let newer = server.issue(2, &[5], 9, b"newer");
    let _ = jar.merge(&blob(0, &newer)).unwrap();
    let waits = server.issue(0, &[5, 1, 1], 9, b"waits");
    let _ = jar.merge(&blob(0, &waits)).unwrap();
    let other = of_session(2, Issuer::start(3, 1).1);
    jar.switch(&blob(0, &other)).unwrap();
    assert_eq!(jar.bundle().unwrap(), blob(1, &other));
    assert!(!jar.has_gap());
    assert_eq!(jar.merge(&blob(0, &other)), Ok(Merged::Unchanged));
}

#[test]
fn two_sections_that_grow_at_once_are_news() {
    let (mut jar, server) = jar_with(2);
    let mut grown = server.chain.clone();
    grown.iter_mut().for_each(|cookie| cookie.mutable.push(1));
    assert_eq!(jar.merge(&blob(0, &grown)), Ok(Merged::Updated));
    assert_eq!(jar.bundle().unwrap(), blob(1, &grown));
}

#[test]
fn another_schema_in_the_same_session_is_another_session() {
    let (mut jar, server) = jar_with(3);
    let mut update = blob(0, &server.chain);
    let hash = update
        .windows(4)
        .position(|bytes| bytes == [1, 2, 3, 4])
        .unwrap();
    update[hash] = 9;
    assert_eq!(jar.merge(&update), Ok(Merged::OtherSession));
}

#[test]
fn partial_updates_of_other_schemas_are_forgotten_when_the_root_comes() {
    let (_, full) = Issuer::start(3, 1);
    let partial_of_fewer = blob(0, &Issuer::start(2, 1).1[1..]);
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&partial_of_fewer), Ok(Merged::NeedsFull));
    assert_eq!(jar.merge(&blob(0, &full)), Ok(Merged::Updated));
    assert!(!jar.has_gap());
}

#[test]
fn an_empty_jar_presents_nothing_and_leaves_the_buffer_alone() {
    let mut out = vec![1, 2, 3];
    assert_eq!(
        Jar::new().bundle_into(&mut out),
        Err(BundleError::NothingToPresent)
    );
    assert_eq!(out, [1, 2, 3]);
    let (jar, _) = jar_with(3);
    jar.bundle_into(&mut out).unwrap();
    assert_eq!(out[3..], jar.bundle().unwrap());
}

#[test]
fn a_chain_longer_than_a_blob_is_not_presented() {
    let (mut jar, mut server) = jar_with(2);
    assert_eq!(
        jar.merge(&blob(0, &server.issue(1, &[1], 1, &[7; 30_000]))),
        Ok(Merged::Updated)
    );
    assert_eq!(
        jar.merge(&blob(0, &server.issue(0, &[1, 1], 1, &[7; 60_000]))),
        Ok(Merged::Updated)
    );
    assert_eq!(jar.bundle(), Err(BundleError::TooLarge { limit: MAX_BLOB }));
}

#[test]
fn a_chain_as_long_as_a_blob_is_presented_and_not_a_byte_more() {
    for (spare, presented) in [(0, true), (1, false)] {
        let (mut jar, mut server) = jar_with(2);
        let _ = jar.merge(&blob(0, &server.issue(1, &[1], 1, &[7; 30_000])));
        let short = server.issue(0, &[1, 1], 1, &[7; 30_000]);
        let _ = jar.merge(&blob(0, &short));
        let rest = MAX_BLOB + spare - jar.bundle().unwrap().len();
        let long = server.issue(0, &[1, 2], 1, &vec![7; 30_000 + rest]);
        assert_eq!(jar.merge(&blob(0, &long)), Ok(Merged::Updated));
        assert_eq!(
            jar.bundle().map_err(drop).map(|b| b.len()).ok(),
            presented.then_some(MAX_BLOB)
        );
        let mut behind = vec![1, 2, 3];
        assert_eq!(jar.bundle_into(&mut behind).is_ok(), presented);
    }
}

/// Cookies that wait for a parent: the ninth pushes the smallest out, which here is the only one that is ever linked.
#[test]
fn eight_cookies_wait_in_each_tier_and_the_smallest_goes_first() {
    for (flood, kept) in [(7, true), (8, false)] {
        let (server, full) = Issuer::start(2, 1);
        let (mut late, mut early) = (Jar::new(), Jar::new());
        let _ = early.merge(&blob(0, &full)).unwrap();
        let waiting = |vector: u64| {
            let mut server = Issuer {
                chain: server.chain.clone(),
                ..server
            };
            server.issue(0, &[1, vector], 1, b"waits")
        };
        let mut root = Issuer {
            chain: Vec::new(),
            ..server
        };
        let next = root.issue(1, &[1], 1, b"root");
        let mut linked = root.issue(0, &[1, 1], 1, b"linked");
        linked[0].link = next[0].tag[..4].try_into().unwrap();
        for vector in 2..2 + flood {
            let _ = late.merge(&blob(0, &waiting(vector))).unwrap();
            let _ = early.merge(&blob(0, &waiting(vector))).unwrap();
            if vector == 4 {
                let _ = late.merge(&blob(0, &linked)).unwrap();
                let _ = early.merge(&blob(0, &linked)).unwrap();
            }
        }
        for jar in [&mut late, &mut early] {
            let _ = jar.merge(&blob(0, &next)).unwrap();
            assert_eq!(jar.vector(), Some(&[1, u64::from(kept)][..]), "{flood}");
        }
    }
}

#[test]
fn a_flood_of_unlinked_cookies_costs_no_good_one_and_ends_with_the_next_full_update() {
    let (mut jar, mut server) = jar_with(3);
    let good = jar.bundle().unwrap();
    for mark in 0..200 {
        let mut forged = server.issue(1, &[0, 1000 + u64::from(mark)], mark, b"flood");
        forged
            .iter_mut()
            .take(1)
            .for_each(|cookie| cookie.link = [0xff; 4]);
        assert_eq!(jar.merge(&blob(0, &forged)), Ok(Merged::NeedsFull));
        assert_eq!(jar.bundle().unwrap(), good);
        server.chain.truncate(1);
    }
    let full = server.issue(2, &[1], 1, b"after");
    assert_eq!(jar.merge(&blob(0, &full)), Ok(Merged::Updated));
    assert!(!jar.has_gap());
}

/// Nine cookies in each of eight tiers, each of which fits below all of those above: 43 million chains.
#[test]
fn colliding_links_cost_no_more_than_the_cookies_compared_one_by_one() {
    let (start, _) = Issuer::start(8, 1);
    let mut jar = Jar::new();
    for mark in [3, 9, 1, 8, 5, 2, 7, 4, 6] {
        let mut server = Issuer {
            chain: Vec::new(),
            collide: true,
            ..start
        };
        let update = server.issue(7, &[0], mark, &[mark]);
        let _ = jar.merge(&blob(0, &update)).unwrap();
    }
    let mut greatest = Issuer {
        chain: Vec::new(),
        collide: true,
        ..start
    };
    let greatest = greatest.issue(7, &[0], 9, &[9]);
    assert_eq!(jar.bundle().unwrap(), blob(1, &greatest));
    assert_eq!(jar.merge(&blob(0, &greatest)), Ok(Merged::Unchanged));
}

#[test]
fn nothing_of_a_cookie_is_shown_in_debug() {
    let (jar, _) = jar_with(3);
    assert_eq!(
        format!("{jar:?}"),
        "Jar { vector: Some([0, 0, 0]), has_gap: false, .. }"
    );
}

fn jar_with(tiers: u8) -> (Jar, Issuer) {
    let (server, full) = Issuer::start(tiers, 1);
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&blob(0, &full)), Ok(Merged::Updated));
    (jar, server)
}

fn of_session(session: u8, update: ModelUpdate) -> ModelUpdate {
    let other = |cookie| ModelCookie { session, ..cookie };
    update.into_iter().map(other).collect()
}
