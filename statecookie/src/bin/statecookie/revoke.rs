//! `keys revoke`: a key is given up at once, and another one signs.

use std::path::Path;

use statecookie::{Key, KeyFile, KeyRing, Timestamp};

use crate::args::Policy;
use crate::fault::Fault;
use crate::list::said;
use crate::output::Said;
use crate::{lock, windows};

pub(crate) fn revoke(path: &Path, id: u32, asked: Policy, now: Timestamp) -> Result<Said, Fault> {
    let file = KeyFile::at(path);
    // Where no ring is, no lock is left behind.
    file.read()?;
    let _lock = lock::take(path)?;
    let mut keys = file.read()?.keys().to_vec();
    let signed = windows::signing(&keys, now).is_none_or(|key| key.id.0 == id);
    let known = names(&keys);
    let key = keys.iter_mut().find(|key| key.id.0 == id);
    let key = key.ok_or(Fault::Unknown { id, known })?;
    let mut notes = vec![loss(key, now)];
    key.revoked = true;
    if signed {
        notes.push(replace(&mut keys, asked, now)?);
    }
    let ring = KeyRing::new(keys)?;
    file.write(&ring)?;
    notes.push(
        "Bring the file to every server now: one that has the old file still accepts the key."
            .into(),
    );
    Ok(said(path, ring.keys(), notes, now))
}

fn names(keys: &[Key]) -> String {
    let names: Vec<_> = keys.iter().map(|key| key.id.0.to_string()).collect();
    names.join(", ")
}

fn loss(key: &Key, now: Timestamp) -> String {
    let id = key.id;
    if key.revoked {
        format!("Key {id} was revoked before.")
    } else if now < key.activates_at {
        format!("Key {id} is revoked. It has signed nothing yet: no client loses anything.")
    } else if now >= key.accept_until {
        format!("Key {id} is revoked. It was over already: no client loses anything.")
    } else {
        format!(
            "Key {id} is revoked. Every cookie under it is refused from now on: who fails over with one starts anew. \
             A session that is live on a server goes on, with a full update under another key."
        )
    }
}

/// A key that signs at once, also on the server with the slowest clock; but newer than every other that may sign.
fn replace(keys: &mut Vec<Key>, asked: Policy, now: Timestamp) -> Result<String, Fault> {
    let policy = asked.of_keys();
    let longest = windows::longest(asked.longest_validity, keys, policy.skew);
    let second = std::time::Duration::from_secs(1);
    let skew = windows::later(Timestamp::from_secs(0), policy.skew)?.as_secs();
    let mut at = Timestamp::from_secs(now.as_secs().saturating_sub(skew));
    for key in keys
        .iter()
        .filter(|key| !key.revoked && key.activates_at <= now)
    {
        at = at.max(windows::later(key.activates_at, second)?);
    }
    let id = windows::next_id(keys)?;
    let key = windows::key(id, windows::free_second(keys, at)?, &policy, longest)?;
    policy.check_ring(&KeyRing::new(vec![key.clone()])?, longest)?;
    keys.push(key);
    Ok(format!("Key {id} is new and signs at once."))
}
