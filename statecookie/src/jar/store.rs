//! The cookies of one session in normal form: the best chain, and what may still become part of a better one.

use super::chain::{self, Chain};
use super::shelf::{Held, Put, Shelf};
use crate::tier::{MAX_TIERS, Tier, TierSet};
use crate::wire::{Cookie, Linked, Root};

/// What a jar holds as issued.
#[derive(Clone, Default)]
pub(super) struct Store {
    session: Option<SessionMark>,
    shelves: [Shelf; MAX_TIERS],
    best: Option<Chain>,
}

/// What the roots of one session have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct SessionMark {
    pub(super) id: [u8; 16],
    pub(super) schema_hash: [u8; 4],
    pub(super) tiers: u8,
}

/// What an update changed in the best chain.
#[derive(Clone, Copy, Default)]
pub(super) struct Change {
    /// The tiers whose cookie is another one now.
    pub(super) replaced: TierSet,
    /// Whether a cookie has larger mutable bytes as issued.
    pub(super) grown: bool,
}

impl Store {
    /// The session held.
    pub(super) fn session(&self) -> Option<&SessionMark> {
        self.session.as_ref()
    }

    /// Whether cookies cannot be of the session held.
    pub(super) fn is_foreign(&self, cookies: &Linked<'_>) -> bool {
        let (Some(held), Some(first)) = (&self.session, cookies.first()) else {
            return false;
        };
        match first.claimed_root() {
            Some(root) => SessionMark::new(first, root) != *held,
            None => first.claimed_tiers() != held.tiers,
        }
    }

    /// Makes the union with an update's cookies, then the normal form of it.
    pub(super) fn unite(&mut self, cookies: &Linked<'_>) -> Change {
        if let Some(change) = self.succeed(cookies) {
            return change;
        }
        self.adopt(cookies);
        let mut change = Change::default();
        let mut any_new = false;
        for cookie in cookies.iter() {
            let tier = cookie.claimed_tier().index();
            match self.shelves.get_mut(tier).map(|shelf| shelf.put(cookie)) {
                Some(Put::New) => any_new = true,
                Some(Put::Grown(at)) => {
                    change.grown |= self.best.is_some_and(|best| best.at(tier) == at);
                }
                Some(Put::Known) | None => {}
            }
        }
        if any_new {
            change.replaced = self.settle();
        }
        change
    }

    /// The cookies of the best chain, tier 0 first; none if there is no chain.
    pub(super) fn chain(&self) -> impl DoubleEndedIterator<Item = (Tier, &Held)> {
        let best = self.best.unwrap_or_default();
        let tiers = self.best.map_or(0, |_| self.tiers());
        let shelves = self
            .shelves
            .get(..tiers)
            .unwrap_or_default()
            .iter()
            .enumerate();
        shelves.filter_map(move |(tier, shelf)| {
            let held = shelf.held().get(best.at(tier))?;
            Some((Tier::new(tier as u8)?, held))
        })
    }

    /// Whether there is no chain, or a cookie waits for a better one.
    pub(super) fn has_gap(&self) -> bool {
        let Some((_, lowest)) = self.chain().next() else {
            return true;
        };
        let waits = |held: &Held| held.vector.cmp_prefix(&lowest.vector).is_gt();
        self.shelves
            .iter()
            .any(|shelf| shelf.has_pending() && shelf.held().iter().any(waits))
    }

    /// Forgets everything but some buffers.
    pub(super) fn clear(&mut self) {
        self.session = None;
        self.best = None;
        self.shelves.iter_mut().for_each(Shelf::clear);
    }

    fn tiers(&self) -> usize {
        self.session.map_or(0, |session| usize::from(session.tiers))
    }

    /// Makes the first root's session the one held. What waited for a root with another number of tiers waits in vain.
    fn adopt(&mut self, cookies: &Linked<'_>) {
        let (None, Some(first)) = (self.session, cookies.first()) else {
            return;
        };
        if let Some(root) = first.claimed_root() {
            self.session = Some(SessionMark::new(first, root));
            self.shelves
                .iter_mut()
                .for_each(|shelf| shelf.keep_only(first.claimed_tiers()));
        }
    }

    /// The short way for the common case: where nothing but a chain is held, cookies that continue it and are newer in
    /// every tier take their predecessors' places, and the result is the normal form.
    fn succeed(&mut self, cookies: &Linked<'_>) -> Option<Change> {
        self.best?;
        let tiers = self.tiers();
        let shelves = self.shelves.get_mut(..tiers)?;
        let first = cookies.first()?;
        let parent = shelves.get(cookies.len()).and_then(Shelf::only);
        let continues = match first.claimed_link() {
            Some(_) => parent?.is_parent_of(first),
            None => true,
        };
        let newer = |shelf: &Shelf| Some(shelf.only()?.vector < *first.claimed_vector());
        if !continues
            || !newer(shelves.get(first.claimed_tier().index())?)?
            || shelves.iter().any(Shelf::has_pending)
        {
            return None;
        }
        for cookie in cookies.iter() {
            shelves
                .get_mut(cookie.claimed_tier().index())?
                .replace(cookie);
        }
        let replaced = TierSet::down_from(first.claimed_tier());
        Some(Change {
            replaced,
            grown: false,
        })
    }

    /// Finds the best chain and drops what it supersedes; returns the tiers of it that changed.
    fn settle(&mut self) -> TierSet {
        let tiers = self.tiers();
        let shelves = self.shelves.get_mut(..tiers).unwrap_or_default();
        let found = chain::best(shelves);
        let newest = found.and_then(|best| Some(shelves.first()?.held().get(best.at(0))?.vector));
        let (Some(mut best), Some(newest)) = (found, newest) else {
            self.shelves.iter_mut().for_each(Shelf::tidy_pending);
            return TierSet::EMPTY;
        };
        let mut replaced = TierSet::EMPTY;
        for (shelf, tier) in shelves.iter_mut().zip((0..).map_while(Tier::new)) {
            let at = best.at(tier.index());
            if self.best.is_none_or(|before| before.at(tier.index()) != at) {
                replaced.insert(tier);
            }
            best.set(tier.index(), shelf.tidy(at, &newest));
        }
        self.best = Some(best);
        replaced
    }
}

impl SessionMark {
    fn new(cookie: &Cookie<'_>, root: &Root) -> Self {
        Self {
            id: root.session,
            schema_hash: root.schema_hash,
            tiers: cookie.claimed_tiers(),
        }
    }
}
