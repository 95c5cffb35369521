//! Whether everything that can say something was asked: the public types and the variants of errors, as the source has them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::said::Said;

/// Public types that say nothing: they implement no `Debug`, or have no value.
const MUTE: [&str; 4] = ["NoLeaf", "PoolBuilder", "Presentation", "Tolerance"];

/// Enums of which every variant has to be seen.
const IN_FULL: [&str; 33] = [
    "BundleError",
    "Event",
    "FlushError",
    "Found",
    "Kept",
    "KeyEnvFault",
    "KeyError",
    "KeyFileFault",
    "KeyLabel",
    "KeyRefusal",
    "KeySourceError",
    "Malformed",
    "MergeError",
    "Merged",
    "ParseError",
    "PolicyError",
    "PoolError",
    "Reason",
    "RedisKeysFault",
    "RedisMarksFault",
    "RefreshCause",
    "RefreshOutcome",
    "ReplaceError",
    "Retirement",
    "RingError",
    "RingTextFault",
    "SchemaError",
    "SchemaJsonError",
    "SchemaMatch",
    "SourceWarning",
    "StateError",
    "SupplyError",
    "ViewError",
];

pub(crate) fn assert_that_all_were_asked(said: &Said) {
    let mut missing = BTreeSet::new();
    let mut enums = 0;
    for file in sources() {
        let text = fs::read_to_string(file).unwrap();
        let public = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        for name in public_types(public) {
            if !said.types.contains(&name) && !MUTE.contains(&name.as_str()) {
                missing.insert(name.clone());
            }
            if IN_FULL.contains(&name.as_str()) {
                enums += 1;
                let variants = variants(public, &name).into_iter();
                let variants = variants.map(|variant| format!("{name}::{variant}"));
                missing.extend(variants.filter(|variant| !said.variants.contains(variant)));
            }
        }
    }
    assert_eq!(enums, IN_FULL.len());
    assert!(missing.is_empty(), "never asked: {missing:#?}");
}

/// What `testing` and `private` say is said to developers, of states without secrets.
/// What no server runs: the users' test kit, what generated code calls, and files that hold tests only.
const NOT_ASKED: [&str; 4] = ["testing.rs", "private.rs", "tests.rs", "public_vectors.rs"];

fn sources() -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../statecookie/src")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !["testing", "tests"].contains(&name) {
                folders.push(path);
            } else if name.ends_with(".rs") && !NOT_ASKED.contains(&name) {
                files.push(path);
            }
        }
    }
    files
}

fn public_types(text: &str) -> Vec<String> {
    let after = |line: &str| {
        let rest = line
            .strip_prefix("pub struct ")
            .or(line.strip_prefix("pub enum "))?;
        Some(rest.chars().take_while(|c| c.is_alphanumeric()).collect())
    };
    text.lines().filter_map(after).collect()
}

/// The names that stand one level inside an enum.
fn variants(text: &str, name: &str) -> Vec<String> {
    let start = format!("pub enum {name} {{");
    let body = text.split(&start).nth(1).unwrap_or_default();
    let lines = body.lines().take_while(|line| *line != "}");
    let named = lines.filter_map(|line| line.strip_prefix("    "));
    let named = named.filter(|line| line.starts_with(char::is_uppercase));
    named
        .map(|line| line.chars().take_while(|c| c.is_alphanumeric()).collect())
        .collect()
}

/// The library logs through `tracing` alone, and that in one room, whose events are asked; it prints nothing.
#[test]
fn there_are_no_other_events() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../statecookie/Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    for name in ["log", "defmt", "slog"] {
        assert!(
            !manifest.contains(&format!("\n{name} ")),
            "{name}: ask its events, too"
        );
    }
    for file in sources() {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let traces = code.contains("tracing::");
        assert_eq!(traces, file.ends_with("traced.rs"), "{}", file.display());
        for printing in [
            "println!",
            "eprintln!",
            "print!(",
            "dbg!",
            "panic!",
            "todo!",
        ] {
            let said = code.lines().any(|line| {
                let line = line.trim_start();
                !line.starts_with("//") && line.contains(printing)
            });
            assert!(!said, "{printing} in {}", file.display());
        }
    }
}
