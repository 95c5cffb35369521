//! `inspect`, on what a real pool and a real jar give.

use statecookie::{Keys, Schema, StateCookie, to_text};

use crate::fixed;
use crate::kit::{Folder, bad, fed, flat, good, run};
use crate::shop::{PRIVATE, PUBLIC, blobs, now, pool, schema};

fn all() -> [Vec<u8>; 3] {
    blobs(&pool(Keys::ephemeral().unwrap()), now())
}

/// The cookies of a blob of less than 128 of them, each of less than 16,384 bytes.
fn cookies(blob: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = &blob[1..];
    (0..=blob[0] & 7)
        .map(|_| {
            let (len, behind) = match rest {
                [low @ 0..0x80, behind @ ..] => (usize::from(*low), behind),
                [low, high, behind @ ..] => {
                    (usize::from(low & 0x7f) | usize::from(*high) << 7, behind)
                }
                _ => panic!("too short"),
            };
            let (cookie, after) = behind.split_at(len);
            rest = after;
            cookie.to_vec()
        })
        .collect()
}

#[test]
fn takes_bytes_and_text_from_a_file_standard_input_or_the_word_itself() {
    let folder = Folder::new();
    let file = folder.file();
    let [full, partial, bundle] = all();
    let mut presented = vec![full.clone(), partial, bundle];
    presented.extend(cookies(&full));
    for bytes in presented {
        let expected = good(&["inspect", &to_text(&bytes)]);
        for content in [bytes.clone(), (to_text(&bytes) + "\n").into_bytes()] {
            std::fs::write(&file, &content).unwrap();
            assert_eq!(good(&["inspect", &file]), expected);
            assert_eq!(fed(&["inspect", "-"], &content), expected);
        }
    }
}

#[test]
fn says_what_it_is() {
    let [full, partial, bundle] = all();
    let cookies = cookies(&full);
    for (bytes, begin) in [
        (&full, "full update, 2 cookies, "),
        (&partial, "partial update, 1 cookie, "),
        (&bundle, "bundle, 2 cookies, "),
        (&cookies[0], "one cookie, "),
        (&cookies[1], "one cookie, "),
    ] {
        let said = good(&["inspect", &to_text(bytes)]);
        assert!(said.starts_with(begin), "{said}");
        assert!(said.contains("Nothing of this is proven"), "{said}");
        assert!(!said.contains(PUBLIC) && !said.contains(PRIVATE), "{said}");
    }
}

#[test]
fn says_the_same_of_a_cookie_alone_as_in_its_update() {
    let [full, ..] = all();
    let whole = statecookie::inspect(&full).unwrap();
    let root = statecookie::inspect_cookie(&cookies(&full)[0]).unwrap();
    assert_eq!(
        (root.root, &root.cookies[..]),
        (whole.root, &whole.cookies[..1])
    );
    let child = statecookie::inspect_cookie(&cookies(&full)[1]).unwrap();
    assert_eq!(child.root, None);
    assert_eq!(child.cookies[0].not_before, None);
    assert_eq!(child.cookies[0].vector, whole.cookies[1].vector);
}

#[test]
fn reads_public_values_by_the_schema_and_no_private_one() {
    let folder = Folder::new();
    let schema_file = folder.with("shop.json", &schema());
    let [_, _, bundle] = all();
    let said = good(&["inspect", &to_text(&bundle), "--schema", &schema_file]);
    for row in [
        "schema Shop version 3, by its hash",
        "customer 4711 (immutable u64)",
        "basket [\"seventeen oranges\"] (immutable Vec<String>)",
        "place 0x09 (1 byte, immutable Place: its text does not say how to read it)",
        "pairs 2 (mutable u8; not checked here: what `is_even` accepts)",
        "note not shown (private String)",
        "quality 4 (mutable u8 within 0..=4)",
        "yaw 90.5 (mutable f32 within 0.0..360.0)",
        "currency \"EUR\" (mutable String within one of \"\", \"EUR\", \"USD\", at most 3 long)",
        "item 17 (mutable u64; not checked here: the signed bound `0..=self.customer`)",
        "window { width: 1920, mode: Some(Full) } (mutable Window within any value)",
        "played 1.5s (derived Duration within ..=60s)",
    ] {
        assert!(flat(&said).contains(row), "{row}\n{said}");
    }
    assert!(!said.contains(PRIVATE) && !said.contains("31234"), "{said}");
    let json = good(&[
        "inspect",
        "--json",
        &to_text(&bundle),
        "--schema",
        &schema_file,
    ]);
    assert!(!json.contains(PRIVATE) && !json.contains("31234"), "{json}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["schema"], "same");
    assert_eq!(json["verified"], false);
    assert_eq!(json["cookies"][0]["fields"][0]["value"], 4711);
    assert_eq!(json["cookies"][0]["fields"][2]["bytes"], "09");
    assert_eq!(json["cookies"][1]["fields"][4]["value"]["mode"], "Full");
    assert_eq!(json["derived"][0]["value"], "1.5s");
}

#[test]
fn shows_what_a_client_may_not_write() {
    let folder = Folder::new();
    let schema_file = folder.with("shop.json", &schema());
    let [full, ..] = all();
    // The last cookie's mutable section is unsigned: quality is its first byte.
    let at = |bytes: &[u8]| bytes.len() - cookie_tail(bytes);
    let mut bent = full.clone();
    let quality = at(&full);
    assert_eq!(bent[quality], 3);
    bent[quality] = 5;
    let said = good(&["inspect", &to_text(&bent), "--schema", &schema_file]);
    assert!(
        said.contains("5  OUT OF RANGE  (mutable u8 within 0..=4)"),
        "{said}"
    );
    let mut bent = full.clone();
    // The length of the currency: more than are there, and more than allowed.
    bent[quality + 5] = 4;
    let said = good(&["inspect", &to_text(&bent), "--schema", &schema_file]);
    assert!(said.contains("NO VALUE: longer than allowed"), "{said}");
    assert!(
        said.contains("not told apart from what stands above  (mutable u64)"),
        "{said}"
    );
}

/// quality, yaw, currency, item, window.
fn cookie_tail(_: &[u8]) -> usize {
    1 + 4 + 4 + 1 + (2 + 2)
}

#[derive(StateCookie)]
#[statecookie(tier(1, valid_for = "2h"), tier(0, valid_for = "1h"))]
#[allow(dead_code, reason = "only its schema is of use")]
struct Other {
    #[tier(1)]
    #[private]
    secret: u8,
    #[tier(0)]
    number: u8,
}

#[test]
fn says_plainly_that_it_is_another_schema() {
    let folder = Folder::new();
    let other = Schema::of::<Other>().unwrap();
    let other_file = folder.with("other.json", &other.to_json());
    let [full, partial, _] = all();
    let said = good(&["inspect", &to_text(&full), "--schema", &other_file]);
    let hash = other.hash().to_le_bytes().map(|byte| format!("{byte:02x}"));
    let row = format!(
        "schema    ANOTHER ONE: the hash of Other version 1 is {}; no values are read",
        hash.concat()
    );
    assert!(said.contains(&row), "{said}");
    // A partial update has no hash; its sections tell.
    let said = good(&["inspect", &to_text(&partial), "--schema", &other_file]);
    assert!(
        said.contains("ANOTHER ONE: tiers or sections are not those of Other"),
        "{said}"
    );
    let schema_file = folder.with("shop.json", &schema());
    let said = good(&["inspect", &to_text(&partial), "--schema", &schema_file]);
    assert!(
        said.contains("Shop version 3, if the given one is right"),
        "{said}"
    );
    assert!(said.contains("quality   4"), "{said}");
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
    assert!(text.contains("no update, bundle or cookie"), "{text}");
}

#[test]
fn refuses_a_schema_that_is_none() {
    let folder = Folder::new();
    let [full, ..] = all();
    let good = schema();
    let deep = "[".repeat(100_000);
    for (json, why) in [
        ("", "no JSON, at line 1"),
        ("{\n  \"name\": 1,\n}", "no JSON, at line 3"),
        (&deep[..], "no JSON, at line 1"),
        ("{}", "`description` is missing or not of its kind"),
        (
            &good.replace("\"hash\":\"", "\"hash\":\"00"),
            "`hash` is not that of its `description`",
        ),
        (
            &good.replace("\"valid_for\":600", "\"valid_for\":-1"),
            "`valid_for` is missing or not of its kind",
        ),
        (
            &good.replace("\"number\":1", "\"number\":2"),
            "its `tiers` are not those of its `description`",
        ),
        (
            &format!("{good}{}", " ".repeat(1 << 20)),
            "longer than 1048576 bytes",
        ),
    ] {
        let file = folder.with("bad.json", json);
        let (code, text) = bad(&["inspect", &to_text(&full), "--schema", &file]);
        assert_eq!(code, 1);
        assert!(text.contains(why), "{why}\n{text}");
    }
}

/// [`run`] of `inspect` with the fixed schema and keys.
fn proven(files: &fixed::Files, bytes: &[u8], more: &[&str]) -> (Option<i32>, String) {
    let text = to_text(bytes);
    let mut args = vec!["inspect", &text, "--schema", &files.schema];
    args.extend(["--keys", &files.keys, "--pool", "shop.example"]);
    args.extend(["--now", "1800000005"]);
    args.extend(more);
    let output = run(&args);
    let said = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), said)
}

#[test]
fn proves_with_keys_and_shows_private_values_on_request_only() {
    let files = fixed::files();
    let bundle = fixed::bundle(&fixed::update());
    let (code, said) = proven(&files, &bundle, &[]);
    assert_eq!(code, Some(0));
    assert_eq!(said.matches("tag       proven").count(), 2, "{said}");
    assert!(
        said.contains("verdict   proven; a server restores it"),
        "{said}"
    );
    assert!(!said.contains(PRIVATE) && !said.contains("31234"), "{said}");
    assert!(said.contains("rating    not shown"), "{said}");
    // Whoever looks at an update wants to know the same of it.
    let (code, said) = proven(&files, &fixed::update(), &[]);
    assert_eq!(code, Some(0));
    assert_eq!(said.matches("tag       proven").count(), 2, "{said}");
    assert!(
        said.contains("verdict   proven; the client has to add its derived values"),
        "{said}"
    );
    let (code, said) = proven(&files, &bundle, &["--show-private"]);
    assert_eq!(code, Some(0));
    let said = flat(&said);
    assert!(
        said.contains("note \"pays late, always\" (private String)"),
        "{said}"
    );
    assert!(said.contains("rating 31234 (private u16)"), "{said}");
    let (_, json) = proven(&files, &bundle, &["--show-private", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verified"], true);
    assert_eq!(json["refusal"], serde_json::Value::Null);
    assert_eq!(json["cookies"][0]["proven"], true);
    let fields = json["cookies"][0]["fields"].as_array().unwrap();
    let rating = fields.iter().find(|field| field["name"] == "rating");
    assert_eq!(rating.unwrap()["value"], 31_234);
}

#[test]
fn says_which_tags_are_proven_and_reveals_nothing_that_is_not() {
    let files = fixed::files();
    let mut bent = fixed::bundle(&fixed::update());
    // The not-before of the child, behind shape, link and vector.
    let child = bent.iter().rposition(|byte| *byte == 0x08).unwrap();
    assert!(child > 150 && child < 170, "{child}");
    bent[child + 7] ^= 1;
    let (code, said) = proven(&files, &bent, &["--show-private"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("verdict   REFUSED: bad-tag at tier 0, key 8"),
        "{said}"
    );
    assert_eq!(said.matches("tag       proven").count(), 1, "{said}");
    assert_eq!(said.matches("tag       NOT PROVEN").count(), 1, "{said}");
    assert!(said.contains("rating    not proven"), "{said}");
    assert!(!said.contains(PRIVATE) && !said.contains("31234"), "{said}");
}

#[test]
fn cannot_prove_what_hangs_on_a_parent_that_is_not_here() {
    let files = fixed::files();
    let [_, partial, _] = blobs(&fixed::pool(), fixed::at(0));
    for bytes in [&partial, &cookies(&fixed::update())[0]] {
        let (code, said) = proven(&files, bytes, &[]);
        assert_eq!(code, Some(1));
        let said = flat(&said);
        assert!(said.contains("verdict cannot be proven"), "{said}");
        assert!(said.contains("tag NOT PROVEN"), "{said}");
    }
}

/// A terminal acts on escape characters: neither a value nor a schema may send it one.
#[test]
fn sends_a_terminal_nothing_to_act_on() {
    let folder = Folder::new();
    let mut state = crate::shop::shop();
    state.basket = vec!["\u{1b}[2J\u{7}\r\u{202e}gone".to_owned()];
    let pool = fixed::pool();
    let mut session = pool.open_at(state, fixed::at(0)).unwrap();
    let update = session.flush_at(fixed::at(0)).unwrap().unwrap();
    let honest = folder.with("shop.json", &schema());
    let text = to_text(&update);
    let said = good(&["inspect", &text, "--schema", &honest]);
    assert!(said.contains(r"\u{1b}[2J\u{7}\r\u{202e}gone"), "{said}");
    let hostile = folder.with("hostile.json", &renamed(&schema(), "\u{1b}[1m"));
    for file in [&honest, &hostile] {
        for more in [&[][..], &["--json"]] {
            let said = good(&[&["inspect", &text, "--schema", file][..], more].concat());
            let acted_on = |c: char| c.is_control() && c != '\n';
            assert!(!said.chars().any(acted_on), "{said:?}");
        }
    }
}

/// The JSON of the schema under another name of four bytes, with the hash that belongs to it.
fn renamed(schema: &str, name: &str) -> String {
    let mut json: serde_json::Value = serde_json::from_str(schema).unwrap();
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let description = json["description"].as_str().unwrap().to_owned();
    let description = description.replacen(&hex(b"Shop"), &hex(name.as_bytes()), 1);
    let bytes = description
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap());
    let hash = bytes.fold(2_166_136_261_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    });
    json["description"] = description.into();
    json["hash"] = hex(&hash.to_le_bytes()).into();
    json.to_string()
}
