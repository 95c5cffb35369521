//! `inspect`, on an update and a bundle of a real pool.

use statecookie::{Jar, Keys, Merged, Pool, StateCookie, to_text};

use crate::kit::{Folder, bad, good};

const PUBLIC: &str = "seventeen oranges";
const PRIVATE: &str = "pays late, always";

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "1h"))]
struct Visit {
    #[tier(0)]
    basket: String,
    #[tier(0)]
    #[private]
    note: String,
}

/// An update, and the bundle that answers it.
fn blobs() -> [Vec<u8>; 2] {
    let pool = Pool::<Visit>::new("shop.example", Keys::ephemeral().unwrap()).unwrap();
    let visit = Visit {
        basket: PUBLIC.to_owned(),
        note: PRIVATE.to_owned(),
    };
    let mut session = pool.open(visit).unwrap();
    let update = session.flush().unwrap().unwrap().as_bytes().to_vec();
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&update).unwrap(), Merged::Updated);
    [update, jar.bundle().unwrap()]
}

#[test]
fn shows_what_is_claimed_in_either_form() {
    let folder = Folder::new();
    let file = folder.file();
    for blob in blobs() {
        let expected = format!("{}\n", statecookie::inspect(&blob).unwrap());
        assert_eq!(good(&["inspect", &to_text(&blob)]), expected);
        std::fs::write(&file, &blob).unwrap();
        assert_eq!(good(&["inspect", &file]), expected);
        std::fs::write(&file, to_text(&blob) + "\n").unwrap();
        assert_eq!(good(&["inspect", &file]), expected);
    }
}

#[test]
fn shows_the_same_as_json_and_no_value() {
    for (blob, kind) in blobs().iter().zip(["update", "bundle"]) {
        let text = good(&["inspect", "--json", &to_text(blob)]);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let seen = statecookie::inspect(blob).unwrap();
        assert_eq!(json["kind"], kind);
        assert_eq!(json["len"], blob.len());
        assert_eq!(json["root"]["key_id"], seen.root.unwrap().key_id.0);
        assert_eq!(
            json["cookies"][0]["private_len"],
            seen.cookies[0].private_len
        );
        assert_eq!(json["cookies"][0]["life"], 3_600);
        assert!(!text.contains(PUBLIC) && !text.contains(PRIVATE), "{text}");
    }
}

#[test]
fn refuses_what_is_neither() {
    let folder = Folder::new();
    let file = folder.file();
    let (code, text) = bad(&["inspect", "no/such*file"]);
    assert_eq!(code, 1);
    assert!(text.contains("neither a file of that name"), "{text}");
    std::fs::write(&file, [0xff; 40]).unwrap();
    let (code, text) = bad(&["inspect", &file]);
    assert_eq!(code, 1);
    assert!(text.contains("no update or bundle"), "{text}");
}
