//! Random histories: servers that die, a client that keeps everything it ever got, a store that is away or loses its answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use proptest::prelude::*;
use statecookie::testing::TestClock;
use statecookie::{
    Act, Claim, FlushError, HighWater, Jar, MemoryMarks, Pool, Reason, RedisMarks, Session, Verdict,
};
use statecookie_tests::redis::Redis;

use super::kit::{NOW, Purse, builder, purse, secs};

#[derive(Clone, Debug)]
enum Event {
    /// Present a bundle, old or new, to go on for good.
    Resume { bundle: usize },
    /// The same for one request.
    Request { bundle: usize },
    /// A live session changes something in this tier, and is flushed.
    Flush { session: usize, tier: u8 },
    /// A live session is flushed in full.
    Full { session: usize },
    /// A live session goes over to a new session id, and is flushed.
    Anew { session: usize },
    /// A server dies.
    Dies { session: usize },
    /// From now on the store does this.
    Store { way: u8 },
}

const SERVES: u8 = 0;
const AWAY: u8 = 1;
const LOSES_ANSWERS: u8 = 2;

fn event() -> impl Strategy<Value = Event> {
    let number = 0..1000_usize;
    prop_oneof![
        3 => number.clone().prop_map(|bundle| Event::Resume { bundle }),
        3 => number.clone().prop_map(|bundle| Event::Request { bundle }),
        8 => (number.clone(), 0..3_u8).prop_map(|(session, tier)| Event::Flush { session, tier }),
        1 => number.clone().prop_map(|session| Event::Full { session }),
        1 => number.clone().prop_map(|session| Event::Anew { session }),
        1 => number.prop_map(|session| Event::Dies { session }),
        2 => prop_oneof![3 => Just(SERVES), 1 => Just(AWAY), 1 => Just(LOSES_ANSWERS)]
            .prop_map(|way| Event::Store { way }),
    ]
}

/// Two stores that must say the same, behind a way that may be shut in one direction or both.
#[derive(Clone)]
struct Twins {
    memory: MemoryMarks,
    redis: Option<Arc<RedisMarks>>,
    way: Arc<AtomicU8>,
    /// Whether an issue was committed and its answer lost.
    lost: Arc<AtomicU8>,
}

impl Twins {
    fn way(&self) -> u8 {
        self.way.load(Ordering::SeqCst)
    }

    fn has_lost(&self) -> bool {
        self.lost.load(Ordering::SeqCst) != 0
    }
}

impl HighWater for Twins {
    fn commit(&self, claim: &Claim) -> Verdict {
        if self.way() == AWAY {
            return Verdict::Away;
        }
        let verdict = self.memory.commit(claim);
        if let Some(redis) = &self.redis {
            assert_eq!(redis.commit(claim), verdict, "{claim:?}");
        }
        if self.way() == LOSES_ANSWERS {
            // Under a new session id it is the end of the old one that decides.
            let issues =
                claim.act() == Act::Leave || (claim.act() == Act::Issue && claim.from().is_some());
            if issues && verdict == Verdict::Accepted {
                self.lost.store(1, Ordering::SeqCst);
            }
            return Verdict::Away;
        }
        verdict
    }
}

struct Live {
    session: Session<Purse>,
    jar: Jar,
    /// After how many updates of the guarded tier its state was issued.
    stands: u64,
}

struct History {
    pools: [Pool<Purse>; 3],
    store: Twins,
    grace: bool,
    live: Vec<Live>,
    /// Everything the client ever could present, and after how many updates of the guarded tier it was issued.
    kept: Vec<(Jar, u64)>,
    /// How many updates of the guarded tier there were.
    newest: u64,
    seen: Seen,
}

/// What happened, so that a run that shows nothing does not pass.
#[derive(Default, Debug)]
struct Seen {
    accepted: u32,
    refused: u32,
    late: u32,
    fenced: u32,
    retried: u32,
}

impl History {
    fn new(redis: Option<Arc<RedisMarks>>, grace: bool) -> Self {
        let clock = TestClock::at(NOW);
        let store = Twins {
            memory: MemoryMarks::up_to(10_000).clock(clock.clone()),
            redis,
            way: Arc::default(),
            lost: Arc::default(),
        };
        let pools = [(); 3].map(|()| {
            let builder = builder(&clock).high_water(store.clone());
            let grace = secs(if grace { 3600 } else { 0 });
            builder.parallel_grace(grace).build().unwrap()
        });
        let live = Live {
            session: pools[0].open(purse()).unwrap(),
            jar: Jar::new(),
            stands: 0,
        };
        let mut history = Self {
            pools,
            store,
            grace,
            live: vec![live],
            kept: Vec::new(),
            newest: 0,
            seen: Seen::default(),
        };
        history.flush(0, |session| session.flush_full().map(Some));
        history
    }

    fn happens(&mut self, event: &Event) {
        match *event {
            Event::Resume { bundle } => self.present(bundle, true),
            Event::Request { bundle } => self.present(bundle, false),
            Event::Flush { session, tier } => self.flush(session, |session| {
                match tier {
                    0 => *session.edit().step_mut() += 1,
                    1 => *session.edit().coins_mut() -= 1,
                    _ => *session.edit().owner_mut() += 1,
                }
                session.flush()
            }),
            Event::Full { session } => {
                self.flush(session, |session| session.flush_full().map(Some));
            }
            Event::Anew { session } => self.flush(session, |session| {
                session.unbind().unwrap();
                session.flush()
            }),
            Event::Dies { session } => {
                if self.live.len() > 1 {
                    self.live.swap_remove(session % self.live.len());
                }
            }
            Event::Store { way } => self.store.way.store(way, Ordering::SeqCst),
        }
    }

    fn present(&mut self, bundle: usize, for_good: bool) {
        // Half of the time one of the newest.
        let back = match bundle % 2 {
            0 => bundle / 2 % self.kept.len(),
            _ => bundle / 2 % self.kept.len().min(3),
        };
        let (jar, issued) = &self.kept[self.kept.len() - 1 - back];
        let (bundle, issued) = (jar.bundle().unwrap(), *issued);
        let pool = &self.pools[bundle.len() % 3];
        let resumed = match for_good {
            true => pool.resume(&bundle),
            false => pool.resume_request(&bundle),
        };
        match resumed {
            Ok(resumed) => {
                assert_eq!(self.store.way(), SERVES);
                let oldest = match self.grace && !for_good {
                    true => self.newest - 1,
                    false => self.newest,
                };
                assert!(issued >= oldest, "{issued} of {}", self.newest);
                self.seen.accepted += 1;
                self.seen.late += u32::from(issued < self.newest);
                let live = Live {
                    session: resumed.session,
                    jar: jar.clone(),
                    stands: issued,
                };
                self.live.push(live);
            }
            Err(refusal) if self.store.way() != SERVES => {
                assert_eq!(refusal.reason, Reason::MarksAway);
            }
            Err(refusal) => {
                // Who has every update is refused only where one was claimed, and nobody could know that it was.
                assert!(issued < self.newest || self.store.has_lost(), "{refusal}");
                self.seen.refused += 1;
            }
        }
    }

    fn flush(
        &mut self,
        session: usize,
        mut flush: impl FnMut(&mut Session<Purse>) -> Result<Option<statecookie::Update>, FlushError>,
    ) {
        let number = session % self.live.len();
        let had_lost = self.store.has_lost();
        let mut flushed = flush(&mut self.live[number].session);
        if flushed == Err(FlushError::MarksAway) && !had_lost && self.store.has_lost() {
            // The same session, at once, when the store answers again.
            self.store.way.store(SERVES, Ordering::SeqCst);
            flushed = self.live[number].session.flush();
            assert!(flushed.is_ok(), "{flushed:?}");
            self.seen.retried += 1;
        }
        match flushed {
            Ok(update) => self.takes(number, &update.expect("something to issue")),
            Err(FlushError::MarksAway) => assert_ne!(self.store.way(), SERVES),
            Err(error) => {
                assert!(
                    matches!(error, FlushError::Forked | FlushError::Revoked),
                    "{error}"
                );
                self.seen.fenced += 1;
            }
        }
    }

    fn takes(&mut self, number: usize, update: &statecookie::Update) {
        let live = &mut self.live[number];
        if update.tiers().len() > 1 {
            // Never do two branches issue: each goes on from the very newest.
            assert_eq!(live.stands, self.newest);
            self.newest += 1;
            live.stands = self.newest;
            self.store.lost.store(0, Ordering::SeqCst);
        }
        // Under a new session id the client's jar begins anew.
        if update.is_full() {
            live.jar = Jar::new();
        }
        let _ = live.jar.merge(update).unwrap();
        self.kept.push((live.jar.clone(), live.stands));
    }
}

/// Runs so many histories, and gives back how much happened in them.
fn run(cases: u32, redis: Option<&Redis>) -> Seen {
    let number = AtomicU8::new(0);
    let total = std::sync::Mutex::new(Seen::default());
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let strategy = (prop::collection::vec(event(), 1..80), any::<bool>());
    proptest!(config, |((events, grace) in strategy)| {
        let redis = redis.map(|redis| {
            let name = format!("history {}", number.fetch_add(1, Ordering::SeqCst));
            Arc::new(RedisMarks::at(&redis.address(), &name).unwrap().timeout(secs(20)))
        });
        let mut history = History::new(redis, grace);
        events.iter().for_each(|event| history.happens(event));
        let mut total = total.lock().unwrap();
        total.accepted += history.seen.accepted;
        total.refused += history.seen.refused;
        total.late += history.seen.late;
        total.fenced += history.seen.fenced;
        total.retried += history.seen.retried;
    });
    total.into_inner().unwrap()
}

/// The rarest of them, a claim made again after a lost answer, comes to about a quarter of the number of histories.
fn assert_broad(seen: &Seen, least: u32) {
    println!("{seen:?}");
    let Seen {
        accepted,
        refused,
        late,
        fenced,
        retried,
    } = *seen;
    assert!(
        [accepted, refused, late, fenced, retried]
            .iter()
            .all(|count| *count >= least)
    );
}

#[test]
fn in_no_history_two_branches_issue_or_an_older_state_is_taken_or_the_newest_refused() {
    assert_broad(&run(1000, None), 80);
}

#[test]
fn the_script_says_in_every_history_what_the_function_says() {
    if !Redis::is_missing() {
        assert_broad(&run(150, Some(&Redis::start())), 5);
    }
}
