//! Splices along the tiers of one chain: cookies at each other's places, twice, missing in the middle; parts of one in another.

use super::base::Base;
use super::forge::{Forge, placed};
use crate::arena::Arena;
use crate::dice::Dice;
use crate::schemas::Known;
use crate::tally::{Axis, Class};

/// Everything that can be done with the cookies of one chain.
pub(crate) fn splice<S: Known>(arena: &mut Arena<'_, S>, base: &Base, dice: &mut Dice) {
    let Some(forge) = Forge::new(Class::Splice(Axis::Tier), base, base.shown) else {
        return;
    };
    for from in 0..forge.pieces.len() {
        for to in 0..forge.pieces.len() {
            at_another_place(arena, &forge, from, to);
            if from != to {
                parts(arena, &forge, from, to);
            }
        }
        without(arena, &forge, from);
    }
    another_number_of_tiers(arena, &forge, dice);
}

/// One cookie in another's place, once more before it, or both exchanged; plainly, and made to look right.
fn at_another_place<S: Known>(arena: &mut Arena<'_, S>, forge: &Forge<'_>, from: usize, to: usize) {
    let mut doubled = forge.pieces.clone();
    doubled.insert(to, forge.pieces[from]);
    doubled.truncate(8);
    forge.both_ways(arena, doubled);
    if from == to {
        return;
    }
    let mut replaced = forge.pieces.clone();
    replaced[to] = forge.pieces[from];
    // At the root's place it is made a root, below it a child.
    let mut reheaded = replaced.clone();
    let (own, at) = (&forge.pieces[from].head, &forge.pieces[to].head);
    reheaded[to].head = placed(*own, at.tier(), at.tiers());
    reheaded[to].head.root = at.root;
    reheaded[to].head.vector = at.vector;
    reheaded[to].head.link = at.link;
    forge.both_ways(arena, replaced);
    forge.both_ways(arena, reheaded.clone());
    reheaded[to].head.shape = at.shape;
    forge.both_ways(arena, reheaded);
    if from < to {
        let mut exchanged = forge.pieces.clone();
        exchanged.swap(from, to);
        forge.both_ways(arena, exchanged);
    }
}

/// A cookie left away, the others moving up.
fn without<S: Known>(arena: &mut Arena<'_, S>, forge: &Forge<'_>, gone: usize) {
    let mut fewer = forge.pieces.clone();
    fewer.remove(gone);
    if !fewer.is_empty() {
        forge.both_ways(arena, fewer);
    }
    forge.present(arena, &forge.pieces[..gone.max(1)]);
    forge.present(arena, &forge.pieces[gone..]);
}

/// Each choice of parts of one cookie in another.
fn parts<S: Known>(arena: &mut Arena<'_, S>, forge: &Forge<'_>, from: usize, to: usize) {
    for choice in 1..16_u32 {
        let mut mix = forge.pieces.clone();
        let taken = |part: u32| choice >> part & 1 == 1;
        let (own, other) = (&mut mix[to], &forge.pieces[from]);
        if taken(0) {
            (own.immutable, own.head.immutable) = (other.immutable, other.head.immutable);
        }
        if taken(1) {
            (own.private, own.head.private) = (other.private, other.head.private);
        }
        if taken(2) {
            own.tag = other.tag;
        }
        if taken(3) {
            own.mutable = other.mutable;
        }
        if mix[to] != forge.pieces[to] {
            let flags = [
                (0x40, mix[to].head.immutable.is_some()),
                (0x80, mix[to].head.private.is_some()),
            ];
            let bits = flags
                .iter()
                .filter(|(_, set)| *set)
                .fold(0, |bits, (bit, _)| bits | bit);
            mix[to].head.shape = mix[to].head.shape & 0x3f | bits;
            forge.both_ways(arena, mix);
        }
    }
}

/// The same chain as one of a schema with more or fewer tiers.
fn another_number_of_tiers<S: Known>(arena: &mut Arena<'_, S>, forge: &Forge<'_>, dice: &mut Dice) {
    for tiers in 1..=8 {
        let mut other = forge.pieces.clone();
        for piece in &mut other {
            piece.head = placed(piece.head, piece.head.tier() % tiers, tiers);
        }
        forge.present(arena, &other);
        let place = dice.index(forge.pieces.len());
        let mut one = forge.pieces.clone();
        one[place].head = placed(one[place].head, tiers - 1, tiers);
        forge.present(arena, &one);
    }
}
