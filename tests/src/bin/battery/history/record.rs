//! What an update must hold, by sections 5, 8 and 10; each cookie is noted with the times that the oracle works out.

use statecookie::Class;

use super::events::{Event, Events};
use super::live::{Live, Next};
use crate::oracle::issued::Issued;
use crate::oracle::judge::ServerFacts;
use crate::oracle::keys::KeyTimes;
use crate::oracle::ledger::Ledger;
use crate::schemas::{Known, section};
use crate::wire::blob::{Blob, Piece};

/// Fails with what is wrong.
macro_rules! hold {
    ($holds:expr, $($what:tt)+) => {
        if !$holds {
            return Err(format!($($what)+));
        }
    };
}

/// An update on its way into the ledger.
struct Entry<'a, S: Known> {
    live: &'a mut Live<S>,
    key: KeyTimes,
    now: u64,
    state: usize,
    full: bool,
}

/// Notes the cookies of an update that `live` issued at `now`, in milliseconds; fails where the oracle expected others.
pub(crate) fn record<S: Known>(
    ledger: &mut Ledger<S>,
    events: &mut Events,
    server: &ServerFacts,
    live: &mut Live<S>,
    now: u64,
    update: &[u8],
) -> Result<(), String> {
    let blob = Blob::read(update).map_err(|wrong| format!("an update is {}", wrong.0))?;
    hold!(blob.kind == 0, "no update but kind {}", blob.kind);
    let key = server
        .keys
        .signing(now)
        .ok_or("issued without a key that signs")?;
    let full = blob.first().is_some_and(|piece| piece.head.root.is_some());
    hold!(
        full || live.next == Next::Any,
        "partial where it had to be full"
    );
    events.count(if full { Event::Full } else { Event::Partial });
    ledger.states.push(live.state.clone());
    let state = ledger.states.len() - 1;
    let entry = Entry {
        live,
        key,
        now,
        state,
        full,
    };
    let highest = blob.first().map_or(0, |piece| piece.head.tier());
    for piece in blob.pieces() {
        events.count(Event::Cookie);
        let cookie = entry.cookie(ledger, piece, highest)?;
        let (tier, number) = (cookie.tier, ledger.note(cookie));
        if full && tier == highest && entry.rotated(ledger, number) {
            events.count(Event::Rotation);
        }
        entry.live.chain[tier] = Some(number);
    }
    entry.live.next = Next::Any;
    Ok(())
}

impl<S: Known> Entry<'_, S> {
    fn cookie(
        &self,
        ledger: &mut Ledger<S>,
        piece: &Piece<'_>,
        highest: usize,
    ) -> Result<Issued, String> {
        let head = &piece.head;
        let tier = head.tier();
        self.check_sections(piece)?;
        let parent = self
            .live
            .chain
            .get(tier + 1)
            .copied()
            .flatten()
            .filter(|_| head.root.is_none());
        let root = match (head.root, parent) {
            (Some(root), _) => root,
            (None, Some(parent)) => ledger.cookie(parent).root,
            (None, None) => return Err(format!("a cookie of tier {tier} without a parent")),
        };
        self.check_root(ledger, &root)?;
        let counter = self.check_counter(ledger, tier, highest, head.counters())?;
        let (not_before, not_after) = self.times(ledger, tier, parent);
        let base = parent.map_or(root.born, |parent| ledger.cookie(parent).not_before);
        hold!(
            head.not_before == not_before - base,
            "not-before {} of tier {tier}",
            head.not_before
        );
        hold!(
            head.life == not_after - not_before,
            "life {} of tier {tier}",
            head.life
        );
        if let Some(parent) = parent {
            let signed = &ledger.cookie(parent).signed;
            let tag = &signed[signed.len() - 16..];
            hold!(head.link == tag[..4], "link of tier {tier}");
        }
        Ok(Issued {
            signed: piece.signed.to_vec(),
            mutable: piece.mutable.to_vec(),
            tier,
            parent,
            counter,
            not_before,
            not_after,
            root,
            identity: self.live.identity,
            state: self.state,
            issued_at: self.now,
        })
    }

    /// What is in the clear is what the application knows; what is not has the right length.
    fn check_sections(&self, piece: &Piece<'_>) -> Result<(), String> {
        let (tier, facts) = (piece.head.tier(), S::FACTS);
        hold!(
            piece.head.tiers() == facts.tiers(),
            "of {} tiers",
            piece.head.tiers()
        );
        let of = |class| section(&self.live.state, tier, class);
        hold!(
            piece.immutable == of(Class::Immutable),
            "immutable values of tier {tier}"
        );
        hold!(
            piece.mutable == of(Class::Mutable),
            "mutable values of tier {tier}"
        );
        let padded = of(Class::Private).len().next_multiple_of(facts.pad) as u64;
        let private = facts.private.contains(&tier).then_some(padded);
        hold!(
            piece.head.private == private,
            "private length of tier {tier}"
        );
        let immutable = facts.immutable.contains(&tier);
        hold!(
            piece.head.immutable.is_some() == immutable,
            "shape of tier {tier}"
        );
        Ok(())
    }

    fn check_root(
        &self,
        ledger: &mut Ledger<S>,
        root: &crate::wire::head::RootHead,
    ) -> Result<(), String> {
        let facts = S::FACTS;
        hold!(
            *ledger.hash.get_or_insert(root.hash) == root.hash,
            "another schema hash"
        );
        hold!(
            root.key == self.key.id,
            "key {} instead of {}",
            root.key,
            self.key.id
        );
        hold!(
            usize::from(root.required) == facts.tiers() - facts.or_default,
            "required"
        );
        hold!(root.born == self.live.born, "born {}", root.born);
        hold!(
            root.born + root.lifetime == self.live.end,
            "end of the session"
        );
        let old = self.live.chain[facts.tiers() - 1].filter(|_| self.full);
        let Some(old) = old.map(|old| ledger.cookie(old).root) else {
            return Ok(());
        };
        // A first root that was noted a moment ago is its own old one.
        let other = |one: &[u8], another: &[u8]| one != another || *root == old;
        match self.live.next {
            Next::First => Ok(()),
            Next::Any => {
                hold!(
                    root.session == old.session && root.branch == old.branch,
                    "session or branch"
                );
                Ok(())
            }
            Next::OnOtherBranch => {
                hold!(root.session == old.session, "another session");
                hold!(other(&root.branch, &old.branch), "the same branch");
                Ok(())
            }
            Next::AsOther => {
                hold!(other(&root.session, &old.session), "the same session");
                hold!(other(&root.branch, &old.branch), "the same branch");
                Ok(())
            }
        }
    }

    /// The counter of the highest tier grows by one, those below restart.
    fn check_counter(
        &self,
        ledger: &Ledger<S>,
        tier: usize,
        highest: usize,
        counters: &[u64],
    ) -> Result<u64, String> {
        let before = self.live.chain[tier].map(|old| ledger.cookie(old).counter);
        let counter = match (self.live.next, before) {
            (Next::First, _) => 0,
            (_, Some(before)) if tier == highest => before + 1,
            (_, None) if tier == highest => {
                return Err(format!("tier {tier} begins with nothing before it"));
            }
            _ => 0,
        };
        hold!(
            counters.last() == Some(&counter),
            "counters {counters:?}, {counter} expected last"
        );
        Ok(counter)
    }

    /// Not-before and not-after in seconds, by section 10.
    fn times(&self, ledger: &Ledger<S>, tier: usize, parent: Option<usize>) -> (u64, u64) {
        let now = self.now / 1000;
        let previous = self.live.chain[tier].map_or(0, |old| ledger.cookie(old).not_before);
        let (floor, ceiling) = match parent.map(|parent| ledger.cookie(parent)) {
            Some(parent) => (parent.not_before, parent.not_after),
            None => (self.live.born, self.live.end.min(self.key.accept_until)),
        };
        let not_before = now.max(previous).max(floor);
        let not_after = (now + S::FACTS.valid_secs(tier))
            .min(ceiling)
            .max(not_before);
        (not_before, not_after)
    }

    /// Whether the root that is about to take its place stands under another key than the one before.
    fn rotated(&self, ledger: &Ledger<S>, number: usize) -> bool {
        let old = self.live.chain[S::FACTS.tiers() - 1];
        old.is_some_and(|old| ledger.cookie(old).root.key != ledger.cookie(number).root.key)
    }
}
