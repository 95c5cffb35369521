//! Cases by chance, each with what was done, and what an honest one must give.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bend;
use crate::dice::Dice;
use crate::server::{Case, POOLS, Server, Told, rows, server};

/// How often each thing is done to a bundle, in all.
const WEIGHTS: [(&str, usize); 12] = [
    ("honest", 20),
    ("own values", 12),
    ("own values outside", 13),
    ("own bytes", 10),
    ("derived bytes", 9),
    ("on the way", 12),
    ("within a cookie", 7),
    ("rearranged", 8),
    ("signed", 16),
    ("another time", 14),
    ("another server", 10),
    ("another client", 3),
];
const PER_HISTORY: usize = 12;

/// A case, what was done to it, and the library's verdict.
pub(crate) struct Made {
    pub(crate) case: Case,
    pub(crate) kind: &'static str,
    pub(crate) verdict: Value,
}

pub(crate) struct Maker {
    dice: Dice,
    pub(crate) rows: Vec<Value>,
    servers: Vec<Box<dyn Server>>,
    /// The last bundle of each server, for cookies from elsewhere.
    held: BTreeMap<usize, Vec<u8>>,
    told: Option<(usize, Box<dyn Told>)>,
    left: usize,
}

impl Maker {
    pub(crate) fn new(seed: u64) -> Self {
        let rows = rows();
        let numbered = rows.iter().enumerate();
        let servers = numbered.map(|(number, row)| server(row, seed << 16 | (number as u64) << 8));
        Self {
            servers: servers.collect(),
            dice: Dice::new(seed),
            rows,
            held: BTreeMap::new(),
            told: None,
            left: 0,
        }
    }

    pub(crate) fn make(&mut self) -> Made {
        while self.left == 0 || self.told.is_none() {
            let number = self.dice.below(self.servers.len());
            self.told = self.servers[number]
                .history(&mut self.dice, number)
                .map(|told| (number, told));
            self.left = PER_HISTORY;
        }
        self.left -= 1;
        let kind = self.kind();
        let (case, must) = self.case(kind);
        let verdict = self.servers[case.server].judge(&case);
        if let Some(must) = must {
            self.as_it_must(&case, &verdict, &must);
        }
        Made {
            case,
            kind,
            verdict,
        }
    }

    fn kind(&mut self) -> &'static str {
        let mut drawn = self.dice.below(WEIGHTS.iter().map(|row| row.1).sum());
        let found = WEIGHTS.iter().find(|(_, weight)| {
            let here = drawn < *weight;
            drawn = drawn.wrapping_sub(*weight);
            here
        });
        found.map_or("honest", |row| row.0)
    }

    fn case(&mut self, kind: &str) -> (Case, Option<Value>) {
        let Some((number, told)) = &self.told else {
            unreachable!("there is a history");
        };
        let dice = &mut self.dice;
        let (mut case, values) = told.honest(dice);
        let other = self.held.insert(*number, case.blob.clone());
        match kind {
            "honest" => return (case, Some(values)),
            "own values" => return told.own(dice, true),
            "own values outside" => return told.own(dice, false),
            "own bytes" => case.blob = bend::own_bytes(dice, &case.blob),
            "derived bytes" => case.blob = told.derived(dice, &case.blob),
            "on the way" => case.blob = bend::on_the_way(dice, &case.blob),
            "within a cookie" => case.blob = bend::within_a_cookie(dice, &case.blob),
            "rearranged" => {
                let other = other.unwrap_or_else(|| case.blob.clone());
                case.blob = bend::rearranged(dice, &case.blob, &other);
            }
            "signed" => case = told.signed(dice),
            "another time" => case = told.near_an_end(dice, case),
            "another server" => {
                let near = case.server / POOLS * POOLS + dice.below(POOLS);
                let any = dice.below(self.servers.len());
                case.server = if dice.once_in(3) { any } else { near };
            }
            _ => {
                let others = [
                    None,
                    Some(b"".as_slice()),
                    Some(b"user:42"),
                    Some(b"user:43"),
                ];
                case.identity = dice.of(&others).map(<[u8]>::to_vec);
            }
        }
        (case, None)
    }

    /// An honest bundle is restored as it was issued, but by a server that takes less, or none so old.
    fn as_it_must(&self, case: &Case, verdict: &Value, must: &Value) {
        let pool = &self.rows[case.server]["pool"];
        let excused = match verdict["reason"].as_str() {
            Some("too-large") => pool["max_bytes"].is_u64(),
            Some("revoked") => pool["refuse_born_before"].is_u64(),
            _ => false,
        };
        let expected = json!({ "values": must, "defaulted": [] });
        assert!(
            excused || *verdict == expected,
            "{}: {verdict} instead of {must}",
            case.line()
        );
    }
}
