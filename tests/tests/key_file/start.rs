//! The first start: a pool is made of a good file, or an error says which file it was, and what to do.

use std::time::Duration;

use statecookie::{
    KeyFile, KeyFileFault, KeyPolicy, KeyRing, Keys, PoolBuilder, PoolError, RefreshCause,
    RingTextFault, Secret,
};

use crate::folder::{Folder, write};
use crate::pool::{Events, Visit, builder, builder_of, clock, cookies, pool, refused};
use crate::rings::{key, text};

#[test]
fn two_servers_with_the_same_file_are_one_pool() {
    let folder = Folder::new("two-servers");
    let path = folder.put("keys.toml", text([key(1, 0), key(2, 2)]));
    let events = Events::default();
    let one = events.of(builder(&path, &clock()));
    let other = pool(&path, &clock());
    assert!(other.resume(&cookies(&one)).is_ok());
    assert_eq!(one.fingerprint(), other.fingerprint());
    let [first] = events.take().try_into().unwrap();
    assert_eq!((first.cause, first.warning), (RefreshCause::Start, None));
}

#[test]
fn a_missing_file_is_named_with_the_way_to_a_key() {
    let folder = Folder::new("missing");
    let path = folder.path("keys.toml");
    let (fault, said) = refused(builder(&path, &clock()));
    assert_eq!(fault, KeyFileFault::Missing);
    assert!(
        said.starts_with(&format!("key file {}: ", path.display())),
        "{said}"
    );
    assert!(said.contains("`openssl rand -hex 32`"), "{said}");
}

#[test]
fn a_bad_file_is_named_with_the_line_and_what_to_write() {
    let folder = Folder::new("bad");
    let good = text([key(1, 0)]);
    let path = folder.put("keys.toml", good.replace("base64:", "base64:?"));
    let (fault, said) = refused(builder(&path, &clock()));
    assert!(matches!(fault, KeyFileFault::Text(error) if error.line.is_some()));
    assert!(
        said.contains("keys.toml") && said.contains("line "),
        "{said}"
    );
    assert!(said.contains("openssl rand -hex 32"), "{said}");
    for (bytes, expected) in [
        (Vec::new(), RingTextFault::NoKey),
        (b"[[key]]\nid = \xff".to_vec(), RingTextFault::NotText),
    ] {
        let path = folder.put("keys.toml", bytes);
        let (fault, _) = refused(builder(&path, &clock()));
        assert!(matches!(fault, KeyFileFault::Text(error) if error.fault == expected));
    }
    let path = folder.put("keys.toml", vec![b'#'; 512 * 1024 + 1]);
    let (fault, _) = refused(builder(&path, &clock()));
    assert_eq!(fault, KeyFileFault::TooLong { limit: 512 * 1024 });
    let (fault, _) = refused(builder(&folder.path(""), &clock()));
    assert_eq!(fault, KeyFileFault::NotAFile);
    let (fault, _) = refused(builder(&path.join("below"), &clock()));
    assert!(matches!(fault, KeyFileFault::Read(_)), "{fault}");
}

#[test]
fn a_pipe_is_refused_and_not_waited_for() {
    let folder = Folder::new("pipe");
    let path = folder.path("keys.toml");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    assert_eq!(refused(builder(&path, &clock())).0, KeyFileFault::NotAFile);
}

#[test]
fn a_ring_of_which_no_key_signs_now_makes_no_pool() {
    let folder = Folder::new("no-signer");
    let path = folder.put("keys.toml", text([key(1, 1)]));
    let error = builder(&path, &clock()).build().unwrap_err();
    assert_eq!(error, PoolError::NoSigningKey);
}

#[test]
fn each_inequality_that_a_file_or_its_policy_violates_has_its_own_error() {
    let folder = Folder::new("inequalities");
    let path = folder.put("keys.toml", text([key(5, 0)]));
    let secs = Duration::from_secs;
    let good = KeyPolicy::default();
    let with = |policy| builder(&path, &clock()).key_policy(policy);
    let violated = |builder: PoolBuilder<Visit>| match builder.build() {
        Err(PoolError::Policy(error)) => (error, error.to_string()),
        other => panic!("{other:?}"),
    };
    let late = KeyPolicy {
        publish_ahead: secs(89),
        ..good
    };
    let fast = KeyPolicy {
        rotation: secs(59),
        ..good
    };
    let skewed = KeyPolicy {
        skew: secs(3601),
        publish_ahead: secs(4000),
        ..good
    };
    let table = [
        (
            violated(with(late)),
            "publish_ahead >= refresh + skew is violated: 89s < 30s + 60s",
        ),
        (
            violated(with(fast)),
            "rotation >= 2 x refresh is violated: 59s < 2 x 30s",
        ),
        (
            violated(with(skewed)),
            "accept_until - sign_until >= longest validity + skew is violated by key 5: 7200s < 3600s + 3601s",
        ),
        (
            violated(with(good).leeway(secs(3600))),
            "leeway < shortest validity is violated: 3600s >= 3600s",
        ),
    ];
    for ((_, said), expected) in &table {
        assert_eq!(said, expected);
    }
    let kinds = table.map(|((error, _), _)| std::mem::discriminant(&error));
    assert!((1..kinds.len()).all(|at| !kinds[..at].contains(&kinds[at])));
    assert!(
        with(KeyPolicy {
            skew: secs(3600),
            publish_ahead: secs(4000),
            ..good
        })
        .build()
        .is_ok()
    );
    let equal = KeyPolicy {
        publish_ahead: secs(90),
        rotation: secs(60),
        ..good
    };
    assert!(with(equal).leeway(secs(3599)).build().is_ok());
}

#[test]
fn a_secret_alone_is_the_root_of_derived_keys_in_every_notation() {
    let folder = Folder::new("alone");
    let bytes: Vec<u8> = (150..190).collect();
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let print = |file: &[u8]| {
        let path = folder.put("secret", file);
        let keys = Keys::embedded(Secret::from_file(path).unwrap());
        builder_of(keys, &clock()).build().unwrap().fingerprint()
    };
    assert_eq!(print(&bytes), print(format!("{digits}\n").as_bytes()));
    let base64 = "lpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vQ==";
    assert_eq!(print(&bytes), print(base64.as_bytes()));
}

#[test]
fn a_ring_is_no_secret_and_a_secret_no_ring() {
    let folder = Folder::new("mixed-up");
    let path = folder.put("keys.toml", text([key(1, 0)]));
    let error = Secret::from_file(&path).unwrap_err();
    assert!(matches!(error.fault, KeyFileFault::Secret(_)), "{error}");
    let path = folder.put("secret", [200; 31]);
    assert!(matches!(
        Secret::from_file(&path).unwrap_err().fault,
        KeyFileFault::Secret(_)
    ));
    let error = Secret::from_file(folder.path("none")).unwrap_err();
    assert_eq!(error.fault, KeyFileFault::Missing);
    write(&path, [200; 2051]);
    let error = KeyFile::at(&path).read().unwrap_err();
    assert!(matches!(error.fault, KeyFileFault::Text(_)));
    assert_eq!(
        Secret::from_file(&path).unwrap_err().fault,
        KeyFileFault::TooLong { limit: 2050 }
    );
}

/// The page shows a file without a key in it, so that nobody runs on a published one.
#[test]
fn the_file_of_the_page_is_good_once_it_has_a_secret() {
    let page = include_str!("../../../docs/operations.md");
    let example = page.split("```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let error = KeyRing::from_text(example.as_bytes()).unwrap_err();
    assert!(matches!(error.fault, RingTextFault::Secret(_)), "{error}");
    let digits: String = (1..=32).map(|byte| format!("{byte:02x}")).collect();
    let filled = example.replace("..64 digits from `openssl rand -hex 32`..", &digits);
    assert_eq!(
        KeyRing::from_text(filled.as_bytes()).unwrap().keys().len(),
        1
    );
}
