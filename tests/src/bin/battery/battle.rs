//! One history from its seed to its verdict: played with its twins, then attacked.

use crate::arena::Arena;
use crate::attack::base::Base;
use crate::attack::{bytes, clock, header, honest, pairs, tiers, values};
use crate::dice::Dice;
use crate::history::events::Events;
use crate::schemas::Known;
use crate::stage::{Stage, Twins};
use crate::tally::Tally;

/// What came of one history.
pub(crate) struct Outcome {
    /// What happened in it.
    pub(crate) events: Events,
    /// What was counted.
    pub(crate) tally: Tally,
    /// On what oracle and library disagree.
    pub(crate) complaints: Vec<String>,
}

impl Outcome {
    /// Of nothing.
    pub(crate) fn nothing() -> Self {
        Self {
            events: Events::default(),
            tally: Tally::new(),
            complaints: Vec::new(),
        }
    }
}

/// How many chains each attack starts from.
const BASES: usize = 3;
/// How many pairs of chains are spliced along each axis.
const PAIRS: usize = 10;

/// Plays and attacks the history of a seed; `F` is a schema that has nothing to do with it.
pub(crate) fn fight<S: Known, F: Known>(seed: u64) -> Outcome {
    match Stage::<S>::set::<F>(seed) {
        Ok(stage) => attack_all(&stage, seed),
        Err(what) => Outcome {
            complaints: vec![format!("in an honest history: {what}")],
            ..Outcome::nothing()
        },
    }
}

/// Everything, on one stage.
pub(crate) fn attack_all<S: Known>(stage: &Stage<S>, seed: u64) -> Outcome {
    let mut arena = Arena::new(&stage.ledger, &stage.servers);
    attack(&mut arena, &stage.twins, &mut Dice::new(seed, 11));
    Outcome {
        events: stage.events,
        tally: arena.tally,
        complaints: arena.complaints,
    }
}

fn attack<S: Known>(arena: &mut Arena<'_, S>, twins: &Twins, dice: &mut Dice) {
    let leaves = arena.ledger.leaves();
    let offset = dice.index(leaves.len());
    for turn in 0..BASES {
        // Far from each other, so that they are not the same.
        let base = Base::of(
            arena,
            leaves[(offset + turn * leaves.len() / BASES) % leaves.len()],
            dice,
        );
        let shown = base.shown;
        let mut blob = base.blob::<S>(dice);
        bytes::flips(arena, &shown, &mut blob);
        bytes::substitutions(
            arena,
            &shown,
            &mut blob,
            turn == 0 && dice.once_in(16),
            dice,
        );
        bytes::truncations(arena, &shown, &blob);
        bytes::insertions(arena, &shown, &blob, dice);
        bytes::deletions(arena, &shown, &blob, dice);
        bytes::refitted(arena, &base, dice);
        if turn == 0 {
            bytes::huge(arena, &base);
        }
        header::forge(arena, &base, dice);
        tiers::splice(arena, &base, dice);
        values::forge(arena, &base, 300, dice);
        values::supply(arena, &base, 300, dice);
        clock::edges(arena, &base, dice);
    }
    for _ in 0..PAIRS {
        pairs::splices(arena, twins, &leaves, dice);
    }
    honest::present(arena, &leaves, 20, dice);
}
