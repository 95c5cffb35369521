//! What was seen in a run: counted, printed, and held against what a run has to show.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::{Case, Kind};
use crate::fleet::OFFSETS;
use crate::judge::{ACCEPTED, EXPIRED, Judge, Judged, KEY_EXPIRED, NOT_YET_VALID, UNKNOWN_KEY};
use crate::trouble::Kills;

/// How often something was seen at the servers' own times, and at milliseconds that the test chose.
#[derive(Default)]
pub(crate) struct Tally {
    resumes: usize,
    honest: usize,
    late: usize,
    at_edges: usize,
    verdicts: BTreeMap<&'static str, usize>,
    exact: BTreeMap<&'static str, usize>,
    unsure: usize,
    signed_by: BTreeSet<u32>,
}

impl Tally {
    /// Judges all; the first wrong verdict ends the test with the whole case.
    pub(crate) fn of(cases: &[Case], judge: &Judge) -> Self {
        let mut tally = Self::default();
        for case in cases {
            match judge.judge(case) {
                Ok(judged) => tally.count(case, &judged),
                Err(why) => panic!(
                    "{why}; server {}, whose clock is off by {} ms\n{case:#?}\nkeys: {:#?}\n({} were right)",
                    case.server, OFFSETS[case.server], judge.0, tally.resumes,
                ),
            }
        }
        tally
    }

    fn count(&mut self, case: &Case, judged: &Judged) {
        let [before, after] = case.answer.held;
        self.unsure += usize::from(before != after);
        if case.kind == Kind::Exact {
            *self.exact.entry(judged.verdict).or_default() += 1;
            return;
        }
        self.resumes += 1;
        self.honest += usize::from(case.kind == Kind::Honest);
        self.late += usize::from(judged.late);
        self.at_edges += usize::from(judged.at_edge);
        *self.verdicts.entry(judged.verdict).or_default() += 1;
        self.signed_by
            .extend(case.issued.as_ref().map(|issued| issued.key));
    }

    pub(crate) fn print(&self, seconds: u64, kills: &Kills) {
        println!();
        println!(
            "counts: {} resumes by real clocks in {seconds} s, {} of them at edges, {} more at chosen milliseconds around edges; each verdict as the schedule says",
            self.resumes,
            self.at_edges,
            self.exact.values().sum::<usize>(),
        );
        println!("counts: by real clocks {:?}", self.verdicts);
        println!("counts: at chosen milliseconds {:?}", self.exact);
        println!(
            "counts: {} fail-overs and requests of honest clients, none lost its session ({} came too late by themselves); {} keys signed; killed: servers {}, Redis {}, which came back empty {} times",
            self.honest,
            self.late,
            self.signed_by.len(),
            kills.servers,
            kills.redis,
            kills.emptied,
        );
    }

    /// What a run of so many seconds must have seen.
    pub(crate) fn check(&self, seconds: u64, kills: &Kills) {
        let seconds = seconds as usize;
        let at_least = |what: &str, seen: usize, least: usize| {
            assert!(seen >= least, "{what}: {seen}, not {least}");
        };
        at_least("resumes", self.resumes, 170 * seconds);
        at_least("at edges", 4 * self.at_edges, self.resumes);
        // The second key is activated three seconds after the start; while Redis is away, nobody publishes.
        at_least("keys", self.signed_by.len(), (seconds - 3) * 3 / 4);
        at_least("servers killed", kills.servers, seconds / 4);
        at_least("Redis killed", kills.redis, seconds / 8);
        at_least("Redis emptied", kills.emptied, 1);
        at_least("in time", self.honest, 100 * self.late);
        // A ring changes once a second; a server that is unsure all the time would make every verdict right.
        at_least("sure", self.resumes, 50 * self.unsure);
        let seen = |verdict| self.verdicts.get(verdict).copied().unwrap_or(0);
        let exact = |verdict| self.exact.get(verdict).copied().unwrap_or(0);
        at_least(ACCEPTED, seen(ACCEPTED), 90 * seconds);
        at_least(EXPIRED, seen(EXPIRED), 5 * seconds);
        for verdict in [ACCEPTED, EXPIRED, KEY_EXPIRED, NOT_YET_VALID] {
            at_least(verdict, exact(verdict), seconds);
        }
        // A key is over twelve seconds after its activation.
        if seconds >= 30 {
            at_least(KEY_EXPIRED, seen(KEY_EXPIRED), 1000);
            at_least(UNKNOWN_KEY, seen(UNKNOWN_KEY), 300);
        }
    }
}
