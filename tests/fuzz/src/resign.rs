//! Makes the tags of somebody's blob good again: what follows the MAC meets bytes that no honest server made.

use crate::facts::Facts;
use crate::naive::{Cookie, array, prefixed, put_prefixed};
use crate::signer::{Above, Signer};

/// The blob with good links, tags and private sections, as far as it has cookies at all; `adopt` puts in the server's own
/// schema and key.
pub(crate) fn resign(facts: &Facts, blob: &[u8], identity: Option<&[u8]>, adopt: bool) -> Vec<u8> {
    let mut input = blob;
    let Ok([kind]) = array(&mut input) else {
        return Vec::new();
    };
    let mut out = vec![kind];
    let mut signer = facts.signer(facts.signing_id());
    let mut parent = None;
    for _ in 0..=kind & 7 {
        let before = input;
        let Ok(bytes) = prefixed(&mut input) else {
            input = before;
            break;
        };
        let Ok(cookie) = Cookie::read(bytes) else {
            put_prefixed(&mut out, bytes);
            continue;
        };
        let mut header = cookie.header.clone();
        if let Some(root) = &mut header.root {
            if adopt {
                root.schema_hash = facts.schema_hash;
                root.key_id = facts.signing_id();
            }
            signer = facts.signer(root.key_id);
        }
        let above = match &parent {
            Some(tag) => Above::Parent(tag),
            None => Above::Client(identity),
        };
        if let (Above::Parent(tag), None) = (above, &header.root) {
            header.link.copy_from_slice(&tag[..4]);
        }
        let mut tagged = [&header.write(), cookie.immutable].concat();
        if let Some(section) = cookie.private {
            tagged.extend(sealed(&signer, section));
        }
        let tag = signer.tag(above, &tagged);
        put_prefixed(
            &mut out,
            &[&tagged[..], &tag[..16], cookie.mutable].concat(),
        );
        parent = Some(tag);
    }
    out.extend(input);
    out
}

/// The section as it is, if it can be opened; else what stands in the place of its ciphertext becomes the plaintext.
fn sealed(signer: &Signer, section: &[u8]) -> Vec<u8> {
    match (signer.decrypt(section), section.split_first_chunk()) {
        (None, Some((nonce, rest))) => signer.encrypt(*nonce, &rest[..rest.len() - 16]),
        _ => section.to_vec(),
    }
}
