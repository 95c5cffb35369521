//! Which mutable sections a jar may present: the client's own where it made any on this very cookie, else one as issued.

use std::collections::{BTreeMap, BTreeSet};

use crate::naive::{Blob, Cookie};

/// Followed beside the jar.
#[derive(Default)]
pub(super) struct Sections {
    /// By signed part, whatever came with it.
    issued: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>,
    /// By tier: the signed part on which the client's own section was made, and the section.
    own: BTreeMap<u8, (Vec<u8>, Vec<u8>)>,
}

impl Sections {
    /// The cookies of a message, whether the jar takes them or not.
    pub(super) fn arrived(&mut self, message: &Blob<'_>) {
        for cookie in &message.cookies {
            let sections = self.issued.entry(signed(cookie)).or_default();
            sections.insert(cookie.mutable.to_vec());
        }
    }

    /// The client made a section of its own for a tier of the chain that it would present.
    pub(super) fn changed(&mut self, bundle: &Blob<'_>, tier: u8, value: &[u8]) {
        let of_tier = |cookie: &&Cookie<'_>| cookie.header.tier() == tier;
        if let Some(cookie) = bundle.cookies.iter().find(of_tier) {
            self.own.insert(tier, (signed(cookie), value.to_vec()));
        }
    }

    /// The client went over to another session.
    pub(super) fn forget(&mut self) {
        self.own.clear();
    }

    /// Whether the client made any that still stand.
    pub(super) fn any_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// Holds a bundle against what has come and what was made; where another cookie took the place, the client's own are gone.
    pub(super) fn check(&mut self, bundle: &Blob<'_>) {
        for cookie in &bundle.cookies {
            let (tier, signed) = (cookie.header.tier(), signed(cookie));
            match self.own.get(&tier) {
                Some((on, value)) if *on == signed => assert_eq!(cookie.mutable, value),
                _ => {
                    self.own.remove(&tier);
                    let issued = self.issued.get(&signed);
                    assert!(issued.is_some_and(|issued| issued.contains(cookie.mutable)));
                }
            }
        }
    }
}

fn signed(cookie: &Cookie<'_>) -> Vec<u8> {
    [cookie.tagged, &cookie.tag].concat()
}
