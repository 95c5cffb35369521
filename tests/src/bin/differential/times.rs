//! When a bundle is presented: at or near the times that matter to it.

use serde_json::Value;
use statecookie_tests::kit::blob::varint;
use statecookie_tests::kit::parts::Parts;
use statecookie_tests::kit::sign::taken_apart;

use crate::dice::Dice;
use crate::states::Chance;

/// A time at or near one of the ends that matter to a bundle, in milliseconds.
pub(crate) fn near_an_end<S: Chance>(
    dice: &mut Dice,
    config: &Value,
    blob: &[u8],
    leeway_ms: u64,
) -> u64 {
    let chain = taken_apart(blob);
    let number = |part: &Parts, name: &str| varint(part.get(name)).0 as u64;
    let root = &chain[0];
    let born = number(root, "born");
    let down = dice.below(chain.len());
    let begins = chain[..=down]
        .iter()
        .fold(born, |sum, part| sum.saturating_add(number(part, "later")));
    let life = number(&chain[down], "life");
    let local = S::TABLE.tiers[chain.len() - 1 - down].valid_for.as_secs();
    let session = S::TABLE.session_max.as_secs();
    let id = u32::from_le_bytes(root.get("key").try_into().unwrap_or_default());
    let mut ends = vec![
        begins.saturating_mul(1000).saturating_sub(leeway_ms),
        (begins.saturating_add(life))
            .saturating_mul(1000)
            .saturating_add(leeway_ms),
        (begins + local) * 1000 + leeway_ms,
        (born.saturating_add(number(root, "lifetime"))).saturating_mul(1000),
        (born + session) * 1000,
    ];
    ends.extend(key_ends::<S>(config, id).map(|secs| secs * 1000));
    let by = *dice.of(&[-1_i64, 0, 1, -1, 0, 1, -1_000, 60_000]);
    dice.of(&ends).saturating_add_signed(by)
}

/// When a key begins and ends to be accepted.
fn key_ends<S: Chance>(config: &Value, id: u32) -> impl Iterator<Item = u64> + use<S> {
    let keys = &config["keys"];
    let mut ends = Vec::new();
    if let Some(ring) = keys["ring"].as_array() {
        let rows = ring.iter().filter(|row| row["id"] == id);
        ends.extend(rows.filter_map(|row| row["accept_until"].as_u64()));
    } else {
        let at = |name: &str| keys["embedded"][name].as_u64().unwrap_or(0);
        let longest = S::TABLE
            .tiers
            .iter()
            .map(|tier| tier.valid_for.as_secs())
            .max()
            .unwrap_or(0);
        let id = u64::from(id);
        ends.push((id + 1) * at("rotation") + longest + at("skew"));
        ends.push(id.saturating_sub(1) * at("rotation"));
    }
    ends.into_iter()
}
