//! Which key ids this server holds, as far as can be told from outside of the library: for the judge of "unknown key".

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use statecookie::{KeyId, KeySource, KeySourceError, Loaded, RedisKeys, RefreshOutcome};

/// The rings that were loaded, and which of them the pool goes by.
#[derive(Default)]
pub(crate) struct Held(Mutex<Rings>);

#[derive(Default)]
struct Rings {
    loaded: BTreeMap<u64, BTreeSet<KeyId>>,
    /// The pool has said that it goes on with it; it may have taken a newer one since.
    settled: u64,
}

impl Held {
    /// In the ring of which the pool told last: before a bundle is judged.
    pub(crate) fn before(&self, id: KeyId) -> bool {
        self.with(|rings| {
            let ring = rings.loaded.get(&rings.settled);
            ring.is_some_and(|ring| ring.contains(&id))
        })
    }

    /// In the newest ring that the pool can have taken: after a bundle was judged.
    pub(crate) fn after(&self, id: KeyId) -> bool {
        self.with(|rings| {
            let newest = rings.loaded.last_key_value();
            newest.is_some_and(|(_, ring)| ring.contains(&id))
        })
    }

    /// The pool told what it goes on with.
    pub(crate) fn settle(&self, outcome: &RefreshOutcome) {
        if let RefreshOutcome::Replaced { generation } = outcome {
            self.with(|rings| {
                // Two threads that asked one after the other may tell in the other order.
                let settled = rings.settled.max(generation.0);
                rings.settled = settled;
                rings.loaded.retain(|loaded, _| *loaded >= settled);
            });
        }
    }

    fn load(&self, loaded: &Loaded) {
        let ids = loaded.ring.keys().iter().map(|key| key.id).collect();
        self.with(|rings| rings.loaded.insert(loaded.generation.0, ids));
    }

    fn with<R>(&self, look: impl FnOnce(&mut Rings) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The source of the keys, which notes what it gave.
pub(crate) struct Noted {
    keys: RedisKeys,
    held: Arc<Held>,
}

impl Noted {
    pub(crate) fn new(keys: RedisKeys, held: Arc<Held>) -> Self {
        Self { keys, held }
    }
}

impl KeySource for Noted {
    fn name(&self) -> String {
        self.keys.name()
    }

    fn load(&self) -> Result<Loaded, KeySourceError> {
        let loaded = self.keys.load()?;
        self.held.load(&loaded);
        Ok(loaded)
    }
}
