//! The kept corpus: one file for each target, one input on each line, in hexadecimal.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file of a target.
pub fn file(target: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    folder.join(target).with_extension("txt")
}

/// The inputs kept for a target.
///
/// # Errors
///
/// There is no such file, or it is not hexadecimal.
pub fn kept(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let text = fs::read_to_string(file(target))?;
    text.lines().map(from_hex).collect()
}

/// Keeps inputs, the shortest first.
///
/// # Errors
///
/// The file cannot be written.
pub fn keep(target: &str, mut inputs: Vec<Vec<u8>>) -> io::Result<()> {
    inputs.sort_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
    inputs.dedup();
    let lines = inputs.iter().map(|input| to_hex(input) + "\n");
    fs::write(file(target), lines.collect::<String>())
}

/// The inputs in the files of a folder, as the fuzzer has them.
///
/// # Errors
///
/// The folder cannot be read.
pub fn in_folder(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let entries = fs::read_dir(folder)?;
    entries.map(|entry| fs::read(entry?.path())).collect()
}

/// Writes inputs as files into a folder.
///
/// # Errors
///
/// They cannot be written.
pub fn unpack(inputs: &[Vec<u8>], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut numbered = inputs.iter().enumerate();
    numbered.try_for_each(|(at, input)| fs::write(folder.join(format!("kept-{at:04}")), input))
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits.
///
/// # Errors
///
/// There are others.
pub fn from_hex(text: &str) -> io::Result<Vec<u8>> {
    let digits = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(digits).collect();
    bytes.ok_or(io::ErrorKind::InvalidData.into())
}
