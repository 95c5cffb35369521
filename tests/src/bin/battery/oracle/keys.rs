//! Section 4: which key signs, and until when a key is accepted; no secret is needed for that.

use statecookie::Reason;

/// What the oracle knows of a server's keys. All times are whole seconds.
#[derive(Clone, Debug)]
pub(crate) enum KeyFacts {
    /// A root secret: the rotation, and how long a key is accepted after it signed.
    Embedded { rotation: u64, kept: u64 },
    /// A list of keys.
    Ring(Vec<KeyTimes>),
}

/// The times of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyTimes {
    /// The key id.
    pub(crate) id: u32,
    /// From then on it signs.
    pub(crate) activates_at: u64,
    /// From then on it signs no more.
    pub(crate) sign_until: u64,
    /// From then on it is refused.
    pub(crate) accept_until: u64,
    /// Whether it was given up: refused at any time.
    pub(crate) revoked: bool,
}

impl KeyFacts {
    /// The key to sign with at this time, in milliseconds.
    pub(crate) fn signing(&self, now: u64) -> Option<KeyTimes> {
        match self {
            Self::Embedded { rotation, .. } => u32::try_from(now / 1000 / rotation)
                .ok()
                .map(|id| self.period(id)),
            Self::Ring(keys) => {
                let usable = keys.iter().filter(|key| !key.revoked);
                let active = usable.filter(|key| millis(key.activates_at) <= now);
                let newest = active.max_by_key(|key| key.activates_at).copied();
                newest.filter(|key| now < millis(key.sign_until))
            }
        }
    }

    /// The times of the key of that id, if it is accepted at this time.
    pub(crate) fn accepting(&self, id: u32, now: u64) -> Result<KeyTimes, Reason> {
        let key = self.key(id).ok_or(Reason::UnknownKey)?;
        if key.revoked {
            return Err(Reason::KeyRevoked);
        }
        if now >= millis(key.accept_until) {
            return Err(Reason::KeyExpired);
        }
        if now < self.known_from(&key) {
            Err(Reason::UnknownKey)
        } else {
            Ok(key)
        }
    }

    /// The times of the key of that id, whenever.
    pub(crate) fn key(&self, id: u32) -> Option<KeyTimes> {
        match self {
            Self::Embedded { .. } => Some(self.period(id)),
            Self::Ring(keys) => keys.iter().find(|key| key.id == id).copied(),
        }
    }

    /// From when on a key is known, in milliseconds: a derived one for a rotation before it signs.
    pub(crate) const fn known_from(&self, key: &KeyTimes) -> u64 {
        match self {
            Self::Embedded { rotation, .. } => millis(key.activates_at.saturating_sub(*rotation)),
            Self::Ring(_) => 0,
        }
    }

    /// The times of the key of one rotation period; of a ring's, the first one's.
    fn period(&self, id: u32) -> KeyTimes {
        match self {
            Self::Embedded { rotation, kept } => {
                let activates_at = u64::from(id).saturating_mul(*rotation);
                let sign_until = activates_at.saturating_add(*rotation);
                let accept_until = sign_until.saturating_add(*kept);
                KeyTimes {
                    id,
                    activates_at,
                    sign_until,
                    accept_until,
                    revoked: false,
                }
            }
            Self::Ring(keys) => keys[0],
        }
    }
}

/// Whole seconds in milliseconds, saturating.
pub(crate) const fn millis(seconds: u64) -> u64 {
    seconds.saturating_mul(1000)
}
