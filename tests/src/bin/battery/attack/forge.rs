//! Cookies put together from parts, with links, counters and places made to fit, so that nothing is left but the tag.

use super::base::Base;
use crate::arena::Arena;
use crate::oracle::judge::Circumstances;
use crate::schemas::Known;
use crate::tally::Class;
use crate::wire::blob::Piece;
use crate::wire::head::{Head, RootHead};

/// The parts of some cookies.
pub(crate) fn pieces(cookies: &[Vec<u8>]) -> Vec<Piece<'_>> {
    cookies
        .iter()
        .filter_map(|cookie| Piece::read(cookie).ok())
        .collect()
}

/// Makes every cookie look as if it stood below the one before it: place, link and counters; says whether it did not before.
pub(crate) fn relink(pieces: &mut [Piece<'_>]) -> bool {
    let mut changed = false;
    for place in 1..pieces.len() {
        let above = pieces[place - 1];
        let before = pieces[place].head;
        let below = &mut pieces[place].head;
        let own = below.counters().last().copied().unwrap_or_default();
        let tier = above.head.tier().saturating_sub(1);
        *below = Head {
            root: None,
            ..placed(*below, tier, above.head.tiers())
        };
        below.link = above.link();
        below.vector = above.head.vector;
        let last = below.counters().len() - 1;
        below.vector[last] = own;
        changed |= *below != before;
    }
    changed
}

/// The header at another place.
pub(crate) fn placed(head: Head, tier: usize, tiers: usize) -> Head {
    let shape = head.shape & 0xc0 | ((tiers - 1) as u8) << 3 | tier as u8;
    Head { shape, ..head }
}

/// Makes a root claim what another one claims, but for its counter.
pub(crate) fn dress(pieces: &mut [Piece<'_>], as_root: Option<RootHead>) {
    let claimed = pieces.first_mut().map(|piece| &mut piece.head.root);
    if let (Some(claimed @ Some(_)), Some(root)) = (claimed, as_root) {
        *claimed = Some(root);
    }
}

/// Where forged cookies are presented, and what they are forged from.
pub(crate) struct Forge<'f> {
    class: Class,
    shown: Circumstances,
    /// The honest cookies in their parts.
    pub(crate) pieces: Vec<Piece<'f>>,
    honest: Vec<u8>,
    base: &'f Base,
}

impl<'f> Forge<'f> {
    /// Forges from the cookies of a chain; none where they cannot be read.
    pub(crate) fn new(class: Class, base: &'f Base, shown: Circumstances) -> Option<Self> {
        let pieces = pieces(&base.cookies);
        let honest = base.bundle(&base.cookies);
        (pieces.len() == base.cookies.len()).then_some(Self {
            class,
            shown,
            pieces,
            honest,
            base,
        })
    }

    /// Presents the parts as one bundle, unless they are the honest one once more.
    pub(crate) fn present<S: Known>(&self, arena: &mut Arena<'_, S>, pieces: &[Piece<'_>]) {
        let cookies: Vec<Vec<u8>> = pieces.iter().map(Piece::bytes).collect();
        self.cookies(arena, &cookies);
    }

    /// The same, of whole cookies.
    pub(crate) fn cookies<S: Known>(&self, arena: &mut Arena<'_, S>, cookies: &[Vec<u8>]) {
        let blob = self.base.bundle(cookies);
        if blob != self.honest {
            arena.present(self.class, &self.shown, &blob);
        }
    }

    /// As they are; and, where that makes a difference, with links, counters and places made to fit.
    pub(crate) fn both_ways<S: Known>(&self, arena: &mut Arena<'_, S>, mut mix: Vec<Piece<'_>>) {
        self.present(arena, &mix);
        if relink(&mut mix) {
            self.present(arena, &mix);
        }
    }
}
