//! What the command prints: no secret, help for everything, and the right exit code.

use crate::kit::{Folder, bad, good, run};

// In every form that a secret might be printed in.
fn secrets(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("secret = \"base64:"));
    lines
        .map(|line| line.trim_end_matches(['"', '=']).to_owned())
        .collect()
}

#[test]
fn prints_no_secret() {
    let folder = Folder::new();
    let file = folder.file();
    let mut said = good(&["keys", "new", &file]);
    for args in [
        &["keys", "rotate", &file][..],
        &["keys", "revoke", &file, "1"],
        &["keys", "list", &file],
        &["keys", "list", &file, "--json"],
    ] {
        said += &good(args);
    }
    let secrets = secrets(&file);
    assert_eq!(secrets.len(), 3);
    for secret in secrets {
        assert!(secret.len() > 40);
        assert!(!said.contains(&secret[..8]), "{said}");
    }
}

#[test]
fn prints_failures_as_json_on_request() {
    let folder = Folder::new();
    let output = run(&["--json", "keys", "list", &folder.file()]);
    assert_eq!(output.status.code(), Some(1));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(
        json["error"]
            .as_str()
            .unwrap()
            .contains("there is no such file")
    );
}

#[test]
fn has_help_for_every_command() {
    for (args, word) in [
        (&["--help"][..], "Exit codes: 0 done; 1 refused or failed"),
        (&["keys", "--help"], "Give up a key at once"),
        (&["keys", "new", "--help"], "there must be none yet"),
        (
            &["keys", "list", "--help"],
            "List the keys: id, state and times",
        ),
        (&["keys", "rotate", "--help"], "[default: 10m]"),
        (
            &["keys", "revoke", "--help"],
            "every cookie under it is lost",
        ),
    ] {
        let help = good(args);
        assert!(help.contains(word), "{help}");
    }
}

#[test]
fn ends_with_2_where_the_usage_is_wrong() {
    for args in [
        &["keys"][..],
        &["keys", "rotate"],
        &["keys", "revoke", "file", "one"],
    ] {
        let (code, text) = bad(args);
        assert_eq!(code, 2);
        assert!(text.contains("--help") || text.contains("Usage:"), "{text}");
    }
}
