//! `keys new` and `keys list`.

use crate::kit::{Folder, bad, good, keys, named, states, write};

#[test]
fn makes_a_ring_for_its_owner_alone_that_signs_at_once() {
    let folder = Folder::new();
    let file = folder.file();
    good(&["keys", "new", &file]);
    assert_eq!(states(&file), named(&[(1, "signing")]));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn overwrites_nothing() {
    let folder = Folder::new();
    let file = folder.file();
    std::fs::write(&file, "something").unwrap();
    let (code, text) = bad(&["keys", "new", &file]);
    assert_eq!(code, 1);
    assert!(text.contains("there is something already"), "{text}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "something");
}

#[test]
fn keeps_the_promised_validity() {
    let folder = Folder::new();
    let file = folder.file();
    good(&[
        "keys",
        "new",
        &file,
        "--longest-validity",
        "2d",
        "--skew",
        "5s",
    ]);
    let key = &keys(&file)[0];
    let kept = key.accept_until.since(key.sign_until);
    assert_eq!(kept.as_secs(), 2 * 86_400 + 5);
}

#[test]
fn lists_every_state() {
    let folder = Folder::new();
    let file = folder.file();
    write(
        &file,
        &[
            [-9_000, -8_000, -7_000],
            [-6_000, -5_000, 5_000],
            [-4_000, 4_000, 6_000],
            [3_000, 7_000, 9_000],
        ],
    );
    let expected = [
        (1, "over"),
        (2, "accepting"),
        (3, "signing"),
        (4, "published"),
    ];
    assert_eq!(states(&file), named(&expected));
}

#[test]
fn says_what_is_wrong_with_a_file() {
    let folder = Folder::new();
    let file = folder.file();
    let (code, text) = bad(&["keys", "list", &file]);
    assert_eq!(code, 1);
    assert!(text.contains("there is no such file"), "{text}");
    assert!(
        text.contains(&format!("`statecookie keys new {file}`")),
        "{text}"
    );
}
