//! One thread of the load: honest clients that go on from server to server, and the bundles that it keeps of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use rand::RngExt;
use rand::rngs::ThreadRng;
use statecookie::{Clock, Jar, Merged, SystemClock};
use statecookie_tests::rotation::message::{Request, Then, Values, Verdict};

use crate::case::{Case, Claims, Kind};
use crate::fleet::{Fleet, OFFSETS};
use crate::kept::{Kept, Plans, exact};
use crate::links::Links;
use crate::schedule::Schedule;

/// Clients of one thread.
const CLIENTS: usize = 8;
/// Between two presentations of a client, in milliseconds.
const PACE: u64 = 90;

/// One thread's clients, and what came of them.
pub(crate) struct Riders<'a> {
    fleet: &'a Fleet,
    schedule: &'a Schedule,
    links: Links,
    random: ThreadRng,
    clients: Vec<Client>,
    plans: Plans,
    pub(crate) cases: Vec<Case>,
}

struct Client {
    jar: Jar,
    values: Values,
    next: u64,
}

impl<'a> Riders<'a> {
    pub(crate) fn new(fleet: &'a Fleet, schedule: &'a Schedule) -> Self {
        Self {
            fleet,
            schedule,
            links: Links::default(),
            random: rand::rng(),
            clients: Vec::new(),
            plans: Plans::default(),
            cases: Vec::new(),
        }
    }

    /// Until the end has come, or the first client was refused: the judge says why.
    pub(crate) fn ride(&mut self, over: &AtomicBool) {
        while self.clients.len() < CLIENTS {
            self.open();
        }
        while !over.load(Ordering::Relaxed) {
            let now = SystemClock.now().as_millis();
            while let Some((server, kept)) = self.plans.due(now) {
                self.present(&kept, server, Kind::Kept, None);
            }
            for number in 0..CLIENTS {
                if self.clients[number].next <= now {
                    self.clients[number].next = now + PACE;
                    self.step(number);
                }
            }
            sleep(Duration::from_millis(2));
        }
    }

    /// A new session at the first server that lives.
    fn open(&mut self) {
        let rider = self.random.random();
        let server = self.random.random_range(0..OFFSETS.len());
        let Some(answer) = self.links.ask(self.fleet, server, &Request::Open { rider }) else {
            return sleep(Duration::from_millis(5));
        };
        let update = answer.update;
        let update = update.unwrap_or_else(|| panic!("server {server}: {:?}", answer.verdict));
        let mut jar = Jar::new();
        assert_eq!(jar.merge(&update).unwrap(), Merged::Updated);
        let values = Values {
            rider,
            ..Values::default()
        };
        self.clients.push(Client {
            jar,
            values,
            next: 0,
        });
    }

    /// A client presents what it has, to whatever server lives, and goes on with what that issued.
    fn step(&mut self, number: usize) {
        let kept = self.clients[number].kept();
        let then = if self.random.random_bool(0.3) {
            Then::FailOver
        } else {
            Then::Request
        };
        let server = self.random.random_range(0..OFFSETS.len());
        let request = kept.request(None, then);
        let Some(answer) = self.links.ask(self.fleet, server, &request) else {
            // It never came, or the answer did not: the next server is asked at once.
            self.clients[number].next = 0;
            return;
        };
        let client = &mut self.clients[number];
        let issued = answer.update.as_ref().map(|update| {
            assert_eq!(client.jar.merge(update).unwrap(), Merged::Updated);
            client.values = client.values.next();
            Claims::of(&client.jar.bundle().unwrap())
        });
        let refused = matches!(answer.verdict, Verdict::Refused(_) | Verdict::Failed(_));
        self.cases.push(Case {
            kind: Kind::Honest,
            server,
            claims: kept.claims.clone(),
            values: kept.values,
            then,
            answer,
            issued,
        });
        if refused {
            self.clients.remove(number);
            while self.clients.len() < CLIENTS {
                self.open();
            }
        }
        self.keep(kept);
    }

    /// Every bundle is worth some verdicts more.
    fn keep(&mut self, kept: Kept) {
        if self.random.random_bool(0.1) {
            let server = self.random.random_range(0..OFFSETS.len());
            for at in exact(&kept, self.schedule, &mut self.random)
                .into_iter()
                .flatten()
            {
                self.present(&kept, server, Kind::Exact, Some(at));
            }
        }
        self.plans.keep(kept, self.schedule, &mut self.random);
    }

    fn present(&mut self, kept: &Kept, server: usize, kind: Kind, at: Option<u64>) {
        let request = kept.request(at, Then::Nothing);
        let Some(answer) = self.links.ask(self.fleet, server, &request) else {
            return;
        };
        self.cases.push(Case {
            kind,
            server,
            claims: kept.claims.clone(),
            values: kept.values,
            then: Then::Nothing,
            answer,
            issued: None,
        });
    }
}

impl Client {
    fn kept(&self) -> Kept {
        let bundle = self.jar.bundle().unwrap();
        Kept {
            claims: Claims::of(&bundle),
            values: self.values,
            bundle,
        }
    }
}

impl Kept {
    fn request(&self, at: Option<u64>, then: Then) -> Request {
        Request::Present {
            bundle: self.bundle.clone(),
            at,
            then,
        }
    }
}
