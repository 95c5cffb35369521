//! A client: a jar, a ledger, and a stay on one server after the other.

mod act;
mod merge;
mod parts;
mod stay;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rand::RngExt;
use statecookie::{Jar, KeyId};

use crate::Outcome;
use crate::checker::Ledger;
use crate::point::{Aim, ClientMoment};
use crate::run::io::{Io, Place};
use crate::wire::{Answer, ToClient};

use parts::Parts;
pub(crate) use stay::Arrival;
use stay::Stay;

/// What a client is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Visits one after the other.
    Regular,
    /// The second half of a fork.
    Twin,
    /// Goes on with what a jar holds that merged both halves of a fork.
    Heir,
}

/// How many commands a role has before it is done, at least and at most.
const VISIT: [[u64; 2]; 3] = [[10, 200], [20, 50], [5, 15]];

/// One client.
pub(crate) struct Client {
    pub(crate) number: u32,
    /// The account that it is authenticated as.
    account: u32,
    role: Role,
    /// Whether it merges what comes from servers that it has left; the others close their ears.
    merges_late: bool,
    /// How many commands it sends without waiting.
    window: u64,
    pub(crate) jar: Jar,
    pub(crate) ledger: Ledger,
    stay: Option<Stay>,
    /// Updates of earlier stays whose parts may still come.
    before: VecDeque<(u64, Parts)>,
    /// Updates merged lately, to be merged again.
    lately: VecDeque<Vec<u8>>,
    /// The fork that has to see what is merged.
    pub(crate) watched: Option<u64>,
    /// The step at which the visit, or its part in it, is over.
    until: u64,
    /// The key of the last root.
    key: Option<KeyId>,
    /// When it acts next.
    next: Instant,
    /// Until `next`, it notices nothing.
    asleep: bool,
    /// Fail-overs whose end is not verified yet.
    pending: u64,
    progress: Instant,
    pub(crate) done: bool,
}

impl Client {
    /// A client before its first visit.
    pub(crate) fn regular(number: u32, io: &mut Io) -> Self {
        Self::new(
            number,
            number,
            Role::Regular,
            Jar::new(),
            Ledger::begin(0, 0, 0),
            io,
        )
    }

    /// A client that goes on with a jar and a ledger.
    pub(crate) fn going_on(
        number: u32,
        role: Role,
        (jar, ledger): (Jar, Ledger),
        like: &Self,
        io: &mut Io,
    ) -> Self {
        let from = ledger.acknowledged();
        let mut client = Self::new(number, like.account, role, jar, ledger, io);
        client.until += from;
        client
    }

    fn new(number: u32, account: u32, role: Role, jar: Jar, ledger: Ledger, io: &mut Io) -> Self {
        Self {
            number,
            account,
            role,
            merges_late: role == Role::Regular && account.is_multiple_of(4),
            window: 1 + u64::from(number % 4),
            jar,
            ledger,
            stay: None,
            before: VecDeque::new(),
            lately: VecDeque::new(),
            watched: None,
            until: io
                .dice
                .random_range(VISIT[role as usize][0]..=VISIT[role as usize][1]),
            key: None,
            next: Instant::now() + io.a_while(),
            asleep: false,
            pending: 0,
            progress: Instant::now(),
            done: false,
        }
    }

    /// As whom the client is authenticated.
    pub(crate) fn account(&self) -> u32 {
        self.account
    }

    /// Where it stays, or tries to.
    pub(crate) fn place(&self) -> Option<Place> {
        Some(self.stay.as_ref()?.place)
    }

    /// Whether it is between two servers.
    pub(crate) fn is_under_way(&self, io: &Io) -> bool {
        let dead = |stay: &Stay| io.fleet.death(stay.place.server).is_some();
        !self.asleep
            && self
                .stay
                .as_ref()
                .is_none_or(|stay| !stay.is_attached() || dead(stay))
    }

    /// Whether everything it sent is acknowledged and verified.
    pub(crate) fn is_quiet(&self, io: &Io) -> bool {
        let stay = self.stay.as_ref().is_some_and(Stay::is_quiet);
        stay && !self.is_under_way(io) && self.ledger.acknowledged() == self.ledger.sent()
    }

    /// When it last got on.
    pub(crate) fn last_progress(&self) -> Instant {
        self.progress
    }

    /// Does what is due.
    pub(crate) fn tick(&mut self, io: &mut Io) -> Outcome<()> {
        let now = Instant::now();
        if self.asleep && now < self.next && !io.closing {
            self.progress = now;
            return Ok(());
        }
        let Some(stay) = &self.stay else {
            return self.begin(io);
        };
        if let Some(death) = io.fleet.death(stay.place.server) {
            let noticed = if self.asleep { now } else { death.at };
            self.asleep = false;
            return self.server_died(io, death.aim, noticed);
        }
        self.asleep = false;
        self.repeat(io, now);
        if now >= self.next {
            self.act(io, now)?;
        }
        Ok(())
    }

    /// Takes what a server sent.
    pub(crate) fn hear(&mut self, io: &mut Io, message: ToClient) -> Outcome<()> {
        match &self.stay {
            Some(stay) if stay.id == message.stay => self.hear_present(io, message.answer),
            _ if self.merges_late => self.hear_late(io, message),
            _ => Ok(()),
        }
    }

    /// Goes to a visit's first server, or to another one with what it has.
    fn begin(&mut self, io: &mut Io) -> Outcome<()> {
        match self.jar.is_empty() {
            true if Instant::now() < self.next => Ok(()),
            true => self.open(io),
            false => self.arrive(io, None),
        }
    }

    fn server_died(&mut self, io: &mut Io, aim: Aim, noticed: Instant) -> Outcome<()> {
        if self.jar.is_empty() {
            io.tally.opened_again += 1;
            return self.open(io);
        }
        self.count_fail_over(io, aim);
        self.arrive(io, Some(noticed))
    }

    fn count_fail_over(&mut self, io: &mut Io, aim: Aim) {
        // Where no server is ready, this is called again.
        let counted = self
            .stay
            .as_mut()
            .is_some_and(|stay| std::mem::replace(&mut stay.counted, true));
        if !counted {
            self.pending += 1;
            io.tally.fail_overs.add(aim);
            self.ledger.note(format!("the server died ({aim})"));
        }
    }

    fn hear_late(&mut self, io: &mut Io, message: ToClient) -> Outcome<()> {
        let Answer::Part {
            update,
            index,
            count,
            bytes,
        } = message.answer
        else {
            return Ok(());
        };
        let mut stays = self.before.iter_mut();
        let Some((_, parts)) = stays.find(|(stay, _)| *stay == message.stay) else {
            return Ok(());
        };
        match parts.take(update, (index, count), bytes) {
            Some(update) => self.merge_late(io, message.stay, &update),
            None => Ok(()),
        }
    }

    fn hear_present(&mut self, io: &mut Io, answer: Answer) -> Outcome<()> {
        let Some(stay) = self.stay.as_mut() else {
            return Ok(());
        };
        match answer {
            Answer::Part {
                update,
                index,
                count,
                bytes,
            } => {
                io.pass(stay.place, ClientMoment::PartArrived)?;
                match stay.parts.take(update, (index, count), bytes) {
                    Some(update) => self.update_came(io, update),
                    None => Ok(()),
                }
            }
            Answer::Verdict { number, verdict } if number == stay.questions => {
                self.verdict_came(io, verdict)
            }
            Answer::Verdict { .. } => Ok(()),
            Answer::Refused => {
                io.tally.refused += 1;
                Err(format!("stay {}: an honest client was refused", stay.id).into())
            }
            Answer::Gone if stay.is_attached() => {
                io.tally.given_up += 1;
                self.arrive(io, None)
            }
            Answer::Gone => Ok(()),
        }
    }
}

impl Io {
    /// How long a client thinks before it acts.
    fn a_while(&mut self) -> Duration {
        Duration::from_millis(self.dice.random_range(30..150))
    }
}
