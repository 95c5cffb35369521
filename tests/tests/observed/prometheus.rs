//! The export for Prometheus: the rules of its text format, and what its own parser reads from it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use statecookie::counters::{Counters, Counts, to_prometheus};
use statecookie::testing::TestClock;
use statecookie::{Key, KeyRing};

use super::pools::{START, after, builder, cookies, key, secs, with_bad_tag, with_step};

/// A name that needs each of the three escapes.
const ODD: &str = "a \"quoted\" name\\with\nall";

/// Counts of every kind under that name.
fn counts() -> Counts {
    let (clock, counters) = (TestClock::at(START), Counters::new(ODD));
    let pool = builder(&clock).observer(counters.clone()).build().unwrap();
    let bundle = cookies(&pool);
    let mut session = pool.resume_request(&bundle).unwrap().session;
    session.edit().set_step(7).unwrap();
    let _ = session.flush().unwrap().unwrap();
    clock.advance(std::time::Duration::from_millis(1_500));
    for _ in 0..3 {
        pool.resume(&bundle).unwrap();
    }
    pool.resume_at(&bundle, after(50)).unwrap();
    pool.resume_at(&bundle, START.saturating_sub(secs(2)))
        .unwrap();
    for bytes in [
        &with_bad_tag(&bundle),
        &with_step(&bundle, 101),
        &bundle[1..],
        &bundle[1..],
    ] {
        assert!(pool.resume(bytes).is_err());
    }
    assert!(pool.resume_at(&bundle, after(800)).is_err());
    let revoked = Key {
        revoked: true,
        ..key(2)
    };
    let ring = KeyRing::new(vec![key(1), revoked, key(3)]).unwrap();
    pool.replace_keys(&ring).unwrap();
    counters.read_with_keys(&pool)
}

#[test]
fn the_page_follows_the_rules_of_the_format() {
    let text = to_prometheus(&[counts(), Counters::new("other").read()]);
    assert!(text.ends_with('\n') && !text.contains("\n\n"));
    let mut declared = BTreeMap::new();
    let mut current = "";
    let mut series = BTreeSet::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            let kind = lines.next().unwrap().strip_prefix("# TYPE ").unwrap();
            let kind = kind.strip_prefix(name).unwrap().trim_start();
            assert!(
                name.starts_with("statecookie_") && help.ends_with('.'),
                "{line}"
            );
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert_eq!(name.ends_with("_total"), kind == "counter", "{line}");
            assert_eq!(
                declared.insert(name, kind),
                None,
                "{name} is declared twice"
            );
            current = name;
        } else {
            let (labelled, value) = line.rsplit_once("} ").unwrap();
            let (name, _) = labelled.split_once('{').unwrap();
            let suffixes: &[&str] = match declared[current] {
                "histogram" => &["_bucket", "_sum", "_count"],
                _ => &[""],
            };
            let suffix = name.strip_prefix(current).unwrap();
            assert!(suffixes.contains(&suffix), "{line} stands below {current}");
            assert!(value.parse::<f64>().unwrap() >= 0.0, "{line}");
            assert!(series.insert(labelled.to_owned()), "{line} stands twice");
            let odd = r#"{pool="a \"quoted\" name\\with\nall""#;
            assert!(
                line.contains(odd) || line.contains("{pool=\"other\""),
                "{line}"
            );
        }
    }
    assert_eq!(declared.len(), 12, "{declared:?}");
}

#[test]
fn what_is_not_there_yet_is_not_made_up() {
    let text = Counters::new("new").read().to_prometheus();
    for absent in [
        "_timestamp_seconds{",
        "refused_total{",
        "updates_total{",
        "defaulted_total{",
    ] {
        assert!(!text.contains(absent), "{absent}");
    }
    assert!(text.contains("statecookie_accepted_total{pool=\"new\",key=\"other\"} 0\n"));
}

/// With the parser of Prometheus' own client library for Python.
#[test]
fn the_parser_of_prometheus_reads_what_was_counted() {
    let Some(python) = std::env::var_os("STATECOOKIE_PEER_PYTHON") else {
        let in_ci = std::env::var("CI").as_deref() == Ok("true");
        assert!(!in_ci, "STATECOOKIE_PEER_PYTHON is not set");
        println!("skipped: STATECOOKIE_PEER_PYTHON names no interpreter");
        return;
    };
    let counts = counts();
    let page = Page::read(&python, &counts.to_prometheus());
    verdicts(&page);
    keys(&page, &counts);
    updates(&page, &counts);
    // A name that is declared once, whatever the number of pools.
    let both = [counts, Counters::new("other").read()];
    let two = Page::read(&python, &to_prometheus(&both));
    assert_eq!(two.names(), page.names());
    assert_eq!(page.names().len(), 12);
}

fn verdicts(page: &Page) {
    let accepted = page.value("statecookie_accepted_total", &[("key", "1")]);
    assert_eq!(accepted, Some(6.0));
    let refused = |reason, tier, key| {
        let labels = [("reason", reason), ("tier", tier), ("key", key)];
        page.value("statecookie_refused_total", &labels)
    };
    assert_eq!(refused("bad-tag", "0", "1"), Some(1.0));
    assert_eq!(refused("out-of-range", "0", "1"), Some(1.0));
    assert_eq!(refused("expired", "1", "1"), Some(1.0));
    assert_eq!(refused("unknown-version", "none", "unproven"), Some(2.0));
    assert_eq!(
        page.value("statecookie_defaulted_total", &[("tier", "0")]),
        Some(1.0)
    );
    page.check_histogram("statecookie_age_seconds", "accepted", 6.0, 54.5);
    page.check_histogram("statecookie_skew_seconds", "accepted", 6.0, 2.0);
    page.check_histogram("statecookie_age_seconds", "refused", 3.0, 803.0);
    page.check_histogram("statecookie_skew_seconds", "refused", 3.0, 0.0);
}

fn keys(page: &Page, counts: &Counts) {
    let by = |key| [("key", key)];
    let since = page.value("statecookie_watched_since_timestamp_seconds", &[]);
    assert_eq!(since, Some(1_800_000_000.0));
    let last = page.value("statecookie_key_last_presented_timestamp_seconds", &by("1"));
    assert_eq!(last, Some(1_800_000_050.0));
    let over = page.value("statecookie_key_over_timestamp_seconds", &by("3"));
    assert_eq!(
        over,
        Some(counts.held[2].over_at.as_millis() as f64 / 1000.0)
    );
    let signs = |key| {
        page.value(
            "statecookie_key_sign_until_timestamp_seconds",
            &[("key", key)],
        )
    };
    assert_eq!(
        (signs("2"), signs("3")),
        (None, Some(1_800_036_000.0)),
        "2 is revoked"
    );
}

fn updates(page: &Page, counts: &Counts) {
    let full = [("tier", "2"), ("full", "true")];
    assert_eq!(page.value("statecookie_updates_total", &full), Some(1.0));
    let partial = [("tier", "0"), ("full", "false")];
    assert_eq!(page.value("statecookie_updates_total", &partial), Some(1.0));
    let bytes = counts.updates[1].bytes as f64;
    assert_eq!(
        page.value("statecookie_update_bytes_total", &full),
        Some(bytes)
    );
}

/// What the parser read.
struct Page(Vec<Value>);

impl Page {
    fn read(python: &std::ffi::OsStr, text: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/observed/read.py");
        let mut child = Command::new(python)
            .arg("-B")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "the parser refused:\n{text}");
        Self(serde_json::from_slice(&output.stdout).unwrap())
    }

    fn names(&self) -> Vec<&str> {
        let names = self.0.iter().map(|family| family["name"].as_str().unwrap());
        names.collect()
    }

    fn samples(&self) -> impl Iterator<Item = (&str, &Value, f64)> {
        let samples = self
            .0
            .iter()
            .flat_map(|family| family["samples"].as_array().unwrap());
        samples.map(|sample| {
            let name = sample[0].as_str().unwrap();
            (name, &sample[1], sample[2].as_f64().unwrap())
        })
    }

    /// The value of the series with these labels and the pool's, and no others.
    fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let mut wanted = serde_json::Map::new();
        wanted.insert("pool".into(), ODD.into());
        wanted.extend(
            labels
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into())),
        );
        let wanted = Value::Object(wanted);
        let found = self
            .samples()
            .find(|(n, labels, _)| *n == name && **labels == wanted);
        found.map(|(_, _, value)| value)
    }

    fn check_histogram(&self, name: &str, verdict: &str, count: f64, sum: f64) {
        let bucket = format!("{name}_bucket");
        let buckets = self
            .samples()
            .filter(|(n, labels, _)| *n == bucket && labels["verdict"] == verdict);
        let buckets: Vec<_> = buckets
            .map(|(_, labels, value)| {
                (
                    labels["le"].as_str().unwrap().parse::<f64>().unwrap(),
                    value,
                )
            })
            .collect();
        assert!(buckets.len() > 10 && buckets.is_sorted_by(|one, other| one.0 < other.0));
        assert!(
            buckets.is_sorted_by(|one, other| one.1 <= other.1),
            "not cumulative: {buckets:?}"
        );
        assert_eq!(buckets.last(), Some(&(f64::INFINITY, count)));
        let labels = [("verdict", verdict)];
        assert_eq!(self.value(&format!("{name}_count"), &labels), Some(count));
        assert_eq!(self.value(&format!("{name}_sum"), &labels), Some(sum));
    }
}
