//! The embedded default: one root secret, and a key derived from it for each rotation period. No coordination at all.
//!
//! Key number p signs from p * R to (p + 1) * R and is known from (p - 1) * R on; so a server whose clock is up to R behind
//! knows what the others sign with. What an id's times are is arithmetic: nothing is derived for an id out of its window.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use arc_swap::ArcSwap;

use super::derive::{Domain, Prk, SubKeys};
use super::error::{KeyRefusal, NoSigningKey, PolicyError};
use super::ring::Prepared;
use super::secret::Secret;
use super::stack::leaving_nothing;
use crate::tier::KeyId;
use crate::time::Timestamp;

/// The keys of one root secret. Those derived so far are a snapshot, which readers never wait for.
pub(super) struct Embedded {
    root: Box<Prk>,
    periods: Periods,
    held: ArcSwap<Held>,
}

impl Embedded {
    pub(super) fn new(root: &Secret, periods: Periods) -> Self {
        Self {
            root: leaving_nothing(|| Box::new(Prk::of(root))),
            periods,
            held: ArcSwap::from_pointee(Held::NOTHING),
        }
    }

    pub(super) fn signing(
        &self,
        domain: &Domain,
        now: Timestamp,
    ) -> Result<Arc<Prepared>, NoSigningKey> {
        let id = self.periods.signing(now).ok_or(NoSigningKey)?;
        Ok(self.key(domain, id, now))
    }

    pub(super) fn accepting(
        &self,
        domain: &Domain,
        id: KeyId,
        now: Timestamp,
    ) -> Result<Arc<Prepared>, KeyRefusal> {
        self.periods.check(id, now)?;
        Ok(self.key(domain, id, now))
    }

    pub(super) fn is_signing(&self, id: KeyId, now: Timestamp) -> bool {
        self.periods.signing(now) == Some(id)
    }

    /// Looks at the keys derived so far.
    pub(super) fn held<R>(&self, look: impl FnOnce(&[Arc<Prepared>]) -> R) -> R {
        look(&self.held.load().keys)
    }

    /// The root's fingerprint; the rotation belongs to it, because it changes every key.
    pub(super) fn fingerprint(&self, domain: &Domain) -> ([u8; 8], u64) {
        let print = leaving_nothing(|| self.root.fingerprint(domain));
        (print, self.periods.rotation)
    }

    fn key(&self, domain: &Domain, id: KeyId, now: Timestamp) -> Arc<Prepared> {
        let held = self.held.load();
        match held.find(id) {
            Some(key) if now < held.erase_at => Arc::clone(key),
            _ => self.hold(domain, id, now),
        }
    }

    // Two threads may derive the same key at the same moment; the second finds the first one's.
    #[cold]
    fn hold(&self, domain: &Domain, id: KeyId, now: Timestamp) -> Arc<Prepared> {
        let found = self.held.load().find(id).cloned();
        let key = found.unwrap_or_else(|| leaving_nothing(|| Arc::new(self.derive(domain, id))));
        self.held.rcu(|held| held.with(&key, now));
        key
    }

    fn derive(&self, domain: &Domain, id: KeyId) -> Prepared {
        let secret = self.root.of_period(self.periods.rotation, id.0);
        Prepared::with_windows(
            id,
            self.periods.windows(id),
            SubKeys::derive(&secret, domain),
        )
    }
}

/// When which key signs and is accepted. All times are whole seconds, saturating.
#[derive(Clone, Copy)]
pub(super) struct Periods {
    rotation: u64,
    kept: u64,
}

impl Periods {
    /// Keys that sign for `rotation` and are accepted for `longest_validity` and `skew` more.
    pub(super) fn new(
        rotation: Duration,
        longest_validity: Duration,
        skew: Duration,
    ) -> Result<Self, PolicyError> {
        if rotation.as_secs() == 0 || rotation.subsec_nanos() != 0 {
            return Err(PolicyError::RotationNotWholeSeconds { rotation });
        }
        let kept = whole_seconds(longest_validity.saturating_add(skew));
        Ok(Self {
            rotation: rotation.as_secs(),
            kept,
        })
    }

    fn signing(self, now: Timestamp) -> Option<KeyId> {
        u32::try_from(now.as_secs() / self.rotation).ok().map(KeyId)
    }

    fn check(self, id: KeyId, now: Timestamp) -> Result<(), KeyRefusal> {
        let [activates_at, _, accept_until] = self.windows(id);
        if now >= accept_until {
            Err(KeyRefusal::KeyExpired)
        } else if now < activates_at.saturating_sub(Duration::from_secs(self.rotation)) {
            Err(KeyRefusal::UnknownKey)
        } else {
            Ok(())
        }
    }

    // `activates_at`, `sign_until`, `accept_until`.
    fn windows(self, id: KeyId) -> [Timestamp; 3] {
        let start = u64::from(id.0).saturating_mul(self.rotation);
        let end = start.saturating_add(self.rotation);
        [start, end, end.saturating_add(self.kept)].map(Timestamp::from_secs)
    }
}

fn whole_seconds(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_add(u64::from(duration.subsec_nanos() > 0))
}

/// The keys derived so far, the newest first, and when the first of them has to be forgotten.
struct Held {
    keys: Vec<Arc<Prepared>>,
    erase_at: Timestamp,
}

impl Held {
    const NOTHING: Self = Self {
        keys: Vec::new(),
        erase_at: Timestamp::from_millis(u64::MAX),
    };

    // Short rotations with long validities have more live keys than this; older ones are then derived when asked for.
    const MOST: usize = 32;

    fn find(&self, id: KeyId) -> Option<&Arc<Prepared>> {
        self.keys.iter().find(|key| key.id() == id)
    }

    fn with(&self, key: &Arc<Prepared>, now: Timestamp) -> Self {
        let others = self
            .keys
            .iter()
            .filter(|held| held.id() != key.id() && now < held.accept_until());
        let mut keys: Vec<_> = others.chain([key]).cloned().collect();
        keys.sort_by_key(|key| core::cmp::Reverse(key.id()));
        keys.truncate(Self::MOST);
        let ends = keys.iter().map(|key| key.accept_until());
        Self {
            erase_at: ends.min().unwrap_or(Self::NOTHING.erase_at),
            keys,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 3600;

    fn at(secs: u64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    fn domain() -> Domain {
        Domain::new("pool", b"schema")
    }

    // Rotation 3 h, validity 1 h, skew 60 s.
    fn embedded() -> Embedded {
        let periods = Periods::new(
            Duration::from_secs(3 * HOUR),
            Duration::from_secs(HOUR),
            Duration::from_secs(60),
        );
        let root = core::array::from_fn::<u8, 32, _>(|at| at as u8);
        Embedded::new(&Secret::from_bytes(&root).unwrap(), periods.unwrap())
    }

    fn held(keys: &Embedded) -> Vec<u32> {
        keys.held.load().keys.iter().map(|key| key.id().0).collect()
    }

    #[test]
    fn signs_with_the_key_of_the_period() {
        let keys = embedded();
        for (now, id) in [(0, 0), (3 * HOUR - 1, 0), (3 * HOUR, 1), (300 * HOUR, 100)] {
            assert_eq!(keys.signing(&domain(), at(now)).unwrap().id(), KeyId(id));
            assert!(keys.is_signing(KeyId(id), at(now)));
            assert!(!keys.is_signing(KeyId(id + 1), at(now)));
        }
    }

    #[test]
    fn accepts_from_one_period_ahead_to_the_end_of_the_last_cookie() {
        let keys = embedded();
        let refusal = |now| keys.accepting(&domain(), KeyId(10), now).err();
        let known = at(27 * HOUR);
        let end = at(34 * HOUR + 60);
        let millisecond = Duration::from_millis(1);
        assert_eq!(
            refusal(known.saturating_sub(millisecond)),
            Some(KeyRefusal::UnknownKey)
        );
        assert_eq!(refusal(known), None);
        assert_eq!(refusal(end.saturating_sub(millisecond)), None);
        assert_eq!(refusal(end), Some(KeyRefusal::KeyExpired));
        let key = keys.accepting(&domain(), KeyId(10), known).unwrap();
        assert_eq!(key.accept_until(), end);
    }

    #[test]
    fn derives_nothing_for_an_id_out_of_its_window() {
        let keys = embedded();
        for id in [0, 1, 95, 102, 200, u32::MAX] {
            assert!(
                keys.accepting(&domain(), KeyId(id), at(300 * HOUR))
                    .is_err(),
                "{id}"
            );
        }
        assert!(held(&keys).is_empty());
    }

    #[test]
    fn derives_a_key_once_and_hands_out_the_same() {
        let keys = embedded();
        let one = keys.signing(&domain(), at(300 * HOUR)).unwrap();
        let other = keys
            .accepting(&domain(), KeyId(100), at(300 * HOUR))
            .unwrap();
        assert!(Arc::ptr_eq(&one, &other));
        assert_eq!(held(&keys), [100]);
    }

    // A reader that wrote would make the others try again.
    #[test]
    fn only_reads_where_the_key_is_known() {
        let keys = embedded();
        keys.signing(&domain(), at(300 * HOUR)).unwrap();
        let before = keys.held.load_full();
        keys.signing(&domain(), at(301 * HOUR)).unwrap();
        assert!(Arc::ptr_eq(&before, &keys.held.load_full()));
    }

    #[test]
    fn erases_a_key_when_its_acceptance_has_ended() {
        let keys = embedded();
        let old = Arc::downgrade(&keys.signing(&domain(), at(3 * HOUR)).unwrap());
        keys.signing(&domain(), at(6 * HOUR)).unwrap();
        assert_eq!(held(&keys), [2, 1]);
        // Nothing is derived any more, the signing key is known: but the time has come.
        keys.signing(&domain(), at(7 * HOUR + 59)).unwrap();
        assert_eq!(held(&keys), [2, 1]);
        keys.signing(&domain(), at(7 * HOUR + 60)).unwrap();
        assert_eq!(held(&keys), [2]);
        assert!(old.upgrade().is_none());
    }

    #[test]
    fn holds_a_bounded_number_of_keys() {
        let second = Duration::from_secs(1);
        let periods = Periods::new(second, Duration::from_secs(500), second).unwrap();
        let keys = Embedded {
            periods,
            ..embedded()
        };
        for id in 500..=1001 {
            keys.accepting(&domain(), KeyId(id), at(1000)).unwrap();
        }
        keys.accepting(&domain(), KeyId(500), at(1000)).unwrap();
        assert_eq!(held(&keys), (970..=1001).rev().collect::<Vec<_>>());
    }

    #[test]
    fn stays_within_its_numbers_at_the_end_of_time() {
        let end = Timestamp::from_millis(u64::MAX);
        let keys = embedded();
        assert_eq!(keys.signing(&domain(), end).err(), Some(NoSigningKey));
        assert_eq!(
            keys.accepting(&domain(), KeyId(u32::MAX), end).err(),
            Some(KeyRefusal::KeyExpired)
        );
        let periods =
            Periods::new(Duration::from_secs(u64::MAX), Duration::MAX, Duration::MAX).unwrap();
        let keys = Embedded {
            periods,
            ..embedded()
        };
        assert_eq!(
            keys.signing(&domain(), Timestamp::from_millis(0))
                .unwrap()
                .id(),
            KeyId(0)
        );
        assert!(
            keys.accepting(&domain(), KeyId(1), Timestamp::from_millis(u64::MAX - 1))
                .is_ok()
        );
    }

    #[test]
    fn rounds_the_end_of_acceptance_up_and_refuses_odd_rotations() {
        let (second, half) = (Duration::from_secs(1), Duration::from_millis(500));
        let periods = Periods::new(second * 10, half, second).unwrap();
        assert_eq!(periods.windows(KeyId(2)), [at(20), at(30), at(32)]);
        for rotation in [Duration::ZERO, half, second + half] {
            assert_eq!(
                Periods::new(rotation, second, second).err(),
                Some(PolicyError::RotationNotWholeSeconds { rotation })
            );
        }
    }
}
