//! A stay on one server: how it begins, and what is said again when no answer comes.

use std::time::{Duration, Instant};

use rand::RngExt;
use statecookie::Jar;

use super::{Client, Parts, Role};
use crate::Outcome;
use crate::checker::{Ledger, Visible};
use crate::point::ClientMoment;
use crate::run::forks::Birth;
use crate::run::io::{Io, Place};
use crate::wire::Request;

/// How long an answer is waited for, at first and at most.
const PATIENCE: [Duration; 2] = [Duration::from_millis(60), Duration::from_secs(1)];
/// How many earlier stays a client still listens to.
const BEFORE: usize = 3;

/// A stay.
pub(super) struct Stay {
    pub(super) id: u64,
    pub(super) place: Place,
    pub(super) phase: Phase,
    pub(super) parts: Parts,
    /// The private fields are in question, and no command is sent before they are answered for.
    pub(super) question: bool,
    /// How many questions were asked.
    pub(super) questions: u32,
    /// The end of its server was counted.
    pub(super) counted: bool,
    repeat_at: Instant,
    patience: Duration,
}

/// How far it is.
pub(super) enum Phase {
    Opening,
    Resuming(Arrival),
    Attached,
}

/// What a client arrives with.
#[derive(Clone)]
pub(crate) struct Arrival {
    pub(super) bundle: Vec<u8>,
    /// When it noticed that its server was dead, if it was.
    pub(super) noticed: Option<Instant>,
}

impl Stay {
    fn new(id: u64, place: Place, phase: Phase) -> Self {
        Self {
            id,
            place,
            phase,
            parts: Parts::default(),
            question: false,
            questions: 0,
            counted: false,
            repeat_at: Instant::now() + PATIENCE[0],
            patience: PATIENCE[0],
        }
    }

    pub(super) fn is_attached(&self) -> bool {
        matches!(self.phase, Phase::Attached)
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.is_attached() && !self.question
    }

    /// Something came: there is time again.
    pub(super) fn progressed(&mut self) {
        self.patience = PATIENCE[0];
        self.repeat_at = Instant::now() + PATIENCE[0];
    }

    fn is_time(&mut self, now: Instant) -> bool {
        if now < self.repeat_at {
            return false;
        }
        self.patience = (self.patience * 2).min(PATIENCE[1]);
        self.repeat_at = now + self.patience;
        true
    }
}

impl Client {
    /// Begins a visit.
    pub(super) fn open(&mut self, io: &mut Io) -> Outcome<()> {
        let Some(place) = io.choose(self.leave_place()) else {
            return Ok(());
        };
        self.forget_stays(io);
        self.jar.clear();
        self.lately.clear();
        self.key = None;
        let stay = io.new_stay(self.number);
        let (customer, credit) = (io.dice.random(), io.dice.random_range(100..10_000));
        self.ledger = Ledger::begin(stay, customer, credit);
        self.stay = Some(Stay::new(stay, place, Phase::Opening));
        io.tally.opened += 1;
        self.say(io, Request::Open { customer, credit });
        Ok(())
    }

    /// Presents what it has to another server than the one it was on.
    pub(super) fn arrive(&mut self, io: &mut Io, noticed: Option<Instant>) -> Outcome<()> {
        let Some(place) = io.choose(self.leave_place()) else {
            return Ok(());
        };
        if io.once_in(3) {
            self.change_own_values(io)?;
            io.tally.own_presented += 1;
        }
        let visible = Visible::of(&mut self.jar)?;
        let stay = io.new_stay(self.number);
        let [gained, lost] = self.ledger.presents(&visible, stay)?;
        io.tally.acknowledged += gained;
        io.tally.late.forks += u64::from(lost > 0);
        io.tally.late.steps += lost;
        let arrival = Arrival {
            bundle: self.jar.bundle()?,
            noticed,
        };
        let forks = noticed.is_some() && self.role == Role::Regular && !self.merges_late;
        if forks && self.watched.is_none() && !io.closing && io.once_in(25) {
            self.fork(io, &arrival, place);
        }
        self.listen_to_the_last(io, noticed.is_some());
        self.resume(io, stay, place, arrival)
    }

    /// Presents a bundle that another client presents too, elsewhere.
    pub(crate) fn arrive_as_twin(
        &mut self,
        io: &mut Io,
        arrival: Arrival,
        avoid: usize,
    ) -> Outcome<()> {
        let Some(place) = io.choose(Some(avoid)) else {
            self.done = true;
            return Ok(());
        };
        let stay = io.new_stay(self.number);
        self.resume(io, stay, place, arrival)
    }

    /// What it says again where no answer came in time.
    pub(super) fn repeat(&mut self, io: &mut Io, now: Instant) {
        let Some(stay) = self.stay.as_mut() else {
            return;
        };
        if !stay.is_time(now) {
            return;
        }
        match &stay.phase {
            Phase::Opening => {
                let (customer, credit) = self.ledger.opening();
                self.say(io, Request::Open { customer, credit });
            }
            Phase::Resuming(arrival) => {
                let bundle = arrival.bundle.clone();
                self.say(io, Request::Resume(bundle));
            }
            Phase::Attached if stay.question => self.ask(io),
            Phase::Attached if self.jar.has_gap() => self.say(io, Request::Full),
            Phase::Attached => self.send_window(io),
        }
    }

    /// Sends a request to the server of the present stay.
    pub(super) fn say(&mut self, io: &mut Io, request: Request) {
        if let Some(stay) = &self.stay {
            io.send(stay.place, stay.id, self.account, request);
        }
    }

    /// Sends all commands that are not acknowledged, as far as the window allows.
    pub(super) fn send_window(&mut self, io: &mut Io) {
        let from = self.ledger.acknowledged() + 1;
        let to = self.ledger.sent().min(from + self.window - 1);
        for number in from..=to {
            if let Some(command) = self.ledger.numbered(number).cloned() {
                self.say(io, Request::Do { number, command });
            }
        }
    }

    fn resume(&mut self, io: &mut Io, stay: u64, place: Place, arrival: Arrival) -> Outcome<()> {
        let bundle = arrival.bundle.clone();
        self.stay = Some(Stay::new(stay, place, Phase::Resuming(arrival)));
        self.say(io, Request::Resume(bundle));
        io.pass(place, ClientMoment::Presented)
    }

    fn fork(&mut self, io: &mut Io, arrival: &Arrival, place: Place) {
        let arrival = Arrival {
            noticed: None,
            ..arrival.clone()
        };
        let (jar, ledger): (Jar, Ledger) = (self.jar.clone(), self.ledger.fork());
        io.births.push(Birth {
            of: self.number,
            jar,
            ledger,
            arrival,
            avoid: place.number,
        });
        self.ledger
            .note("presents the same to another server too".into());
    }

    /// Stays within reach of a server that died, or closes the ears. Who leaves a server that lives never listens: two
    /// servers that go on with one session are a fork, and forks are made elsewhere.
    fn listen_to_the_last(&mut self, io: &mut Io, died: bool) {
        let Some(last) = self.stay.take() else {
            return;
        };
        if !self.merges_late || !died {
            io.routes.remove(&last.id);
            return;
        }
        self.before.push_back((last.id, last.parts));
        if self.before.len() > BEFORE
            && let Some((stay, _)) = self.before.pop_front()
        {
            io.routes.remove(&stay);
        }
    }

    /// No earlier stay matters any more.
    pub(super) fn forget_stays(&mut self, io: &mut Io) {
        let stays = self.before.drain(..).map(|(stay, _)| stay);
        for stay in stays.chain(self.stay.take().map(|stay| stay.id)) {
            io.routes.remove(&stay);
        }
    }

    pub(super) fn leave_place(&self) -> Option<usize> {
        Some(self.place()?.number)
    }
}
