//! `keys list`, and the list that the other commands end with.

use std::path::Path;

use statecookie::{Key, KeyFile, Timestamp};

use crate::fault::Fault;
use crate::output::{Line, Said};
use crate::windows;

pub(crate) fn list(path: &Path, now: Timestamp) -> Result<Said, Fault> {
    let ring = KeyFile::at(path).read()?;
    let mut notes = Vec::new();
    if windows::signing(ring.keys(), now).is_none() {
        notes.push(
            "No key signs now: nothing is issued. `statecookie keys rotate` adds one.".into(),
        );
    }
    Ok(said(path, ring.keys(), notes, now))
}

pub(crate) fn said(path: &Path, keys: &[Key], notes: Vec<String>, now: Timestamp) -> Said {
    let mut sorted: Vec<_> = keys.iter().collect();
    sorted.sort_by_key(|key| key.activates_at);
    let line = |key: &&Key| Line {
        id: key.id.0,
        state: windows::state(key, keys, now),
        times: [key.activates_at, key.sign_until, key.accept_until].map(text),
    };
    Said {
        file: path.display().to_string(),
        notes,
        keys: sorted.iter().map(line).collect(),
    }
}

/// The form of the ring's text.
pub(crate) fn text(time: Timestamp) -> String {
    let since = time.since(Timestamp::from_secs(0));
    match std::time::UNIX_EPOCH.checked_add(since) {
        // Beyond the year 9999 there is no such form; the ring's text has none either.
        Some(time) if since.as_secs() <= 253_402_300_799 => {
            humantime::format_rfc3339_seconds(time).to_string()
        }
        _ => format!("{} s", since.as_secs()),
    }
}
