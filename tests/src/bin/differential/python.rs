//! The peer's process: `tests/peers/python/differential.py`.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The interpreter that `STATECOOKIE_PEER_PYTHON` names.
pub(crate) fn interpreter() -> Option<OsString> {
    std::env::var_os("STATECOOKIE_PEER_PYTHON")
}

/// Starts the peer with these arguments.
pub(crate) fn start(python: &OsString, arguments: &[&str], stdin: Stdio) -> Child {
    let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/python");
    Command::new(python)
        .args(["-B", "differential.py"])
        .args(arguments)
        .env("PYTHONUTF8", "1")
        .current_dir(peer)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the peer starts")
}
