//! The servers of a run: pools of each schema, and what they make of what is presented.

use serde_json::{Value, json};
use statecookie::Pool;
use statecookie_tests::kit::NOW;
use statecookie_tests::kit::run::{hex, judge, pool_of};
use statecookie_tests::kit::schemas::{Basket, Note, World};
use statecookie_tests::kit::schemas_deep::{Archive, Till};
use statecookie_tests::kit::schemas_derived::{Film, Glider};
use statecookie_tests::kit::schemas_wide::{Ladder, Numbers};

use crate::dice::Dice;
use crate::history::History;
use crate::states::Chance;

/// What is presented to which server, when, by whom.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) server: usize,
    pub(crate) now_ms: u64,
    pub(crate) identity: Option<Vec<u8>>,
    pub(crate) blob: Vec<u8>,
}

impl Case {
    /// The case as the peer reads it.
    pub(crate) fn line(&self) -> String {
        let identity = self.identity.as_deref().map(hex);
        json!([self.server, self.now_ms, identity, hex(&self.blob)]).to_string()
    }

    /// The case in the form of `tests/vectors/refused.json`, without its expectation.
    pub(crate) fn vector(&self, row: &Value) -> Value {
        let mut vector = json!({
            "schema": row["schema"], "pool": row["pool"], "now_ms": self.now_ms, "blob": hex(&self.blob),
        });
        if let Some(identity) = &self.identity {
            vector["identity"] = hex(identity).into();
        }
        vector
    }
}

/// A server of any schema.
pub(crate) trait Server {
    fn judge(&self, case: &Case) -> Value;

    /// A session by chance, and what a client came to hold of it.
    fn history(&self, dice: &mut Dice, number: usize) -> Option<Box<dyn Told>>;
}

/// What the making of cases asks of a history, whatever its schema.
pub(crate) trait Told {
    /// A bundle that is honest at its time, and the values that come of it.
    fn honest(&self, dice: &mut Dice) -> (Case, Value);
    /// The same with mutable values that the client chose: honest ones and what comes of them, or others.
    fn own(&self, dice: &mut Dice, honest: bool) -> (Case, Option<Value>);
    /// The bundle with another derived section, or with one where there should be none.
    fn derived(&self, dice: &mut Dice, blob: &[u8]) -> Vec<u8>;
    /// A chain that a server of the pool signed and should not have.
    fn signed(&self, dice: &mut Dice) -> Case;
    /// The case at or near one of the times that matter to it.
    fn near_an_end(&self, dice: &mut Dice, case: Case) -> Case;
}

pub(crate) struct Typed<S> {
    pub(crate) pool: Pool<S>,
    pub(crate) config: Value,
}

impl<S: Chance> Server for Typed<S> {
    fn judge(&self, case: &Case) -> Value {
        let mut found = judge(
            &self.pool,
            &case.blob,
            case.now_ms,
            case.identity.as_deref(),
        );
        // Tier and field are not normative.
        if let Some(object) = found.as_object_mut() {
            object.retain(|name, _| !["tier", "field"].contains(&name.as_str()));
        }
        found
    }

    fn history(&self, dice: &mut Dice, number: usize) -> Option<Box<dyn Told>> {
        let history = History::new(dice, self, number);
        history.map(|history| Box::new(history) as Box<dyn Told>)
    }
}

impl<S: Chance> Typed<S> {
    /// How far the clocks may be apart: as configured, or 60 s or half the shortest validity.
    pub(crate) fn leeway_ms(&self) -> u64 {
        let tiers = S::TABLE
            .tiers
            .iter()
            .map(|tier| tier.valid_for.as_secs() * 500);
        let default = tiers.min().unwrap_or(0).min(60_000);
        self.config["leeway_ms"].as_u64().unwrap_or(default)
    }
}

/// The server that a row describes.
pub(crate) fn server(row: &Value, seed: u64) -> Box<dyn Server> {
    fn typed<S: Chance>(row: &Value, seed: u64) -> Box<dyn Server> {
        let config = row["pool"].clone();
        Box::new(Typed::<S> {
            pool: pool_of(&config, seed),
            config,
        })
    }
    let make = match row["schema"].as_str() {
        Some(Note::NAME) => typed::<Note>,
        Some(Basket::NAME) => typed::<Basket>,
        Some(World::NAME) => typed::<World>,
        Some(Ladder::NAME) => typed::<Ladder>,
        Some(Numbers::NAME) => typed::<Numbers>,
        Some(Till::NAME) => typed::<Till>,
        Some(Archive::NAME) => typed::<Archive>,
        Some(Film::NAME) => typed::<Film>,
        Some(Glider::NAME) => typed::<Glider>,
        other => panic!("no schema {other:?}"),
    };
    make(row, seed)
}

/// How many pools each schema has.
pub(crate) const POOLS: usize = 8;

const DAY: u64 = 86_400;

/// Every schema in pools of periods and rings; the last five of each are hard to please.
pub(crate) fn rows() -> Vec<Value> {
    let schemas = [
        Note::NAME,
        Basket::NAME,
        World::NAME,
        Ladder::NAME,
        Numbers::NAME,
        Till::NAME,
        Archive::NAME,
        Film::NAME,
        Glider::NAME,
    ];
    let pools = pools();
    let rows = schemas.iter().flat_map(|schema| {
        pools
            .iter()
            .map(move |pool| json!({ "schema": schema, "pool": pool }))
    });
    rows.collect()
}

fn pools() -> [Value; POOLS] {
    let periods = |name: &str, rotation: u64, skew: u64| {
        let secret = hex(&(40..80).collect::<Vec<u8>>());
        json!({ "name": name, "keys": { "embedded": { "secret": secret, "rotation": rotation, "skew": skew } } })
    };
    let ring = |name: &str, keys: Value| json!({ "name": name, "keys": { "ring": keys } });
    let with = |mut pool: Value, setting: &str, value: u64| {
        pool[setting] = value.into();
        pool
    };
    let two = json!([
        key(0, 1, NOW - 100, DAY),
        key(u32::MAX, 90, NOW + 1_500, DAY)
    ]);
    [
        periods("rust", 10_800, 60),
        ring("ring", two.clone()),
        periods("fast", 301, 45),
        with(ring("exact", two), "leeway_ms", 0),
        with(periods("small", 10_800, 60), "max_bytes", 300),
        with(periods("late", 10_800, 60), "refuse_born_before", NOW + 700),
        ring("", json!([key(5, 20, NOW - 3_000, 2 * DAY)])),
        ring("revoking", revoking()),
    ]
}

fn key(id: u32, first: u8, activates_at: u64, signs: u64) -> Value {
    json!({
        "id": id, "secret": hex(&(first..first + 37).collect::<Vec<u8>>()),
        "activates_at": activates_at, "sign_until": activates_at + signs,
        "accept_until": activates_at + signs + 2 * DAY,
    })
}

/// Keys of the other rings, given up, and one to sign with.
fn revoking() -> Value {
    let mut keys = json!([
        key(0, 1, NOW - 100, DAY),
        key(5, 20, NOW - 3_000, 2 * DAY),
        key(9, 120, NOW - 50, 2 * DAY)
    ]);
    for lost in [0, 1] {
        keys[lost]["revoked"] = true.into();
    }
    keys
}
