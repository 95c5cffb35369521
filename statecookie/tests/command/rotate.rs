//! `keys rotate`.

use std::time::Duration;

use statecookie::{KeyFile, KeyId, KeyRing};

use crate::kit::{Folder, bad, good, keys, named, start, states, write};

#[test]
fn adds_the_next_key_a_rotation_after_the_newest() {
    let folder = Folder::new();
    let file = folder.file();
    good(&["keys", "new", &file]);
    good(&["keys", "rotate", &file]);
    assert_eq!(states(&file), named(&[(1, "signing"), (2, "published")]));
    let keys = keys(&file);
    assert_eq!(
        keys[1].activates_at.since(keys[0].activates_at).as_secs(),
        10_800
    );
    assert!(keys[1].activates_at <= keys[0].sign_until);
}

#[test]
fn publishes_as_long_ahead_as_there_is_time() {
    let folder = Folder::new();
    let file = folder.file();
    // The newest signs for 300 s more: less than the 10 min of the policy, more than refresh and skew.
    write(&file, &[[-20_000, 300, 20_000]]);
    let said = good(&["keys", "rotate", &file]);
    let keys = keys(&file);
    assert_eq!(keys[1].activates_at, keys[0].sign_until);
    assert!(!said.contains("nothing is issued"), "{said}");
}

#[test]
fn says_that_no_key_signs_in_between() {
    let folder = Folder::new();
    let file = folder.file();
    write(&file, &[[-20_000, -300, 20_000]]);
    let said = good(&["keys", "rotate", &file]);
    assert!(said.contains("nothing is issued"), "{said}");
    assert_eq!(states(&file), named(&[(1, "accepting"), (2, "published")]));
}

#[test]
fn drops_what_is_over_and_never_reuses_an_id() {
    let folder = Folder::new();
    let file = folder.file();
    write(
        &file,
        &[[-40_000, -30_000, -20_000], [-39_000, -29_000, -19_000]],
    );
    let said = good(&["keys", "rotate", &file]);
    assert!(said.contains("Key 1 is over and was dropped."), "{said}");
    assert_eq!(
        keys(&file).iter().map(|key| key.id).collect::<Vec<_>>(),
        [KeyId(3)]
    );
}

#[test]
fn refuses_to_strand_cookies_and_changes_nothing() {
    let folder = Folder::new();
    let file = folder.file();
    good(&["keys", "new", &file]);
    let before = std::fs::read(&file).unwrap();
    for (option, value, inequality) in [
        (
            "--publish-ahead",
            "10s",
            "publish_ahead >= refresh + skew is violated: 10s < 30s + 60s",
        ),
        (
            "--rotation",
            "59s",
            "rotation >= 2 x refresh is violated: 59s < 2 x 30s",
        ),
        (
            "--longest-validity",
            "4h",
            "accept_until - sign_until >= longest validity + skew is violated by key 1: 10860s < 14400s + 60s",
        ),
    ] {
        let (code, text) = bad(&["keys", "rotate", &file, option, value]);
        assert_eq!(code, 1);
        assert!(text.contains(inequality), "{text}");
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
}

#[test]
fn loses_no_key_of_many_at_once() {
    let folder = Folder::new();
    let file = folder.file();
    good(&["keys", "new", &file]);
    let started: Vec<_> = (0..16).map(|_| start(&["keys", "rotate", &file])).collect();
    for child in started {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let ids: Vec<_> = keys(&file).iter().map(|key| key.id.0).collect();
    assert_eq!(ids, (1..=17).collect::<Vec<_>>());
}

#[test]
fn goes_on_once_every_key_is_accepted_for_the_longer_validity() {
    let folder = Folder::new();
    let file = folder.file();
    good(&["keys", "new", &file]);
    let longer = ["keys", "rotate", &file, "--longest-validity", "2d"];
    let (code, text) = bad(&longer);
    assert_eq!(code, 1);
    assert!(text.contains("is violated by key 1"), "{text}");
    // As the page says: raised by hand, to sign_until + validity + skew.
    let mut key = keys(&file).remove(0);
    let wanted = key
        .sign_until
        .saturating_add(Duration::from_secs(2 * 86_400 + 60));
    key.accept_until = wanted;
    KeyFile::at(&file)
        .write(&KeyRing::new(vec![key]).unwrap())
        .unwrap();
    good(&longer);
    let new = keys(&file).remove(1);
    assert_eq!(
        new.accept_until.since(new.sign_until).as_secs(),
        2 * 86_400 + 60
    );
}
