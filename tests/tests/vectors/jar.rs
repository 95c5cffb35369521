//! Updates in, outcome and bundle out: what a client's jar makes of messages in any order.

use serde_json::{Value, json};
use statecookie::{Jar, MergeError, Merged, ParseError, Timestamp};

use crate::jar_derived;
use crate::make::{NOW, basket, embedded, full, world};
use crate::run::{self, hex};
use crate::schemas::World;

pub(crate) fn all() -> Value {
    let [first, step, cart, last] = session();
    let other = full(&embedded(), &basket());
    let failed_over = fail_over(&first);
    let mut unlinked = cart.clone();
    let second = 2 + usize::from(unlinked[1]);
    unlinked[second + 2] ^= 1;
    let mut twin = cart.clone();
    twin[2 + 14] ^= 1;
    let mut cases = vec![
        run("signed-part-bent-on-the-way", &[&first, &cart, &twin]),
        run("signed-part-bent-on-the-way-first", &[&first, &twin, &cart]),
        run("in-order", &[&first, &step, &cart, &last]),
        run("nothing-yet", &[&step]),
        run("twice", &[&first, &first, &step, &step]),
        run("newest-first", &[&last, &cart, &step, &first]),
        run("a-gap-that-closes", &[&first, &last, &cart]),
        run("older-after-newer", &[&first, &cart, &step, &first]),
        run("fail-over-wins", &[&first, &cart, &failed_over, &last]),
        run("fail-over-then-older", &[&failed_over, &first, &last]),
        run("another-session", &[&first, &other, &step]),
        run(
            "malformed-changes-nothing",
            &[&first, &step[..9], &[], &step],
        ),
        run("unlinked-changes-nothing", &[&first, &unlinked, &cart]),
        run("other-version-changes-nothing", &[&first, &[0x40, 0]]),
        run(
            "partial-of-other-tiers",
            &[&first, &partial_of_two_tiers(), &last],
        ),
    ];
    cases.extend(jar_derived::all());
    json!(cases)
}

/// A full update, then three partial ones: tier 0, tiers 1 and 0, tier 0.
fn session() -> [Vec<u8>; 4] {
    let mut session = run::pool::<World>(&embedded())
        .open_at(world(), at(0))
        .unwrap();
    let mut updates = Vec::new();
    for turn in 0..4_u32 {
        match turn {
            0 => {}
            2 => session.edit().set_step(2).unwrap(),
            _ => session.edit().set_yaw(f64::from(turn)).unwrap(),
        }
        updates.push(
            session
                .flush_at(at(turn.into()))
                .unwrap()
                .unwrap()
                .into_bytes(),
        );
    }
    updates.try_into().unwrap()
}

fn fail_over(first: &[u8]) -> Vec<u8> {
    let pool = run::pool::<World>(&embedded());
    let mut session = pool.resume_at(first, at(5)).unwrap().session;
    session.flush_at(at(5)).unwrap().unwrap().into_bytes()
}

fn partial_of_two_tiers() -> Vec<u8> {
    let mut session = run::pool(&embedded()).open_at(basket(), at(0)).unwrap();
    let _ = session.flush_at(at(0)).unwrap();
    session.edit().set_quantity(3).unwrap();
    session.flush_at(at(0)).unwrap().unwrap().into_bytes()
}

fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(NOW + secs)
}

fn run(name: &str, updates: &[&[u8]]) -> Value {
    let mut jar = Jar::new();
    let steps = updates.iter().map(|update| {
        let outcome = outcome(jar.merge(update));
        json!({
            "update": hex(update),
            "outcome": outcome,
            "bundle": jar.bundle().ok().map(|bundle| hex(&bundle)),
            "vector": jar.vector(),
            "has_gap": jar.has_gap(),
        })
    });
    json!({ "name": name, "steps": steps.collect::<Vec<_>>() })
}

pub(crate) fn outcome(merged: Result<Merged, MergeError>) -> &'static str {
    match merged {
        Ok(Merged::Updated) => "Updated",
        Ok(Merged::Unchanged) => "Unchanged",
        Ok(Merged::NeedsFull) => "NeedsFull",
        Ok(Merged::OtherSession) => "OtherSession",
        Err(MergeError::Parse(ParseError::Unlinked { .. })) => "unlinked",
        Err(MergeError::Parse(ParseError::UnknownVersion)) => "unknown-version",
        Err(_) => "malformed",
    }
}
