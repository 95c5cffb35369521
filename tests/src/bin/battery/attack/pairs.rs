//! One chain, and for each axis another one that differs from it in that.

use super::base::Base;
use super::kin::Kin;
use super::splice::splice;
use crate::arena::Arena;
use crate::dice::Dice;
use crate::history::plan::IDENTITIES;
use crate::oracle::judge::Circumstances;
use crate::schemas::Known;
use crate::stage::Twins;
use crate::tally::Axis;

/// One pair of chains for each axis.
pub(crate) fn splices<S: Known>(
    arena: &mut Arena<'_, S>,
    twins: &Twins,
    leaves: &[usize],
    dice: &mut Dice,
) {
    let base = Base::any(arena, leaves, dice);
    with_twins(arena, twins, &base, dice);
    for axis in [
        Axis::Session,
        Axis::Generation,
        Axis::Branch,
        Axis::Key,
        Axis::Binding,
    ] {
        with_kin(arena, axis, &base, leaves, dice);
    }
}

/// The same chain as it was issued by a pool that differs in one thing; and a chain that has nothing to do with it.
fn with_twins<S: Known>(arena: &mut Arena<'_, S>, twins: &Twins, base: &Base, dice: &mut Dice) {
    let axes = [
        (Axis::Pool, &twins.pool),
        (Axis::Version, &twins.version),
        (Axis::Schema, &twins.schema),
        (Axis::Key, &twins.key),
    ];
    for (axis, issued) in axes {
        let numbers = base.chain.iter().map(|number| number % issued.len());
        let chain: Vec<Vec<u8>> = numbers.map(|number| issued[number].clone()).collect();
        splice(arena, axis, base, &chain, &base.shown, dice);
    }
    splice(arena, Axis::Schema, base, &twins.foreign, &base.shown, dice);
}

/// Another chain of the same history.
fn with_kin<S: Known>(
    arena: &mut Arena<'_, S>,
    axis: Axis,
    base: &Base,
    leaves: &[usize],
    dice: &mut Dice,
) {
    let Some(other) = Kin::of(arena, base.leaf()).another(arena, axis, leaves, dice) else {
        return;
    };
    let chain = arena.ledger.bytes(&arena.ledger.chain(other));
    let mut identities = vec![base.shown.identity];
    if axis == Axis::Binding {
        identities.extend([
            arena.ledger.cookie(other).identity,
            Some(dice.index(IDENTITIES.len())),
        ]);
    }
    for identity in identities {
        let shown = Circumstances {
            identity,
            ..base.shown
        };
        splice(arena, axis, base, &chain, &shown, dice);
    }
}
