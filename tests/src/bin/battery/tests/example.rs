//! The update of `docs/wire-format.md`, section 14, read and written by the oracle.

use statecookie::Reason;

use crate::wire::blob::{BUNDLE, Blob, Piece, UPDATE, compose, padded};
use crate::wire::head::Wrong;

const FULL: &str = "2179c901013ad8afbe07000000f465b9a16a9e786e4f450980185dc406ec814c720080a4a7da0680e10100b0540410\
e724010a4e1aa24a9aac0af7161f78a564e4478f6d4f78dda3db99f2956c110e7742369a330e8f614d0c3721bfcec488948d36e2b9585cfd2dfafd59\
9b24c9f43427566f595465daff65b34e1f089b24c9f4000000d804a32a1fd869b1183d4a351da15ec650670203455552";

fn full() -> Vec<u8> {
    let digits: Vec<u8> = FULL
        .bytes()
        .filter_map(|digit| char::from(digit).to_digit(16))
        .map(|d| d as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn refused(bytes: &[u8]) -> Option<Reason> {
    Blob::read(bytes).err().map(|Wrong(reason)| reason)
}

#[test]
fn reads_the_example_as_the_page_explains_it() {
    let bytes = full();
    let blob = Blob::read(&bytes).unwrap();
    let [root, lowest] = blob.pieces().collect::<Vec<_>>()[..] else {
        panic!("two cookies");
    };
    let claims = root.head.root.unwrap();
    assert_eq!((claims.version, claims.required, claims.key), (1, 1, 7));
    assert_eq!(claims.hash, [0x3a, 0xd8, 0xaf, 0xbe]);
    assert_eq!((claims.born, claims.lifetime), (1_800_000_000, 28_800));
    assert_eq!((root.head.not_before, root.head.life), (0, 10_800));
    assert_eq!(
        (root.immutable, root.private.len()),
        (&[0xe7, 0x24, 1, 10][..], 24 + 16 + 16)
    );
    assert_eq!(lowest.head.link, root.link());
    assert_eq!(
        (lowest.head.counters(), lowest.head.life),
        (&[0, 0][..], 600)
    );
    assert_eq!(lowest.mutable, b"\x02\x03EUR");
}

#[test]
fn writes_what_it_reads() {
    let bytes = full();
    let blob = Blob::read(&bytes).unwrap();
    let cookies: Vec<Vec<u8>> = blob.pieces().map(Piece::bytes).collect();
    assert_eq!(compose(UPDATE, &cookies), bytes);
    let bundle = padded(compose(BUNDLE, &cookies));
    assert_eq!(bundle.len() % 4, 0);
    assert_eq!(Blob::read(&bundle).unwrap().kind, 1);
}

#[test]
fn stops_at_the_first_fault_in_the_order_of_the_page() {
    let bytes = full();
    let with = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        refused(&bytes)
    };
    assert_eq!(with(0, 0x41), Some(Reason::UnknownVersion), "of the blob");
    assert_eq!(with(0, 0x39), Some(Reason::Malformed), "a reserved kind");
    assert_eq!(with(3, 2), Some(Reason::UnknownVersion), "of the root");
    assert_eq!(
        with(4, 3),
        Some(Reason::Malformed),
        "more required than there are tiers"
    );
    let tag_of_root = 2 + 0x79 - 16;
    assert_eq!(with(tag_of_root, 0), Some(Reason::Unlinked));
    assert_eq!(refused(&bytes[..bytes.len() - 1]), Some(Reason::Malformed));
    assert_eq!(
        refused(&[&bytes[..], &[0; 4]].concat()),
        Some(Reason::Malformed)
    );
    assert_eq!(refused(&[]), Some(Reason::Malformed));
    let root_alone = compose(BUNDLE, &[&bytes[2..2 + 0x79]]);
    assert_eq!(refused(&root_alone), None);
    assert_eq!(
        refused(&compose(UPDATE, &[&bytes[2..2 + 0x79]])),
        Some(Reason::Malformed)
    );
    let long = compose(BUNDLE, &[&bytes[2..2 + 0x79]; 2]);
    assert_eq!(refused(&long), Some(Reason::Unlinked));
}
