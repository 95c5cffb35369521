//! Replacing a key-ring file as a whole: readers see the old one or the new one, also if the machine stops in between.

use alloc::format;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::error::{KeyFileError, KeyFileFault};
use super::text::RingText;
use super::watched::KeyFile;
use crate::keys::KeyRing;
use crate::time::{Entropy, SystemEntropy};

impl KeyFile {
    /// Puts this ring in the place of the file, in one step. A new file is for its owner alone; one that is replaced keeps
    /// owner, group and mode, but for what others may write. A symbolic link stays, and what it points to is replaced.
    ///
    /// Two programs that read, change and write at once lose the change of one: let only one of them do that.
    ///
    /// # Errors
    ///
    /// The ring cannot be written as text (see [`KeyRing::to_text`]), or the system refuses. The file is then as it was.
    pub fn write(&self, ring: &KeyRing) -> Result<(), KeyFileError> {
        let text = ring.to_text().map_err(|error| self.blame(error.into()))?;
        let replaced = replace(self.path(), &text);
        replaced.map_err(|error| self.blame(KeyFileFault::Write(error.kind())))
    }
}

fn replace(path: &Path, text: &RingText) -> io::Result<()> {
    let path = match fs::canonicalize(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_path_buf(),
        found => found?,
    };
    let new = beside(&path)?;
    let written = write_new(&new, &path, text).and_then(|()| fs::rename(&new, &path));
    if written.is_err() {
        // What went wrong first is what is told.
        let _ = fs::remove_file(&new);
        return written;
    }
    sync_folder(&path)
}

/// A name in the same folder that nobody else has.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let mut random = [0; 8];
    SystemEntropy.fill(&mut random).map_err(io::Error::other)?;
    let mut new = OsString::from(".");
    new.push(name);
    new.push(format!(".{:016x}", u64::from_le_bytes(random)));
    Ok(path.with_file_name(new))
}

fn write_new(new: &Path, old: &Path, text: &RingText) -> io::Result<()> {
    let mut file = create(new)?;
    if let Ok(old) = fs::metadata(old) {
        take_over(&file, &old)?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
fn create(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Who could read the old one has to be able to read the new one.
#[cfg(unix)]
fn take_over(file: &File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        fchown(file, Some(old.uid()), Some(old.gid()))?;
    }
    file.set_permissions(fs::Permissions::from_mode(old.mode() & 0o644))
}

#[cfg(not(unix))]
fn take_over(_: &File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

// Else the rename itself might not outlive a power failure.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) => File::open(folder)?.sync_all(),
        None => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
