//! What must be accepted: the client's own values in range, older complete chains, older siblings; in every form of a bundle.

use std::collections::HashMap;

use statecookie::Class as Section;

use super::base::Base;
use crate::arena::Arena;
use crate::dice::Dice;
use crate::schemas::{Known, derived, section};
use crate::tally::Class;

/// Every complete chain of the history, so many times, with values as issued and with others.
pub(crate) fn present<S: Known>(
    arena: &mut Arena<'_, S>,
    leaves: &[usize],
    times: usize,
    dice: &mut Dice,
) {
    let newest = newest(arena, leaves);
    for leaf in leaves {
        for _ in 0..times {
            let mut base = Base::of(arena, *leaf, dice);
            own_values(arena, &mut base, dice);
            let class = match newest[&line(arena, *leaf)] {
                newest if newest == *leaf => Class::OwnValues,
                newest if arena.ledger.chain(newest)[0] == base.chain[0] => Class::OlderSibling,
                _ => Class::OlderChain,
            };
            let blob = base.blob::<S>(dice);
            arena.present(class, &base.shown, &blob);
        }
    }
}

/// Puts values that a client may choose in the place of those issued, in some tiers.
fn own_values<S: Known>(arena: &Arena<'_, S>, base: &mut Base, dice: &mut Dice) {
    // What each cookie of the chain was issued with may be of different moments: the values that bind are the chain's own.
    let mut state = arena.ledger.state_at(base.leaf()).clone();
    for (place, number) in base.chain.iter().enumerate() {
        let cookie = arena.ledger.cookie(*number);
        if dice.coin() {
            state.vary(cookie.tier, dice);
            let own = section(&state, cookie.tier, Section::Mutable);
            base.cookies[place] = [&cookie.signed[..], &own].concat();
        }
    }
    base.derived = derived(&state);
}

/// Session and branch: chains of one line follow one another.
type Line = ([u8; 16], [u8; 4], Option<usize>);

fn line<S: Known>(arena: &Arena<'_, S>, leaf: usize) -> Line {
    let cookie = arena.ledger.cookie(leaf);
    (cookie.root.session, cookie.root.branch, cookie.identity)
}

/// The newest chain of each line, by its lowest cookie: the one issued last.
fn newest<S: Known>(arena: &Arena<'_, S>, leaves: &[usize]) -> HashMap<Line, usize> {
    leaves
        .iter()
        .map(|leaf| (line(arena, *leaf), *leaf))
        .collect()
}
