//! `keys new` and `keys rotate`: a key more, ahead of its use.

use std::path::Path;

use statecookie::{Key, KeyFile, KeyPolicy, KeyRing, Timestamp};

use crate::args::Policy;
use crate::fault::Fault;
use crate::list::{said, text};
use crate::output::Said;
use crate::{lock, windows};

pub(crate) fn new(path: &Path, asked: Policy, now: Timestamp) -> Result<Said, Fault> {
    let _lock = lock::take(path)?;
    // A link that leads nowhere is something, too: what it is meant for is not known.
    if path.symlink_metadata().is_ok() {
        return Err(Fault::Exists(path.to_path_buf()));
    }
    let policy = asked.of_keys();
    let longest = windows::longest(asked.longest_validity, &[], policy.skew);
    let ring = KeyRing::new(vec![windows::key(1, now, &policy, longest)?])?;
    policy.check_ring(&ring, longest)?;
    KeyFile::at(path).write(&ring)?;
    let notes =
        vec![
        "Key 1 signs from now on. Bring this file to every server of the pool before they start."
            .into(),
        format!(
            "Run `statecookie keys rotate` before {}; after that nothing is issued.",
            text(ring.keys().iter().map(|key| key.sign_until).max().unwrap_or(now))
        ),
    ];
    Ok(said(path, ring.keys(), notes, now))
}

pub(crate) fn rotate(path: &Path, asked: Policy, now: Timestamp) -> Result<Said, Fault> {
    let file = KeyFile::at(path);
    // Where no ring is, no lock is left behind.
    file.read()?;
    let _lock = lock::take(path)?;
    let old = file.read()?;
    let policy = asked.of_keys();
    let longest = windows::longest(asked.longest_validity, old.keys(), policy.skew);
    // Of all that were there: also the id of a key that is dropped now is used.
    let id = windows::next_id(old.keys())?;
    let (mut keys, mut notes) = without_over(old.keys(), &policy, now)?;
    let (at, gap) = activation(&keys, &policy, now)?;
    keys.push(windows::key(id, at, &policy, longest)?);
    let ring = KeyRing::new(keys)?;
    policy.check_ring(&ring, longest)?;
    file.write(&ring)?;
    notes.push(format!("Key {id} signs from {} on.", text(at)));
    if gap {
        notes.push("Until then no key signs and nothing is issued: rotate earlier.".into());
    }
    Ok(said(path, ring.keys(), notes, now))
}

/// The keys that a server with the slowest clock may still accept, and a sentence for each other one.
fn without_over(
    keys: &[Key],
    policy: &KeyPolicy,
    now: Timestamp,
) -> Result<(Vec<Key>, Vec<String>), Fault> {
    let mut kept = Vec::new();
    let mut notes = Vec::new();
    for key in keys {
        if now < windows::later(key.accept_until, policy.skew)? {
            kept.push(key.clone());
        } else {
            notes.push(format!("Key {} is over and was dropped.", key.id));
        }
    }
    Ok((kept, notes))
}

/// When the next key takes over, and whether no key signs before that.
///
/// A rotation after the newest one, published as long ahead as the policy says; but not after the end of the newest key's time
/// to sign, as long as every server still gets the key before its use.
fn activation(
    keys: &[Key],
    policy: &KeyPolicy,
    now: Timestamp,
) -> Result<(Timestamp, bool), Fault> {
    let ahead = windows::later(now, policy.publish_ahead)?;
    let usable = keys.iter().filter(|key| !key.revoked);
    let Some(newest) = usable.max_by_key(|key| key.activates_at) else {
        return Ok((windows::free_second(keys, ahead)?, true));
    };
    let planned = windows::later(newest.activates_at, policy.rotation)?.max(ahead);
    let earliest = windows::later(windows::later(now, policy.refresh)?, policy.skew)?;
    let wanted = planned.min(newest.sign_until.max(earliest));
    // Newer than the newest also where --rotation is nothing.
    let after = windows::later(newest.activates_at, std::time::Duration::from_secs(1))?;
    let at = windows::free_second(keys, wanted.max(after))?;
    Ok((at, at > newest.sign_until))
}
