//! What was met how often, and what the two implementations disagree on.

use std::collections::BTreeMap;

use serde_json::Value;
use statecookie::Reason;
use statecookie_tests::kit::run::same;

use crate::server::Case;

/// Each reason must be met at least so often in a hundred thousand cases, and so many of them be accepted.
const LEAST: usize = 100;
const ACCEPTED: usize = 20_000;
/// More are counted and not shown.
const SHOWN: usize = 10;

#[derive(Default)]
pub(crate) struct Tally {
    verdicts: BTreeMap<String, usize>,
    kinds: BTreeMap<String, [usize; 2]>,
    schemas: BTreeMap<String, usize>,
    defaulted: usize,
    cases: usize,
    disagreements: usize,
    /// What makes the same cases again.
    how: String,
}

impl Tally {
    pub(crate) fn new(how: String) -> Self {
        Self {
            how,
            ..Self::default()
        }
    }

    /// Compares what the library (first) and the peer made of a case.
    pub(crate) fn compare(&mut self, row: &Value, kind: &str, case: &Case, verdicts: [&Value; 2]) {
        let [library, peer] = verdicts;
        let (schema, reason) = (
            row["schema"].as_str().unwrap_or_default(),
            library["reason"].as_str(),
        );
        *self
            .verdicts
            .entry(reason.unwrap_or("accepted").to_owned())
            .or_default() += 1;
        self.kinds.entry(kind.to_owned()).or_default()[usize::from(reason.is_some())] += 1;
        *self.schemas.entry(schema.to_owned()).or_default() += 1;
        let defaulted = library["defaulted"].as_array();
        self.defaulted += usize::from(defaulted.is_some_and(|tiers| !tiers.is_empty()));
        self.cases += 1;
        if same(library, peer) {
            return;
        }
        self.disagreements += 1;
        if self.disagreements <= SHOWN {
            let (number, how) = (self.cases - 1, &self.how);
            println!(
                "DISAGREEMENT on case {number} of `{how}`, {kind}\n  library {library}\n  peer    {peer}\n  vector  {}",
                case.vector(row)
            );
        }
    }

    /// Prints the mix; whether all agreed and everything was met often enough.
    pub(crate) fn report(&self, title: &str) -> bool {
        println!(
            "{title}: {} cases, {} disagreements",
            self.cases, self.disagreements
        );
        let list = |rows: Vec<String>| rows.join(", ");
        println!(
            "  verdicts: {}",
            list(
                self.verdicts
                    .iter()
                    .map(|(name, n)| format!("{n} {name}"))
                    .collect()
            )
        );
        println!("  accepted with a tier at its defaults: {}", self.defaulted);
        println!(
            "  done to them (accepted / refused): {}",
            list(
                self.kinds
                    .iter()
                    .map(|(name, [yes, no])| format!("{name} {yes} / {no}"))
                    .collect()
            )
        );
        println!(
            "  schemas: {}",
            list(
                self.schemas
                    .iter()
                    .map(|(name, n)| format!("{n} {name}"))
                    .collect()
            )
        );
        self.disagreements == 0 && self.is_broad()
    }

    fn is_broad(&self) -> bool {
        let scaled = |least: usize| (least * self.cases / 100_000).max(1);
        let met = |name: &str| self.verdicts.get(name).copied().unwrap_or(0);
        let mut wanted: Vec<(&str, usize)> = Reason::ALL
            .iter()
            .filter(|reason| !reason.is_of_marks())
            .map(|reason| (reason.as_str(), scaled(LEAST)))
            .collect();
        wanted.push(("accepted", scaled(ACCEPTED)));
        let rare: Vec<_> = wanted
            .iter()
            .filter(|(name, least)| met(name) < *least)
            .collect();
        for (name, least) in &rare {
            println!("  too few: {} of {name}, wanted {least}", met(name));
        }
        rare.is_empty()
    }
}
