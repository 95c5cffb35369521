//! The other direction: what the independent implementation in `tests/peers/python` issues, the library accepts.

use std::path::Path;
use std::process::Command;

use crate::run;

#[test]
fn the_library_accepts_what_the_peer_issues() {
    let Some(python) = std::env::var_os("STATECOOKIE_PEER_PYTHON") else {
        assert_ne!(
            std::env::var("CI").as_deref(),
            Ok("true"),
            "STATECOOKIE_PEER_PYTHON is not set"
        );
        println!("skipped: STATECOOKIE_PEER_PYTHON names no interpreter");
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = std::env::temp_dir().join(format!("statecookie-peer-{}.json", std::process::id()));
    let status = Command::new(python)
        .args(["-B", "check_vectors.py", "--issue"])
        .arg(&out)
        .current_dir(root.join("peers/python"))
        .status()
        .unwrap();
    assert!(status.success(), "check_vectors.py failed");
    let text = std::fs::read_to_string(&out).unwrap();
    std::fs::remove_file(&out).unwrap();
    let cases: serde_json::Value = serde_json::from_str(&text).unwrap();
    let cases = cases.as_array().unwrap();
    assert!(cases.len() > 10, "{} cases", cases.len());
    for case in cases {
        assert_eq!(run::resume(case), case["expect"], "{}", case["name"]);
    }
}
