//! A key ring, written as the text that the reader reads back.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use std::time::{SystemTime, UNIX_EPOCH};

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use super::error::RingWriteError;
use super::text::RingText;
use crate::keys::{Key, KeyRing, Secret};
use crate::time::Timestamp;

const HEADER: &str = "\
# The key ring of a StateCookie pool, the same on every server. Whoever reads a secret can forge every session: mode 0600.
# Servers read this file again when it changes; replace it as a whole (write another one beside it, then rename).
# Times are UTC. From activates_at on a key signs, until a newer one is activated or sign_until has come; its cookies are
# accepted until accept_until, or until `revoked = true` stands here.
";

/// One entry without its secret, generously.
const ENTRY_LEN: usize = 256;

impl KeyRing {
    /// The text of a key-ring file, which [`from_text`](Self::from_text) reads back: the keys in the order of their
    /// activation, secrets in base64.
    ///
    /// # Errors
    ///
    /// A time has a fraction of a second, or lies beyond the year 9999.
    ///
    /// ```
    /// use statecookie::{Key, KeyId, KeyRing, Secret, SystemEntropy, Timestamp};
    ///
    /// let key = Key {
    ///     id: KeyId(1),
    ///     secret: Secret::generate(&SystemEntropy)?,
    ///     activates_at: Timestamp::from_secs(1_795_856_400),
    ///     sign_until: Timestamp::from_secs(1_795_867_200),
    ///     accept_until: Timestamp::from_secs(1_795_900_000),
    ///     revoked: false,
    /// };
    /// let text = KeyRing::new(vec![key])?.to_text()?;
    /// assert!(text.as_str().contains("\nactivates_at = 2026-11-28T09:00:00Z\n"));
    /// assert!(KeyRing::from_text(text.as_bytes()).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_text(&self) -> Result<RingText, RingWriteError> {
        let mut keys: Vec<_> = self.keys().iter().collect();
        keys.sort_by_key(|key| key.activates_at);
        let secrets: usize = keys.iter().map(|key| key.secret.expose().len() * 2).sum();
        let len = HEADER.len() + keys.len() * ENTRY_LEN + secrets;
        // Never grown: growing would leave a copy behind.
        let mut text = Zeroizing::new(String::with_capacity(len));
        text.push_str(HEADER);
        text.push_str(&format!("\nkeys = {}\n", keys.len()));
        for key in keys {
            write_entry(&mut text, key).ok_or(RingWriteError { key: key.id })?;
        }
        Ok(RingText(text))
    }
}

// `None` where a time cannot be written.
fn write_entry(text: &mut String, key: &Key) -> Option<()> {
    text.push_str("\n[[key]]\nid = ");
    text.push_str(&key.id.0.to_string());
    // Before the last of what has to be there: a text that is cut never brings back a revoked key.
    text.push_str(if key.revoked { "\nrevoked = true" } else { "" });
    text.push_str("\nsecret = \"base64:");
    write_secret(text, &key.secret);
    text.push('"');
    for (name, time) in [
        ("activates_at", key.activates_at),
        ("sign_until", key.sign_until),
        ("accept_until", key.accept_until),
    ] {
        text.push('\n');
        text.push_str(name);
        text.push_str(" = ");
        text.push_str(&time_text(time)?);
    }
    text.push('\n');
    Some(())
}

fn write_secret(text: &mut String, secret: &Secret) {
    text.push_str(&Zeroizing::new(Base64::encode_string(secret.expose())));
}

/// The last second that four digits of a year can say.
const LAST: u64 = 253_402_300_799;

pub(super) fn time_text(time: Timestamp) -> Option<String> {
    let whole = time.as_millis().is_multiple_of(1000);
    if !whole || time.as_secs() > LAST {
        return None;
    }
    let time: SystemTime = UNIX_EPOCH.checked_add(time.since(Timestamp::from_secs(0)))?;
    Some(humantime::format_rfc3339_seconds(time).to_string())
}

#[cfg(test)]
mod tests;
