//! The test vectors in `tests/vectors`: made again and compared, and read and run. `BLESS=1` rewrites them.

mod bad;
mod bad_parts;
mod bad_tags;
mod bad_times;
mod bad_values;
mod derived;
mod derived_bad;
mod example;
mod files;
mod good;
mod good_wide;
mod jar;
mod jar_derived;
mod keys;
mod make;
mod outside;
mod own;
mod peer;
mod sample;
mod shapes;
mod skewed;
mod tables;

use serde_json::{Value, json};
use statecookie::Reason;
use statecookie_tests::kit::{blob, run, schemas, schemas_deep, schemas_derived, schemas_wide};

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

/// Each implementation's vectors: what must be accepted, what must be refused.
const KITS: [[&str; 2]; 2] = [
    ["accepted.json", "refused.json"],
    ["peer-accepted.json", "peer-refused.json"],
];

#[test]
fn every_vector_gives_what_it_expects() {
    let mut wrong = Vec::new();
    for file in KITS.as_flattened() {
        for case in files::read(file).as_array().unwrap() {
            let (found, expected) = (run::resume(case), &case["expect"]);
            if !run::meets(&found, expected) {
                wrong.push(format!(
                    "{file}, {}: {found} instead of {expected}",
                    case["name"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_vector_that_is_not_met_is_seen() {
    let accepted = files::read("accepted.json");
    let world = accepted
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["schema"] == "World");
    let (mut case, refused) = (world.unwrap().clone(), json!({ "reason": "bad-tag" }));
    let found = run::resume(&case);
    assert!(run::meets(&found, &case["expect"]));
    assert!(!run::meets(&found, &refused) && !run::meets(&refused, &case["expect"]));
    assert!(!run::meets(&refused, &json!({ "reason": "expired" })));
    for (field, other) in [
        ("yaw", json!(-0.0)),
        ("ready", json!(false)),
        ("cart", json!([])),
    ] {
        case["expect"]["values"][field] = other;
        assert!(!run::meets(&found, &case["expect"]), "{field}");
        case["expect"]["values"][field] = found["values"][field].clone();
    }
    case["expect"]["defaulted"] = json!([0]);
    assert!(!run::meets(&found, &case["expect"]));
}

#[test]
fn each_kit_is_as_large_as_promised() {
    for [accepted, refused] in KITS {
        let (good, bad) = (files::read(accepted), files::read(refused));
        let (good, bad) = (good.as_array().unwrap(), bad.as_array().unwrap());
        println!("{accepted}: {}, {refused}: {}", good.len(), bad.len());
        assert!(good.len() + bad.len() >= 500 && bad.len() >= 350);
        let by_bytes = Reason::ALL.iter().filter(|reason| !reason.is_of_marks());
        for reason in by_bytes {
            let of = |case: &&Value| case["expect"]["reason"] == reason.as_str();
            let count = bad.iter().filter(of).count();
            println!("  {reason}: {count}");
            assert!(count >= 5, "{refused}: {count} of {reason}");
        }
    }
}

#[test]
fn the_readme_counts_right() {
    let readme = std::fs::read_to_string(files::path("README.md")).unwrap();
    let cases = KITS
        .as_flattened()
        .iter()
        .chain(&["schemas.json", "keys.json", "jar.json"]);
    for file in cases {
        let maker = if file.starts_with("peer") {
            "peer"
        } else {
            "library"
        };
        let count = files::read(file).as_array().unwrap().len();
        let row = format!("| `{file}` | {maker} | {count} |");
        assert!(readme.contains(&row), "tests/vectors/README.md: {row}");
    }
}

#[test]
fn the_names_are_unique() {
    for file in KITS.as_flattened() {
        let cases = files::read(file);
        let names = cases.as_array().unwrap().iter();
        let names: Vec<_> = names.map(|case| case["name"].as_str().unwrap()).collect();
        let unique: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(unique.len(), names.len());
    }
}
