//! Splices of two chains: every choice of whole cookies, and in every cookie every choice of its parts.

use super::base::Base;
use super::forge::{Forge, dress, pieces, relink};
use crate::arena::Arena;
use crate::dice::Dice;
use crate::oracle::judge::Circumstances;
use crate::schemas::Known;
use crate::tally::{Axis, Class};
use crate::wire::blob::Piece;

/// The most choices of whole cookies that are tried of one pair.
const MOST_CHOICES: u64 = 31;

/// Splices `other` into `base`, presented under the circumstances `shown`.
pub(crate) fn splice<S: Known>(
    arena: &mut Arena<'_, S>,
    axis: Axis,
    base: &Base,
    other: &[Vec<u8>],
    shown: &Circumstances,
    dice: &mut Dice,
) {
    let other = pieces(other);
    match Forge::new(Class::Splice(axis), base, *shown) {
        Some(forge) if !other.is_empty() => {
            let splicing = Splicing { forge, other };
            splicing.cookies(arena, dice);
            splicing.parts(arena, dice);
        }
        _ => {}
    }
}

struct Splicing<'a> {
    forge: Forge<'a>,
    other: Vec<Piece<'a>>,
}

impl Splicing<'_> {
    /// Whole cookies: as they are, made to look linked, and with the root made to claim what the base's does.
    fn cookies<S: Known>(&self, arena: &mut Arena<'_, S>, dice: &mut Dice) {
        let base = &self.forge.pieces;
        let both = base.len().min(self.other.len());
        let choices = (1_u64 << both) - 1;
        for choice in 1..=choices.min(MOST_CHOICES) {
            let choice = if choices > MOST_CHOICES {
                1 + dice.below(choices)
            } else {
                choice
            };
            let taken = |place: usize| choice >> place & 1 == 1;
            // Where both have the same cookie, a smaller choice is the same mix.
            if (0..both).any(|place| taken(place) && base[place] == self.other[place]) {
                continue;
            }
            let mut mix = base.clone();
            (0..both)
                .filter(|place| taken(*place))
                .for_each(|place| mix[place] = self.other[place]);
            self.present(arena, mix, taken(0));
        }
        if self.other.len() > both {
            self.present(arena, self.other.clone(), true);
        }
    }

    /// Parts of one cookie: header, immutable, private, tag, mutable.
    fn parts<S: Known>(&self, arena: &mut Arena<'_, S>, dice: &mut Dice) {
        for (place, base) in self.forge.pieces.iter().enumerate() {
            // Where the chains are of different length, by the place from the root; the last one stands for the rest.
            let other = self.other[place.min(self.other.len() - 1)];
            for choice in 1..32_u32 {
                let Some(mixed) = mixed(base, &other, choice) else {
                    continue;
                };
                let mut mix = self.forge.pieces.clone();
                mix[place] = mixed;
                let plainly = dice.once_in(4);
                if plainly {
                    self.forge.present(arena, &mix);
                }
                if relink(&mut mix) || !plainly {
                    self.forge.present(arena, &mix);
                }
            }
        }
    }

    fn present<S: Known>(
        &self,
        arena: &mut Arena<'_, S>,
        mut mix: Vec<Piece<'_>>,
        other_root: bool,
    ) {
        self.forge.present(arena, &mix);
        let claimed = mix[0].head.root;
        let relinked = relink(&mut mix);
        if relinked {
            self.forge.present(arena, &mix);
        }
        let root = self.forge.pieces[0].head.root;
        if other_root && claimed != root {
            dress(&mut mix, root);
            self.forge.present(arena, &mix);
        }
    }
}

/// A cookie with some of another's parts; `None` where a part that was chosen is the same in both.
fn mixed<'a>(base: &Piece<'a>, other: &Piece<'a>, choice: u32) -> Option<Piece<'a>> {
    let mut mixed = *base;
    let same = [
        base.head == other.head,
        base.immutable == other.immutable,
        base.private == other.private,
        base.tag == other.tag,
        base.mutable == other.mutable,
    ];
    if (0..5).any(|part| choice >> part & 1 == 1 && same[part]) {
        return None;
    }
    if choice & 1 != 0 {
        mixed.head = other.head;
    }
    if choice & 2 != 0 {
        mixed.immutable = other.immutable;
    }
    if choice & 4 != 0 {
        mixed.private = other.private;
    }
    if choice & 8 != 0 {
        mixed.tag = other.tag;
    }
    if choice & 16 != 0 {
        mixed.mutable = other.mutable;
    }
    Some(mixed)
}
