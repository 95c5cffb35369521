//! The thread that keeps a pool's keys fresh.

use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use statecookie::{
    KeyPolicy, KeySource, KeySourceError, Keys, Loaded, Pool, Refresh, RefreshOutcome,
};

use crate::folder::Folder;
use crate::pool::{Visit, builder, builder_of, clock};
use crate::rings::{key, ring, text};

const NEVER: Duration = Duration::from_secs(5000);

fn policy(refresh: Duration) -> KeyPolicy {
    KeyPolicy {
        refresh,
        publish_ahead: NEVER * 2,
        ..KeyPolicy::default()
    }
}

fn watched(path: &std::path::Path, refresh: Duration) -> (Pool<Visit>, Receiver<RefreshOutcome>) {
    let (tell, told) = mpsc::channel();
    let tell = move |refresh: &Refresh| {
        let _ = tell.send(refresh.outcome.clone());
    };
    let builder = builder(path, &clock()).key_policy(policy(refresh));
    let pool = builder.on_refresh(tell).build().unwrap();
    told.recv().unwrap();
    (pool, told)
}

#[test]
fn a_watch_takes_what_is_new_by_itself_and_ends_with_its_guard() {
    let folder = Folder::new("watch");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let (pool, told) = watched(&path, Duration::from_millis(20));
    let watch = pool.watch_keys().unwrap();
    assert!(matches!(
        told.recv().unwrap(),
        RefreshOutcome::Unchanged { .. }
    ));
    folder.put("keys.toml", text([key(1, 0), key(2, 2)]));
    let taken = told
        .iter()
        .find(|outcome| !matches!(outcome, RefreshOutcome::Unchanged { .. }));
    assert!(matches!(taken.unwrap(), RefreshOutcome::Replaced { .. }));
    drop(watch);
    drop(pool);
    // The channel ends when the thread has let go of the pool.
    while told.recv().is_ok() {}
}

#[test]
fn a_watch_ends_with_its_pool() {
    let folder = Folder::new("watch-pool");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let (pool, told) = watched(&path, Duration::from_millis(20));
    let watch = pool.watch_keys().unwrap();
    told.recv().unwrap();
    drop(pool);
    while told.recv().is_ok() {}
    watch.hint();
}

#[test]
fn a_hint_is_followed_before_the_next_turn() {
    let folder = Folder::new("watch-hint");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    // The next turn is more than an hour away.
    let (pool, told) = watched(&path, NEVER);
    let watch = pool.watch_keys().unwrap();
    folder.put("keys.toml", text([key(1, 0), key(2, 2)]));
    watch.hint();
    assert!(matches!(
        told.recv().unwrap(),
        RefreshOutcome::Replaced { .. }
    ));
}

#[test]
fn keys_that_do_not_change_by_themselves_are_not_watched() {
    let pool = builder_of(Keys::ring(ring([key(1, 0)])), &clock())
        .build()
        .unwrap();
    let watch = pool.watch_keys().unwrap();
    watch.hint();
    assert_eq!(format!("{watch:?}"), "KeyWatch(..)");
}

/// Panics every second time it is asked.
struct Moody(std::sync::atomic::AtomicU64);

impl KeySource for Moody {
    fn name(&self) -> String {
        "a moody source".into()
    }

    fn load(&self) -> Result<Loaded, KeySourceError> {
        let asked = self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        assert!(asked.is_multiple_of(2), "moody");
        Ok(Loaded::new(
            ring([key(1, 0)]),
            statecookie::Generation(asked),
        ))
    }
}

#[test]
fn a_source_that_panics_is_asked_again() {
    let (tell, told) = mpsc::channel();
    let tell = move |refresh: &Refresh| {
        let _ = tell.send(refresh.outcome.clone());
    };
    let builder = builder_of(Keys::source(Moody(0.into())), &clock());
    let builder = builder.key_policy(policy(Duration::from_millis(20)));
    let pool = builder.on_refresh(tell).build().unwrap();
    let _watch = pool.watch_keys().unwrap();
    let generations: Vec<_> = told.iter().take(3).collect();
    let replaced = |generation| RefreshOutcome::Replaced {
        generation: statecookie::Generation(generation),
    };
    assert_eq!(generations, [replaced(0), replaced(2), replaced(4)]);
}
