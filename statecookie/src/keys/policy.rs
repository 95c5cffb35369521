//! The times around a key's hand-over, and the inequalities that keep every server able to read what another signed.

use core::time::Duration;

use super::error::PolicyError;
use super::ring::{Key, KeyRing};

/// How a pool changes its keys. The defaults hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPolicy {
    /// How often servers look for new keys; 30 s.
    pub refresh: Duration,
    /// How long before its activation a key is published; 10 min.
    pub publish_ahead: Duration,
    /// How long a key signs before the next one takes over; 3 h.
    pub rotation: Duration,
    /// How far the clocks of the pool's servers may be apart; 60 s.
    pub skew: Duration,
}

/// No source is asked more often than that, whatever the policy says.
pub(crate) const SHORTEST_REFRESH: Duration = Duration::from_millis(10);

impl Default for KeyPolicy {
    fn default() -> Self {
        Self {
            refresh: Duration::from_secs(30),
            publish_ahead: Duration::from_secs(600),
            rotation: Duration::from_secs(10_800),
            skew: Duration::from_secs(60),
        }
    }
}

impl KeyPolicy {
    /// The policy of keys that each server derives for itself: nothing is re-read, and a key is known one rotation ahead.
    pub(super) fn of_derived_keys(self, rotation: Duration) -> Self {
        Self {
            refresh: Duration::ZERO,
            publish_ahead: rotation,
            rotation,
            ..self
        }
    }

    /// Whether a pool with this policy, whose longest `valid_for` is `longest_validity`, takes this ring: for programs that write
    /// rings. A pool checks the same when it is made and at each refresh.
    ///
    /// # Errors
    ///
    /// An inequality is violated; the error names it with its numbers.
    ///
    /// ```
    /// use std::time::Duration;
    /// use statecookie::{Key, KeyId, KeyPolicy, KeyRing, Secret, SystemEntropy, Timestamp};
    ///
    /// let key = Key {
    ///     id: KeyId(1),
    ///     secret: Secret::generate(&SystemEntropy)?,
    ///     activates_at: Timestamp::from_secs(1_000_000),
    ///     sign_until: Timestamp::from_secs(1_010_800),
    ///     accept_until: Timestamp::from_secs(1_010_900),
    ///     revoked: false,
    /// };
    /// let ring = KeyRing::new(vec![key])?;
    /// let policy = KeyPolicy::default();
    /// assert!(policy.check_ring(&ring, Duration::from_secs(40)).is_ok());
    /// assert!(policy.check_ring(&ring, Duration::from_secs(41)).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check_ring(
        &self,
        ring: &KeyRing,
        longest_validity: Duration,
    ) -> Result<(), PolicyError> {
        self.check()?;
        let mut keys = ring.keys().iter();
        keys.try_for_each(|key| self.check_key(key, longest_validity))
    }

    pub(super) fn check(&self) -> Result<(), PolicyError> {
        let Self {
            refresh,
            publish_ahead,
            rotation,
            skew,
        } = *self;
        if publish_ahead < refresh.saturating_add(skew) {
            return Err(PolicyError::PublishTooLate {
                publish_ahead,
                refresh,
                skew,
            });
        }
        if rotation < refresh.saturating_mul(2) {
            return Err(PolicyError::RotationTooFast { rotation, refresh });
        }
        Ok(())
    }

    // Cookies of a revoked key are to be lost: its times are not held against a ring that is needed now.
    pub(super) fn check_key(&self, key: &Key, longest: Duration) -> Result<(), PolicyError> {
        let kept = key.accept_until.since(key.sign_until);
        if !key.revoked && kept < longest.saturating_add(self.skew) {
            return Err(PolicyError::AcceptTooShort {
                key: key.id,
                kept,
                longest,
                skew: self.skew,
            });
        }
        Ok(())
    }
}

/// The default leeway: 60 s, or half the shortest validity if that is less.
pub(crate) fn default_leeway(shortest_validity: Duration) -> Duration {
    Duration::from_secs(60).min(shortest_validity / 2)
}

/// Checks leeway < shortest validity.
pub(crate) fn check_leeway(leeway: Duration, shortest: Duration) -> Result<(), PolicyError> {
    if leeway < shortest {
        Ok(())
    } else {
        Err(PolicyError::LeewayTooLong { leeway, shortest })
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use super::*;
    use crate::error::PoolError;
    use crate::keys::{Keys, Secret};
    use crate::tier::KeyId;
    use crate::time::Timestamp;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    // Signs for 100 s, is accepted for 70 s more.
    fn ring() -> Keys {
        let secret = core::array::from_fn::<u8, 32, _>(|at| at as u8);
        let key = Key {
            id: KeyId(5),
            secret: Secret::from_bytes(&secret).unwrap(),
            activates_at: Timestamp::from_secs(0),
            sign_until: Timestamp::from_secs(100),
            accept_until: Timestamp::from_secs(170),
            revoked: false,
        };
        Keys::ring(KeyRing::new(vec![key]).unwrap())
    }

    fn error(longest: u64, policy: KeyPolicy) -> PolicyError {
        match ring().prepare("pool", b"schema", secs(longest), policy) {
            Err(PoolError::Policy(error)) => error,
            _ => panic!("a policy that is violated"),
        }
    }

    #[test]
    fn names_each_violated_inequality_with_its_numbers() {
        let good = KeyPolicy {
            refresh: secs(20),
            publish_ahead: secs(30),
            rotation: secs(40),
            skew: secs(10),
        };
        assert!(ring().prepare("pool", b"schema", secs(60), good).is_ok());
        let table = [
            (
                error(
                    60,
                    KeyPolicy {
                        publish_ahead: secs(29),
                        ..good
                    },
                ),
                "publish_ahead >= refresh + skew is violated: 29s < 20s + 10s",
            ),
            (
                error(61, good),
                "accept_until - sign_until >= longest validity + skew is violated by key 5: 70s < 61s + 10s",
            ),
            (
                error(
                    60,
                    KeyPolicy {
                        rotation: secs(39),
                        ..good
                    },
                ),
                "rotation >= 2 x refresh is violated: 39s < 2 x 20s",
            ),
            (
                check_leeway(secs(30), secs(30)).unwrap_err(),
                "leeway < shortest validity is violated: 30s >= 30s",
            ),
        ];
        for (at, (error, text)) in table.iter().enumerate() {
            assert_eq!(error.to_string(), *text);
            assert!(table.iter().skip(at + 1).all(|(other, _)| {
                core::mem::discriminant(other) != core::mem::discriminant(error)
            }));
        }
        assert_eq!(check_leeway(secs(29), secs(30)), Ok(()));
    }

    #[test]
    fn has_defaults_that_hold() {
        assert_eq!(KeyPolicy::default().check(), Ok(()));
        for shortest in [1, 30, 120, 10_800] {
            assert_eq!(
                check_leeway(default_leeway(secs(shortest)), secs(shortest)),
                Ok(())
            );
        }
        assert_eq!(default_leeway(secs(30)), secs(15));
        assert_eq!(default_leeway(secs(10_800)), secs(60));
    }

    #[test]
    fn holds_derived_keys_to_their_own_rotation() {
        let secret = core::array::from_fn::<u8, 32, _>(|at| at as u8);
        let keys = |rotation| {
            Keys::embedded_with_rotation(Secret::from_bytes(&secret).unwrap(), secs(rotation))
                .prepare("pool", b"schema", secs(60), KeyPolicy::default())
        };
        assert!(keys(60).is_ok());
        assert!(matches!(
            keys(59),
            Err(PoolError::Policy(PolicyError::PublishTooLate { .. }))
        ));
        assert!(matches!(
            keys(0),
            Err(PoolError::Policy(
                PolicyError::RotationNotWholeSeconds { .. }
            ))
        ));
    }
}
