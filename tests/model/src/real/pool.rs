//! The servers of a pool, what their clocks show, and where their random bytes come from.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use statecookie::{Entropy, EntropyError, KeyPolicy, Keys, Pool, Secret, Timestamp};

use super::visits::Visit;
use crate::model::rules::Rules;
use crate::model::scope::Scope;

/// How many seconds a unit of the model's time has.
pub(crate) const UNIT: u64 = 10;
/// What a clock shows that stands at 0: a multiple of the rotation.
const EPOCH: u64 = 1_800_000_000;
/// Who the client is after its login.
pub(crate) const IDENTITY: &[u8] = b"user:42";

/// A generator that is put back to a known place before each step.
#[derive(Clone, Debug, Default)]
pub(super) struct Dice(Arc<AtomicU64>);

impl Dice {
    /// Goes to another place.
    pub(super) fn put(&self, place: u64) {
        self.0.store(scramble(place), Ordering::Relaxed);
    }
}

impl Entropy for Dice {
    fn fill(&self, out: &mut [u8]) -> Result<(), EntropyError> {
        for chunk in out.chunks_mut(8) {
            let word = scramble(self.0.fetch_add(1, Ordering::Relaxed)).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

/// The servers of a scope, to be used for one path after the other.
#[derive(Clone)]
pub(crate) struct Servers<S> {
    pub(super) pools: Vec<Pool<S>>,
    dice: Dice,
}

impl<S: Visit> Servers<S> {
    pub(crate) fn of(scope: &Scope) -> Result<Self, String> {
        let dice = Dice::default();
        let pools = (0..scope.servers)
            .map(|_| pool(&scope.rules, &dice))
            .collect::<Result<_, _>>()?;
        Ok(Self { pools, dice })
    }
}

impl<S> Servers<S> {
    /// Takes random bytes from another place.
    pub(crate) fn shake(&self, place: u64) {
        self.dice.put(place);
    }
}

fn pool<S: Visit>(rules: &Rules, dice: &Dice) -> Result<Pool<S>, String> {
    let units = |units: u8| Duration::from_secs(u64::from(units) * UNIT);
    let secret = Secret::from_bytes(b"a secret that everybody can read")
        .map_err(|error| error.to_string())?;
    let policy = KeyPolicy {
        skew: units(rules.key_skew),
        ..KeyPolicy::default()
    };
    Pool::builder(
        "model",
        Keys::embedded_with_rotation(secret, units(rules.rotation)),
    )
    .key_policy(policy)
    .leeway(units(rules.leeway))
    .entropy(dice.clone())
    .build()
    .map_err(|error| error.to_string())
}

/// What a clock shows in the real world.
pub(crate) fn time(clock: u8) -> Timestamp {
    Timestamp::from_secs(seconds(clock))
}

pub(crate) fn seconds(clock: u8) -> u64 {
    EPOCH + u64::from(clock) * UNIT
}

/// The number by which the real world knows a key of the model.
pub(crate) fn key_id(rules: &Rules, key: u8) -> u32 {
    (EPOCH / (u64::from(rules.rotation) * UNIT)) as u32 + u32::from(key)
}

/// Vigna's splitmix64.
pub(crate) fn scramble(counter: u64) -> u64 {
    let mut word = counter.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}
