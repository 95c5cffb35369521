//! The floors of `docs/architecture.md`: who uses whom inside the library.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Room, floor, and the rooms of its own floor that it may use.
const ROOMS: &[(&str, u8, &[&str])] = &[
    ("advice", 4, &[]),
    ("counters", 4, &[]),
    ("outside", 4, &[]),
    ("redis", 4, &[]),
    ("testing", 4, &[]),
    ("traced", 4, &[]),
    ("private", 4, &[]),
    ("session", 3, &[]),
    ("seal", 2, &[]),
    ("jar", 2, &[]),
    ("observe", 2, &[]),
    ("marks", 2, &[]),
    ("keys", 1, &[]),
    ("schema", 1, &["range", "value"]),
    ("range", 1, &["value"]),
    ("value", 1, &["range", "schema"]),
    ("signed", 1, &[]),
    ("wire", 1, &[]),
    ("approx", 0, &[]),
    ("mute", 0, &[]),
    ("bytes", 0, &["error"]),
    ("error", 0, &["tier", "time", "keys", "schema"]),
    ("tier", 0, &[]),
    ("time", 0, &[]),
];

#[test]
fn every_room_uses_only_what_stands_below_it() {
    let mut wrong = Vec::new();
    for (room, floor, neighbours) in ROOMS {
        for used in rooms_used_by(room) {
            let Some((_, below, _)) = ROOMS.iter().find(|(name, _, _)| *name == used) else {
                wrong.push(format!("{room} uses {used}, which has no floor"));
                continue;
            };
            if used != *room && below >= floor && !neighbours.contains(&used.as_str()) {
                wrong.push(format!(
                    "{room} (floor {floor}) uses {used} (floor {below})"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_has_a_floor() {
    let entries = fs::read_dir(source())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let rooms: BTreeSet<String> = entries
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|room| room != "lib" && room != "bin")
        .collect();
    let planned: BTreeSet<String> = ROOMS
        .iter()
        .map(|(room, _, _)| (*room).to_owned())
        .collect();
    assert_eq!(rooms, planned);
}

#[test]
fn the_jar_sees_neither_keys_nor_seal_nor_session() {
    let used = rooms_used_by("jar");
    for forbidden in ["keys", "seal", "session"] {
        assert!(!used.contains(forbidden), "jar uses {forbidden}");
    }
}

#[test]
fn guests_use_the_crate_root_only() {
    for guest in ["counters", "redis", "traced"] {
        assert_eq!(rooms_used_by(guest), BTreeSet::new(), "{guest}");
    }
}

#[test]
fn the_cascade_is_pure() {
    let text = fs::read_to_string(source().join("session/cascade.rs")).unwrap();
    let uses: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("use "))
        .collect();
    assert_eq!(uses, ["use crate::tier::{MAX_TIERS, Tier, TierSet};"]);
}

#[test]
fn the_architecture_page_names_every_room() {
    let page = fs::read_to_string(source().join("../../docs/architecture.md")).unwrap();
    for (room, _, _) in ROOMS {
        assert!(
            page.contains(&format!("`{room}")),
            "{room} is missing from the page"
        );
    }
}

fn rooms_used_by(room: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for file in files_of(room) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default();
        let code = code
            .split("#[cfg(test)]\npub(crate) mod tests")
            .next()
            .unwrap_or_default();
        for line in code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
        {
            for part in line.split("crate::").skip(1) {
                let name: String = part
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                if name.chars().next().is_some_and(char::is_lowercase) {
                    used.insert(name);
                }
            }
        }
    }
    used
}

fn files_of(room: &str) -> Vec<PathBuf> {
    let mut files = vec![source().join(format!("{room}.rs"))];
    let mut folders = vec![source().join(room)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    // What a room's tests use is their own affair.
    files.retain(|file| file.exists() && !is_test(file));
    files
}

fn is_test(file: &Path) -> bool {
    let inside = file.strip_prefix(source()).unwrap_or(file);
    inside.ends_with("tests.rs") || inside.iter().any(|part| part == "tests")
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../statecookie/src")
}
