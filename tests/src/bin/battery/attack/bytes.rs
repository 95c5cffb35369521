//! Bits and bytes: every bit flipped, every byte replaced, cut, inserted and taken out; and the same inside a cookie whose
//! length is made to fit again.

use std::collections::BTreeSet;

use super::base::Base;
use crate::arena::Arena;
use crate::dice::Dice;
use crate::history::plan::MOST;
use crate::oracle::judge::Circumstances;
use crate::schemas::Known;
use crate::tally::Class;

/// Every single bit.
pub(crate) fn flips<S: Known>(arena: &mut Arena<'_, S>, shown: &Circumstances, blob: &mut [u8]) {
    for at in 0..blob.len() {
        for bit in 0..8 {
            blob[at] ^= 1 << bit;
            arena.present(Class::Flip, shown, blob);
            blob[at] ^= 1 << bit;
        }
    }
}

/// Each byte by a few others, or by all others.
pub(crate) fn substitutions<S: Known>(
    arena: &mut Arena<'_, S>,
    shown: &Circumstances,
    blob: &mut [u8],
    all: bool,
    dice: &mut Dice,
) {
    for at in 0..blob.len() {
        let own = blob[at];
        let others: BTreeSet<u8> = if all {
            (0..=255).collect()
        } else {
            let few = [
                0,
                0x7f,
                0x80,
                0xff,
                own.wrapping_add(1),
                own.wrapping_sub(1),
                !own,
            ];
            few.into_iter()
                .chain((0..3).map(|_| dice.word() as u8))
                .collect()
        };
        for byte in &others {
            // Neighbours by one bit are flips.
            if (byte ^ own).count_ones() > 1 {
                blob[at] = *byte;
                arena.present(Class::Substitute, shown, blob);
            }
        }
        blob[at] = own;
    }
}

/// Every prefix and every suffix.
pub(crate) fn truncations<S: Known>(arena: &mut Arena<'_, S>, shown: &Circumstances, blob: &[u8]) {
    for at in 0..blob.len() {
        arena.present(Class::Truncate, shown, &blob[..at]);
        if at > 0 {
            arena.present(Class::Truncate, shown, &blob[at..]);
        }
    }
}

/// A byte at every place, and some at the end.
pub(crate) fn insertions<S: Known>(
    arena: &mut Arena<'_, S>,
    shown: &Circumstances,
    blob: &[u8],
    dice: &mut Dice,
) {
    for at in 0..=blob.len() {
        let neighbour = blob.get(at).copied().unwrap_or_default();
        for byte in [0, neighbour ^ 0x80, dice.word() as u8] {
            let mut longer = blob.to_vec();
            longer.insert(at, byte);
            arena.present(Class::Insert, shown, &longer);
        }
    }
    for more in 1..9 {
        let mut longer = blob.to_vec();
        longer.resize(blob.len() + more, 0);
        arena.present(Class::Insert, shown, &longer);
        longer.extend_from_slice(blob);
        arena.present(Class::Insert, shown, &longer);
    }
}

/// One byte out of every place, and two to nine.
pub(crate) fn deletions<S: Known>(
    arena: &mut Arena<'_, S>,
    shown: &Circumstances,
    blob: &[u8],
    dice: &mut Dice,
) {
    for at in 0..blob.len() {
        for count in [1, 2 + dice.index(8)] {
            let mut shorter = blob.to_vec();
            shorter.drain(at..(at + count).min(blob.len()));
            arena.present(Class::Delete, shown, &shorter);
        }
    }
}

/// The same inside the cookies, with lengths that fit again.
pub(crate) fn refitted<S: Known>(arena: &mut Arena<'_, S>, base: &Base, dice: &mut Dice) {
    for place in 0..base.cookies.len() {
        for at in 0..=base.cookies[place].len() {
            let mut cookies = base.cookies.clone();
            cookies[place].insert(at, dice.pick(&[0, 1, 0xff, dice.clone().word() as u8]));
            arena.present(Class::Insert, &base.shown, &base.bundle(&cookies));
            cookies[place].clone_from(&base.cookies[place]);
            if at == cookies[place].len() {
                continue;
            }
            cookies[place].remove(at);
            arena.present(Class::Delete, &base.shown, &base.bundle(&cookies));
            cookies[place].clone_from(&base.cookies[place]);
            cookies[place].truncate(at);
            arena.present(Class::Truncate, &base.shown, &base.bundle(&cookies));
        }
    }
}

/// Up to the greatest length of a blob and one byte beyond: the excess in each cookie's mutable section, and behind all.
pub(crate) fn huge<S: Known>(arena: &mut Arena<'_, S>, base: &Base) {
    let honest = base.bundle(&base.cookies).len();
    for length in [MOST, MOST + 1] {
        for place in 0..base.cookies.len() {
            let mut cookies = base.cookies.clone();
            // The cookie's own length takes two bytes more than before where it was below 128, one more otherwise.
            let more = if cookies[place].len() < 128 { 2 } else { 1 };
            let grown = cookies[place].len() + length - honest - more;
            cookies[place].resize(grown, 0);
            arena.present(Class::Insert, &base.shown, &base.bundle(&cookies));
        }
        let mut longer = base.bundle(&base.cookies);
        longer.resize(length, 0);
        arena.present(Class::Insert, &base.shown, &longer);
    }
}
