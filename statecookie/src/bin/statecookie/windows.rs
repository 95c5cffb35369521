//! The times of a new key, and the state of one.

use std::time::Duration;

use statecookie::{Key, KeyId, KeyPolicy, Secret, SystemEntropy, Timestamp};

use crate::fault::Fault;

/// A key that signs from `activates_at` on for one rotation, and a time to publish ahead longer, should the next come late.
pub(crate) fn key(
    id: u32,
    activates_at: Timestamp,
    policy: &KeyPolicy,
    longest: Duration,
) -> Result<Key, Fault> {
    let sign_until = later(later(activates_at, policy.rotation)?, policy.publish_ahead)?;
    let accept_until = later(later(sign_until, longest)?, policy.skew)?;
    Ok(Key {
        id: KeyId(id),
        secret: Secret::generate(&SystemEntropy)?,
        activates_at,
        sign_until,
        accept_until,
        revoked: false,
    })
}

/// Whole seconds, rounded up: a ring's text knows no others.
pub(crate) fn later(time: Timestamp, by: Duration) -> Result<Timestamp, Fault> {
    let by = by
        .as_secs()
        .saturating_add(u64::from(by.subsec_nanos() > 0));
    let secs = time.as_secs().checked_add(by).ok_or(Fault::Time)?;
    Ok(Timestamp::from_secs(secs))
}

/// The key that signs now: the newest that is activated and not revoked, if its time lasts.
pub(crate) fn signing(keys: &[Key], now: Timestamp) -> Option<&Key> {
    let activated = keys
        .iter()
        .filter(|key| !key.revoked && key.activates_at <= now);
    let newest = activated.max_by_key(|key| key.activates_at);
    newest.filter(|key| now < key.sign_until)
}

pub(crate) fn state(key: &Key, keys: &[Key], now: Timestamp) -> &'static str {
    if key.revoked {
        "revoked"
    } else if now >= key.accept_until {
        "over"
    } else if now < key.activates_at {
        "published"
    } else if signing(keys, now).is_some_and(|signing| signing.id == key.id) {
        "signing"
    } else {
        "accepting"
    }
}

/// An id above all others: none is ever used again.
pub(crate) fn next_id(keys: &[Key]) -> Result<u32, Fault> {
    let last = keys.iter().map(|key| key.id.0).max().unwrap_or(0);
    last.checked_add(1).ok_or(Fault::Ids)
}

/// From `time` on, the first second at which no key is activated.
pub(crate) fn free_second(keys: &[Key], mut time: Timestamp) -> Result<Timestamp, Fault> {
    while keys.iter().any(|key| key.activates_at == time) {
        time = later(time, Duration::from_secs(1))?;
    }
    Ok(time)
}

/// What cookies are promised: as asked for, else what the newest key allows.
pub(crate) fn longest(asked: Option<Duration>, keys: &[Key], skew: Duration) -> Duration {
    asked.unwrap_or_else(|| {
        let newest = keys.iter().max_by_key(|key| key.activates_at);
        newest.map_or(Duration::from_secs(10_800), |key| {
            let kept = key.accept_until.since(key.sign_until);
            kept.saturating_sub(skew)
        })
    })
}
