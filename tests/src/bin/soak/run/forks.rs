//! Forks made on purpose: one bundle presented to two servers. Both branches go on, and never mix.

mod mixes;

use std::collections::{BTreeMap, BTreeSet};

use statecookie::{Jar, Merged};

use super::io::Io;
use crate::Outcome;
use crate::checker::{Ledger, Visible};
use crate::client::{Arrival, Client, Role};
use crate::wire::Answer;

use mixes::Mixes;

/// A client's wish to be forked.
pub(crate) struct Birth {
    pub(crate) of: u32,
    pub(crate) jar: Jar,
    pub(crate) ledger: Ledger,
    pub(crate) arrival: Arrival,
    /// Where the first half went.
    pub(crate) avoid: usize,
}

/// All forks that are not judged yet.
pub(crate) struct Forks {
    forks: BTreeMap<u64, Fork>,
    mixes: Mixes,
    next: u64,
    next_client: u32,
}

/// One fork, and a jar that merges what both halves do.
struct Fork {
    halves: [u32; 2],
    both: Jar,
}

type Clients = BTreeMap<u32, Client>;

impl Forks {
    /// None yet; numbers for new clients begin at `next_client`.
    pub(crate) fn new(next_client: u32) -> Self {
        Self {
            forks: BTreeMap::new(),
            mixes: Mixes::default(),
            next: 0,
            next_client,
        }
    }

    /// Whether nothing is left to judge.
    pub(crate) fn is_settled(&self, io: &Io) -> bool {
        self.forks.is_empty() && self.mixes.is_empty() && io.births.is_empty()
    }

    /// An answer to a stay that is no client's.
    pub(crate) fn hear(&mut self, io: &mut Io, stay: u64, answer: &Answer) -> Outcome<()> {
        self.mixes.hear(io, stay, answer)
    }

    /// Does what is due.
    pub(crate) fn step(&mut self, io: &mut Io, clients: &mut Clients) -> Outcome<()> {
        for birth in std::mem::take(&mut io.births) {
            self.give_birth(io, clients, birth)?;
        }
        let merged = std::mem::take(&mut io.merged);
        let forks = merged
            .iter()
            .map(|(fork, _)| *fork)
            .collect::<BTreeSet<_>>();
        for (fork, update) in &merged {
            self.merge(*fork, update)?;
        }
        // Not before everything is merged that the halves have merged.
        forks
            .into_iter()
            .try_for_each(|fork| self.check(clients, fork))?;
        let done = |fork: &Fork| clients.get(&fork.halves[1]).is_none_or(|twin| twin.done);
        let done: Vec<u64> = self
            .forks
            .iter()
            .filter(|(_, fork)| done(fork))
            .map(|(id, _)| *id)
            .collect();
        for id in done {
            if let Some(fork) = self.forks.remove(&id) {
                self.judge(io, clients, fork)?;
            }
        }
        self.mixes.step(io);
        Ok(())
    }

    fn give_birth(&mut self, io: &mut Io, clients: &mut Clients, birth: Birth) -> Outcome<()> {
        let (number, id) = (self.new_client(), self.new_fork());
        let Some(first) = clients.get_mut(&birth.of) else {
            return Ok(());
        };
        let both = birth.jar.clone();
        let mut twin = Client::going_on(number, Role::Twin, (birth.jar, birth.ledger), first, io);
        twin.arrive_as_twin(io, birth.arrival, birth.avoid)?;
        (first.watched, twin.watched) = (Some(id), Some(id));
        clients.insert(number, twin);
        self.forks.insert(
            id,
            Fork {
                halves: [birth.of, number],
                both,
            },
        );
        io.tally.forks.made += 1;
        Ok(())
    }

    fn merge(&mut self, fork: u64, update: &[u8]) -> Outcome<()> {
        let Some(fork) = self.forks.get_mut(&fork) else {
            return Ok(());
        };
        match fork.both.merge(update)? {
            Merged::OtherSession => Err("two halves of a fork are two sessions".into()),
            Merged::Updated | Merged::Unchanged | Merged::NeedsFull => Ok(()),
        }
    }

    /// Whatever both halves do, the jar shows the one or the other.
    fn check(&mut self, clients: &Clients, fork: u64) -> Outcome<()> {
        let Some(fork) = self.forks.get_mut(&fork) else {
            return Ok(());
        };
        let visible = Visible::of(&mut fork.both)?;
        let mut halves = fork.halves.iter().filter_map(|half| clients.get(half));
        if halves.any(|half| half.ledger.explains(&visible)) {
            return Ok(());
        }
        let told = fork.tell(clients);
        Err(
            format!("a jar that merged both halves of a fork shows neither: {visible:?}\n{told}")
                .into(),
        )
    }

    /// Lets somebody go on with what the common jar holds; and tries what must not work.
    fn judge(&mut self, io: &mut Io, clients: &mut Clients, mut fork: Fork) -> Outcome<()> {
        let [Some(first), Some(twin)] = fork.halves.map(|half| clients.get(&half)) else {
            return Ok(());
        };
        let visible = Visible::of(&mut fork.both)?;
        let heirs = [first, twin].map(|half| half.ledger.adopt(&visible));
        let Some(ledger) = heirs.into_iter().flatten().next() else {
            let told = fork.tell(clients);
            return Err(format!("nobody's state is left of a fork: {visible:?}\n{told}").into());
        };
        self.mixes.try_all(
            io,
            first.account(),
            [first.jar.bundle()?, twin.jar.bundle()?],
        )?;
        let number = self.new_client();
        let heir = Client::going_on(number, Role::Heir, (fork.both, ledger), first, io);
        clients.insert(number, heir);
        clients.remove(&fork.halves[1]);
        if let Some(first) = clients.get_mut(&fork.halves[0]) {
            first.watched = None;
        }
        io.tally.forks.joined += 1;
        Ok(())
    }

    fn new_client(&mut self) -> u32 {
        self.next_client += 1;
        self.next_client
    }

    fn new_fork(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

impl Fork {
    fn tell(&self, clients: &Clients) -> String {
        let halves = self.halves.iter().filter_map(|half| clients.get(half));
        let told = halves.map(|half| format!("client {}:\n{}", half.number, half.ledger.history()));
        told.collect()
    }
}
