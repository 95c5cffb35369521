//! The kept corpus: files for each target, one input on each line, in hexadecimal.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The inputs kept for a target: those made by hand, which no minimising takes away, then what the fuzzer found.
///
/// # Errors
///
/// There is no such file, or it is not hexadecimal.
pub fn kept(target: &str) -> io::Result<Vec<Vec<u8>>> {
    Ok([made_by_hand(target)?, in_file(&file("corpus", target))?].concat())
}

/// Keeps inputs as what the fuzzer found, the shortest first.
///
/// # Errors
///
/// The file cannot be written.
pub fn keep(target: &str, mut inputs: Vec<Vec<u8>>) -> io::Result<()> {
    let by_hand = made_by_hand(target)?;
    inputs.retain(|input| !by_hand.contains(input));
    inputs.sort_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
    inputs.dedup();
    let lines = inputs.iter().map(|input| to_hex(input) + "\n");
    fs::write(file("corpus", target), lines.collect::<String>())
}

fn file(folder: &str, target: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    folder.join(target).with_extension("txt")
}

fn made_by_hand(target: &str) -> io::Result<Vec<Vec<u8>>> {
    let file = file("by_hand", target);
    if file.exists() {
        in_file(&file)
    } else {
        Ok(Vec::new())
    }
}

/// An input on each line, but for those that begin with `#`.
fn in_file(file: &Path) -> io::Result<Vec<Vec<u8>>> {
    let text = fs::read_to_string(file)?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(from_hex).collect()
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
