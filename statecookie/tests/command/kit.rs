//! Folders, rings and runs of the command.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use statecookie::{
    Clock, Key, KeyFile, KeyId, KeyRing, Secret, SystemClock, SystemEntropy, Timestamp,
};

/// A folder of its own, which is removed with the value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("command-{}-{next}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self) -> String {
        self.0.join("keys.toml").to_str().unwrap().to_owned()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// A file of that name and content.
    pub(crate) fn with(&self, name: &str, content: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn start(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_statecookie"))
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

pub(crate) fn run(args: &[&str]) -> Output {
    start(args).wait_with_output().unwrap()
}

/// Standard output of a run that has to succeed.
pub(crate) fn good(args: &[&str]) -> String {
    let output = run(args);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// [`good`], with something on standard input.
pub(crate) fn fed(args: &[&str], input: &[u8]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_statecookie"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The words alone: where lines end is for the eye.
pub(crate) fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Exit code and standard error.
pub(crate) fn bad(args: &[&str]) -> (i32, String) {
    let output = run(args);
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

/// The ring of a file, by activation.
pub(crate) fn keys(file: &str) -> Vec<Key> {
    let mut keys = KeyFile::at(file).read().unwrap().keys().to_vec();
    keys.sort_by_key(|key| key.activates_at);
    keys
}

/// Writes a ring of keys 1, 2, ..: their times in seconds from now.
pub(crate) fn write(file: &str, windows: &[[i64; 3]]) {
    let now = i64::try_from(SystemClock.now().as_secs()).unwrap();
    let at = |secs: i64| Timestamp::from_secs(u64::try_from(now + secs).unwrap());
    let key = |(id, [activates, sign, accept]): (u32, &[i64; 3])| Key {
        id: KeyId(id),
        secret: Secret::generate(&SystemEntropy).unwrap(),
        activates_at: at(*activates),
        sign_until: at(*sign),
        accept_until: at(*accept),
        revoked: false,
    };
    let keys = (1..).zip(windows).map(key).collect();
    KeyFile::at(file)
        .write(&KeyRing::new(keys).unwrap())
        .unwrap();
}

/// Id and state of each key, as `keys list --json` says them.
pub(crate) fn states(file: &str) -> Vec<(u64, String)> {
    let text = good(&["keys", "list", file, "--json"]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let state = |key: &serde_json::Value| {
        let state = key["state"].as_str().unwrap().to_owned();
        (key["id"].as_u64().unwrap(), state)
    };
    json["keys"].as_array().unwrap().iter().map(state).collect()
}

pub(crate) fn named(states: &[(u64, &str)]) -> Vec<(u64, String)> {
    let named = |(id, state): &(u64, &str)| (*id, (*state).to_owned());
    states.iter().map(named).collect()
}
