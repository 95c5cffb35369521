//! A jar ends up with the same chain for every order, grouping and duplication of the same updates, forks included.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::HashMap;

use statecookie::{Jar, Merged};
use statecookie_tests::jar_model::{Expected, Issuer, ModelUpdate, blob, oracle};

#[test]
fn merges_every_order_grouping_and_duplication_to_the_same_chain() {
    let mut merges = 0;
    for (name, history) in histories() {
        let world = World::new(name, &history);
        let before = merges;
        merges += world.all_orders(&Jar::new(), 0);
        merges += world.all_groupings();
        merges += world.all_duplications(0);
        merges += world.all_duplications(history.len() - 4);
        println!(
            "{name}: {} updates, {} merges",
            history.len(),
            merges - before
        );
    }
    println!("{merges} merges");
    assert!(merges >= 300_000, "only {merges} merges");
}

/// One history: its updates as bytes, and what is expected of each subset.
struct World {
    name: &'static str,
    updates: Vec<Vec<u8>>,
    expected: HashMap<u32, (Option<Vec<u8>>, Expected)>,
}

impl World {
    fn new(name: &'static str, history: &[ModelUpdate]) -> Self {
        let subsets = 0..1_u32 << history.len();
        let expected = subsets.map(|set| {
            let chosen = (0..history.len())
                .filter(|i| set & 1 << i != 0)
                .map(|i| &history[i]);
            let expected = oracle(chosen);
            (set, (expected.bundle(), expected))
        });
        let expected = expected.collect();
        Self {
            name,
            updates: history.iter().map(|update| blob(0, update)).collect(),
            expected,
        }
    }

    /// Every order of what is not yet in the jar; returns the number of merges.
    fn all_orders(&self, jar: &Jar, set: u32) -> usize {
        let rest = (0..self.updates.len()).filter(|i| set & 1 << i == 0);
        rest.map(|next| {
            let mut jar = jar.clone();
            self.merge(&mut jar, set, next);
            1 + self.all_orders(&jar, set | 1 << next)
        })
        .sum()
    }

    /// Every split in two: each half goes to a jar of its own, then one takes the other's chain and the other's updates.
    fn all_groupings(&self) -> usize {
        let full = (1 << self.updates.len()) - 1;
        (0..=full).map(|set| self.join(set, full & !set)).sum()
    }

    fn join(&self, left: u32, right: u32) -> usize {
        let mut merges = 0;
        let mut jars = [left, right].map(|half| {
            let mut jar = Jar::new();
            merges += self.feed(&mut jar, 0, half);
            jar
        });
        let [joined, other] = &mut jars;
        if let Ok(mut update) = other.bundle() {
            update[0] &= 0b1110_0111;
            let _ = joined.merge(&update).unwrap();
            merges += 1;
        }
        for next in (0..self.updates.len()).filter(|i| right & 1 << i != 0) {
            let _ = joined.merge(&self.updates[next]).unwrap();
            merges += 1;
        }
        self.compare(joined, left | right);
        merges
    }

    fn feed(&self, jar: &mut Jar, mut set: u32, half: u32) -> usize {
        let chosen: Vec<_> = (0..self.updates.len())
            .filter(|i| half & 1 << i != 0)
            .collect();
        for next in &chosen {
            self.merge(jar, set, *next);
            set |= 1 << next;
        }
        chosen.len()
    }

    /// Every order of four updates in which each comes twice.
    fn all_duplications(&self, first: usize) -> usize {
        let mut left = vec![0; self.updates.len()];
        left[first..first + 4].fill(2);
        self.duplicate(&Jar::new(), 0, &mut left)
    }

    fn duplicate(&self, jar: &Jar, set: u32, left: &mut Vec<u8>) -> usize {
        let mut merges = 0;
        for next in 0..left.len() {
            if left[next] == 0 {
                continue;
            }
            left[next] -= 1;
            let mut jar = jar.clone();
            self.merge(&mut jar, set, next);
            merges += 1 + self.duplicate(&jar, set | 1 << next, left);
            left[next] += 1;
        }
        merges
    }

    /// Merges one update and holds jar and outcome against the oracle.
    fn merge(&self, jar: &mut Jar, set: u32, next: usize) {
        let outcome = jar.merge(&self.updates[next]).unwrap();
        let after = set | 1 << next;
        self.compare(jar, after);
        let expected = match () {
            () if self.expected[&after].1.gap => Merged::NeedsFull,
            () if self.expected[&after].0 == self.expected[&set].0 => Merged::Unchanged,
            () => Merged::Updated,
        };
        assert_eq!(outcome, expected, "{}: {next} after {set:#b}", self.name);
    }

    fn compare(&self, jar: &Jar, set: u32) {
        let (bundle, expected) = &self.expected[&set];
        assert_eq!(&jar.bundle().ok(), bundle, "{}: {set:#b}", self.name);
        assert_eq!(jar.has_gap(), expected.gap, "{}: {set:#b}", self.name);
        let newest = expected
            .best
            .as_ref()
            .map(|chain| &chain.last().unwrap().vector[..]);
        assert_eq!(jar.vector(), newest);
    }
}

fn histories() -> Vec<(&'static str, Vec<ModelUpdate>)> {
    vec![
        ("two tiers, no fork", two_tiers()),
        ("three tiers, no fork", three_tiers()),
        ("fork at the root", fork_at_the_root()),
        ("fork in the middle", fork_in_the_middle()),
        ("fork at the lowest", fork_at_the_lowest()),
        ("equal tags, other mutable bytes", equal_tags()),
        ("colliding links", colliding_links()),
    ]
}

fn two_tiers() -> Vec<ModelUpdate> {
    let (mut server, full) = Issuer::start(2, 1);
    let mut updates = vec![full];
    updates.extend((1..4).map(|n| server.issue(0, &[0, n], 1, b"m")));
    updates.push(server.issue(1, &[1], 1, b"m"));
    updates.push(server.issue(0, &[1, 300], 1, b"m"));
    updates
}

fn three_tiers() -> Vec<ModelUpdate> {
    let (mut server, full) = Issuer::start(3, 1);
    vec![
        full,
        server.issue(0, &[0, 0, 1], 1, b"a"),
        server.issue(1, &[0, 1], 1, b"b"),
        server.issue(0, &[0, 1, 1], 1, b"c"),
        server.issue(1, &[0, 2], 1, b"d"),
        server.issue(2, &[1], 1, b"e"),
        server.issue(0, &[1, 0, 1], 1, b"f"),
        server.issue(1, &[1, 1], 1, b"g"),
    ]
}

/// Two servers take over after the first one: equal vectors, other tags.
fn fork_at_the_root() -> Vec<ModelUpdate> {
    let (mut dead, full) = Issuer::start(3, 1);
    let late = dead.issue(0, &[0, 0, 9], 1, b"late");
    let mut left = Issuer {
        chain: Vec::new(),
        ..dead
    };
    let mut right = copy(&left);
    vec![
        full,
        late,
        left.issue(2, &[1], 2, b"left"),
        right.issue(2, &[1], 3, b"right"),
        left.issue(0, &[1, 0, 1], 2, b"left"),
        right.issue(0, &[1, 0, 1], 3, b"right"),
        left.issue(1, &[1, 1], 2, b"left"),
        right.issue(0, &[1, 0, 2], 3, b"right"),
    ]
}

fn fork_in_the_middle() -> Vec<ModelUpdate> {
    let (mut left, full) = Issuer::start(3, 1);
    let mut right = copy(&left);
    vec![
        full,
        left.issue(1, &[0, 1], 2, b"left"),
        right.issue(1, &[0, 1], 3, b"right"),
        left.issue(0, &[0, 1, 1], 2, b"left"),
        right.issue(0, &[0, 1, 1], 3, b"right"),
        right.issue(0, &[0, 1, 2], 3, b"right"),
        left.issue(0, &[0, 1, 3], 2, b"left"),
        right.issue(1, &[0, 2], 3, b"right"),
    ]
}

fn fork_at_the_lowest() -> Vec<ModelUpdate> {
    let (mut left, full) = Issuer::start(3, 1);
    let mut right = copy(&left);
    vec![
        full,
        left.issue(0, &[0, 0, 1], 2, b"left"),
        right.issue(0, &[0, 0, 1], 3, b"right"),
        left.issue(0, &[0, 0, 2], 2, b"left"),
        right.issue(0, &[0, 0, 2], 3, b"right"),
        right.issue(1, &[0, 1], 3, b"right"),
        left.issue(1, &[0, 1], 2, b"left"),
    ]
}

/// The very same signed bytes over other mutable values, as two servers may issue them in one second.
fn equal_tags() -> Vec<ModelUpdate> {
    let (mut server, full) = Issuer::start(2, 1);
    vec![
        full,
        server.issue(1, &[0], 1, b"z"),
        server.issue(0, &[0, 1], 1, b""),
        server.issue(0, &[0, 1], 1, b"b"),
        server.issue(0, &[0, 1], 1, b"ab"),
        server.issue(0, &[0, 1], 2, b"q"),
        server.issue(0, &[0, 2], 1, b"c"),
    ]
}

/// All tags begin with the same bytes, so that links and vectors fit under either fork.
fn colliding_links() -> Vec<ModelUpdate> {
    let (start, _) = Issuer::start(3, 1);
    let mut left = Issuer {
        collide: true,
        chain: Vec::new(),
        ..start
    };
    let mut right = copy(&left);
    vec![
        left.issue(2, &[0], 2, b"left"),
        right.issue(2, &[0], 3, b"right"),
        left.issue(1, &[0, 1], 2, b"left"),
        right.issue(1, &[0, 1], 3, b"right"),
        left.issue(0, &[0, 1, 1], 2, b"left"),
        right.issue(0, &[0, 1, 1], 3, b"right"),
        left.issue(0, &[0, 1, 2], 2, b"left"),
    ]
}

fn copy(issuer: &Issuer) -> Issuer {
    Issuer {
        chain: issuer.chain.clone(),
        ..*issuer
    }
}
