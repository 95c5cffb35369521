//! Section 12: the client's store as its definitions say, word for word and without a short way.

use std::cmp::Ordering;

use super::rules::{Flaw, Rules};
use super::state::{Jar, MAX_TIERS, NONE, Slot, State};

/// What became of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merged {
    Updated,
    Unchanged,
    NeedsFull,
    OtherSession,
}

impl Rules {
    /// The jar after a merge, and what is said of it.
    pub(crate) fn merge(&self, state: &State, slot: Slot) -> (Jar, Merged) {
        let update = state.update(slot);
        let is_full = usize::from(update.highest) == self.root();
        if is_full && state.jar.session != NONE && state.jar.session != update.session {
            return (state.jar, Merged::OtherSession);
        }
        let mut jar = state.jar;
        if is_full {
            jar.session = update.session;
        }
        let grown = self.unite(state, &mut jar, slot);
        let replaced = self.settle(state, &mut jar);
        for tier in (0..self.tiers).filter(|tier| replaced & 1 << tier != 0) {
            jar.own[tier] = 0;
        }
        let merged = if self.has_gap(state, &jar) {
            Merged::NeedsFull
        } else if grown || replaced != 0 {
            Merged::Updated
        } else {
            Merged::Unchanged
        };
        (jar, merged)
    }

    /// Puts an update's cookies to those held; says whether one of the best chain has larger values now.
    fn unite(&self, state: &State, jar: &mut Jar, slot: Slot) -> bool {
        let update = state.update(slot);
        let mut grown = false;
        for tier in (0..self.tiers).filter(|tier| update.carries(*tier)) {
            let twin = held(jar, tier).find(|held| is_same(state, *held, slot, tier));
            match twin {
                None => jar.held[tier] |= 1 << slot,
                Some(twin) if state.update(twin).mutable[tier] < update.mutable[tier] => {
                    jar.held[tier] ^= 1 << twin | 1 << slot;
                    if jar.best[tier] == twin {
                        jar.best[tier] = slot;
                        grown = true;
                    }
                }
                Some(_) => {}
            }
        }
        grown
    }

    /// Finds the best chain and drops what it supersedes; gives the tiers in which it is another one.
    fn settle(&self, state: &State, jar: &mut Jar) -> u8 {
        let Some(best) = self.best(state, jar) else {
            return 0;
        };
        let mut replaced = 0;
        for (tier, (before, now)) in jar.best.into_iter().zip(best).enumerate().take(self.tiers) {
            if before == NONE || !is_same(state, before, now, tier) {
                replaced |= 1 << tier;
            }
        }
        jar.best = best;
        for tier in 0..self.tiers {
            let superseded = held(jar, tier)
                .filter(|held| self.cmp_prefix(state, *held, best[0], tier) == Ordering::Less);
            jar.held[tier] = superseded.fold(jar.held[tier], |left, held| left & !(1 << held));
        }
        replaced
    }

    /// The greatest complete chain.
    fn best(&self, state: &State, jar: &Jar) -> Option<[Slot; MAX_TIERS]> {
        if self.is(Flaw::JarTierByTier) {
            return self.tier_by_tier(state, jar);
        }
        held(jar, 0)
            .filter_map(|lowest| self.chain_of(state, jar, lowest))
            .max_by(|a, b| self.order(state, jar, a, b))
    }

    /// The chain held above a cookie of tier 0; no two parents of it have tags that begin alike.
    fn chain_of(&self, state: &State, jar: &Jar, lowest: Slot) -> Option<[Slot; MAX_TIERS]> {
        let mut chain = [NONE; MAX_TIERS];
        chain[0] = lowest;
        for (tier, place) in chain.iter_mut().enumerate().take(self.tiers).skip(1) {
            let parent = state.update(lowest).chain[tier];
            *place = held(jar, tier).find(|held| state.update(*held).chain[tier] == parent)?;
        }
        Some(chain)
    }

    /// The whole vector from the root down, then the tags from the root down.
    pub(crate) fn cmp_chains(
        &self,
        state: &State,
        a: &[Slot; MAX_TIERS],
        b: &[Slot; MAX_TIERS],
    ) -> Ordering {
        let by_vector = self.cmp_prefix(state, a[0], b[0], 0);
        (0..self.tiers).rev().fold(by_vector, |order, tier| {
            order.then_with(|| self.cmp_tags(state, a[tier], b[tier], tier))
        })
    }

    /// The order of chains, or what a flaw makes of it.
    fn order(
        &self,
        state: &State,
        jar: &Jar,
        a: &[Slot; MAX_TIERS],
        b: &[Slot; MAX_TIERS],
    ) -> Ordering {
        match self.flaw {
            Some(Flaw::JarTakesTheOlder) => self.cmp_chains(state, b, a),
            Some(Flaw::JarTiesByArrival) => self
                .cmp_prefix(state, a[0], b[0], 0)
                .then_with(|| (*b == jar.best).cmp(&(*a == jar.best))),
            _ => self.cmp_chains(state, a, b),
        }
    }

    fn cmp_tags(&self, state: &State, a: Slot, b: Slot, tier: usize) -> Ordering {
        let first = |slot: Slot| state.update(slot).chain[tier];
        let rank = |slot: Slot| state.update(first(slot)).rank[tier];
        rank(a).cmp(&rank(b))
    }

    /// The order of the vectors down to `tier`.
    pub(crate) fn cmp_prefix(&self, state: &State, a: Slot, b: Slot, tier: usize) -> Ordering {
        let (a, b) = (state.update(a).vector, state.update(b).vector);
        (tier..self.tiers)
            .rev()
            .map(|tier| a[tier].cmp(&b[tier]))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Whether there is no chain, or a cookie waits for a better one.
    pub(crate) fn has_gap(&self, state: &State, jar: &Jar) -> bool {
        !jar.has_chain()
            || (0..self.tiers).any(|tier| {
                held(jar, tier).any(|held| {
                    self.cmp_prefix(state, held, jar.best[0], tier) == Ordering::Greater
                })
            })
    }

    fn tier_by_tier(&self, state: &State, jar: &Jar) -> Option<[Slot; MAX_TIERS]> {
        let mut chain = [NONE; MAX_TIERS];
        for (tier, place) in chain.iter_mut().enumerate().take(self.tiers) {
            *place = held(jar, tier).max_by(|a, b| self.cmp_prefix(state, *a, *b, tier))?;
        }
        Some(chain)
    }
}

/// The cookies of a tier that are held.
pub(crate) fn held(jar: &Jar, tier: usize) -> impl Iterator<Item = Slot> + use<> {
    let mut left = jar.held[tier];
    std::iter::from_fn(move || {
        let next = left.trailing_zeros();
        left &= left.wrapping_sub(1);
        (next < u32::BITS).then_some(next as Slot)
    })
}

/// Whether two updates carried the very same cookie of a tier.
pub(crate) fn is_same(state: &State, a: Slot, b: Slot, tier: usize) -> bool {
    state.update(a).chain[tier] == state.update(b).chain[tier]
}
