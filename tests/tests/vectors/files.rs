//! Reads and compares the files of `tests/vectors`.

use std::path::PathBuf;

use serde_json::Value;

/// Fails if the file differs from `made`; with `BLESS=1` rewrites it instead.
pub(crate) fn compare(name: &str, made: &Value) {
    let mut text = serde_json::to_string_pretty(made).unwrap();
    text.push('\n');
    if std::env::var_os("BLESS").is_some_and(|bless| bless == "1") {
        std::fs::write(path(name), text).unwrap();
        return;
    }
    let held = std::fs::read_to_string(path(name)).unwrap_or_default();
    assert!(held == text, "{name} differs; BLESS=1 rewrites it");
}

/// The JSON of a file.
pub(crate) fn read(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path(name)).unwrap()).unwrap()
}

/// Where a file of the vectors lies.
pub(crate) fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(name)
}
