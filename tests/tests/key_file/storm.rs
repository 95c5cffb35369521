//! A file that is replaced thousands of times while pools read it: nobody sees half of a ring, and nobody is refused.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use statecookie::{Kept, KeyFile, Refresh, RefreshOutcome, RingText};

use crate::folder::{Folder, write};
use crate::pool::{clock, cookies, pool};
use crate::rings::{NOW, key, number, numbered, ring};

const REPLACEMENTS: u32 = 10_000;

#[test]
fn ten_thousand_replacements_show_nobody_half_a_ring() {
    let folder = Folder::new("storm");
    let path = folder.put("keys.toml", numbered(0).to_text().unwrap().as_str());
    let storm = Storm::default();
    thread::scope(|scope| {
        let writers = [0, 1].map(|writer| {
            scope.spawn({
                let (folder, storm) = (&folder, &storm);
                move || storm.replace_on(folder, writer)
            })
        });
        for _ in 0..2 {
            scope.spawn(|| storm.read_on(&path));
        }
        writers
            .into_iter()
            .for_each(|writer| writer.join().unwrap());
        storm.over.store(true, Ordering::SeqCst);
    });
    assert!(number(&KeyFile::at(&path).read().unwrap()) > REPLACEMENTS / 2);
}

#[derive(Default)]
struct Storm {
    replaced: AtomicU32,
    seen: AtomicU32,
    over: AtomicBool,
}

impl Storm {
    /// Replaces the file until it was replaced often enough, and seen often enough.
    fn replace_on(&self, folder: &Folder, writer: u32) {
        let new = folder.path(&format!("writer-{writer}"));
        while !self.over.load(Ordering::SeqCst) {
            let n = 1 + self.replaced.fetch_add(1, Ordering::SeqCst);
            if n > REPLACEMENTS && self.seen.load(Ordering::SeqCst) > 50 {
                return;
            }
            write(&new, numbered(n).to_text().unwrap().as_str());
            fs::rename(&new, folder.path("keys.toml")).unwrap();
        }
    }

    /// Reads until the writers are done: each read succeeds, and each ring is whole.
    fn read_on(&self, path: &Path) {
        let file = KeyFile::at(path);
        let mut last = 0;
        while !self.over.load(Ordering::SeqCst) {
            let n = number(&file.read().unwrap());
            self.seen.fetch_add(u32::from(n != last), Ordering::SeqCst);
            last = n;
        }
    }
}

/// As editors and careless scripts do it: the file is emptied and filled again, piece by piece.
#[test]
fn a_file_that_is_written_in_place_shows_nobody_half_a_ring() {
    const ROUNDS: u32 = 2_000;
    let folder = Folder::new("in-place");
    let path = folder.put("keys.toml", with_a_constant_key(1).as_str());
    let pool = pool(&path, &clock());
    let held = cookies(&pool);
    let (taken, kept) = (AtomicU32::new(0), AtomicU32::new(0));
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let enough = || [&taken, &kept].iter().all(|n| n.load(Ordering::SeqCst) > 5);
            for n in (2..).take_while(|n| *n < ROUNDS || !enough()) {
                write_in_place(&path, with_a_constant_key(n).as_bytes());
            }
        });
        while !writer.is_finished() {
            match outcome(pool.refresh_keys()) {
                RefreshOutcome::Replaced { .. } => taken.fetch_add(1, Ordering::SeqCst),
                RefreshOutcome::Kept { why, .. } => {
                    assert!(matches!(why, Kept::Source(_)), "{why}");
                    kept.fetch_add(1, Ordering::SeqCst)
                }
                _ => 0,
            };
            assert!(pool.resume(&held).is_ok());
        }
    });
    pool.refresh_keys();
    let whole = crate::pool::pool(&path, &clock());
    assert_eq!(pool.fingerprint(), whole.fingerprint());
}

/// Another ring for each number; one key is in all of them, so that clients which hold its cookies notice nothing.
fn with_a_constant_key(n: u32) -> RingText {
    let mut keys = numbered(n).keys().to_vec();
    keys.retain(|other| other.activates_at > NOW);
    let keys = keys.into_iter().chain([key(4_000_000, 0)]);
    ring(keys).to_text().unwrap()
}

fn outcome(refresh: Option<Refresh>) -> RefreshOutcome {
    refresh.unwrap().outcome
}

fn write_in_place(path: &Path, bytes: &[u8]) {
    let mut file = fs::File::create(path).unwrap();
    for piece in bytes.chunks(200) {
        file.write_all(piece).unwrap();
        thread::yield_now();
    }
}
