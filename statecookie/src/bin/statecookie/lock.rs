//! One program at a time reads, changes and writes a key-ring file.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use fs4::fs_std::FileExt;

use crate::fault::Fault;

/// Waits for the others. The lock ends with the value, or with the process, however that ends.
///
/// It is on a file beside, which stays: the ring's own file is another one after each change, and a lock file that is removed
/// would be locked by two.
pub(crate) fn take(path: &Path) -> Result<File, Fault> {
    let beside = beside(path);
    let fault = |error| Fault::Lock {
        path: beside.clone(),
        error,
    };
    let file = open(&beside).map_err(fault)?;
    FileExt::lock_exclusive(&file).map_err(fault)?;
    Ok(file)
}

// Behind links, so that two names of one file share their lock.
fn beside(path: &Path) -> PathBuf {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".lock");
    path.with_file_name(name)
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
