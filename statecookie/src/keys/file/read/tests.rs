//! Every fault of a text has its line and its word; no bytes make the reader do anything but answer.

use alloc::format;
use alloc::string::{String, ToString};

use proptest::prelude::*;

use super::*;
use crate::keys::KeyError;

const SECRET: &str = "1f8b0d1f3c5a4e6d9b2a7c48e05f6d3b1a2c4e6f8091b3d5f7192a3b4c5d6e7f";

fn entry(id: u32, hour: u32) -> String {
    let digits = format!("{id:02x}{}", &SECRET[2..]);
    format!(
        "[[key]]\nid = {id}\nsecret = \"hex:{digits}\"\nactivates_at = 2026-11-28T{hour:02}:00:00Z\n\
         sign_until = 2026-11-29T09:00:00Z\naccept_until = 2026-11-30T09:00:00Z\n"
    )
}

fn read(text: &str) -> Result<KeyRing, RingTextError> {
    KeyRing::from_text(text.as_bytes())
}

#[test]
fn reads_entries_with_comments_blanks_and_either_line_end() {
    let text = format!(
        "# two keys\r\n\r\nkeys = 2\n{}\n{}",
        entry(7, 9),
        entry(8, 10)
    );
    let text = text.replace("id = 7\n", "\tid=7 # the old one\r\n  revoked = true\n");
    let ring = read(&text).unwrap();
    let seen: Vec<_> = ring
        .keys()
        .iter()
        .map(|key| (key.id.0, key.activates_at.as_secs(), key.revoked))
        .collect();
    assert_eq!(seen, [(7, 1_795_856_400, true), (8, 1_795_860_000, false)]);
}

#[test]
fn reads_a_secret_in_every_notation() {
    let secret = Secret::from_hex(SECRET).unwrap();
    let base64 = "H4sNHzxaTm2bKnxI4F9tOxosTm+AkbPV9xkqO0xdbn8=";
    for text in [
        SECRET.into(),
        SECRET.to_uppercase(),
        format!("hex:{SECRET}"),
        format!("base64:{base64}"),
        base64.into(),
        base64.trim_end_matches('=').replace('+', "-"),
    ] {
        assert_eq!(
            read_secret(&format!("\"{text}\"")).unwrap(),
            secret,
            "{text}"
        );
    }
}

#[test]
fn says_which_line_is_at_fault_and_what_to_write() {
    let good = entry(7, 9);
    let line = |at: usize, new: &str| {
        let mut lines: Vec<_> = good.lines().collect();
        lines[at - 1] = new;
        lines.join("\n")
    };
    let time = |name| Fault::Time { name };
    let missing = |name| Fault::Missing { name };
    let repeated = |name| Fault::Repeated { name };
    let table = [
        (String::new(), None, Fault::NoKey),
        ("# nothing\n".into(), None, Fault::NoKey),
        (SECRET.into(), Some(1), Fault::NotALine),
        (line(1, ""), Some(2), Fault::BeforeFirstKey),
        (
            format!("keys = 2\n{good}"),
            None,
            Fault::Count { said: 2, found: 1 },
        ),
        ("keys = 2".into(), None, Fault::Count { said: 2, found: 0 }),
        ("keys = 0".into(), None, Fault::NoKey),
        ("keys = two".into(), Some(1), Fault::Number { name: "keys" }),
        ("keys = 1\nkeys = 1".into(), Some(2), repeated("keys")),
        (format!("{good}keys = 1"), Some(7), Fault::UnknownName),
        (line(1, "[key]"), Some(1), Fault::NotALine),
        (line(1, "[[key]] [[key]]"), Some(1), Fault::NotALine),
        (line(2, "id = \"7\""), Some(2), Fault::Number { name: "id" }),
        (line(2, "id = 07"), Some(2), Fault::Number { name: "id" }),
        (line(2, "id = +7"), Some(2), Fault::Number { name: "id" }),
        (line(2, "id = -7"), Some(2), Fault::Number { name: "id" }),
        (
            line(2, "id = 4294967296"),
            Some(2),
            Fault::Number { name: "id" },
        ),
        (line(2, "id ="), Some(2), Fault::Number { name: "id" }),
        (line(2, "Id = 7"), Some(2), Fault::UnknownName),
        (line(2, ""), Some(1), missing("id")),
        (line(3, ""), Some(1), missing("secret")),
        (line(4, ""), Some(1), missing("activates_at")),
        (line(5, ""), Some(1), missing("sign_until")),
        (line(6, ""), Some(1), missing("accept_until")),
        (line(2, "id = 7\nid = 7"), Some(3), repeated("id")),
        (line(3, "secret = hex:00"), Some(3), Fault::Quotes),
        (line(3, "secret = \""), Some(3), Fault::Quotes),
        (line(3, "secret = \"raw:x\""), Some(3), Fault::RawSecret),
        (
            line(3, "secret = \"hex:00\""),
            Some(3),
            Fault::Secret(KeyError::TooShort { len: 1 }),
        ),
        (
            line(3, "secret = \"hexa:00\""),
            Some(3),
            Fault::Secret(KeyError::NotBase64),
        ),
        (
            line(4, "activates_at = \"2026-11-28T09:00:00Z\""),
            Some(4),
            time("activates_at"),
        ),
        (
            line(5, "sign_until = 2026-11-29T09:00:00+00:00"),
            Some(5),
            time("sign_until"),
        ),
        (
            line(6, "accept_until = 2026-11-30T09:00:00.5Z"),
            Some(6),
            time("accept_until"),
        ),
        (
            line(6, "accept_until = 2026-11-30T23:59:60Z"),
            Some(6),
            time("accept_until"),
        ),
        (
            line(6, "accept_until = 2026-02-30T09:00:00Z"),
            Some(6),
            time("accept_until"),
        ),
        (format!("{good}revoked = yes"), Some(7), Fault::Revoked),
        (
            line(6, "accept_until = 2026-11-28T10:00:00Z"),
            Some(1),
            Fault::Ring(RingError::Windows(KeyId(7))),
        ),
        (
            format!("{good}\n{}", entry(7, 10)),
            Some(8),
            Fault::Ring(RingError::SameId(KeyId(7))),
        ),
        (
            format!("{good}\n{}", entry(8, 9)),
            Some(8),
            Fault::Ring(RingError::SameActivation(KeyId(7), KeyId(8))),
        ),
        (
            good.repeat(257),
            None,
            Fault::Ring(RingError::TooManyKeys(257)),
        ),
        (" ".repeat(512 * 1024 + 1), None, Fault::TooLong),
    ];
    for (text, line, fault) in table {
        let error = read(&text).unwrap_err();
        assert_eq!((error.line, error.fault), (line, fault), "{text:.400}");
    }
    let error = KeyRing::from_text(b"# \n[[key]]\nid = \xff").unwrap_err();
    assert_eq!((error.line, error.fault), (Some(3), Fault::NotText));
    assert_eq!(error.to_string(), "line 3: this is not text in UTF-8");
}

#[test]
fn reads_nothing_of_a_text_that_was_cut_but_at_the_end_of_an_entry() {
    let text = format!("{}{}", entry(7, 9), entry(8, 10));
    let cut = entry(7, 9).len();
    for len in 0..text.len() {
        let ring = KeyRing::from_text(&text.as_bytes()[..len]).ok();
        // The last character before is the line end.
        let whole = [cut - 1, cut, text.len() - 1].contains(&len);
        assert_eq!(ring.is_some(), whole, "{len} of {}", text.len());
    }
}

proptest! {
    #[test]
    fn answers_any_bytes_with_a_ring_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(KeyRing::from_text(&bytes).is_err());
    }

    #[test]
    fn answers_any_change_of_a_good_text(
        at in any::<prop::sample::Index>(), len in 0_usize..40, new in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut bytes = format!("{}{}", entry(7, 9), entry(8, 10)).into_bytes();
        let at = at.index(bytes.len());
        let end = bytes.len().min(at + len);
        bytes.splice(at..end, new);
        if let Ok(ring) = KeyRing::from_text(&bytes) {
            prop_assert!(matches!(ring.keys().len(), 1 | 2));
        }
    }

    #[test]
    fn says_nothing_of_what_stands_there(word in "[A-Za-z0-9+/]{16,60}") {
        for line in [word.clone(), format!("{word} = 1"), format!("secret = {word}"), format!("secret = \"hex:{word}\"")] {
            let error = read(&format!("[[key]]\n{line}\n")).unwrap_err();
            let said = format!("{error} {error:?}");
            prop_assert!(!said.contains(&word), "{}", said);
        }
    }
}
