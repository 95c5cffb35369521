//! What is done to a bundle before it is presented: what clients, networks and careless servers do. Nothing here is padded.

use serde_json::Value;
use statecookie::private::{Class, tier};
use statecookie_tests::kit::blob::{
    again, bundle, cookies, derived_values, deriving, put_varint, varint,
};
use statecookie_tests::kit::parts::Parts;
use statecookie_tests::kit::sign::{Signer, taken_apart};

use crate::dice::Dice;
use crate::server::Case;
use crate::states::Chance;

/// One change somewhere in the bytes; the first byte of a blob is its kind, and is met often enough by chance only in cookies.
pub(crate) fn on_the_way(dice: &mut Dice, bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if out.is_empty() {
        return dice.bytes(1);
    }
    let at = dice.below(out.len());
    match dice.below(8) {
        0 | 1 => out[at] ^= 1 << dice.below(8),
        2 => out[at] = dice.word() as u8,
        3 => out.truncate(at),
        4 => {
            let end = (at + 1 + dice.below(4)).min(out.len());
            out.drain(at..end);
        }
        5 => {
            let len = 1 + dice.below(8);
            out.splice(at..at, dice.bytes(len));
        }
        6 => out.resize(out.len() + 1 + dice.below(5), 0),
        _ => out[0] = dice.word() as u8,
    }
    out
}

/// Another byte where counts, flags and variants stand: near the beginning more often than not.
fn small_byte(dice: &mut Dice, bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let end = *dice.of(&[1, 2, out.len()]);
    if let Some(byte) = out.get_mut(dice.below(end.max(1))) {
        *byte = dice.below(4) as u8;
    }
    out
}

fn private_section<S: Chance>(state: &S, number: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let written = state.__write(tier(number), Class::Private, &mut out);
    written.expect("an honest state can be written");
    out
}

/// The same within one cookie, framed anew.
pub(crate) fn within_a_cookie(dice: &mut Dice, blob: &[u8]) -> Vec<u8> {
    let mut cookies = cookies(blob);
    let at = dice.below(cookies.len());
    cookies[at] = on_the_way(dice, &cookies[at]);
    again(blob, &cookies)
}

/// The chain in the blob's place.
fn whole(blob: &[u8], chain: &[Parts]) -> Vec<u8> {
    again(blob, &chain.iter().map(Parts::bytes).collect::<Vec<_>>())
}

/// Cookies left away, twice, in another order, or from another session, which may be linked as if they belonged.
pub(crate) fn rearranged(dice: &mut Dice, blob: &[u8], other: &[u8]) -> Vec<u8> {
    let (mut chain, theirs) = (taken_apart(blob), taken_apart(other));
    let at = dice.below(chain.len());
    match dice.below(8) {
        0 if chain.len() > 1 => drop(chain.remove(at)),
        1..=3 => chain.truncate(at + 1),
        4 if chain.len() < 8 => chain.insert(at, chain[at].clone()),
        5 => {
            let to = dice.below(chain.len());
            chain.swap(at, to);
        }
        _ => {
            for (place, part) in chain.iter_mut().enumerate().skip(at) {
                if place == at || dice.once_in(2) {
                    *part = theirs[place.min(theirs.len() - 1)].clone();
                }
            }
            if dice.once_in(2) {
                relink(&mut chain);
            }
        }
    }
    whole(blob, &chain)
}

/// Links and vectors bent to what stands above, so that only the tags can tell.
fn relink(chain: &mut [Parts]) {
    for at in 1..chain.len() {
        let (above, below) = chain.split_at_mut(at);
        let (above, below) = (&above[at - 1], &mut below[0]);
        if below.has("link") && below.names().len() > 3 {
            below.set("link", &above.get("tag")[..4]);
            let names = below.names();
            for name in names.iter().filter(|name| name.starts_with("counter")) {
                let theirs = if above.has(name) { name } else { "sequence" };
                if above.has(theirs) && above.has("sequence") != above.has(name) {
                    below.set(name, above.get(theirs));
                }
            }
        }
    }
}

/// The mutable sections of a chain, from the root down, written anew.
pub(crate) fn with_sections(blob: &[u8], sections: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut chain = taken_apart(blob);
    chain
        .iter_mut()
        .zip(sections)
        .for_each(|(part, section)| part.set("mutable", &section));
    whole(blob, &chain)
}

const ODD: [&[u8]; 10] = [
    b"\x80\x00",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    b"\xff\xff\xff\xff\x1f",
    b"\x02",
    b"\xff",
    b"\x04\xc3\x28ab",
    b"\xff\xff\x07",
    b"\x00",
    b"",
];

/// A mutable section with a change that its encoding may not survive.
pub(crate) fn own_bytes(dice: &mut Dice, blob: &[u8]) -> Vec<u8> {
    let mut chain = taken_apart(blob);
    let at = dice.below(chain.len());
    let mut section = chain[at].get("mutable").to_vec();
    let place = dice.below(section.len() + 1);
    match dice.below(3) {
        0 if !section.is_empty() => section = on_the_way(dice, &section),
        1 => {
            let end = (place + dice.below(3)).min(section.len());
            section.splice(place..end, dice.of(&ODD).iter().copied());
        }
        _ => section.extend(dice.of(&ODD).iter()),
    }
    chain[at].set("mutable", &section);
    whole(blob, &chain)
}

/// A derived section left away, cut off, changed, or where there should be none. `ends`: where its values end.
pub(crate) fn derived_bytes(dice: &mut Dice, blob: &[u8], ends: &[usize]) -> Vec<u8> {
    let cookies = cookies(blob);
    let Some(mut values) = derived_values(blob) else {
        let len = dice.below(3);
        return deriving(&cookies, &dice.bytes(len));
    };
    match dice.below(5) {
        0 => return bundle(&cookies),
        1 => values.truncate(dice.below(values.len())),
        2 => values.truncate(*dice.of(ends)),
        3 => values = on_the_way(dice, &values),
        _ => {
            let from = *dice.of(ends);
            values.splice(from.., dice.of(&ODD).iter().copied());
        }
    }
    deriving(&cookies, &values)
}

const HEADS: [&str; 8] = [
    "sequence",
    "born",
    "lifetime",
    "later",
    "life",
    "immutable length",
    "private length",
    "counter 0",
];

/// One or two things bent in a chain, then signed by the key of its root.
pub(crate) fn signed<S: Chance>(
    dice: &mut Dice,
    config: &Value,
    case: &Case,
    state: &S,
) -> Vec<u8> {
    let mut chain = taken_apart(&case.blob);
    let id = chain[0].get("key").try_into().map(u32::from_le_bytes);
    let signer = Signer::of::<S>(config, id.expect("a key id has four bytes"));
    for _ in 0..*dice.of(&[0, 1, 1, 2]) {
        lie(dice, &mut chain, &signer, state);
    }
    signer.chain(&mut chain, case.identity.as_deref());
    whole(&case.blob, &chain)
}

fn lie<S: Chance>(dice: &mut Dice, chain: &mut [Parts], signer: &Signer, state: &S) {
    let at = dice.below(chain.len());
    match dice.below(11) {
        0 | 1 => {
            let names: Vec<_> = HEADS
                .into_iter()
                .filter(|name| chain[at].has(name))
                .collect();
            let name = *dice.of(&names);
            let value = match dice.below(3) {
                0 => dice.whole(0, u64::MAX.into()) as u64,
                _ => dice.below(200) as u64,
            };
            let mut bytes = Vec::new();
            put_varint(&mut bytes, value as usize);
            if dice.once_in(6) {
                bytes = vec![0x81, 0];
            }
            chain[at].set(name, &bytes);
        }
        2 => chain[0].set("required", &[dice.below(10) as u8]),
        3 => chain[0].set("hash", &dice.bytes(4)),
        4 => {
            let id: [u8; 4] = chain[0].get("key").try_into().unwrap_or_default();
            let near = u32::from_le_bytes(id)
                .wrapping_add(dice.below(7) as u32)
                .wrapping_sub(3);
            let id = if dice.once_in(3) {
                dice.bytes(4)
            } else {
                near.to_le_bytes().to_vec()
            };
            chain[0].set("key", &id);
        }
        5 if chain[at].has("immutable length") => {
            let old = chain[at].get("immutable");
            let bytes = if dice.once_in(3) {
                small_byte(dice, old)
            } else {
                on_the_way(dice, old)
            };
            chain[at].set_number("immutable length", bytes.len() as u64);
            chain[at].set("immutable", &bytes);
        }
        6 | 7 if chain[at].has("private length") => {
            let tier = (chain.len() - 1 - at) as u8;
            let mut plain = private_section(state, tier);
            match dice.below(4) {
                0 => plain = small_byte(dice, &plain),
                1 => plain = on_the_way(dice, &plain),
                _ => {}
            }
            let step = S::TABLE.pad;
            plain.resize(plain.len() + dice.of(&[0, step - 1, step, step + 1]), 0);
            signer.set_private(&mut chain[at], &plain);
        }
        8 if chain[at].has("ciphertext") => chain[at].flip("ciphertext", 0, 1),
        9 => chain[0].set_number("lifetime", dice.below(3) as u64),
        10 => chain[at].flip("shape", 0, 1 << dice.below(8)),
        _ => {
            let back = *dice.of(&[1_000, 20_000, 30_000, 90_000, 200_000]);
            let (born, _) = varint(chain[0].get("born"));
            let (later, _) = varint(chain[0].get("later"));
            chain[0].set_number("born", (born as u64).saturating_sub(back));
            chain[0].set_number("later", later as u64 + back.min(born as u64));
        }
    }
}
