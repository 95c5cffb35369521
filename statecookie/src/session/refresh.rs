//! Keeping a pool's keys fresh: by hand, when an unknown id is presented, or by a thread of its own.

use alloc::vec::Vec;

use crate::keys::{KeyRing, KeyTimes, Refresh, ReplaceError};
use crate::observe::Event;
use crate::schema::StateCookie;
use crate::session::pool::Inner;
use crate::session::{KeyWatch, Pool};
use crate::tier::KeyId;
use crate::time::Timestamp;

impl<S: StateCookie> Pool<S> {
    /// Asks the source of the keys for its ring, and goes on with it if it is newer. Waits for the source; sessions go on
    /// meanwhile. `None` if the keys come from no source.
    ///
    /// To be called every [`KeyPolicy::refresh`](crate::KeyPolicy::refresh), or left to [`watch_keys`](Self::watch_keys).
    pub fn refresh_keys(&self) -> Option<Refresh> {
        let refresh = self.inner.keys.refresh();
        self.inner.tell(refresh.as_ref());
        refresh
    }

    /// Asks the source of the keys because a client presented this id, which is not held. `None` if it was not asked: there
    /// is no source, another thread is asking it right now, or it was asked so within the last
    /// [`KeyPolicy::refresh`](crate::KeyPolicy::refresh). Whatever clients present, a source is asked no more often than
    /// that on their behalf.
    ///
    /// A resume does this by itself, unless [told not to](crate::PoolBuilder::ask_for_unknown_keys).
    pub fn refresh_keys_for(&self, id: KeyId) -> Option<Refresh> {
        self.inner.refresh_for(id, self.now())
    }

    /// Goes on with the keys of another ring; for pools that were made of [`Keys::ring`](crate::Keys::ring).
    ///
    /// # Errors
    ///
    /// The keys are derived or come from a source, or the ring violates the pool's policy. Then the ring that is held stays.
    ///
    /// ```
    /// # use statecookie::{Keys, Pool, Key, KeyId, KeyRing, ReplaceError, Secret, StateCookie, SystemEntropy, Timestamp};
    /// # #[derive(StateCookie, Clone, Debug, PartialEq)]
    /// # #[statecookie(tier(0, valid_for = "1h"))]
    /// # struct Visit {
    /// #     #[tier(0)]
    /// #     customer: u64,
    /// # }
    /// let key = |id, activates_at| -> Result<Key, statecookie::KeyError> {
    ///     Ok(Key {
    ///         id: KeyId(id),
    ///         secret: Secret::generate(&SystemEntropy)?,
    ///         activates_at: Timestamp::from_secs(activates_at),
    ///         sign_until: Timestamp::from_secs(4_000_000_000),
    ///         accept_until: Timestamp::from_secs(4_000_010_000),
    ///         revoked: false,
    ///     })
    /// };
    /// let old = key(1, 0)?;
    /// let pool = Pool::<Visit>::new("shop.example", Keys::ring(KeyRing::new(vec![old.clone()])?))?;
    /// let before = pool.fingerprint();
    /// pool.replace_keys(&KeyRing::new(vec![old, key(2, 1)?])?)?;
    /// assert_ne!(pool.fingerprint(), before);
    ///
    /// let derived = Pool::<Visit>::new("shop.example", Keys::ephemeral()?)?;
    /// let error = derived.replace_keys(&KeyRing::new(vec![key(3, 0)?])?).unwrap_err();
    /// assert_eq!(error, ReplaceError::DerivedKeys);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replace_keys(&self, ring: &KeyRing) -> Result<(), ReplaceError> {
        self.inner.keys.replace(ring)
    }

    /// The times of the keys that this pool holds now, by id. Of keys that are derived from a root secret, those of which
    /// something was issued or presented here.
    ///
    /// ```
    /// # use statecookie::{Keys, Pool, StateCookie};
    /// # #[derive(StateCookie, Clone, Debug, PartialEq)]
    /// # #[statecookie(tier(0, valid_for = "1h"))]
    /// # struct Visit {
    /// #     #[tier(0)]
    /// #     customer: u64,
    /// # }
    /// let pool = Pool::<Visit>::new("shop.example", Keys::ephemeral()?)?;
    /// let [key] = &pool.key_times()[..] else { panic!("one key was derived") };
    /// assert!(key.activates_at < key.sign_until && key.sign_until < key.over_at);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn key_times(&self) -> Vec<KeyTimes> {
        self.inner.keys.times(self.inner.leeway)
    }

    /// A thread that calls [`refresh_keys`](Self::refresh_keys) every [`KeyPolicy::refresh`](crate::KeyPolicy::refresh), until
    /// what this gives is dropped, or every clone of the pool. What it finds goes to
    /// [`PoolBuilder::on_refresh`](crate::PoolBuilder::on_refresh). A second thread listens for hints of the source
    /// ([`KeySource::listen`](crate::KeySource::listen)), where it gives any. Where the keys come from no source, there is no thread.
    ///
    /// # Errors
    ///
    /// The system gave no thread.
    pub fn watch_keys(&self) -> std::io::Result<KeyWatch>
    where
        S: 'static,
    {
        let keys = &self.inner.keys;
        let (Some(interval), Some(source)) = (keys.interval(), keys.source()) else {
            return Ok(KeyWatch::idle());
        };
        let pool = alloc::sync::Arc::downgrade(&self.inner);
        let watch = KeyWatch::start(interval, move || {
            let Some(inner) = pool.upgrade() else {
                return false;
            };
            Pool { inner }.refresh_keys();
            true
        })?;
        watch.listen(interval, move |tell| source.listen(tell))?;
        Ok(watch)
    }
}

impl<S> Inner<S> {
    /// Whether it is worth looking for this id again.
    #[cold]
    pub(super) fn ask_for(&self, id: KeyId, now: Timestamp) -> bool {
        self.asks_for_unknown && self.refresh_for(id, now).is_some()
    }

    fn refresh_for(&self, id: KeyId, now: Timestamp) -> Option<Refresh> {
        let refresh = self.keys.refresh_for(id, now);
        self.tell(refresh.as_ref());
        refresh
    }

    pub(super) fn tell(&self, refresh: Option<&Refresh>) {
        let Some(refresh) = refresh else { return };
        if let Some(told) = &self.on_refresh {
            told(refresh);
        }
        self.observers.tell(|| Event::Refreshed { refresh });
    }
}
