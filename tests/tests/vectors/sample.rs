//! What the schemas have in common, for cases that are made of each of them.

use serde::Serialize;
use serde_json::{Value, json};
use statecookie::{StateCookie, Timestamp};
use statecookie_tests::kit::parts::Parts;
use statecookie_tests::kit::sign::{Signer, put_together, taken_apart};

use crate::make::{self, Case, NOW, embedded, full};
use crate::run::hex;
use crate::schemas::{Basket, Note, World};
use crate::schemas_deep::{Archive, Till};
use crate::schemas_derived::{Film, Glider};
use crate::schemas_wide::{Ladder, Numbers};

/// A schema of the vectors with an honest state.
pub(crate) trait Sample: StateCookie + Clone + Serialize {
    const NAME: &str;
    fn sample() -> Self;

    /// The name in a case's name.
    fn short() -> String {
        Self::NAME.to_lowercase().replace("all ", "")
    }

    /// The full update of a session of the embedded default that begins at `NOW`.
    fn blob() -> Vec<u8> {
        full(&embedded(), &Self::sample())
    }

    fn case(name: &str, blob: &[u8]) -> Case {
        Case::new(
            &format!("{}-{name}", Self::short()),
            Self::NAME,
            &embedded(),
            blob,
        )
    }

    /// Seconds of validity of a tier.
    fn valid_for(tier: usize) -> u64 {
        Self::TABLE.tiers[tier].valid_for.as_secs()
    }

    /// The default leeway in milliseconds.
    fn leeway() -> u64 {
        let shortest = (0..Self::TABLE.tiers.len()).map(Self::valid_for).min();
        60_000.min(shortest.unwrap_or(0) * 500)
    }
}

macro_rules! samples {
    ($($schema:ty, $name:literal, $make:path;)*) => {$(
        impl Sample for $schema {
            const NAME: &str = $name;
            fn sample() -> Self {
                $make()
            }
        }
    )*};
}

samples! {
    Note, "Note", make::note;
    Basket, "Basket", make::basket;
    World, "World", make::world;
    Ladder, "Ladder", make::ladder;
    Numbers, "all numbers", make::numbers;
    Till, "Till", make::till;
    Archive, "Archive", make::archive;
    Film, "Film", make::film;
    Glider, "Glider", make::glider;
}

/// Calls a generic function with each schema and gathers what it returns.
macro_rules! of_each {
    ($function:ident) => {{
        let mut all = Vec::new();
        all.extend($function::<Note>());
        all.extend($function::<Basket>());
        all.extend($function::<World>());
        all.extend($function::<Ladder>());
        all.extend($function::<Numbers>());
        all.extend($function::<Till>());
        all.extend($function::<Archive>());
        all
    }};
}
pub(crate) use of_each;

/// A ring whose keys are accepted for long enough for every schema.
pub(crate) fn long_ring() -> Value {
    let key = |id: u32, first: u8, activates_at: u64| {
        json!({
            "id": id,
            "secret": hex(&(first..first + 33).collect::<Vec<u8>>()),
            "activates_at": activates_at,
            "sign_until": activates_at + 20_000,
            "accept_until": activates_at + 200_000,
        })
    };
    json!({ "name": "a long ring", "keys": { "ring": [key(0, 1, NOW - 100), key(1, 60, NOW + 15_000)] } })
}

/// The sample's chain with parts bent, then linked and signed anew by a server of the pool.
pub(crate) fn resigned<S: Sample>(bend: impl FnOnce(&mut Vec<Parts>)) -> Vec<u8> {
    resigned_of::<S>(&S::sample(), bend)
}

/// The same of another state.
pub(crate) fn resigned_of<S: Sample>(state: &S, bend: impl FnOnce(&mut Vec<Parts>)) -> Vec<u8> {
    let mut chain = taken_apart(&full(&embedded(), state));
    bend(&mut chain);
    signer::<S>().chain(&mut chain, None);
    put_together(&chain)
}

/// The key of the embedded default at `NOW`.
pub(crate) fn signer<S: Sample>() -> Signer {
    Signer::of::<S>(&embedded(), (NOW / 10_800) as u32)
}

/// A time some seconds after `NOW`.
pub(crate) fn after(secs: u64) -> Timestamp {
    Timestamp::from_secs(NOW + secs)
}
