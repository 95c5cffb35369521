//! What the command prints, beside the committed files in `said/`; `BLESS=1` rewrites them.

use std::path::{Path, PathBuf};
use std::process::Command;

use statecookie::to_text;

use crate::fixed::{bundle, files, update};
use crate::kit::Folder;

/// A folder with the files that the lines name.
fn folder() -> Folder {
    let files = files();
    let whole = bundle(&update());
    let mut bent = whole.clone();
    // quality, the first byte of the last cookie's mutable section: see `explain`.
    bent[3 + 156 + 1 + 40 - 14] = 5;
    for (name, bytes) in [
        ("bundle.txt", &whole),
        ("update.txt", &update()),
        ("bent.txt", &bent),
        ("cut.txt", &whole[..100].to_vec()),
    ] {
        files.folder.with(name, &to_text(bytes));
    }
    files.folder
}

/// A line as an operator types it, what is printed, and how it ends.
fn said(folder: &Folder, line: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_statecookie"))
        .args(line.split(' ').skip(1))
        .current_dir(folder.path())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap();
    let printed = text(output.stdout) + &text(output.stderr);
    format!("$ {line}\n{printed}[ends with {code}]\n")
}

fn compare(name: &str, found: &str) {
    let path = place().join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        found,
        kept,
        "{} differs: BLESS=1 rewrites it, then read it",
        path.display()
    );
}

fn place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command/said")
}

const HELP: [(&str, &str); 8] = [
    ("help.txt", "statecookie --help"),
    ("help-keys.txt", "statecookie keys --help"),
    ("help-keys-new.txt", "statecookie keys new --help"),
    ("help-keys-list.txt", "statecookie keys list --help"),
    ("help-keys-rotate.txt", "statecookie keys rotate --help"),
    ("help-keys-revoke.txt", "statecookie keys revoke --help"),
    ("help-inspect.txt", "statecookie inspect --help"),
    ("help-explain.txt", "statecookie explain --help"),
];

#[test]
fn the_help_is_as_it_was_read_last_and_fits_80_columns() {
    let folder = Folder::new();
    for (name, line) in HELP {
        let found = said(&folder, line);
        compare(name, &found);
        for line in found.lines() {
            assert!(line.chars().count() <= 80, "{name}: {line}");
        }
    }
}

const WITH: &str = "--schema shop.json --keys keys.toml --pool shop.example --now 2027-01-15";

#[test]
fn what_is_said_of_bundles_is_as_it_was_read_last() {
    let folder = folder();
    for (name, line) in [
        ("inspect", "inspect bundle.txt"),
        ("inspect-schema", "inspect bundle.txt --schema shop.json"),
        ("inspect-bent", "inspect bent.txt --schema shop.json"),
        ("inspect-update", "inspect update.txt WITHT08:00:05Z"),
        (
            "inspect-private",
            "inspect bundle.txt --show-private WITHT08:00:05Z",
        ),
        ("explain-accepted", "explain bundle.txt WITHT08:00:05Z"),
        ("explain-expired", "explain bundle.txt WITHT12:30:00Z"),
        ("explain-key-expired", "explain bundle.txt WITHT15:00:00Z"),
        ("explain-early", "explain bundle.txt WITHT07:30:00Z"),
        ("explain-update", "explain update.txt WITHT08:00:05Z"),
        ("explain-bent", "explain bent.txt WITHT08:00:05Z"),
        ("explain-cut", "explain cut.txt WITHT08:00:05Z"),
        (
            "explain-bad-tag",
            "explain bundle.txt --identity somebody WITHT08:00:05Z",
        ),
        (
            "explain-open",
            "explain bent.txt --schema shop.json --now 2027-01-15T12:30:00Z",
        ),
        ("explain-bytes", "explain bundle.txt"),
        ("fault-no-schema", "inspect bundle.txt --schema keys.toml"),
        ("fault-nothing", "explain nothing"),
    ] {
        let line = format!("statecookie {}", line.replace("WITH", WITH));
        compare(&format!("{name}.txt"), &said(&folder, &line));
        compare(
            &format!("{name}.json.txt"),
            &said(&folder, &format!("{line} --json")),
        );
    }
}

/// The keys are new in each run, and so are their times.
#[test]
fn what_is_said_of_keys_is_as_it_was_read_last() {
    let folder = Folder::new();
    let mut found = String::new();
    for line in [
        "keys new keys.toml",
        "keys rotate keys.toml",
        "keys revoke keys.toml 1",
        "keys list keys.toml",
        "keys list keys.toml --json",
        "keys new keys.toml",
        "keys revoke keys.toml 9",
        "keys rotate keys.toml --longest-validity 1d",
    ] {
        found += &said(&folder, &format!("statecookie {line}"));
    }
    compare("keys.txt", &without_times(&found));
}

fn without_times(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("T").filter(|_| rest.len() > 10) {
        let is_time = at >= 10
            && rest[at - 10..at]
                .chars()
                .all(|c| c.is_ascii_digit() || c == '-');
        out.push_str(&rest[..if is_time { at - 10 } else { at + 1 }]);
        rest = match is_time {
            true => {
                out.push_str("YYYY-MM-DDThh:mm:ssZ");
                &rest[at + 10..]
            }
            false => &rest[at + 1..],
        };
    }
    out + rest
}

#[test]
fn a_time_is_told_from_other_words() {
    let text = "THE key signs until 2026-11-28T09:00:00Z; T 2027-01-15T08:00:00Z";
    let expected = "THE key signs until YYYY-MM-DDThh:mm:ssZ; T YYYY-MM-DDThh:mm:ssZ";
    assert_eq!(without_times(text), expected);
}
