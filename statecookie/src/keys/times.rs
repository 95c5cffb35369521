//! The times of the keys that a pool holds: when each signs, and from when on nothing under it can be valid.

use core::time::Duration;

use alloc::vec::Vec;

use super::ring::Prepared;
use crate::tier::KeyId;
use crate::time::Timestamp;

/// When a key of a pool signs and is accepted; without its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyTimes {
    /// The key.
    pub id: KeyId,
    /// From then on it signs, until a newer key is activated.
    pub activates_at: Timestamp,
    /// From then on it signs no more.
    pub sign_until: Timestamp,
    /// From then on its cookies are refused.
    pub accept_until: Timestamp,
    /// Given up before its time: it neither signs nor is accepted.
    pub revoked: bool,
    /// From then on no cookie under it can be valid on any server of the pool: `accept_until`, or the longest validity and the
    /// leeway after `sign_until`, whichever comes first, and the skew of [`KeyPolicy`](crate::KeyPolicy) more, because other
    /// clocks are behind.
    ///
    /// It takes for granted that all servers know the same validities. While a deploy shortens one, another server may
    /// still issue longer ones: then count on `accept_until`.
    pub over_at: Timestamp,
}

/// How long a cookie may be valid after its key has signed for the last time.
#[derive(Clone, Copy)]
pub(super) struct Afterlife {
    pub(super) longest_validity: Duration,
    pub(super) leeway: Duration,
    pub(super) skew: Duration,
}

impl Prepared {
    fn times(&self, after: Afterlife) -> KeyTimes {
        let last = self.sign_until.saturating_add(after.longest_validity);
        let last = last.saturating_add(after.leeway);
        KeyTimes {
            id: self.id,
            activates_at: self.activates_at,
            sign_until: self.sign_until,
            accept_until: self.accept_until,
            revoked: self.revoked,
            over_at: last.min(self.accept_until).saturating_add(after.skew),
        }
    }
}

/// The times of all of them, by id.
pub(super) fn times<'a>(
    keys: impl Iterator<Item = &'a alloc::sync::Arc<Prepared>>,
    after: Afterlife,
) -> Vec<KeyTimes> {
    let mut times: Vec<_> = keys.map(|key| key.times(after)).collect();
    times.sort_unstable_by_key(|key| key.id);
    times
}
