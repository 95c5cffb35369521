//! Every input that was kept still runs through its target, without the fuzzer.

use statecookie_fuzz::targets::ALL;
use statecookie_fuzz::{corpus, reached};

fn replay(target: &str) -> usize {
    let (_, run) = ALL
        .iter()
        .find(|(name, _)| *name == target)
        .expect("a target");
    let inputs = corpus::kept(target).expect("a corpus");
    inputs.iter().for_each(|input| run(input));
    println!("{target}: {} inputs", inputs.len());
    inputs.len()
}

#[test]
fn every_target_runs_its_corpus() {
    for (target, _) in ALL {
        assert!(replay(target) > 0, "{target} has no corpus");
    }
}

#[test]
fn every_refusal_and_every_success_is_reached_behind_the_mac() {
    reached::clear();
    replay("resume_signed");
    let missing: Vec<_> = reached::report()
        .into_iter()
        .filter(|(_, yes)| !yes)
        .collect();
    assert!(missing.is_empty(), "not reached: {missing:?}");
}

/// What can be had with cookies that servers issued, and no key.
#[test]
fn every_refusal_is_reached_with_cookies_as_they_were_issued() {
    reached::clear();
    replay("resume_raw");
    for (what, yes) in reached::report() {
        println!("{what}: {yes}");
    }
}
