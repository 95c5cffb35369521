//! The last good ring on the local disk, sealed as it lies in the store: replaced as a whole, for its owner alone.

use alloc::format;
use alloc::vec::Vec;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::{Entropy, RingSeal};

/// What lies there, if anything does.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    let mut bytes = Vec::new();
    let limit = RingSeal::MAX_LEN as u64;
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Puts `bytes` there in one step.
pub(super) fn replace(path: &Path, bytes: &[u8], entropy: &dyn Entropy) -> io::Result<()> {
    let new = beside(path, entropy)?;
    let written = write_new(&new, bytes).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // What went wrong first is what is told.
        let _ = fs::remove_file(&new);
    }
    written
}

/// A name in the same folder that nobody else has.
fn beside(path: &Path, entropy: &dyn Entropy) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let mut random = [0; 8];
    entropy.fill(&mut random).map_err(io::Error::other)?;
    let mut new = OsString::from(".");
    new.push(name);
    new.push(format!(".{:016x}", u64::from_le_bytes(random)));
    Ok(path.with_file_name(new))
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
