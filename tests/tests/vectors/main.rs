//! The test vectors in `tests/vectors`: made again and compared, and read and run. `BLESS=1` rewrites them.

mod bad;
mod bad_values;
mod example;
mod files;
mod good;
mod good_wide;
mod jar;
mod keys;
mod make;
mod peer;
mod sample;
mod shapes;
mod skewed;
mod states;
mod tables;

use serde_json::Value;
use statecookie::Reason;
use statecookie_tests::kit::{blob, run, schemas, schemas_deep, schemas_wide};

#[test]
fn the_files_are_what_the_generator_gives() {
    files::compare("schemas.json", &tables::schemas());
    files::compare("keys.json", &keys::all());
    files::compare("text.json", &tables::text());
    files::compare("accepted.json", &good::all());
    files::compare("refused.json", &bad::all());
    files::compare("jar.json", &jar::all());
}

#[test]
fn the_pages_examples_are_made_by_this_library() {
    example::compare();
}

#[test]
fn every_vector_gives_what_it_expects() {
    let mut count = 0;
    for file in ["accepted.json", "refused.json"] {
        for case in files::read(file).as_array().unwrap() {
            assert_eq!(run::resume(case), case["expect"], "{}", case["name"]);
            count += 1;
        }
    }
    assert!(count > 80, "{count} vectors");
}

#[test]
fn every_vector_of_the_peer_gives_what_it_expects() {
    let mut wrong = Vec::new();
    for file in ["peer-accepted.json", "peer-refused.json"] {
        for case in files::read(file).as_array().unwrap() {
            let found = run::resume(case);
            if !run::meets(&found, &case["expect"]) {
                wrong.push(format!(
                    "{}: {found} instead of {}",
                    case["name"], case["expect"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_reason_has_a_vector() {
    let refused = files::read("refused.json");
    for reason in Reason::ALL {
        let has = |case: &Value| case["expect"]["reason"] == reason.as_str();
        assert!(refused.as_array().unwrap().iter().any(has), "{reason}");
    }
}

#[test]
fn the_names_are_unique() {
    for file in ["accepted.json", "refused.json"] {
        let cases = files::read(file);
        let names = cases.as_array().unwrap().iter();
        let names: Vec<_> = names.map(|case| case["name"].as_str().unwrap()).collect();
        let unique: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(unique.len(), names.len());
    }
}
