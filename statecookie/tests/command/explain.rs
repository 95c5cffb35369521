//! `explain`: every reason that can be reached from outside, beside what the typed pool says of the same bytes.

use std::time::Duration;

use serde_json::Value;
use statecookie::{
    Key, KeyFile, KeyId, KeyRing, Pool, Reason, Refusal, Schema, StateCookie, Timestamp, to_text,
};

use crate::fixed::{self, Files, IDENTITY, NOW, at, bundle, files, pool_of, ring, update};
use crate::kit::{flat, good, run};
use crate::shop::Shop;

/// What is presented, how, and what it gives.
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    now: Timestamp,
    keys: Vec<Key>,
    args: Vec<&'static str>,
    /// What a server says to it that was started in the same way.
    typed: Option<Refusal>,
}

impl Case {
    fn new(name: &'static str, bytes: Vec<u8>) -> Self {
        let case = Self {
            name,
            bytes,
            now: at(5),
            keys: ring(),
            args: Vec::new(),
            typed: None,
        };
        case.judged_by(|pool| pool)
    }

    fn judged_by(mut self, set: impl Fn(Pool<Shop>) -> Pool<Shop>) -> Self {
        let mut clocked = self.keys.clone();
        // No pool is made where no key signs; this one signs only.
        clocked.push(fixed::signing());
        let pool = set(pool_of("shop.example", clocked));
        self.typed = pool.resume_at(&self.bytes, self.now).err();
        self
    }

    fn at(mut self, now: Timestamp) -> Self {
        self.now = now;
        self.judged_by(|pool| pool)
    }

    fn keys(mut self, change: impl Fn(&mut Key)) -> Self {
        self.keys.iter_mut().for_each(change);
        self.judged_by(|pool| pool)
    }

    fn run(&self, files: &Files, more: &[&str]) -> std::process::Output {
        KeyFile::at(&files.keys)
            .write(&KeyRing::new(self.keys.clone()).unwrap())
            .unwrap();
        let (text, now) = (to_text(&self.bytes), self.now.as_secs().to_string());
        let mut args = vec!["explain", &text, "--now", &now];
        args.extend(["--schema", &files.schema, "--keys", &files.keys]);
        args.extend(["--pool", "shop.example"]);
        args.extend(&self.args);
        args.extend(more);
        run(&args)
    }
}

/// Where things stand in the bundle: kind, length, root of 156 bytes, length, child.
const ROOT: usize = 3;
const CHILD: usize = ROOT + 156 + 1;
/// quality, yaw, currency, item, window; behind it the derived section.
const QUALITY: usize = CHILD + 40 - 14;

fn changed(at: usize, change: impl Fn(u8) -> u8) -> Vec<u8> {
    let mut bytes = bundle(&update());
    bytes[at] = change(bytes[at]);
    bytes
}

/// The root alone, with another number of tiers that it says it requires; the tag is looked at later.
fn without_child() -> Vec<u8> {
    let whole = changed(ROOT + 2, |_| 2);
    let mut bytes = whole[..CHILD - 1].to_vec();
    bytes[0] &= !7;
    bytes.extend_from_slice(&whole[CHILD + 40..]);
    bytes
}

fn cases() -> Vec<Case> {
    let long = |name| {
        let years = Duration::from_secs(1_000_000);
        Case::new(name, bundle(&update()))
            .keys(|key| key.accept_until = key.accept_until.saturating_add(years))
    };
    let mut too_large = Case::new("too-large", bundle(&update()));
    too_large.args = vec!["--max-bytes", "200"];
    let mut revoked = Case::new("revoked", bundle(&update())).judged_by(|pool| {
        pool.refuse_born_before(at(1));
        pool
    });
    revoked.args = vec!["--born-before", "2027-01-15T08:00:01Z"];
    vec![
        too_large,
        Case::new("unknown-version", changed(0, |kind| kind ^ 0x60)),
        Case::new("malformed", bundle(&update())[..100].to_vec()),
        Case::new("unlinked", changed(CHILD + 1, |link| link ^ 1)),
        Case::new("unknown-schema", changed(ROOT + 3, |hash| hash ^ 1)),
        Case::new("missing-tier", without_child()),
        Case::new("missing-derived", update()),
        Case::new("unknown-key", changed(ROOT + 7, |id| id + 1)),
        Case::new("key-revoked", bundle(&update())).keys(|key| key.revoked = true),
        Case::new("key-expired", bundle(&update())).at(at(100_000)),
        // Behind the header of the root stands `customer`.
        Case::new("bad-tag", changed(ROOT + 50, |customer| customer ^ 1)),
        revoked,
        long("session-ended").at(at(86_401)),
        Case::new("not-yet-valid", bundle(&update())).at(Timestamp::from_secs(NOW - 1_000)),
        Case::new("expired", bundle(&update())).at(at(14_400)),
        Case::new("malformed-value", changed(QUALITY + 5, |_| 4)),
        Case::new("out-of-range", changed(QUALITY, |_| 5)),
    ]
}

#[test]
fn says_the_reason_of_the_typed_pool_with_tier_field_and_key() {
    let files = files();
    for case in cases() {
        let output = case.run(&files, &["--json"]);
        assert_eq!(output.status.code(), Some(1), "{}: {output:?}", case.name);
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(json["verdict"], "refused");
        assert_eq!(json["reason"], case.name);
        // The typed pool was made with the default limit.
        if let Some(typed) = case.typed {
            assert_eq!(json["reason"], typed.reason.as_str(), "{json}");
            assert_eq!(
                json["tier"].as_u64(),
                typed.tier.map(|tier| tier.number().into()),
                "{json}"
            );
            assert_eq!(json["field"].as_str(), typed.field, "{json}");
            assert_eq!(
                json["key_id"].as_u64(),
                typed.key.map(|key| key.0.into()),
                "{json}"
            );
        } else {
            assert_eq!(case.name, "too-large");
        }
        for part in ["means", "to_do"] {
            assert!(json[part].as_str().unwrap().len() > 20, "{json}");
        }
    }
}

#[test]
fn every_reason_is_reached_but_those_that_cannot_be() {
    let reached: Vec<_> = cases().iter().map(|case| case.name).collect();
    let own_tests = [Reason::InternalMismatch];
    // A struct's `validate` is code; no JSON says it.
    let out_of_reach = [Reason::Invalid];
    for reason in Reason::ALL {
        // What a store of marks says, only a running server can ask.
        let known =
            own_tests.contains(&reason) || out_of_reach.contains(&reason) || reason.is_of_marks();
        assert_ne!(reached.contains(&reason.as_str()), known, "{reason}");
    }
}

#[test]
fn compares_the_numbers_that_were_compared() {
    let files = files();
    for (name, rows) in [
        ("too-large", "length 207 bytes limit 200 bytes"),
        ("unknown-schema", "this schema Shop version 3"),
        (
            "missing-tier",
            "presented tier 1 missing tier 0 required 2 from the root down, says the root",
        ),
        ("unknown-key", "key 9 in the ring 7, 8"),
        (
            "key-expired",
            "accept_until 2027-01-15T14:09:20Z late by 21h 37m 20s",
        ),
        ("session-ended", "end 2027-01-16T08:00:00Z late by 1s"),
        (
            "not-yet-valid",
            "not-before 2027-01-15T08:00:00Z not-after 2027-01-15T11:00:00Z leeway 1m early by 15m 40s beyond the leeway",
        ),
        ("expired", "leeway 1m late by 59m beyond the leeway"),
        ("malformed-value", "type String why longer than allowed"),
        ("out-of-range", "type u8 value 5 bound 0..=4"),
    ] {
        let case = cases().into_iter().find(|case| case.name == name).unwrap();
        let said = flat(&String::from_utf8(case.run(&files, &[]).stdout).unwrap());
        assert!(said.starts_with(&format!("REFUSED: {name}")), "{said}");
        assert!(said.contains(rows), "{rows}\n{said}");
    }
}

#[test]
fn says_what_is_worth_knowing_of_what_is_accepted() {
    let files = files();
    let whole = Case::new("accepted", bundle(&update()));
    assert_eq!(whole.typed, None);
    let output = whole.run(&files, &[]);
    assert!(output.status.success(), "{output:?}");
    let said = flat(&String::from_utf8(output.stdout).unwrap());
    for part in [
        "ACCEPTED",
        "age 5s, since the newest cookie became valid",
        "key 8, signs until 2027-01-15T11:08:20Z",
        "defaults none: every tier is restored",
        "Not checked here: - `place`: whether its bytes are a `Place` - `pairs`: what `is_even` accepts",
        "the struct's `validate`",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let late = Case::new("accepted", bundle(&update())).at(at(3_600));
    assert_eq!(late.typed, None);
    let said = flat(&String::from_utf8(late.run(&files, &[]).stdout).unwrap());
    assert!(
        said.contains("defaults tier 0 takes its defaults: missing or expired"),
        "{said}"
    );
    assert!(
        said.contains("`item`: its default within the signed bound"),
        "{said}"
    );
}

#[test]
fn says_that_no_store_of_marks_was_asked() {
    let mut files = files();
    let guarded =
        crate::shop::schema().replace("\"number\":1", "\"guarded\":\"refuse\",\"number\":1");
    let case = Case::new("accepted", bundle(&update()));
    let asked = |files: &Files| flat(&String::from_utf8(case.run(files, &[]).stdout).unwrap());
    assert!(!asked(&files).contains("high-water"));
    files.schema = files.folder.with("guarded.json", &guarded);
    assert!(asked(&files).contains("- high-water marks: some tiers are guarded"));
}

#[test]
fn needs_whom_a_session_is_bound_to() {
    let files = files();
    let case = Case::new("bound", bundle(&fixed::bound()));
    assert_eq!(case.typed.unwrap().reason, Reason::BadTag);
    let said = flat(&String::from_utf8(case.run(&files, &[]).stdout).unwrap());
    assert!(
        said.starts_with("REFUSED: bad-tag at tier 1, key 8") && said.contains("--identity"),
        "{said}"
    );
    let hex = IDENTITY.bytes().map(|byte| format!("{byte:02x}"));
    let hex = format!("hex:{}", hex.collect::<String>());
    for identity in [IDENTITY, &hex] {
        let output = case.run(&files, &["--identity", identity]);
        assert!(output.status.success(), "{output:?}");
    }
    let output = case.run(&files, &["--identity", "hex:0g"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("pairs of hexadecimal digits")
    );
}

#[test]
fn explains_without_keys_as_far_as_can_be_told() {
    let files = files();
    let bytes = changed(QUALITY, |_| 5);
    let args = ["explain", &to_text(&bytes), "--now", "1800014400"];
    let said = good(&[&args[..], &["--schema", &files.schema]].concat());
    let said = flat(&said);
    for part in [
        "OPEN",
        "claims tier 1: 2027-01-15T08:00:00Z to 2027-01-15T11:00:00Z, EXPIRED",
        "value quality: 5 OUT OF RANGE (mutable u8 within 0..=4)",
        "Good: size, structure, schema, tiers presented.",
        "key, tags, private values: give --keys and --pool",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    let said = flat(&good(&args));
    assert!(said.contains("Good: size, structure. Not checked here: - schema, tiers presented, values: give --schema"), "{said}");
    // What needs no key is refused without one.
    let output = run(&["explain", &to_text(&update()), "--schema", &files.schema]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with("REFUSED: missing-derived at tier 0, field `played`, key 8"),
        "{said}"
    );
    let output = run(&["explain", &to_text(&bytes[..50])]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with("REFUSED: malformed\n  why  malformed: the bytes end too early"),
        "{said}"
    );
}

mod as_issued {
    #[derive(super::StateCookie, Clone, Debug, PartialEq)]
    #[statecookie(version = 1, tier(0, valid_for = "1h"))]
    pub(super) struct Ward {
        #[tier(0)]
        pub(super) beds: u16,
    }
}

mod as_read {
    #[allow(non_camel_case_types, reason = "what an alias does to a description")]
    type u16 = u64;

    #[derive(super::StateCookie, Clone, Debug, PartialEq)]
    #[statecookie(version = 1, tier(0, valid_for = "1h"))]
    pub(super) struct Ward {
        #[tier(0)]
        pub(super) beds: u16,
    }
}

#[test]
fn tells_servers_that_disagree_about_a_type() {
    let files = files();
    let keys = || statecookie::Keys::ring(KeyRing::new(ring()).unwrap());
    let builder = Pool::<as_read::Ward>::builder("shop.example", keys());
    let pool = builder
        .clock(statecookie::testing::TestClock::at(at(0)))
        .build()
        .unwrap();
    let mut session = pool.open_at(as_read::Ward { beds: 70_000 }, at(0)).unwrap();
    let update = session.flush_at(at(0)).unwrap().unwrap();
    let builder = Pool::<as_issued::Ward>::builder("shop.example", keys());
    let other = builder
        .clock(statecookie::testing::TestClock::at(at(0)))
        .build()
        .unwrap();
    let typed = other.resume_at(&update, at(0)).unwrap_err();
    assert_eq!(typed.reason, Reason::InternalMismatch);
    assert_eq!(typed.key, Some(KeyId(8)));
    let json = Schema::of::<as_issued::Ward>().unwrap().to_json();
    let schema = files.folder.with("ward.json", &json);
    let output = run(&[
        "explain",
        &to_text(&update),
        "--schema",
        &schema,
        "--keys",
        &files.keys,
        "--pool",
        "shop.example",
        "--now",
        "1800000000",
    ]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with(&format!("REFUSED: {typed}\n")),
        "{typed}\n{said}"
    );
    assert!(
        flat(&said).contains("Give the schema another `version`"),
        "{said}"
    );
}

#[test]
fn needs_pool_and_schema_with_the_keys() {
    let files = files();
    for args in [
        &["explain", "x", "--keys", &files.keys][..],
        &["explain", "x", "--keys", &files.keys, "--pool", "p"],
        &["explain", "x", "--pool", "p"],
        &["inspect", "x", "--show-private"],
        &["explain", "x", "--now", "yesterday"],
    ] {
        assert_eq!(run(args).status.code(), Some(2), "{args:?}");
    }
}
