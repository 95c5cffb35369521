//! Who may write the file, and who may read it: looked at on the open file, through whatever link it was reached.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use statecookie::{KeyFile, KeyFileFault, Keys, Secret, SourceWarning};

use crate::folder::{Folder, set_mode};
use crate::pool::{builder, builder_of, clock, kept, pool, refused};
use crate::rings::{key, ring, text};

/// Runs the command that an error or a warning proposes.
fn repair(said: &str) {
    let command = said.split('`').nth(1).unwrap();
    assert!(command.starts_with("chmod "), "{said}");
    assert!(
        Command::new("sh")
            .args(["-c", command])
            .status()
            .unwrap()
            .success()
    );
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_file_that_others_may_write_is_refused_with_the_command_that_repairs_it() {
    let folder = Folder::new("writable it's");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let link = folder.path("link.toml");
    symlink(&path, &link).unwrap();
    for (bad, good) in [
        (0o620, 0o600),
        (0o602, 0o600),
        (0o666, 0o644),
        (0o660, 0o640),
    ] {
        for path in [&path, &link] {
            set_mode(path, bad);
            let (fault, said) = refused(builder(path, &clock()));
            assert_eq!(fault, KeyFileFault::Writable);
            repair(&said);
            assert_eq!(mode(path), good);
            assert!(builder(path, &clock()).build().is_ok());
        }
    }
}

#[test]
fn a_file_that_becomes_writable_gives_no_ring_any_more() {
    let folder = Folder::new("becomes-writable");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let pool = pool(&path, &clock());
    folder.put(
        "keys.toml",
        text([key(1, 0), key(66, 0)].map(|mut key| {
            key.activates_at = crate::rings::later(u64::from(key.id.0) - 1);
            key
        })),
    );
    set_mode(&path, 0o622);
    assert_eq!(kept(pool.refresh_keys()), KeyFileFault::Writable);
    let error = Secret::from_file(&path).unwrap_err();
    assert_eq!(error.fault, KeyFileFault::Writable);
}

#[test]
fn a_file_that_everybody_may_read_is_a_warning_or_refused_on_request() {
    let folder = Folder::new("readable");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    set_mode(&path, 0o644);
    let strict = || Keys::source(KeyFile::at(&path).refuse_world_readable());
    let (fault, said) = refused(builder_of(strict(), &clock()));
    assert_eq!(fault, KeyFileFault::WorldReadable);
    let pool = pool(&path, &clock());
    let warning = pool.refresh_keys().unwrap().warning.unwrap();
    assert_eq!(warning, SourceWarning::WorldReadable { path: path.clone() });
    repair(&warning.to_string());
    assert_eq!(mode(&path), 0o640);
    assert_eq!(pool.refresh_keys().unwrap().warning, None);
    set_mode(&path, 0o604);
    repair(&said);
    assert!(builder_of(strict(), &clock()).build().is_ok());
}

#[test]
fn a_written_file_is_its_owners_alone_and_a_replaced_one_keeps_its_readers() {
    let folder = Folder::new("written");
    let file = KeyFile::at(folder.path("keys.toml"));
    file.write(&ring([key(1, 0)])).unwrap();
    assert_eq!(mode(file.path()), 0o600);
    set_mode(file.path(), 0o666);
    file.write(&ring([key(1, 0), key(2, 2)])).unwrap();
    assert_eq!(mode(file.path()), 0o644);
    assert_eq!(file.read().unwrap().keys().len(), 2);
    let link = KeyFile::at(folder.path("link.toml"));
    symlink(file.path(), link.path()).unwrap();
    link.write(&ring([key(3, 0)])).unwrap();
    assert!(fs::symlink_metadata(link.path()).unwrap().is_symlink());
    assert_eq!(file.read().unwrap().keys()[0].id.0, 3);
    let names = fs::read_dir(folder.path("")).unwrap();
    assert_eq!(names.count(), 2, "nothing else is left behind");
}

#[test]
fn a_file_that_cannot_be_replaced_stays_as_it_was() {
    let folder = Folder::new("unwritten");
    let file = KeyFile::at(folder.path("no/such/folder/keys.toml"));
    let error = file.write(&ring([key(1, 0)])).unwrap_err();
    assert!(matches!(error.fault, KeyFileFault::Write(_)), "{error}");
    let file = KeyFile::at(folder.put("keys.toml", text([key(1, 0)])));
    let mut odd = key(1, 0);
    odd.accept_until = statecookie::Timestamp::from_millis(odd.accept_until.as_millis() + 1);
    let error = file.write(&ring([odd])).unwrap_err();
    assert!(
        matches!(error.fault, KeyFileFault::Unwritable(_)),
        "{error}"
    );
    assert_eq!(file.read().unwrap().keys().len(), 1);
    fs::create_dir(folder.path("folder")).unwrap();
    let error = KeyFile::at(folder.path("folder"))
        .write(&ring([key(1, 0)]))
        .unwrap_err();
    assert!(matches!(error.fault, KeyFileFault::Write(_)), "{error}");
    assert_eq!(fs::read_dir(folder.path("")).unwrap().count(), 2);
}
