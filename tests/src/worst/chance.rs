//! Sections by chance: counts that may be claims, elements that may be any, in any order.

use statecookie::Jar;

use super::forge::{self, Forged, put_varint};
use super::states::{Nested, Onion, Roomy, Signed, Texts, Tree, Wide};
use super::{Heap, Input};

/// Numbers from a seed: Vigna's splitmix64.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// The sequence of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((word ^ (word >> 31)) % end.max(1) as u64) as usize
    }
}

/// The type that is shown, as a name; its bound; and a view of the section that chance made of so many bytes.
pub fn view(dice: &mut Dice, length: usize) -> (&'static str, Heap, Input) {
    let section = section(dice, length);
    let signed = |section| (Some(section), Vec::new());
    let (name, dense, input) = match dice.below(7) {
        0 => ("a tree", 24, shown::<Signed<Tree>>(signed(section))),
        1 => (
            "trees",
            24,
            shown::<Signed<Vec<Vec<Tree>>>>(signed(section)),
        ),
        2 => ("onions", 24, shown::<Signed<Vec<Onion>>>(signed(section))),
        3 => (
            "wide onions",
            size_of::<Wide>(),
            shown::<Signed<Vec<Wide>>>(signed(section)),
        ),
        4 => (
            "roomy",
            size_of::<Roomy>(),
            shown::<Signed<Vec<Roomy>>>(signed(section)),
        ),
        5 => ("nested", 24 + 24 + 1, shown::<Nested>((None, section))),
        _ => ("texts", 24, shown::<Texts>((None, section))),
    };
    (name, Heap::Values { dense }, input)
}

fn shown<S: statecookie::StateCookie>((immutable, mutable): (Option<Vec<u8>>, Vec<u8>)) -> Input {
    let update = forge::update(&[Forged::only::<S>(immutable, mutable)]);
    let mut jar = Jar::new();
    let merged = jar.merge(&update);
    Input::new(update, move |_| {
        assert!(merged.is_ok());
        let _ = jar.view::<S>();
    })
}

fn section(dice: &mut Dice, length: usize) -> Vec<u8> {
    let mut out = Vec::new();
    // Every third one begins with claims inside claims.
    let claims = if dice.below(3) == 0 {
        dice.below(40)
    } else {
        0
    };
    for _ in 0..claims {
        let left = length.saturating_sub(out.len() + 3 + dice.below(3));
        put_varint(&mut out, left as u64);
    }
    while out.len() < length {
        let left = length - out.len();
        match dice.below(5) {
            // All that is left, or some of it.
            0 => put_varint(&mut out, left as u64),
            1 => put_varint(&mut out, dice.below(left) as u64),
            2 => out.extend(vec![0; dice.below(left.min(300)) + 1]),
            3 => out.extend(vec![1; dice.below(80) + 1]),
            _ => out.push(dice.below(256) as u8),
        }
    }
    out.truncate(length);
    out
}
