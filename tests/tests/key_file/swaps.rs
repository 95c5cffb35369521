//! A mounted Secret of Kubernetes: the file is a link through `..data`, which is swapped for another link in one step.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use statecookie::KeyFile;

use crate::folder::{Folder, write};
use crate::pool::{clock, cookies, pool, replaced};
use crate::rings::{key, number, numbered, text};

/// As the kubelet writes a volume: a new folder, a new link, renamed over the old one; then the old folder goes.
struct Volume {
    folder: Folder,
    version: usize,
}

impl Volume {
    fn new(test: &str, content: &str) -> Self {
        let folder = Folder::new(test);
        symlink("..data/keys.toml", folder.path("keys.toml")).unwrap();
        let mut volume = Self { folder, version: 0 };
        volume.swap(content);
        volume
    }

    fn file(&self) -> PathBuf {
        self.folder.path("keys.toml")
    }

    fn swap(&mut self, content: &str) {
        let name = |version| format!("..2026_11_28_{version}");
        let old = self.folder.path(&name(self.version));
        self.version += 1;
        let new = self.folder.path(&name(self.version));
        fs::create_dir(&new).unwrap();
        write(&new.join("keys.toml"), content);
        symlink(name(self.version), self.folder.path("..data_tmp")).unwrap();
        fs::rename(self.folder.path("..data_tmp"), self.folder.path("..data")).unwrap();
        if old.exists() {
            fs::remove_dir_all(old).unwrap();
        }
    }
}

#[test]
fn goes_on_with_the_ring_of_a_swapped_link() {
    let mut volume = Volume::new("volume", &text([key(1, 0)]));
    let pool = pool(&volume.file(), &clock());
    let held = cookies(&pool);
    for generation in 2..6 {
        let mut keys = vec![key(1, 0)];
        keys.push(key(generation, u64::from(generation)));
        volume.swap(&text(keys));
        assert_eq!(replaced(pool.refresh_keys()), u64::from(generation));
        assert!(pool.resume(&held).is_ok());
    }
}

#[test]
fn a_thousand_swaps_show_nobody_half_a_ring() {
    let content = |n| numbered(n).to_text().unwrap();
    let mut volume = Volume::new("volumes", content(0).as_str());
    let file = KeyFile::at(volume.file());
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut newest = 0;
            while !over.load(Ordering::SeqCst) {
                // The folder may go while its file is looked up; the next look finds the new one.
                let Ok(ring) = file.read() else { continue };
                let n = number(&ring);
                assert!(newest <= n, "{n} after {newest}");
                newest = n;
            }
            newest
        });
        for n in 1..=1000 {
            volume.swap(content(n).as_str());
        }
        over.store(true, Ordering::SeqCst);
        assert!(reader.join().unwrap() > 0);
    });
    assert_eq!(number(&file.read().unwrap()), 1000);
}
