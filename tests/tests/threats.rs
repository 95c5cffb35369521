//! `docs/threats.md` promises tests: every link leads to a file, and every name that is linked stands in it.
#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_link_of_the_page_leads_to_what_it_names() {
    let docs = docs();
    let page = fs::read_to_string(docs.join("threats.md")).unwrap();
    let mut wrong = Vec::new();
    let mut tests = 0;
    for (name, target) in links(&page) {
        if let Some(section) = target.strip_prefix('#') {
            if !anchors(&page).any(|anchor| anchor == section) {
                wrong.push(format!("no section {section}"));
            }
            continue;
        }
        let Ok(text) = fs::read_to_string(docs.join(target)) else {
            wrong.push(format!("no file {target}"));
            continue;
        };
        let name = name.trim_matches('`');
        if !target.ends_with(".rs") {
            continue;
        }
        tests += 1;
        let definition =
            text.contains(&format!("fn {name}(")) || text.contains(&format!("fn {name}<"));
        if !definition {
            wrong.push(format!("{name} is not in {target}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tests > 40, "only {tests} tests are linked");
}

#[test]
fn every_threat_says_what_holds_it() {
    let page = fs::read_to_string(docs().join("threats.md")).unwrap();
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| threat"));
    for row in rows {
        let held_by = row
            .trim_end_matches(" |")
            .rsplit(" | ")
            .next()
            .unwrap_or_default();
        let held = held_by.contains("](") || held_by.starts_with("no test: ");
        assert!(held, "nothing holds: {row}");
    }
}

/// The texts and targets of a page's links.
fn links(page: &str) -> impl Iterator<Item = (&str, &str)> {
    page.match_indices("](").filter_map(move |(at, _)| {
        let (before, after) = (&page[..at], &page[at + 2..]);
        let name = &before[before.rfind('[')? + 1..];
        Some((name, &after[..after.find(')')?]))
    })
}

/// What a page's headings are linked by.
fn anchors(page: &str) -> impl Iterator<Item = String> {
    let headings = page.lines().filter_map(|line| line.strip_prefix("## "));
    headings.map(|heading| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || *c == ' ');
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    })
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}
