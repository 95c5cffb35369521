//! Everything that the servers of one pool ever issued, and the application's own record of its values.

use std::collections::HashMap;

use super::issued::Issued;

/// The cookies and states of one pool's history.
#[derive(Debug)]
pub(crate) struct Ledger<S> {
    /// Every cookie, parents before their children.
    pub(crate) issued: Vec<Issued>,
    /// The states, as the application recorded them.
    pub(crate) states: Vec<S>,
    /// The schema hash, which all roots of the pool have.
    pub(crate) hash: Option<[u8; 4]>,
    by_tag: HashMap<Vec<u8>, usize>,
}

impl<S> Ledger<S> {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self {
            issued: Vec::new(),
            states: Vec::new(),
            hash: None,
            by_tag: HashMap::new(),
        }
    }

    /// Notes a cookie, and gives its number; one whose signed part was issued already keeps the number it has.
    pub(crate) fn note(&mut self, cookie: Issued) -> usize {
        let tag = tag_of(&cookie.signed).to_vec();
        let next = self.issued.len();
        match self.by_tag.get(&tag) {
            Some(same) if self.issued[*same].signed == cookie.signed => *same,
            _ => {
                self.by_tag.insert(tag, next);
                self.issued.push(cookie);
                next
            }
        }
    }

    /// The cookie with exactly these signed bytes.
    pub(crate) fn find(&self, signed: &[u8]) -> Option<usize> {
        let found = *self.by_tag.get(tag_of(signed))?;
        (self.issued[found].signed == signed).then_some(found)
    }

    /// A cookie.
    pub(crate) fn cookie(&self, number: usize) -> &Issued {
        &self.issued[number]
    }

    /// The application's state when a cookie was issued.
    pub(crate) fn state_at(&self, number: usize) -> &S {
        &self.states[self.issued[number].state]
    }

    /// A cookie and all above it, from the root down.
    pub(crate) fn chain(&self, lowest: usize) -> Vec<usize> {
        let mut chain: Vec<usize> =
            std::iter::successors(Some(lowest), |number| self.issued[*number].parent).collect();
        chain.reverse();
        chain
    }

    /// Some cookies as issued.
    pub(crate) fn bytes(&self, numbers: &[usize]) -> Vec<Vec<u8>> {
        numbers
            .iter()
            .map(|number| self.issued[*number].bytes())
            .collect()
    }

    /// The cookies of tier 0: each ends one complete chain.
    pub(crate) fn leaves(&self) -> Vec<usize> {
        let numbered = self.issued.iter().enumerate();
        numbered
            .filter(|(_, cookie)| cookie.tier == 0)
            .map(|(number, _)| number)
            .collect()
    }
}

fn tag_of(signed: &[u8]) -> &[u8] {
    &signed[signed.len().saturating_sub(crate::wire::TAG)..]
}
