//! The keys and their times, read from the store by the test itself, which changes nothing there.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use statecookie::{KeyPolicy, RedisKeys, Secret};
use statecookie_tests::rotation::{NAME, POLICY};

use crate::fleet::Fleet;

/// How far apart keys are activated that were published for one moment, in milliseconds: either of them signs.
pub(crate) const TWINS: u64 = 3;

/// A key's times, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) activates_at: u64,
    pub(crate) sign_until: u64,
    pub(crate) accept_until: u64,
}

/// All keys that ever lay in the store.
pub(crate) struct Schedule {
    address: String,
    keys: Mutex<BTreeMap<u32, Window>>,
}

impl Schedule {
    pub(crate) fn at(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            keys: Mutex::default(),
        }
    }

    /// Looks at the store; it may be away.
    pub(crate) fn look(&self) {
        let local = Secret::from_hex(Fleet::local_key()).unwrap();
        let reader = RedisKeys::at(&self.address, NAME, &local).unwrap();
        // One that knows nothing, may create nothing, and never finds a rotation due, only reads.
        let reader = reader.join_only().key_policy(KeyPolicy {
            rotation: Duration::MAX,
            ..POLICY
        });
        let Ok(loaded) = reader.read() else {
            return;
        };
        let mut keys = self.keys.lock().unwrap();
        for key in loaded.ring.keys() {
            let window = Window {
                activates_at: key.activates_at.as_millis(),
                sign_until: key.sign_until.as_millis(),
                accept_until: key.accept_until.as_millis(),
            };
            let known = keys.insert(key.id.0, window).unwrap_or(window);
            // Where two servers published for one moment, their rings become one, and one key gives way by a millisecond.
            let moved = known.activates_at.abs_diff(window.activates_at);
            assert!(moved <= TWINS, "key {} moved by {moved} ms", key.id);
            let ends = |window: Window| (window.sign_until, window.accept_until);
            assert_eq!(ends(known), ends(window), "of key {}", key.id);
        }
    }

    pub(crate) fn window(&self, id: u32) -> Option<Window> {
        self.keys.lock().unwrap().get(&id).copied()
    }

    /// All of them, as they are known now.
    pub(crate) fn keys(&self) -> BTreeMap<u32, Window> {
        self.keys.lock().unwrap().clone()
    }
}
