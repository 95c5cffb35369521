//! The best chain: the greatest complete one among the cookies that a jar holds.

use core::cmp::Ordering;

use super::shelf::{Held, SLOTS, Shelf};
use crate::tier::MAX_TIERS;

/// The places of a chain's cookies on the shelves, by tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Chain {
    at: [u8; MAX_TIERS],
}

impl Chain {
    /// Where the chain's cookie of a tier is on its shelf.
    pub(super) fn at(&self, tier: usize) -> usize {
        self.at.get(tier).copied().map_or(usize::MAX, usize::from)
    }

    /// Sets where the chain's cookie of a tier is.
    pub(super) fn set(&mut self, tier: usize, at: usize) {
        if let Some(place) = self.at.get_mut(tier) {
            *place = at as u8;
        }
    }
}

/// The greatest way from a cookie down to tier 0.
#[derive(Clone, Copy)]
struct Way {
    next: u8,
    lowest: u8,
}

/// The greatest way of each cookie of a tier, if it has any.
type Ways = [Option<Way>; SLOTS];

/// Finds the greatest chain of as many tiers as there are shelves.
///
/// Each cookie's greatest way down is worked out once, from tier 0 up. So forged cookies whose links and vectors fit
/// each other in every combination cost no more than `SLOTS` squared comparisons in each tier.
pub(super) fn best(shelves: &[Shelf]) -> Option<Chain> {
    let lowest = shelves.first()?.held();
    let mut ways = [[None; SLOTS]; MAX_TIERS];
    let mut below: Option<(&[Held], Ways)> = None;
    for (shelf, out) in shelves.iter().zip(&mut ways) {
        for (at, (held, way)) in shelf.held().iter().zip(out.iter_mut()).enumerate() {
            *way = match &below {
                None => Some(Way {
                    next: 0,
                    lowest: at as u8,
                }),
                Some((children, ways)) => {
                    greatest(lowest, children, ways, |c| c.stands_below(held))
                }
            };
        }
        below = Some((shelf.held(), *out));
    }
    let (roots, root_ways) = below?;
    let start = greatest(lowest, roots, &root_ways, |_| true)?;
    Some(follow(start, &ways, shelves.len()))
}

/// The greatest way through one of `cookies`: by the vector of its tier 0, then by the cookies from above.
fn greatest(
    lowest: &[Held],
    cookies: &[Held],
    ways: &Ways,
    fits: impl Fn(&Held) -> bool,
) -> Option<Way> {
    let candidates = cookies
        .iter()
        .zip(ways)
        .enumerate()
        .filter(|(_, (cookie, _))| fits(cookie));
    candidates
        .filter_map(|(at, (cookie, way))| {
            Some((
                at,
                cookie,
                lowest.get(usize::from((*way)?.lowest))?,
                (*way)?,
            ))
        })
        .max_by(|(_, a, low_a, _), (_, b, low_b, _)| cmp_ways((a, low_a), (b, low_b)))
        .map(|(at, _, _, way)| Way {
            next: at as u8,
            lowest: way.lowest,
        })
}

fn cmp_ways((a, low_a): (&Held, &Held), (b, low_b): (&Held, &Held)) -> Ordering {
    low_a.vector.cmp(&low_b.vector).then_with(|| a.cmp_tag(b))
}

/// Goes a way down from the root.
fn follow(start: Way, ways: &[Ways; MAX_TIERS], tiers: usize) -> Chain {
    let mut chain = Chain::default();
    let mut at = start.next;
    for (tier, ways) in ways.iter().enumerate().take(tiers).rev() {
        chain.set(tier, usize::from(at));
        at = ways
            .get(usize::from(at))
            .copied()
            .flatten()
            .map_or(0, |way| way.next);
    }
    chain
}
