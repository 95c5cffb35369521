//! A file of secrets, read into memory that is wiped; only if nobody else could have written it.

use alloc::vec;
use alloc::vec::Vec;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use zeroize::Zeroizing;

use super::error::KeyFileFault;

/// What was read, and whether everybody on the machine may read it, too.
pub(super) struct Contents {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) world_readable: bool,
}

/// Reads a file of at most `limit` bytes.
pub(super) fn read(path: &Path, limit: usize) -> Result<Contents, KeyFileFault> {
    // Opening a pipe would wait for its writer. What decides is asked of the open file below.
    check_kind(&std::fs::metadata(path).map_err(unreadable)?)?;
    let mut file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    check_kind(&about)?;
    let world_readable = check_mode(&about)?;
    let bytes = read_once(&mut file, &about, limit)?;
    // Somebody who writes in place while this reads would be seen in parts.
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    if *read_once(&mut file, &about, limit)? != *bytes {
        return Err(KeyFileFault::Changing);
    }
    Ok(Contents {
        bytes,
        world_readable,
    })
}

// Into a buffer that never grows: growing would leave a copy behind.
fn read_once(
    file: &mut File,
    about: &Metadata,
    limit: usize,
) -> Result<Zeroizing<Vec<u8>>, KeyFileFault> {
    let len = usize::try_from(about.len()).unwrap_or(usize::MAX);
    if len > limit {
        return Err(KeyFileFault::TooLong { limit });
    }
    let mut bytes = Zeroizing::new(vec![0; len + 1]);
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    if filled > len {
        return Err(KeyFileFault::Changing);
    }
    bytes.truncate(filled);
    Ok(bytes)
}

pub(super) fn unreadable(error: std::io::Error) -> KeyFileFault {
    match error.kind() {
        ErrorKind::NotFound => KeyFileFault::Missing,
        kind => KeyFileFault::Read(kind),
    }
}

fn check_kind(about: &Metadata) -> Result<(), KeyFileFault> {
    if about.is_file() {
        Ok(())
    } else {
        Err(KeyFileFault::NotAFile)
    }
}

/// Whether everybody may read; an error if others than the owner may write.
#[cfg(unix)]
fn check_mode(about: &Metadata) -> Result<bool, KeyFileFault> {
    use std::os::unix::fs::PermissionsExt;
    let mode = about.permissions().mode();
    if mode & 0o022 == 0 {
        Ok(mode & 0o004 != 0)
    } else {
        Err(KeyFileFault::Writable)
    }
}

/// Other systems have no modes to look at.
#[cfg(not(unix))]
fn check_mode(_: &Metadata) -> Result<bool, KeyFileFault> {
    Ok(false)
}
