//! Merging: what comes in, what is reported of it, and what is answered.

use std::time::Instant;

use statecookie::{Inspection, Merged, inspect};

use super::Client;
use super::stay::{Phase, Stay};
use crate::Outcome;
use crate::checker::{Seen, Visible};
use crate::point::ClientMoment;
use crate::run::io::Io;
use crate::wire::{Request, Verdict};

/// How many updates are kept to be merged again.
const LATELY: usize = 4;

impl Client {
    /// A whole update of the present server is there.
    pub(super) fn update_came(&mut self, io: &mut Io, update: Vec<u8>) -> Outcome<()> {
        let Some(stay) = &self.stay else {
            return Ok(());
        };
        io.pass(stay.place, ClientMoment::BeforeMerge)?;
        let begins = !stay.is_attached();
        let about = inspect(&update)?;
        let full = about.root.is_some();
        io.tally.updates.full += u64::from(full);
        if begins && full {
            // Before the client's own jar has a say: what did the server make of the bundle?
            self.ledger.restored(&Visible::of_update(&update)?)?;
        }
        let merged = self.merge(io, &update, &about)?;
        if begins && full {
            self.attach(io, merged)?;
        }
        self.answer(io, merged)?;
        self.merge_again(io, update)
    }

    /// An update of a server that this client has left.
    pub(super) fn merge_late(&mut self, io: &mut Io, stay: u64, update: &[u8]) -> Outcome<()> {
        let about = inspect(update)?;
        let merged = self.jar.merge(update)?;
        io.tally.late.updates += 1;
        if merged == Merged::Updated {
            match self.stay.as_ref().is_some_and(Stay::is_attached) {
                true => io.tally.late.won += 1,
                false => io.tally.late.news += 1,
            }
        }
        let visible = Visible::of(&mut self.jar)?;
        let seen = Seen::new(merged, &about, visible);
        self.ledger.merged_late(stay, &seen);
        Ok(())
    }

    /// The server's decisions came.
    pub(super) fn verdict_came(&mut self, io: &mut Io, verdict: Verdict) -> Outcome<()> {
        let Some(stay) = self.stay.as_mut().filter(|stay| stay.question) else {
            return Ok(());
        };
        stay.question = false;
        stay.progressed();
        self.ledger.decided(verdict)?;
        self.progress = Instant::now();
        io.tally.questions += 1;
        io.tally.continued += std::mem::take(&mut self.pending);
        self.send_window(io);
        Ok(())
    }

    fn merge(&mut self, io: &mut Io, update: &[u8], about: &Inspection) -> Outcome<Merged> {
        let merged = self.jar.merge(update)?;
        if let Some(fork) = self.watched {
            io.merged.push((fork, update.to_vec()));
        }
        if let Some(stay) = &self.stay {
            io.pass(stay.place, ClientMoment::Merged)?;
        }
        let Ok(visible) = Visible::of(&mut self.jar) else {
            // Nothing complete has come yet.
            return Ok(merged);
        };
        let seen = Seen::new(merged, about, visible);
        let steps = self.ledger.merged(&seen)?;
        io.tally.acknowledged += steps;
        self.count(io, merged, about);
        if steps > 0
            && let Some(stay) = self.stay.as_mut()
        {
            stay.progressed();
            self.progress = Instant::now();
        }
        Ok(merged)
    }

    fn count(&mut self, io: &mut Io, merged: Merged, about: &Inspection) {
        let updates = &mut io.tally.updates;
        match merged {
            Merged::Updated => updates.newer += 1,
            Merged::NeedsFull => updates.gaps += 1,
            Merged::Unchanged | Merged::OtherSession => updates.known += 1,
        }
        if let Some(root) = &about.root {
            io.tally.keys.insert(root.key_id.0);
            let changed = self
                .key
                .replace(root.key_id)
                .is_some_and(|key| key != root.key_id);
            io.tally.key_changes += u64::from(changed);
        }
    }

    /// The visit begins, or goes on here.
    fn attach(&mut self, io: &mut Io, merged: Merged) -> Outcome<()> {
        // What waits of a server that died, for a parent that never came, may keep a gap open; the state is the new one.
        if merged == Merged::Unchanged && !self.merges_late {
            return Err("a new server's first full update was not news".into());
        }
        if !self.merges_late {
            self.ledger.restored(&Visible::of(&mut self.jar)?)?;
        }
        if !self.merges_late && self.watched.is_none() {
            self.ledger.forget_left();
        }
        let Some(stay) = self.stay.as_mut() else {
            return Ok(());
        };
        stay.progressed();
        self.progress = Instant::now();
        let place = stay.place;
        match std::mem::replace(&mut stay.phase, Phase::Attached) {
            Phase::Resuming(arrival) => {
                let took = arrival
                    .noticed
                    .map(|noticed| noticed.elapsed().as_micros() as u32);
                io.tally.times.extend(took);
                io.pass(place, ClientMoment::Restored)?;
                // Nothing else is said before the private fields are verified.
                self.question(io);
            }
            Phase::Opening | Phase::Attached => {}
        }
        Ok(())
    }

    /// Acknowledges, or asks for what is missing.
    fn answer(&mut self, io: &mut Io, merged: Merged) -> Outcome<()> {
        let Some(place) = self.place() else {
            return Ok(());
        };
        match merged {
            Merged::Updated => {
                let step = self.ledger.acknowledged();
                self.say(io, Request::Ack(step));
                io.pass(place, ClientMoment::Acknowledged)
            }
            Merged::NeedsFull => {
                io.pass(place, ClientMoment::GapSeen)?;
                self.say(io, Request::Full);
                Ok(())
            }
            Merged::Unchanged | Merged::OtherSession => Ok(()),
        }
    }

    /// Now and then, an update that was merged already comes once more: the network's duplicates, long after.
    fn merge_again(&mut self, io: &mut Io, update: Vec<u8>) -> Outcome<()> {
        if self.lately.len() == LATELY {
            self.lately.pop_front();
        }
        self.lately.push_back(update);
        let again = self.lately.front().filter(|_| io.once_in(20));
        if let Some(again) = again
            && self.jar.merge(again)? == Merged::Updated
        {
            return Err("an update that was merged before changed the jar".into());
        }
        Ok(())
    }
}

impl Seen {
    fn new(merged: Merged, about: &Inspection, visible: Visible) -> Self {
        let counter = about.cookies.first().and_then(|root| root.vector.first());
        let root = about.root.as_ref().and(counter).copied();
        Self {
            merged,
            tiers: about.cookies.len(),
            root,
            visible,
        }
    }
}
