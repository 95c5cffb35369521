//! Dropped keys leave nothing behind: not the pool key, nor a sub-key, nor the state of a hash from which one could sign.
//!
//! Each scenario is a process of its own, which searches all of its memory. It knows only masked needles, made here.
#![forbid(unsafe_code)]

use std::io::Write;
use std::process::{Command, Stdio};

use statecookie::Schema;
use statecookie_tests::remains::{Needles, prefixed};
use statecookie_tests::shop::{NOW, Shop};

const ROTATION: u64 = 10_800;

/// 48 bytes of no pattern: three needles.
fn secret() -> Vec<u8> {
    let word = |at: u64| (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31);
    (0..6).flat_map(|at| word(at).to_le_bytes()).collect()
}

fn needles() -> Needles {
    let schema = Schema::of::<Shop>().unwrap();
    let domain = [prefixed(b"watched"), prefixed(schema.description())].concat();
    let secret = secret();
    let period = (NOW.as_secs() / ROTATION) as u32;
    Needles::of_secret(&secret)
        .with_sub_keys("ring", &secret, &domain)
        .with_period(&secret, ROTATION, period, &domain)
        .with_period(&secret, ROTATION, period + 2, &domain)
}

/// What a scenario found, a line each.
fn remains(scenario: &str) -> Vec<String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_remains"));
    let piped = program
        .arg(scenario)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(needles().lines().as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{scenario}");
    let mut found: Vec<String> = str::from_utf8(&output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    found.dedup();
    found
}

/// What a scenario left. A build that optimises nothing copies values through frames that nobody can wipe: there only what
/// was on the heap counts.
fn left(scenario: &str) -> Vec<String> {
    let mut found = remains(scenario);
    found.retain(|what| !cfg!(debug_assertions) || what.ends_with("[heap]"));
    found
}

#[test]
fn dropped_keys_leave_nothing_behind() {
    let scenarios = [
        "nothing",
        "secret",
        "ring",
        "pool-that-is-not-used",
        "pool-of-derived-keys",
        "pool-of-a-ring",
        "pool-of-a-key-file",
        "thread",
    ];
    let left: Vec<_> = scenarios
        .into_iter()
        .flat_map(|scenario| left(scenario).into_iter().map(move |what| (scenario, what)))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

/// While a pool lives, it holds the states of its sub-keys and the key of its cipher, on the heap alone: neither the pool
/// key itself, nor what the sub-keys were made from. Those are found, so the search can find.
#[test]
fn a_pool_that_lives_holds_what_it_works_with_and_no_more() {
    let mut held = left("alive");
    held.iter_mut()
        .for_each(|what| *what = what.replace(&period(0), "key"));
    let states = |of: &str| {
        let sides = ["inner", "outer"].into_iter();
        let of = of.to_owned();
        sides.flat_map(move |side| pieces(&format!("{of},_{side}_state")))
    };
    let expected: Vec<String> = pieces("key,_sub-key_encrypt")
        .into_iter()
        .chain(states("key,_sub-key_hedge"))
        .chain(states("key,_sub-key_sign"))
        .chain(states("ring,_pseudo-random_key"))
        .collect();
    assert_eq!(held, expected);
}

/// Two periods on, the first period's key is accepted no longer, and gone from memory.
#[test]
fn a_period_that_is_over_leaves_nothing_behind() {
    let held = left("next-period");
    let of = |name: &str| held.iter().filter(|what| what.starts_with(name)).count();
    assert_eq!(of(&period(0)), 0, "{held:#?}");
    assert!(of(&period(2)) > 0, "{held:#?}");
}

/// The state's own values wipe themselves there: what is left would be the library's.
#[test]
fn private_values_leave_nothing_behind_in_buffers_of_the_library() {
    let left = left("private-values");
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn what_is_planted_is_found() {
    assert!(remains("planted-heap").contains(&"the_pool_key_[1] in [heap]".to_owned()));
    assert!(remains("planted-stack").contains(&"the_pool_key_[1] in [stack]".to_owned()));
}

fn period(later: u64) -> String {
    format!("period_{}", NOW.as_secs() / ROTATION + later)
}

fn pieces(of: &str) -> [String; 2] {
    [0, 1].map(|piece| format!("{of}_[{piece}] in [heap]"))
}
