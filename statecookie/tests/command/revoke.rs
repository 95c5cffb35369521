//! `keys revoke`.

use crate::kit::{Folder, bad, good, keys, named, states, write};

#[test]
fn lets_another_key_sign_at_once() {
    let folder = Folder::new();
    let file = folder.file();
    write(
        &file,
        &[
            [-9_000, 9_000, 29_000],
            [-4_000, 14_000, 34_000],
            [3_000, 20_000, 40_000],
        ],
    );
    let said = good(&["keys", "revoke", &file, "2"]);
    assert!(said.contains("Every cookie under it is refused"), "{said}");
    let expected = [
        (1, "accepting"),
        (2, "revoked"),
        (4, "signing"),
        (3, "published"),
    ];
    assert_eq!(states(&file), named(&expected));
    // As long as the keys before it promised.
    let new = keys(&file).into_iter().find(|key| key.id.0 == 4).unwrap();
    assert_eq!(new.accept_until.since(new.sign_until).as_secs(), 20_000);
}

#[test]
fn adds_none_where_another_one_signs() {
    let folder = Folder::new();
    let file = folder.file();
    write(
        &file,
        &[
            [-9_000, 9_000, 29_000],
            [-4_000, 14_000, 34_000],
            [3_000, 20_000, 40_000],
        ],
    );
    let said = good(&["keys", "revoke", &file, "3"]);
    assert!(said.contains("no client loses anything"), "{said}");
    let expected = [(1, "accepting"), (2, "signing"), (3, "revoked")];
    assert_eq!(states(&file), named(&expected));
}

#[test]
fn names_the_keys_where_it_is_none_of_them() {
    let folder = Folder::new();
    let file = folder.file();
    write(&file, &[[-9_000, 9_000, 29_000], [-4_000, 14_000, 34_000]]);
    let (code, text) = bad(&["keys", "revoke", &file, "7"]);
    assert_eq!(code, 1);
    assert_eq!(text, "statecookie: there is no key 7; there are 1, 2\n");
}
