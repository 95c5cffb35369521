//! The visit: who walks where, when which server dies, and what is checked.

use std::time::{Duration, Instant};

use statecookie::Pool;

use super::cheats::{self, Loot};
use super::client::{Client, ask_server};
use super::crowd::Crowd;
use super::expected::Expected;
use super::meter::Meter;
use super::protocol::{Answer, Reply, Request};
use super::show::Show;
use super::state::{CATALOGUE, Shop};
use super::walk::{script, walk};
use crate::Outcome;
use crate::fleet::{Fleet, SERVERS, letter};

/// Between two commands.
const STEP: Duration = Duration::from_millis(14);
/// How often a server is killed.
const KILLS: usize = 12;
/// The visitor.
const ALICE: (&str, u64) = ("alice@example.org", 4711);

/// When a server dies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kill {
    /// Between two commands.
    Between,
    /// So long after a command was sent, before its answer was read.
    InFlight(Duration),
}

/// The whole of it.
pub struct Visit {
    fleet: Fleet,
    client: Client,
    expected: Expected,
    meter: Meter,
    show: Show,
    crowd: Crowd,
}

impl Visit {
    /// Connects the visitor to the first server.
    ///
    /// # Errors
    ///
    /// The server is not there.
    pub fn begin(fleet: Fleet, operator: Pool<Shop>) -> Outcome<Self> {
        let client = Client::connect(ALICE.0, &fleet)?;
        let (meter, show) = (Meter::new(operator), Show::begin());
        Ok(Self {
            fleet,
            client,
            expected: Expected::nothing(),
            meter,
            show,
            crowd: Crowd::default(),
        })
    }

    /// So many more visitors come in, who fail over when their server dies.
    ///
    /// # Errors
    ///
    /// The first server does not take one.
    pub fn with_crowd(mut self, visitors: u64) -> Outcome<Self> {
        self.crowd = Crowd::enter(visitors, &self.fleet)?;
        Ok(self)
    }

    /// Walks through the shop in so many steps, over the corpses of servers; then somebody cheats.
    ///
    /// # Errors
    ///
    /// A check failed.
    pub fn run(mut self, steps: usize) -> Outcome<(Meter, Crowd)> {
        self.enter()?;
        let earlier = self.client.bundle()?;
        let mut kills = 0;
        for step in 1..=steps {
            let due = step * (KILLS + 1) / steps > kills && kills < KILLS;
            if due {
                self.step_with_kill(step, kills)?;
                kills += 1;
            } else {
                self.command(&script(step), None)?;
            }
            let seen = self.client.seen()?;
            self.show.progress(
                self.client.server(),
                &seen,
                self.expected.things(),
                &self.meter,
            );
            std::thread::sleep(STEP);
        }
        self.leave()?;
        self.cheat(earlier)?;
        Ok((self.meter, self.crowd))
    }

    /// Opens the visit, fills the cart a little, and finds out what credit there is.
    fn enter(&mut self) -> Outcome<()> {
        let (login, customer) = ALICE;
        self.command(
            &Request::Open {
                login: login.into(),
                customer,
            },
            None,
        )?;
        for article in ["lamp", "vase"] {
            self.command(&Request::Put(article.into()), None)?;
        }
        let (mut granted, mut denied) = (0, 1_024);
        while denied - granted > 1 {
            let middle = (granted + denied) / 2;
            match self.command(&Request::Credit(middle), None)? {
                Reply::Credit(true) => granted = middle,
                _ => denied = middle,
            }
        }
        self.expected.limit_is(granted);
        self.show
            .event("opened on A; its credit decisions must never change");
        Ok(())
    }

    /// The last word: the visitor's own view, and what another server makes of it.
    fn leave(&mut self) -> Outcome<()> {
        self.show.end();
        self.check()?;
        let last = self.client.fail_over(&self.fleet)?;
        self.take(&last)?;
        self.check()?;
        self.show.event("checked: every field is what the acknowledged commands say, on the last server and on another");
        Ok(())
    }

    /// Kills the visitor's server; every fourth time between two commands, else over one.
    fn step_with_kill(&mut self, step: usize, number: usize) -> Outcome<()> {
        let during = Kill::InFlight(Duration::from_micros(400 * (number as u64 % 3)));
        let article = CATALOGUE[number % CATALOGUE.len()].0;
        let (request, kill) = match number % 4 {
            0 => (walk(step), Kill::Between),
            1 => (walk(step), during),
            2 => (Request::Put(article.into()), during),
            _ => (Request::Quality((number % 5) as u8), during),
        };
        self.command(&request, Some(kill))?;
        self.check()
    }

    /// Sends a command until it is acknowledged; a server may die on the way.
    fn command(&mut self, request: &Request, kill: Option<Kill>) -> Outcome<Reply> {
        let (sent, victim) = (Instant::now(), self.client.server());
        if kill == Some(Kill::Between) {
            self.fleet.kill(victim)?;
        }
        let fleet = &mut self.fleet;
        let answer = self.client.exchange(request, || match kill {
            Some(Kill::InFlight(after)) => {
                std::thread::sleep(after);
                fleet.kill(victim)
            }
            _ => Ok(()),
        });
        let Some(kill) = kill else {
            return self.acknowledge(request, &answer?);
        };
        self.meter.kills += 1;
        let reply = match answer {
            // The answer was under way before the server died.
            Ok(answer) => {
                let reply = self.acknowledge(request, &answer)?;
                self.go_over(request, kill, "nothing to send again")?;
                reply
            }
            Err(_) => {
                self.meter.in_flight += u64::from(kill != Kill::Between);
                self.send_again(request, kill, sent)?
            }
        };
        self.crowd.leave(victim, &self.fleet);
        self.fleet.restart(victim)?;
        Ok(reply)
    }

    fn acknowledge(&mut self, request: &Request, answer: &Answer) -> Outcome<Reply> {
        self.take(answer)?;
        self.expected.acknowledge(request, answer.reply)?;
        Ok(answer.reply)
    }

    /// Sends a command to the next server whose answer never came; the clock of the delay stands still while the example
    /// checks and counts.
    fn send_again(&mut self, request: &Request, kill: Kill, sent: Instant) -> Outcome<Reply> {
        let before = sent.elapsed();
        let took = self.go_over(request, kill, "sent again")?;
        let again = Instant::now();
        let answer = self.client.exchange(request, || Ok(()))?;
        self.meter.delays.push(before + took + again.elapsed());
        self.acknowledge(request, &answer)
    }

    /// Goes over to the next server and checks what it restored; gives how long it took.
    fn go_over(&mut self, request: &Request, kill: Kill, then: &str) -> Outcome<Duration> {
        let (dead, noticed) = (self.client.server(), Instant::now());
        let full = self.client.fail_over(&self.fleet)?;
        let took = noticed.elapsed();
        self.meter.fail_overs.push(took);
        self.take(&full)?;
        self.compare().map_err(|error| {
            let (from, to) = (letter(dead), letter(self.client.server()));
            format!("after the fail-over from {from} to {to}, {error}")
        })?;
        let when = match kill {
            Kill::InFlight(_) => format!("over \"{}\"", request.name()),
            Kill::Between => "between two commands".into(),
        };
        self.show.event(&format!(
            "✗ {} killed {when}; {} went on after {:.2} ms ({} bytes), {then}",
            letter(dead),
            letter(self.client.server()),
            took.as_secs_f64() * 1000.0,
            full.update.map_or(0, |update| update.len()),
        ));
        Ok(took)
    }

    fn take(&mut self, answer: &Answer) -> Outcome<()> {
        if let Some(update) = &answer.update {
            let tier = self
                .meter
                .count(update, &self.client.bundle()?, self.client.login())?;
            self.show.update(tier);
        }
        Ok(())
    }

    /// The visible fields, and the private one by the server's decisions.
    fn check(&mut self) -> Outcome<()> {
        self.compare()?;
        for question in self.expected.questions() {
            self.command(&question, None)?;
        }
        Ok(())
    }

    fn compare(&mut self) -> Outcome<()> {
        self.expected.compare(&self.client.seen()?)
    }

    fn cheat(&mut self, earlier: Vec<u8>) -> Outcome<()> {
        let server = (self.client.server() + 1) % SERVERS;
        let open = |login: &str, customer| -> Outcome<Vec<u8>> {
            let request = Request::Open {
                login: login.into(),
                customer,
            };
            let update = ask_server(&self.fleet, server, &request)?.update;
            Ok(update.ok_or("no update")?)
        };
        let twins = [open(ALICE.0, ALICE.1)?, open(ALICE.0, ALICE.1)?];
        let stolen = open("bob@example.org", 4712)?;
        let (login, now) = (ALICE.0.to_owned(), self.client.bundle()?);
        let loot = Loot {
            login,
            now,
            earlier,
            twins,
            stolen,
        };
        println!(
            "\n  {:<52}the cheater reads     the operator reads",
            "a cheating visitor"
        );
        for cheat in cheats::cheats(&loot)? {
            let verdict =
                cheats::attempt(cheat, &loot.login, &self.fleet, server, self.meter.pool())?;
            let (read, operator) = match verdict.operator {
                Some(reason) => ("refused", reason),
                None => ("welcome", "accepted".into()),
            };
            println!("  {:<52}{read:<22}{operator}", verdict.what);
        }
        Ok(())
    }
}
