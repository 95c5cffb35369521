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
    reaches_everything("resume_signed");
}

/// With cookies as servers issued them, and no key.
#[test]
fn every_refusal_and_every_success_is_reached_without_a_key() {
    reaches_everything("resume_raw");
}

/// With tags made good again, none of which can be bad.
#[test]
fn every_refusal_but_a_bad_tag_is_reached_with_tags_made_good() {
    reaches_everything_but("resume_resigned", "refused: bad-tag");
}

fn reaches_everything(target: &str) {
    reaches_everything_but(target, "");
}

fn reaches_everything_but(target: &str, never: &str) {
    reached::clear();
    replay(target);
    let mut report = reached::report();
    report.retain(|(what, _)| what != never);
    report
        .iter()
        .for_each(|(what, yes)| println!("{what}: {yes}"));
    assert!(
        report.iter().all(|(_, yes)| *yes),
        "{target}: not all of it"
    );
}
