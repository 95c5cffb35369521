//! Hostile mutable sections: nobody signed them, so what refuses them is the strict codec and the bounds alone.

use statecookie::Class as Section;

use super::base::Base;
use super::forge::Forge;
use crate::arena::Arena;
use crate::dice::Dice;
use crate::schemas::{Known, derived, section};
use crate::tally::Class;
use crate::wire::blob::{BUNDLE, DERIVED_BUNDLE, UPDATE, bundle, compose, padded};

/// What decoders stumble over: long numbers, endless ones, NaN and infinities, lengths beyond the end, bad UTF-8, no `bool`.
const TOKENS: [&[u8]; 32] = [
    &[0],
    &[1],
    &[2],
    &[0x7f],
    &[0x80],
    &[0xff],
    &[0x80, 0x00],
    &[0x80, 0x01],
    &[0x81, 0x00],
    &[0xff, 0x7f],
    &[0xff, 0xff, 0x03],
    &[0xff, 0xff, 0x04],
    &[0x80, 0x80, 0x04],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0xff, 0x1f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
    &[
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0x03,
    ],
    &[
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0x04,
    ],
    &[0x00, 0x00, 0xc0, 0x7f],
    &[0x00, 0x00, 0x80, 0x7f],
    &[0x00, 0x00, 0x80, 0xff],
    &[0x00, 0x00, 0x00, 0x80],
    &[0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x7f],
    &[0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0x7f],
    &[0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0xff],
    &[0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80],
    &[0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf0, 0xff],
    &[0x01, 0x00, 0x80, 0x7f],
    &[0x00, 0x94, 0xeb, 0xdc, 0x03],
    &[0x03, 0xed, 0xa0, 0x80],
    &[0x02, 0xc3, 0x9f],
];

/// So many hostile sections, in the tiers of one chain.
pub(crate) fn forge<S: Known>(
    arena: &mut Arena<'_, S>,
    base: &Base,
    count: usize,
    dice: &mut Dice,
) {
    let Some(forge) = Forge::new(Class::Values, base, base.shown) else {
        return;
    };
    let pieces = &forge.pieces;
    let sections: Vec<&[u8]> = pieces.iter().map(|piece| piece.mutable).collect();
    let mut state = arena.ledger.state_at(base.leaf()).clone();
    for _ in 0..count {
        let place = dice.index(pieces.len());
        let tier = pieces[place].head.tier();
        if dice.once_in(4) {
            state.vary(tier, dice);
        }
        let good = if dice.coin() {
            sections[place].to_vec()
        } else {
            section(&state, tier, Section::Mutable)
        };
        let hostile = hostile(good, &sections, dice);
        let mut cookies = base.cookies.clone();
        cookies[place] = [pieces[place].signed, &hostile].concat();
        forge.cookies(arena, &cookies);
    }
}

/// So many hostile derived sections, where the schema has derived fields: cut, left away, of another kind, with something done
/// to them.
pub(crate) fn supply<S: Known>(
    arena: &mut Arena<'_, S>,
    base: &Base,
    count: usize,
    dice: &mut Dice,
) {
    let Some(honest) = &base.derived else { return };
    let mut state = arena.ledger.state_at(base.leaf()).clone();
    for cut in 0..honest.len() {
        for part in [&honest[..cut], &honest[cut..]] {
            let blob = bundle(&base.cookies, Some(part));
            arena.present(Class::Derived, &base.shown, &blob);
        }
    }
    for _ in 0..count {
        let tier = dice.index(S::FACTS.tiers());
        state.vary(tier, dice);
        let own = derived(&state).unwrap_or_default();
        let hostile = match dice.below(8) {
            0 => own,
            1 => [&own[..], honest].concat(),
            _ => hostile(own, &[honest, &[]], dice),
        };
        let blob = match dice.below(16) {
            0 => compose(BUNDLE, &base.cookies),
            1 => compose(UPDATE, &base.cookies),
            2 => compose(DERIVED_BUNDLE, &base.cookies),
            3 => padded(bundle(&base.cookies, Some(&hostile))),
            _ => bundle(&base.cookies, Some(&hostile)),
        };
        arena.present(Class::Derived, &base.shown, &blob);
    }
}

/// A section with something done to it.
fn hostile(mut section: Vec<u8>, others: &[&[u8]], dice: &mut Dice) -> Vec<u8> {
    let at = dice.index(section.len() + 1);
    let token = dice.pick(&TOKENS);
    match dice.below(8) {
        0 => drop(section.splice(at..at, token.iter().copied())),
        1..=3 => {
            let end = (at + token.len()).min(section.len());
            section.splice(at..end, token.iter().copied());
        }
        // In the place of one byte: a number that is longer or larger than it was.
        4 => {
            let end = (at + 1).min(section.len());
            section.splice(at..end, token.iter().copied());
        }
        5 => section.truncate(at),
        6 => section = dice.pick(others).to_vec(),
        _ => section
            .iter_mut()
            .skip(at)
            .for_each(|byte| *byte = dice.word() as u8),
    }
    section
}
