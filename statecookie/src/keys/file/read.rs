//! A key ring's text, read: strictly, line by line, with nothing of it in an error.

use alloc::vec::Vec;
use std::time::UNIX_EPOCH;

use super::error::{RingTextError, RingTextFault};
use crate::keys::{Key, KeyRing, RingError, Secret};
use crate::tier::KeyId;
use crate::time::Timestamp;

type Fault = RingTextFault;

impl KeyRing {
    /// The most bytes of a key ring's text: more than the longest ring takes.
    pub const MAX_TEXT_LEN: usize = 512 * 1024;

    /// Reads the text of a key-ring file. It is a part of TOML: an entry for each key, in any order, comments anywhere.
    ///
    /// Secrets are hexadecimal digits or base64; `hex:` or `base64:` before them says which, else text of hexadecimal digits
    /// alone is taken for that. The times are UTC. `revoked = true` may be added to an entry. Before the first one
    /// `keys = 3` may say how many follow, so that a text which was cut is noticed.
    ///
    /// # Errors
    ///
    /// Longer than [`MAX_TEXT_LEN`](Self::MAX_TEXT_LEN), not UTF-8, a line that the format does not have, an entry that
    /// lacks something, or entries that make no ring (see [`new`](Self::new)). The error names the line and what to write.
    ///
    /// ```text
    /// keys = 1
    ///
    /// [[key]] # the first one
    /// id = 1
    /// secret = "hex:.."
    /// activates_at = 2026-11-28T09:00:00Z
    /// sign_until = 2026-11-28T12:10:00Z
    /// accept_until = 2026-11-28T15:15:00Z
    /// ```
    ///
    /// ```
    /// use statecookie::KeyRing;
    ///
    /// let error = KeyRing::from_text(b"[[key]] # the first one\nid = one").unwrap_err();
    /// assert_eq!(error.line, Some(2));
    /// assert!(error.to_string().starts_with("line 2: write `id` as a whole number"));
    /// ```
    pub fn from_text(text: &[u8]) -> Result<Self, RingTextError> {
        if text.len() > Self::MAX_TEXT_LEN {
            return Err(RingTextError::whole(Fault::TooLong));
        }
        let text = core::str::from_utf8(text).map_err(|error| {
            let good = text.get(..error.valid_up_to()).unwrap_or_default();
            RingTextError::at(line_behind(good), Fault::NotText)
        })?;
        let entries = read_all(text)?;
        let lines: Vec<_> = entries.iter().map(|entry| entry.line).collect();
        let keys: Result<Vec<_>, _> = entries.into_iter().map(Entry::finish).collect();
        let keys = keys?;
        let numbered: Vec<_> = keys.iter().map(|key| key.id).zip(lines).collect();
        Self::new(keys).map_err(|error| blame(&numbered, error))
    }
}

fn line_behind(text: &[u8]) -> usize {
    1 + text.iter().filter(|byte| **byte == b'\n').count()
}

fn read_all(text: &str) -> Result<Vec<Entry>, RingTextError> {
    let mut count = None;
    let mut entries: Vec<Entry> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let (number, line) = (at + 1, without_comment(line));
        if line == "[[key]]" {
            entries.push(Entry::beginning_at(number));
        } else if !line.is_empty() {
            match entries.last_mut() {
                Some(entry) => read_item(entry, line),
                None => read_count(&mut count, line),
            }
            .map_err(|fault| RingTextError::at(number, fault))?;
        }
    }
    match (count, entries.len()) {
        (Some(said), found) if said as usize != found => {
            Err(RingTextError::whole(Fault::Count { said, found }))
        }
        (_, 0) => Err(RingTextError::whole(Fault::NoKey)),
        _ => Ok(entries),
    }
}

// No value has a `#` in it.
fn without_comment(line: &str) -> &str {
    trim(line.split('#').next().unwrap_or_default())
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// `name = value`.
fn split(line: &str) -> Result<(&str, &str), RingTextFault> {
    let (name, value) = line.split_once('=').ok_or(Fault::NotALine)?;
    Ok((trim(name), trim(value)))
}

fn read_count(count: &mut Option<u32>, line: &str) -> Result<(), RingTextFault> {
    let ("keys", value) = split(line)? else {
        return Err(Fault::BeforeFirstKey);
    };
    set(count, "keys", read_number("keys", value)?)
}

fn read_item(entry: &mut Entry, line: &str) -> Result<(), RingTextFault> {
    let (name, value) = split(line)?;
    match name {
        "id" => set(&mut entry.id, "id", KeyId(read_number("id", value)?)),
        "secret" => set(&mut entry.secret, "secret", read_secret(value)?),
        "activates_at" => set_time(&mut entry.activates_at, "activates_at", value),
        "sign_until" => set_time(&mut entry.sign_until, "sign_until", value),
        "accept_until" => set_time(&mut entry.accept_until, "accept_until", value),
        "revoked" => set(&mut entry.revoked, "revoked", read_mark(value)?),
        _ => Err(Fault::UnknownName),
    }
}

fn set_time(
    slot: &mut Option<Timestamp>,
    name: &'static str,
    value: &str,
) -> Result<(), RingTextFault> {
    set(slot, name, read_time(value).ok_or(Fault::Time { name })?)
}

fn set<T>(slot: &mut Option<T>, name: &'static str, value: T) -> Result<(), RingTextFault> {
    match slot.replace(value) {
        Some(_) => Err(Fault::Repeated { name }),
        None => Ok(()),
    }
}

fn read_number(name: &'static str, value: &str) -> Result<u32, RingTextFault> {
    let plain = value == "0" || !value.starts_with(['0', '+']);
    let number = value.parse().ok().filter(|_| plain);
    number.ok_or(Fault::Number { name })
}

fn read_secret(value: &str) -> Result<Secret, RingTextFault> {
    let inside = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
    let text = inside.ok_or(Fault::Quotes)?;
    let secret = match text.split_once(':') {
        Some(("hex", digits)) => Secret::from_hex(digits),
        Some(("base64", text)) => Secret::from_base64(text),
        Some(("raw", _)) => return Err(Fault::RawSecret),
        _ => Secret::from_text(text),
    };
    Ok(secret?)
}

fn read_mark(value: &str) -> Result<bool, RingTextFault> {
    value.parse().map_err(|_| Fault::Revoked)
}

// In one form only: what is read is what would be written.
fn read_time(value: &str) -> Option<Timestamp> {
    let time = humantime::parse_rfc3339(value).ok()?;
    let secs = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
    let time = Timestamp::from_secs(secs);
    super::write::time_text(time)
        .is_some_and(|text| text == value)
        .then_some(time)
}

/// One `[[key]]`, as far as it was read.
struct Entry {
    line: usize,
    id: Option<KeyId>,
    secret: Option<Secret>,
    activates_at: Option<Timestamp>,
    sign_until: Option<Timestamp>,
    accept_until: Option<Timestamp>,
    revoked: Option<bool>,
}

impl Entry {
    fn beginning_at(line: usize) -> Self {
        Self {
            line,
            id: None,
            secret: None,
            activates_at: None,
            sign_until: None,
            accept_until: None,
            revoked: None,
        }
    }

    fn finish(self) -> Result<Key, RingTextError> {
        let missing = |name| RingTextError::at(self.line, Fault::Missing { name });
        Ok(Key {
            id: self.id.ok_or_else(|| missing("id"))?,
            secret: self.secret.ok_or_else(|| missing("secret"))?,
            activates_at: self.activates_at.ok_or_else(|| missing("activates_at"))?,
            sign_until: self.sign_until.ok_or_else(|| missing("sign_until"))?,
            accept_until: self.accept_until.ok_or_else(|| missing("accept_until"))?,
            revoked: self.revoked.unwrap_or(false),
        })
    }
}

/// The line of the entry that is at fault; of two that clash, the later one.
fn blame(numbered: &[(KeyId, usize)], error: RingError) -> RingTextError {
    let culprits = match error {
        RingError::Windows(id) | RingError::SameId(id) => [id, id],
        RingError::SameActivation(one, other) | RingError::SameSecret(one, other) => [one, other],
        RingError::Empty | RingError::TooManyKeys(_) => return RingTextError::whole(error),
    };
    let lines = numbered.iter().filter(|(id, _)| culprits.contains(id));
    RingTextError {
        line: lines.map(|(_, line)| *line).max(),
        fault: error.into(),
    }
}

#[cfg(test)]
mod tests;
