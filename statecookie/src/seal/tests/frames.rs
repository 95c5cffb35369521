//! Every input of a tag over a small alphabet: no two are the same bytes, and none begins another.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::*;
use crate::tier::{KeyId, Tier};
use crate::wire::{Cookie, Header, LINK_LEN, Lineage, Root, SeqVector, Shape};

/// What a tag is computed over, gathered in place of hashed.
fn frame(above: Above<'_>, signed: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    put_above(|part| frame.extend_from_slice(part), above);
    frame.extend_from_slice(signed);
    frame
}

/// Sections over so small an alphabet that whatever may be mistaken for a length or a neighbour is.
fn sections() -> Vec<Option<Vec<u8>>> {
    let short = [
        &[][..],
        &[0],
        &[1],
        &[16],
        &[0, 1],
        &[1, 0],
        &[1, 1],
        &[0x11, 0x10, 0],
    ];
    let present = short.iter().map(|bytes| Some(bytes.to_vec()));
    core::iter::once(None).chain(present).collect()
}

fn lineages() -> Vec<Lineage> {
    let root = |session, required| Root {
        required,
        schema_hash: [0; 4],
        key_id: KeyId(0x1110),
        session: [session; 16],
        branch: [session; 4],
        born: u64::from(session),
        end: u64::from(session) + 1,
    };
    let links = [[0; LINK_LEN], [0x11; LINK_LEN]].map(|link| Lineage::Child { link });
    let roots = [root(0, 1), root(1, 1), root(0x10, 2)].map(Lineage::Root);
    links.into_iter().chain(roots).collect()
}

/// The signed part without its tag: header, immutable section, nonce, private section, AEAD tag.
fn signed(
    lineage: Lineage,
    counters: u64,
    immutable: Option<&Vec<u8>>,
    private: Option<&Vec<u8>>,
) -> Vec<u8> {
    let root = Tier::new(1).unwrap();
    let tier = match lineage {
        Lineage::Root(_) => root,
        Lineage::Child { .. } => Tier::LOWEST,
    };
    let mut vector = SeqVector::from([counters]);
    if tier != root {
        vector.push(counters ^ 1);
    }
    let header = Header {
        shape: Shape::of(tier, root, immutable.is_some(), private.is_some()),
        lineage,
        vector,
        not_before: 0x10,
        life: counters,
        immutable_len: immutable.map(Vec::len),
        private_len: private.map(Vec::len),
    };
    let mut out = Vec::new();
    header.write(&mut out);
    out.extend(immutable.into_iter().flatten());
    if let Some(text) = private {
        out.extend_from_slice(&[7; NONCE_LEN]);
        out.extend_from_slice(text);
        out.extend_from_slice(&[9; AEAD_TAG_LEN]);
    }
    out
}

/// Names the parts without joining them: what two inputs differ in, they differ in here.
fn all_inputs(mut visit: impl FnMut(String, Vec<u8>)) {
    let digests = [[0; 32], [0x10; 32], [0x11; 32]];
    let clients = core::iter::once(None).chain(digests.iter().map(Some));
    let above: Vec<(String, Above<'_>)> = clients
        .map(|client| (alloc::format!("client {client:?}"), Above::Client(client)))
        .chain(
            digests
                .iter()
                .map(|tag| (alloc::format!("parent {tag:?}"), Above::Parent(tag))),
        )
        .collect();
    for ((name, above), lineage) in above
        .iter()
        .flat_map(|above| lineages().into_iter().map(move |l| (above, l)))
    {
        if matches!(
            (above, lineage),
            (Above::Client(_), Lineage::Child { .. }) | (Above::Parent(_), Lineage::Root(_))
        ) {
            continue;
        }
        for counters in [0, 1, 0x80, 0x4000] {
            for immutable in sections() {
                for private in sections() {
                    let signed = signed(lineage, counters, immutable.as_ref(), private.as_ref());
                    let parts =
                        alloc::format!("{name} {lineage:?} {counters} {immutable:?} {private:?}");
                    visit(parts, frame(*above, &signed));
                }
            }
        }
    }
}

#[test]
fn no_two_inputs_have_the_same_bytes() {
    let mut seen = BTreeMap::new();
    let mut inputs = 0;
    all_inputs(|parts, bytes| {
        inputs += 1;
        if let Some(other) = seen.insert(bytes, parts.clone()) {
            panic!("two inputs, one frame:\n{other}\n{parts}");
        }
    });
    assert!(inputs > 4_000, "{inputs} inputs");
}

#[test]
fn the_frame_of_one_input_begins_no_other() {
    let mut frames = Vec::new();
    all_inputs(|parts, bytes| frames.push((bytes, parts)));
    frames.sort();
    for pair in frames.windows(2) {
        let [(shorter, one), (longer, other)] = pair else {
            continue;
        };
        assert!(!longer.starts_with(shorter), "{one}\nbegins\n{other}");
    }
}

#[test]
fn what_is_signed_reads_back_as_it_was_put_together() {
    for lineage in lineages() {
        let (immutable, private) = (alloc::vec![1, 2, 3], alloc::vec![4; 16]);
        let mut bytes = signed(lineage, 1, Some(&immutable), Some(&private));
        bytes.extend_from_slice(&[0; TAG_LEN]);
        let cookie = Cookie::parse(&bytes).unwrap();
        assert_eq!(cookie.claimed_header().lineage, lineage);
        assert_eq!(cookie.immutable(), immutable);
        assert_eq!(cookie.private().unwrap().ciphertext, private);
        assert_eq!(cookie.tagged(), &bytes[..bytes.len() - TAG_LEN]);
    }
}
