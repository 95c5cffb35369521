//! A file that is replaced thousands of times while pools read it: nobody sees half of a ring, and nobody is refused.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use statecookie::{Kept, KeyFile, Refresh, RefreshOutcome};

use crate::folder::{Folder, write};
use crate::pool::{clock, cookies, pool};
use crate::rings::{key, number, numbered, ring};

const REPLACEMENTS: u32 = 10_000;

#[test]
fn ten_thousand_replacements_show_nobody_half_a_ring() {
    let folder = Folder::new("storm");
    let path = folder.put("keys.toml", numbered(0).to_text().unwrap().as_str());
    let (next, over) = (AtomicU32::new(1), AtomicBool::new(false));
    let seen = thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| read_on(&path, &over)))
            .collect();
        let writers: Vec<_> = (0..2)
            .map(|writer| {
                let (folder, next) = (&folder, &next);
                scope.spawn(move || replace_on(folder, writer, next))
            })
            .collect();
        writers
            .into_iter()
            .for_each(|writer| writer.join().unwrap());
        over.store(true, Ordering::SeqCst);
        readers
            .into_iter()
            .map(|reader| reader.join().unwrap())
            .min()
    });
    assert!(seen.unwrap() > 20, "{seen:?} rings seen");
    assert!(number(&KeyFile::at(&path).read().unwrap()) > REPLACEMENTS / 2);
}

fn replace_on(folder: &Folder, writer: u32, next: &AtomicU32) {
    let new = folder.path(&format!("writer-{writer}"));
    loop {
        let n = next.fetch_add(1, Ordering::SeqCst);
        if n > REPLACEMENTS {
            return;
        }
        write(&new, numbered(n).to_text().unwrap().as_str());
        fs::rename(&new, folder.path("keys.toml")).unwrap();
    }
}

/// Reads until the writers are done, and says how many rings it saw: each read succeeds, and each ring is whole.
fn read_on(path: &Path, over: &AtomicBool) -> usize {
    let file = KeyFile::at(path);
    let (mut last, mut seen) = (u32::MAX, 0);
    while !over.load(Ordering::SeqCst) {
        let n = number(&file.read().unwrap());
        seen += usize::from(n != last);
        last = n;
    }
    seen
}

/// As editors and careless scripts do it: the file is emptied and filled again, piece by piece.
#[test]
fn a_file_that_is_written_in_place_shows_nobody_half_a_ring() {
    const ROUNDS: u32 = 2_000;
    let folder = Folder::new("in-place");
    // One key is in every ring: clients that hold its cookies notice nothing.
    let text = |n: u32| {
        let mut keys = numbered(n).keys().to_vec();
        keys.retain(|other| other.activates_at > crate::rings::NOW);
        ring(keys.into_iter().chain([key(4_000_000, 0)]))
            .to_text()
            .unwrap()
    };
    let path = folder.put("keys.toml", text(1).as_str());
    let pool = pool(&path, &clock());
    let held = cookies(&pool);
    let over = AtomicBool::new(false);
    let (mut taken, mut kept) = (0, 0);
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 2..ROUNDS {
                write_in_place(&path, text(n).as_bytes());
            }
            over.store(true, Ordering::SeqCst);
        });
        while !over.load(Ordering::SeqCst) {
            match outcome(pool.refresh_keys()) {
                RefreshOutcome::Replaced { .. } => taken += 1,
                RefreshOutcome::Kept { why, .. } => {
                    assert!(matches!(why, Kept::Source(_)), "{why}");
                    kept += 1;
                }
                _ => {}
            }
            assert!(pool.resume(&held).is_ok());
        }
    });
    assert!(taken > 5 && kept > 5, "{taken} taken, {kept} kept");
    pool.refresh_keys();
    let whole = crate::pool::pool(&path, &clock());
    assert_eq!(pool.fingerprint(), whole.fingerprint());
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
