//! Update and bundle as containers, and what anybody can read of them without keys.

use statecookie::testing::raw;
use statecookie::{BlobKind, Inspection, Jar, MAX_BLOB, MergeError, inspect};

use super::header::fault;
use crate::heap;
use crate::naive::{Blob, Cookie, Fault, Kind};

/// `update`: the first byte is made an update's.
pub fn update(data: &[u8]) {
    run(data, |kind| kind & 7 | 1 << 5);
}

/// `bundle`: the first byte is made a bundle's, with or without a derived section.
pub fn bundle(data: &[u8]) {
    run(data, |kind| {
        kind & 7 | 1 << 5 | if kind & 8 == 0 { 8 } else { 16 }
    });
}

/// `inspect`: any bytes at all.
pub fn any(data: &[u8]) {
    run(data, |kind| kind);
}

fn run(data: &[u8], fix: impl FnOnce(u8) -> u8) {
    let mut bytes = data.to_vec();
    if let Some(kind) = bytes.first_mut() {
        *kind = fix(*kind);
    }
    let expected = Blob::read(&bytes, MAX_BLOB);
    rewrites(&bytes, &expected);
    inspects(&bytes, &expected);
    merges(&bytes, &expected);
}

/// Reading and writing give the same bytes but for the padding.
fn rewrites(bytes: &[u8], expected: &Result<Blob<'_>, Fault>) {
    let found = raw::blob(bytes).map_err(fault);
    let unpadded = expected.as_ref().map(|blob| blob.unpadded.to_vec());
    assert_eq!(found, unpadded.map_err(|fault| *fault));
}

fn inspects(bytes: &[u8], expected: &Result<Blob<'_>, Fault>) {
    let (found, peak) = heap::peak(|| inspect(bytes));
    // Eight cookies of at most eight counters each.
    assert!(peak <= 4096, "inspecting {} bytes took {peak}", bytes.len());
    match (found, expected) {
        (Ok(found), Ok(blob)) => shows(&found, bytes, blob),
        (found, expected) => assert_eq!(found.err().map(fault), expected.as_ref().err().copied(),),
    }
}

fn shows(found: &Inspection, bytes: &[u8], blob: &Blob<'_>) {
    let kind = match blob.kind {
        Kind::Update => BlobKind::Update,
        Kind::Bundle | Kind::Derived => BlobKind::Bundle,
    };
    assert_eq!((found.kind, found.len), (kind, bytes.len()));
    assert_eq!(found.derived_len, blob.derived.map(<[u8]>::len));
    let root = blob.cookies[0].header.root.as_ref();
    let shown = found.root.as_ref();
    assert_eq!(shown.is_some(), root.is_some());
    let mut base = None;
    if let (Some(shown), Some(root)) = (shown, root) {
        base = Some(root.born);
        assert_eq!(
            (shown.required, shown.schema_hash),
            (root.required, root.schema_hash)
        );
        assert_eq!((shown.key_id.0, shown.session), (root.key_id, root.session));
        assert_eq!(shown.branch, root.branch);
        // Shown in milliseconds, at most the end of time.
        assert_eq!(shown.born.as_millis(), root.born.saturating_mul(1000));
        let end = root.born + root.lifetime;
        assert_eq!(shown.end.as_millis(), end.saturating_mul(1000));
    }
    assert_eq!(found.cookies.len(), blob.cookies.len());
    for (shown, cookie) in found.cookies.iter().zip(&blob.cookies) {
        let header = &cookie.header;
        base = base.map(|base| base + header.not_before);
        assert_eq!(
            (shown.tier.number(), shown.tiers),
            (header.tier(), header.tiers())
        );
        assert_eq!(shown.vector, header.vector);
        assert_eq!(shown.link, header.root.is_none().then_some(header.link));
        let millis = shown.not_before.map(|time| time.as_millis());
        assert_eq!(millis, base.map(|base| base.saturating_mul(1000)));
        assert_eq!(shown.life.as_secs(), header.life);
        assert_eq!(
            lengths(cookie),
            [
                shown.len,
                shown.immutable_len,
                shown.private_len,
                shown.mutable_len
            ]
        );
    }
    assert_eq!(
        found.to_string().lines().count(),
        1 + usize::from(root.is_some()) + blob.cookies.len() + usize::from(blob.derived.is_some())
    );
}

fn lengths(cookie: &Cookie<'_>) -> [usize; 4] {
    let mutable = cookie.mutable.len();
    let private = cookie.private.map_or(0, <[u8]>::len);
    [
        cookie.tagged.len() + 16 + mutable,
        cookie.immutable.len(),
        private,
        mutable,
    ]
}

/// A new jar takes what is an update and nothing else, and holds no more than it was given.
fn merges(bytes: &[u8], expected: &Result<Blob<'_>, Fault>) {
    let mut jar = Jar::new();
    let (merged, peak) = heap::peak(|| jar.merge(bytes));
    assert!(
        peak <= bytes.len() + 4096,
        "merging {} bytes took {peak}",
        bytes.len()
    );
    match expected {
        Ok(blob) if blob.kind == Kind::Update => {
            let full = blob.cookies[0].header.root.is_some();
            assert!(merged.is_ok());
            assert_eq!(jar.is_empty(), !full);
            if full {
                let mut bundle = blob.unpadded.to_vec();
                bundle[0] |= 1 << 3;
                assert_eq!(jar.bundle(), Ok(bundle));
            }
        }
        Ok(_) => assert_eq!(merged, Err(MergeError::NotAnUpdate)),
        Err(expected) => match merged {
            Err(MergeError::Parse(error)) => assert_eq!(fault(error), *expected),
            other => panic!("{other:?} of what is {expected:?}"),
        },
    }
}
