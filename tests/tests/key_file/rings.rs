//! Rings that can be told apart: of the one with number n, every key says n in its id, its secret and its times.

use std::time::Duration;

use statecookie::{Key, KeyId, KeyRing, Secret, Timestamp};

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

pub(crate) const HOUR: u64 = 3600;

pub(crate) fn later(secs: u64) -> Timestamp {
    NOW.saturating_add(Duration::from_secs(secs))
}

/// A key that signs from `start` hours after `NOW` on for three hours, and is accepted two more.
pub(crate) fn key(id: u32, start: u64) -> Key {
    let mut secret: [u8; 40] = std::array::from_fn(|at| at as u8);
    secret[..4].copy_from_slice(&id.to_le_bytes());
    Key {
        id: KeyId(id),
        secret: Secret::from_bytes(&secret).unwrap(),
        activates_at: later(start * HOUR),
        sign_until: later((start + 3) * HOUR),
        accept_until: later((start + 5) * HOUR),
        revoked: false,
    }
}

pub(crate) fn ring(keys: impl IntoIterator<Item = Key>) -> KeyRing {
    KeyRing::new(keys.into_iter().collect()).unwrap()
}

pub(crate) fn text(keys: impl IntoIterator<Item = Key>) -> String {
    ring(keys).to_text().unwrap().as_str().to_owned()
}

const KEYS: u32 = 5;

/// The ring with number `n`: the later ones have fewer or more digits, so that half of one has never the other's length.
pub(crate) fn numbered(n: u32) -> KeyRing {
    ring((0..KEYS).map(|at| numbered_key(n, at)))
}

fn numbered_key(n: u32, at: u32) -> Key {
    key(n * KEYS + at, u64::from(at))
}

/// The number of a ring that is whole; a ring of parts has none.
pub(crate) fn number(ring: &KeyRing) -> u32 {
    let keys = ring.keys();
    let n = keys[0].id.0 / KEYS;
    assert_eq!(keys.len(), KEYS as usize, "torn");
    for (at, key) in keys.iter().enumerate() {
        let whole = numbered_key(n, at as u32);
        assert_eq!(key.id, whole.id, "torn");
        assert_eq!(key.secret, whole.secret, "torn");
        assert_eq!(key.activates_at, whole.activates_at, "torn");
        assert!(!key.revoked, "torn");
    }
    n
}
