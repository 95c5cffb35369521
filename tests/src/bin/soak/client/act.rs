//! What a client does of itself.

use std::time::{Duration, Instant};

use rand::RngExt;

use super::{Client, Role, VISIT};
use crate::Outcome;
use crate::checker::Own;
use crate::point::ClientMoment;
use crate::run::fleet::LONG_LIVED;
use crate::run::io::Io;
use crate::state::Visit;
use crate::wire::{Command, Request};

/// In how many thoughts a client does it once.
const ASK: u32 = 60;
const CHANGE: u32 = 25;
const SLEEP: u32 = 250;
/// Clients move away from the server that is never killed, lest it ends up with all of them.
const MOVE: [u32; 2] = [400, 40];

impl Client {
    /// The next thought.
    pub(super) fn act(&mut self, io: &mut Io, now: Instant) -> Outcome<()> {
        self.next = now + io.a_while();
        if !self.stay.as_ref().is_some_and(super::Stay::is_quiet) {
            return Ok(());
        }
        let quiet = self.ledger.acknowledged() == self.ledger.sent();
        let over = self.ledger.sent() >= self.until;
        if over || (io.closing && self.role != Role::Regular) {
            return if quiet { self.end_visit(io) } else { Ok(()) };
        }
        if io.closing {
            return Ok(());
        }
        if quiet && self.wants_to_move(io) {
            return self.move_on(io);
        }
        match () {
            () if quiet && io.once_in(ASK) => self.question(io),
            () if io.once_in(CHANGE) => self.change_in_between(io)?,
            () if io.once_in(SLEEP) => {
                self.asleep = true;
                self.next = now + Duration::from_millis(io.dice.random_range(1_500..6_000));
            }
            () if self.ledger.sent() - self.ledger.acknowledged() < self.window => {
                self.command(io)?
            }
            () => {}
        }
        Ok(())
    }

    /// Goes to another server although this one lives.
    pub(crate) fn move_on(&mut self, io: &mut Io) -> Outcome<()> {
        if io.choose(self.leave_place()).is_none() {
            return Ok(());
        }
        self.say(io, Request::Leave);
        io.tally.moves += 1;
        self.ledger.note("moves on".into());
        self.arrive(io, None)
    }

    /// Asks for decisions that depend on the private fields.
    pub(super) fn question(&mut self, io: &mut Io) {
        if let Some(stay) = self.stay.as_mut() {
            stay.question = true;
            stay.questions += 1;
            stay.progressed();
        }
        self.ask(io);
    }

    pub(super) fn ask(&mut self, io: &mut Io) {
        let asked = self.ledger.secrets();
        if let Some(number) = self.stay.as_ref().map(|stay| stay.questions) {
            self.say(io, Request::Question { number, asked });
        }
    }

    /// Changes mutable values of one tier in its own jar; the server learns of it when they are presented.
    pub(super) fn change_own_values(&mut self, io: &mut Io) -> Outcome<()> {
        let tier = io.dice.random_range(0..3);
        let own = Own {
            language: io.dice.random_range(0..=9),
            quality: io.dice.random_range(0..=1_000),
            lowest: (io.any_position(), io.any_note()),
        };
        let mut view = self.jar.view::<Visit>()?;
        if view.set_quality(1_001).is_ok() {
            return Err("a client's view took a value out of range".into());
        }
        match tier {
            0 => {
                view.set_position(own.lowest.0)?;
                view.set_note(own.lowest.1.clone())?;
            }
            1 => view.set_quality(own.quality)?,
            _ => view.set_language(own.language)?,
        }
        self.ledger.changes(tier, &own);
        io.tally.own_changes += 1;
        Ok(())
    }

    fn change_in_between(&mut self, io: &mut Io) -> Outcome<()> {
        self.change_own_values(io)?;
        match self.place() {
            Some(place) => io.pass(place, ClientMoment::OwnChange),
            None => Ok(()),
        }
    }

    fn wants_to_move(&self, io: &mut Io) -> bool {
        let long_lived = self.place().is_some_and(|place| place.number == LONG_LIVED);
        io.once_in(MOVE[usize::from(long_lived)])
    }

    fn command(&mut self, io: &mut Io) -> Outcome<()> {
        let command = io.any_command();
        self.ledger.command(command.clone());
        io.tally.commands += 1;
        let number = self.ledger.sent();
        self.say(io, Request::Do { number, command });
        if let Some(stay) = self.stay.as_mut() {
            stay.progressed();
            io.pass(stay.place, ClientMoment::CommandSent)?;
        }
        Ok(())
    }

    fn end_visit(&mut self, io: &mut Io) -> Outcome<()> {
        if self.role != Role::Regular {
            self.say(io, Request::Leave);
            self.forget_stays(io);
            self.done = true;
            return Ok(());
        }
        // The other half of its fork still has to be judged.
        if self.watched.is_some() || io.closing {
            return Ok(());
        }
        self.say(io, Request::Leave);
        io.tally.visits_ended += 1;
        let [least, most] = VISIT[self.role as usize];
        self.until = io.dice.random_range(least..=most);
        self.open(io)
    }
}

impl Io {
    fn any_position(&mut self) -> [i32; 2] {
        [(); 2].map(|()| self.dice.random_range(-10_000..=10_000))
    }

    fn any_note(&mut self) -> String {
        let len = self.dice.random_range(0..=16);
        (0..len)
            .map(|_| self.dice.random_range('a'..='z'))
            .collect()
    }

    fn any_command(&mut self) -> Command {
        match self.dice.random_range(0..20) {
            0..=9 => Command::Move(self.any_position()),
            10..=13 => Command::Note(self.any_note()),
            14..=15 => Command::Quality(self.dice.random_range(0..=1_000)),
            16..=17 => Command::Put(self.dice.random_range(0..24)),
            18 => Command::Credit(self.dice.random_range(1..100)),
            _ => Command::Language(self.dice.random_range(0..=9)),
        }
    }
}
