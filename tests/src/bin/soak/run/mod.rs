//! A run: clients, servers, and what happens to them, until enough has happened.

mod director;
pub(crate) mod fleet;
pub(crate) mod forks;
pub(crate) mod io;
mod memory;
mod network;
mod report;
mod tally;

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::Outcome;
use crate::client::Client;
use crate::options::{Goal, Options};
use crate::wire::{ToClient, read};

use director::Director;
use fleet::{Fleet, LONG_LIVED, SERVERS};
use forks::Forks;
use io::Io;
pub(crate) use memory::Growth;
use memory::Memory;
use network::Network;
pub(crate) use tally::Tally;

/// How many clients there are, twins and heirs not counted.
const CLIENTS: u32 = 130;
/// A client that got nowhere for so long is stuck; a machine that is busy elsewhere does not take as long.
const STUCK: Duration = Duration::from_secs(240);
/// How many datagrams are taken before everybody else has a turn.
const BATCH: usize = 64;
/// How often a run tells how it goes.
const TELL: Duration = Duration::from_secs(10);

/// A run.
struct Run {
    io: Io,
    clients: BTreeMap<u32, Client>,
    forks: Forks,
    director: Director,
    memory: [Memory; 2],
    goal: Goal,
    begun: Instant,
    told: Instant,
}

/// Runs until the goal is reached, and prints the table.
pub(crate) fn run(options: &Options) -> Outcome<()> {
    let mut run = Run::new(options)?;
    println!(
        "seed {}; {CLIENTS} clients, {SERVERS} servers, of which {} are killed; {}",
        options.seed,
        SERVERS - 1,
        run.goal
    );
    while !run.is_done() {
        run.step(true)?;
        run.tell();
    }
    let took = run.begun.elapsed();
    run.close()?;
    let growths = run.memory.each_ref().map(Memory::growth);
    report::print(&run.io, &growths, took, run.director.missed);
    run.check(&growths)
}

impl Run {
    fn new(options: &Options) -> Outcome<Self> {
        let mut seeds = StdRng::seed_from_u64(options.seed);
        let mut dice = || StdRng::from_rng(&mut seeds);
        let secret: [u8; 32] = dice().random();
        let secret = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let fleet = Fleet::start(secret, options.spoil.clone(), dice())?;
        let long_lived = fleet.process_id(LONG_LIVED).ok_or("no long-lived server")?;
        let mut io = Io {
            network: Network::new(dice())?,
            fleet,
            tally: Tally::default(),
            dice: dice(),
            routes: HashMap::new(),
            load: [0; SERVERS],
            births: Vec::new(),
            merged: Vec::new(),
            closing: false,
            stays: 0,
        };
        let clients = (0..CLIENTS)
            .map(|number| (number, Client::regular(number, &mut io)))
            .collect();
        Ok(Self {
            io,
            clients,
            forks: Forks::new(CLIENTS),
            director: Director::new(options.goal.pause()),
            memory: [Memory::of(std::process::id()), Memory::of(long_lived)],
            goal: options.goal,
            begun: Instant::now(),
            told: Instant::now(),
        })
    }

    fn step(&mut self, kills: bool) -> Outcome<()> {
        for _ in 0..BATCH {
            let Some(bytes) = self.io.network.receive()? else {
                break;
            };
            self.dispatch(&bytes)?;
        }
        self.tick()?;
        self.forks.step(&mut self.io, &mut self.clients)?;
        let stopped = self.io.fleet.hear()?;
        if kills {
            let settled = !self
                .clients
                .values()
                .any(|client| client.is_under_way(&self.io));
            self.director.step(&mut self.io, settled, stopped)?;
        }
        self.memory.iter_mut().for_each(Memory::sample);
        Ok(())
    }

    fn dispatch(&mut self, bytes: &[u8]) -> Outcome<()> {
        let Some(message) = read::<ToClient>(bytes) else {
            return Err("a server sent what nobody understands".into());
        };
        let client = self.io.routes.get(&message.stay);
        let Some(client) = client.and_then(|number| self.clients.get_mut(number)) else {
            return self.forks.hear(&mut self.io, message.stay, &message.answer);
        };
        client
            .hear(&mut self.io, message)
            .or_else(|error| blame(&mut self.io, client, error))
    }

    fn tick(&mut self) -> Outcome<()> {
        self.io.load = [0; SERVERS];
        for place in self.clients.values().filter_map(Client::place) {
            self.io.load[place.number] += 1;
        }
        for client in self.clients.values_mut() {
            client
                .tick(&mut self.io)
                .or_else(|error| blame(&mut self.io, client, error))?;
            if client.last_progress().elapsed() > STUCK && !client.done {
                blame(
                    &mut self.io,
                    client,
                    format!("no progress for {STUCK:?}").into(),
                )?;
            }
        }
        let watched = |client: &Client| client.watched.is_some();
        self.clients
            .retain(|_, client| !client.done || watched(client));
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.goal.is_reached(self.begun.elapsed(), &self.io.tally)
    }

    /// No more kills: everybody comes to rest, changes the server a last time, and is verified there.
    fn close(&mut self) -> Outcome<()> {
        self.director.rest(&mut self.io)?;
        self.io.closing = true;
        self.settle()?;
        while (0..SERVERS).any(|place| self.io.fleet.at(place).is_none()) {
            self.step(false)?;
        }
        for client in self.clients.values_mut() {
            client.move_on(&mut self.io)?;
        }
        self.settle()
    }

    fn settle(&mut self) -> Outcome<()> {
        loop {
            self.step(false)?;
            let resting = self
                .clients
                .values()
                .all(|client| client.is_quiet(&self.io));
            let settled = self.forks.is_settled(&self.io);
            if resting && settled {
                return Ok(());
            }
        }
    }

    fn check(&self, growths: &[Option<Growth>]) -> Outcome<()> {
        let tally = &self.io.tally;
        if tally.continued != tally.fail_overs.total() {
            let (all, continued) = (tally.fail_overs.total(), tally.continued);
            return Err(format!("{all} fail-overs, of which {continued} continued").into());
        }
        // Nobody honest is refused, and a mix not for want of a key or of time.
        let reasons = self.io.fleet.reasons.keys();
        let of_mixes =
            |reason: &String| reason.starts_with("unlinked") || reason.starts_with("bad-tag");
        if let Some(reason) = reasons.into_iter().find(|reason| !of_mixes(reason)) {
            return Err(format!("a server refused for another reason than a mix: {reason}").into());
        }
        self.goal.check(tally, growths)
    }

    fn tell(&mut self) {
        if self.told.elapsed() < TELL {
            return;
        }
        self.told = Instant::now();
        let tally = &self.io.tally;
        println!(
            "{:6.0} s  {:5} kills  {:6} fail-overs  {:8} acknowledged  {:3} forks  least hit {}",
            self.begun.elapsed().as_secs_f64(),
            tally.sigkills(),
            tally.fail_overs.total(),
            tally.acknowledged,
            tally.forks.made,
            tally.kills.least(),
        );
    }
}

/// Tells all that is known of a client whose promise was broken.
fn blame(io: &mut Io, client: &Client, error: Box<dyn std::error::Error>) -> Outcome<()> {
    // What the server has to say of it may still be under way.
    std::thread::sleep(Duration::from_millis(100));
    io.fleet.hear()?;
    let operator = io.fleet.refusals();
    let (number, history) = (client.number, client.ledger.history());
    Err(format!(
        "client {number}: {error}\nits last events:\n{history}the operator reads:\n{operator}"
    )
    .into())
}
