//! The cookies of one tier that a jar holds.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::wire::{Cookie, LINK_LEN, SeqVector, TAG_LEN};

/// How many cookies of a tier are kept outside the best chain.
pub(super) const MAX_PENDING: usize = 8;

/// How many cookies a tier may have for a moment: the pending ones, the best one, and one that just came.
pub(super) const SLOTS: usize = MAX_PENDING + 2;

/// The cookies of one tier, no two of which have the same signed part.
#[derive(Clone, Default)]
pub(super) struct Shelf {
    held: Vec<Held>,
    /// The buffer of a cookie that left, for the next one.
    spare: Vec<u8>,
}

/// One cookie as issued.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) vector: SeqVector,
    pub(super) tiers: u8,
    link: Option<[u8; LINK_LEN]>,
    signed_len: usize,
    bytes: Vec<u8>,
}

/// What became of a cookie that was put on a shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It was there.
    Known,
    /// It was at that place, and its mutable section as issued was smaller.
    Grown(usize),
    /// It is new.
    New,
}

impl Shelf {
    /// The cookies, in no order.
    pub(super) fn held(&self) -> &[Held] {
        &self.held
    }

    /// Whether there is a cookie beside the one of a chain.
    pub(super) fn has_pending(&self) -> bool {
        self.held.len() > 1
    }

    /// The cookie, where there is no other one.
    pub(super) fn only(&self) -> Option<&Held> {
        match self.held.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Puts a cookie in the place of all that are there.
    pub(super) fn replace(&mut self, cookie: &Cookie<'_>) {
        self.held.truncate(1);
        match self.held.first_mut() {
            Some(held) => held.become_copy(cookie),
            None => self.held.push(Held::new(cookie, Vec::new())),
        }
    }

    /// Takes a cookie; of two that differ in the mutable section alone, the larger one stays.
    pub(super) fn put(&mut self, cookie: &Cookie<'_>) -> Put {
        let same = |held: &Held| held.signed() == cookie.signed_part();
        match self.held.iter().position(same) {
            Some(at) => self.grow(at, cookie),
            None => {
                let bytes = core::mem::take(&mut self.spare);
                self.held.push(Held::new(cookie, bytes));
                Put::New
            }
        }
    }

    /// Drops the cookies that `newest` supersedes, and the smallest pending ones beyond [`MAX_PENDING`]; returns where
    /// the cookie at `best` is then.
    pub(super) fn tidy(&mut self, mut best: usize, newest: &SeqVector) -> usize {
        for at in (0..self.held.len()).rev() {
            let superseded = |held: &Held| held.vector.cmp_prefix(newest).is_lt();
            if self.held.get(at).is_some_and(superseded) {
                best = self.remove(at, best);
            }
        }
        if self.held.len() > MAX_PENDING + 1 {
            best = self.remove_smallest(best);
        }
        best
    }

    /// Drops the smallest cookies beyond [`MAX_PENDING`] where there is no best chain.
    pub(super) fn tidy_pending(&mut self) {
        if self.held.len() > MAX_PENDING {
            self.remove_smallest(usize::MAX);
        }
    }

    /// Drops cookies of schemas with another number of tiers.
    pub(super) fn keep_only(&mut self, tiers: u8) {
        self.held.retain(|held| held.tiers == tiers);
    }

    /// Drops everything but one buffer.
    pub(super) fn clear(&mut self) {
        while !self.held.is_empty() {
            self.remove(self.held.len() - 1, usize::MAX);
        }
    }

    fn grow(&mut self, at: usize, cookie: &Cookie<'_>) -> Put {
        match self.held.get_mut(at) {
            Some(held) if held.mutable() < cookie.mutable() => {
                held.bytes.truncate(held.signed_len);
                // A buffer that doubles would be larger than any cookie.
                held.bytes.reserve_exact(cookie.mutable().len());
                held.bytes.extend_from_slice(cookie.mutable());
                Put::Grown(at)
            }
            _ => Put::Known,
        }
    }

    fn remove_smallest(&mut self, best: usize) -> usize {
        let pending = self.held.iter().enumerate().filter(|(at, _)| *at != best);
        match pending
            .min_by(|(_, a), (_, b)| a.cmp_cookie(b))
            .map(|(at, _)| at)
        {
            Some(at) => self.remove(at, best),
            None => best,
        }
    }

    /// Removes a cookie, keeps the larger buffer, and returns where the cookie at `best` is then.
    fn remove(&mut self, at: usize, best: usize) -> usize {
        let removed = self.held.swap_remove(at).bytes;
        if removed.capacity() > self.spare.capacity() {
            self.spare = removed;
        }
        if best == self.held.len() { at } else { best }
    }
}

/// Counters become longer with time: room for that, so that the buffers in use serve on.
const GROWTH: usize = 8;

impl Held {
    fn new(cookie: &Cookie<'_>, bytes: Vec<u8>) -> Self {
        let mut held = Self {
            vector: *cookie.claimed_vector(),
            tiers: cookie.claimed_tiers(),
            link: cookie.claimed_link(),
            signed_len: 0,
            bytes,
        };
        held.copy_bytes(cookie);
        held
    }

    fn become_copy(&mut self, cookie: &Cookie<'_>) {
        self.vector = *cookie.claimed_vector();
        self.tiers = cookie.claimed_tiers();
        self.link = cookie.claimed_link();
        self.copy_bytes(cookie);
    }

    fn copy_bytes(&mut self, cookie: &Cookie<'_>) {
        self.signed_len = cookie.signed_part().len();
        self.bytes.clear();
        let len = self.signed_len + cookie.mutable().len();
        if self.bytes.capacity() < len {
            self.bytes.reserve_exact(len + GROWTH);
        }
        self.bytes.extend_from_slice(cookie.signed_part());
        self.bytes.extend_from_slice(cookie.mutable());
    }

    /// Everything that is signed, and its tag.
    pub(super) fn signed(&self) -> &[u8] {
        self.bytes.get(..self.signed_len).unwrap_or(&[])
    }

    /// The mutable section as issued.
    pub(super) fn mutable(&self) -> &[u8] {
        self.bytes.get(self.signed_len..).unwrap_or(&[])
    }

    /// Whether a cookie was issued under this one, as far as a link can say.
    pub(super) fn is_parent_of(&self, child: &Cookie<'_>) -> bool {
        child.claimed_link().as_ref() == self.tag().first_chunk()
            && child.claimed_tiers() == self.tiers
            && child.claimed_vector().extends(&self.vector)
    }

    /// Whether this cookie was issued under `parent`, as far as a link can say.
    pub(super) fn stands_below(&self, parent: &Self) -> bool {
        self.link.as_ref() == parent.tag().first_chunk() && self.vector.extends(&parent.vector)
    }

    /// The order of cookies of one tier: vector, tag, signed part.
    pub(super) fn cmp_cookie(&self, other: &Self) -> Ordering {
        self.vector
            .cmp(&other.vector)
            .then_with(|| self.cmp_tag(other))
    }

    /// The order of cookies with the same vector.
    pub(super) fn cmp_tag(&self, other: &Self) -> Ordering {
        self.tag()
            .cmp(other.tag())
            .then_with(|| self.signed().cmp(other.signed()))
    }

    fn tag(&self) -> &[u8] {
        self.signed()
            .last_chunk::<TAG_LEN>()
            .map_or(&[], <[u8; TAG_LEN]>::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tier::Tier;
    use crate::wire::{Header, Lineage, Shape};

    fn bytes(mutable: usize) -> Vec<u8> {
        let header = Header {
            shape: Shape::of(Tier::LOWEST, Tier::new(1).unwrap(), false, false),
            lineage: Lineage::Child { link: [1; 4] },
            vector: [1, 2].into(),
            not_before: 0,
            life: 1,
            immutable_len: None,
            private_len: None,
        };
        let mut bytes = Vec::new();
        header.write(&mut bytes);
        bytes.resize(bytes.len() + TAG_LEN + mutable, 7);
        bytes
    }

    // The steady state of a jar allocates nothing, and a forger makes it allocate no more than it sends.
    #[test]
    fn a_cookie_takes_its_length_and_a_little_and_keeps_its_buffer_while_it_fits() {
        let first = bytes(100);
        let mut held = Held::new(&Cookie::parse(&first).unwrap(), Vec::new());
        let room = first.len() + GROWTH;
        assert_eq!(held.bytes.capacity(), room);
        let place = held.bytes.as_ptr();
        for mutable in [0, 99, 100 + GROWTH] {
            held.become_copy(&Cookie::parse(&bytes(mutable)).unwrap());
            assert_eq!((held.bytes.as_ptr(), held.bytes.capacity()), (place, room));
        }
        held.become_copy(&Cookie::parse(&bytes(100 + GROWTH + 1)).unwrap());
        assert_eq!(held.bytes.capacity(), room + 1 + GROWTH);
    }

    fn shelf(cookies: &[Vec<u8>]) -> Shelf {
        let mut shelf = Shelf::default();
        for cookie in cookies {
            let held = Held::new(&Cookie::parse(cookie).unwrap(), Vec::new());
            shelf.held.push(held);
        }
        shelf
    }

    #[test]
    fn of_two_buffers_the_larger_one_is_kept() {
        let mut shelf = shelf(&[bytes(10), bytes(300), bytes(50)]);
        let large = shelf.held[1].bytes.capacity();
        assert_eq!(shelf.remove(2, usize::MAX), usize::MAX);
        assert!((1..large).contains(&shelf.spare.capacity()));
        shelf.remove(1, usize::MAX);
        assert_eq!(shelf.spare.capacity(), large);
        shelf.remove(0, usize::MAX);
        assert_eq!(shelf.spare.capacity(), large);
    }

    #[test]
    fn cookies_of_another_number_of_tiers_are_dropped() {
        let mut shelf = shelf(&[bytes(1), bytes(2)]);
        shelf.keep_only(2);
        assert_eq!(shelf.held.len(), 2);
        shelf.keep_only(3);
        assert_eq!(shelf.held.len(), 0);
    }
}
