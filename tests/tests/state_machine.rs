//! Visits of a small pool, step by step out of dice, held against a model that knows only who issued what, when and under what.
#![forbid(unsafe_code)]

use std::time::Duration;

use statecookie::testing::FixedEntropy;
use statecookie::{
    Entropy, FlushError, Keys, Pool, Reader, Secret, Session, StateCookie, TierSet, Timestamp,
};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    session_max = "20m",
    tier(2, valid_for = "10m"),
    tier(1, valid_for = "2m"),
    tier(0, valid_for = "30s", or_default)
)]
struct Visit {
    #[tier(2)]
    #[immutable]
    customer: u64,
    #[tier(2)]
    #[private]
    rating: u32,
    #[tier(1)]
    #[immutable]
    cart: Vec<u64>,
    #[tier(0)]
    #[mutable(range = 0..=1_000_000)]
    step: u32,
}

const VALID: [u64; 3] = [30, 120, 600];
const SESSION_MAX: u64 = 1_200;
const ROTATION: u64 = 120;
/// Longest validity and the policy's skew.
const KEPT: u64 = 600 + 60;
/// Half the shortest validity.
const LEEWAY_MS: u64 = 15_000;
const SERVERS: usize = 3;

/// One cookie as the model remembers it.
struct Issued {
    bytes: Vec<u8>,
    tier: usize,
    parent: Option<usize>,
    not_before: u64,
    not_after: u64,
    period: u64,
    born: u64,
    state: Visit,
}

/// A session and what the model knows of it.
struct Live {
    session: Session<Visit>,
    server: usize,
    born: u64,
    touched: Option<usize>,
    must_be_full: bool,
    /// The cookies it goes on from, by tier.
    chain: [Option<usize>; 3],
    /// Updates on their way to the client: the cookies from the highest tier down.
    sent: Vec<Vec<usize>>,
    /// What the client holds, by tier.
    held: [Option<usize>; 3],
}

struct World {
    dice: FixedEntropy,
    pools: Vec<Pool<Visit>>,
    skews: [u64; SERVERS],
    now: u64,
    issued: Vec<Issued>,
    live: Vec<Live>,
    tally: Tally,
}

/// How often what happened: a run in which something never did would prove nothing.
#[derive(Debug, Default)]
struct Tally {
    restored: usize,
    defaulted: usize,
    forged: usize,
    expired: usize,
    key_expired: usize,
    ended: usize,
    rekeyed: usize,
    partial: usize,
}

impl World {
    fn new(seed: u64) -> Self {
        let secret: Vec<u8> = (0..32).collect();
        let pool = |server: usize| {
            let secret = Secret::from_bytes(&secret).unwrap();
            let keys = Keys::embedded_with_rotation(secret, Duration::from_secs(ROTATION));
            let entropy = FixedEntropy::new(seed << 32 | (server as u64) << 24);
            Pool::builder("pool", keys)
                .entropy(entropy)
                .build()
                .unwrap()
        };
        Self {
            dice: FixedEntropy::new(!seed),
            pools: (0..SERVERS).map(pool).collect(),
            skews: [0, 2_300, 4_000],
            now: 1_800_000_000_000,
            issued: Vec::new(),
            live: Vec::new(),
            tally: Tally::default(),
        }
    }

    fn below(&self, end: usize) -> usize {
        let mut word = [0; 8];
        self.dice.fill(&mut word).unwrap();
        (u64::from_le_bytes(word) % end as u64) as usize
    }

    fn time_at(&self, server: usize) -> u64 {
        self.now + self.skews[server]
    }

    fn step(&mut self) {
        if self.live.is_empty() {
            return self.open();
        }
        let who = self.below(self.live.len());
        match self.below(20) {
            0 if self.live.len() < 8 => self.open(),
            1..=4 => self.edit(who),
            5..=8 => self.flush(who),
            9..=11 => self.deliver(who),
            12 => self.lose(who),
            13..=14 => self.resume_elsewhere(who),
            15 => self.present_a_mix(),
            16 => self.present_without_lowest(who),
            17 if self.below(10) == 0 => self.now += 60_000 + self.below(700_000) as u64,
            18 if self.below(3) == 0 => self.now -= self.below(20_000) as u64,
            _ => self.now += self.below(9_000) as u64,
        }
    }

    fn open(&mut self) {
        let server = self.below(SERVERS);
        let now = self.time_at(server);
        let (customer, rating) = (self.below(1_000_000) as u64, self.below(1_000) as u32);
        let state = Visit {
            customer,
            rating,
            cart: vec![1, 2],
            step: 7,
        };
        let session = self.pools[server]
            .open_at(state, Timestamp::from_millis(now))
            .unwrap();
        self.live.push(Live {
            session,
            server,
            born: now / 1000,
            touched: None,
            must_be_full: true,
            chain: [None; 3],
            sent: Vec::new(),
            held: [None; 3],
        });
    }

    fn edit(&mut self, who: usize) {
        let (tier, value) = (self.below(3), self.below(1_000_000));
        let live = &mut self.live[who];
        match tier {
            0 => live.session.edit().set_step(value as u32).unwrap(),
            1 => live.session.edit().cart_mut().push(value as u64),
            _ => live.session.edit().set_rating(value as u32),
        }
        live.touched = live.touched.max(Some(tier));
        assert!(live.session.edit().set_step(1_000_001).is_err());
    }

    fn flush(&mut self, who: usize) {
        let server = self.live[who].server;
        let now = self.time_at(server);
        let live = &mut self.live[who];
        let update = match live.session.flush_at(Timestamp::from_millis(now)) {
            Err(error) => {
                assert_eq!(error, FlushError::SessionEnded);
                assert!(now / 1000 >= live.born + SESSION_MAX);
                self.live.remove(who);
                self.tally.ended += 1;
                return;
            }
            Ok(update) => update,
        };
        assert!(
            now / 1000 < live.born + SESSION_MAX,
            "issued beyond the session's end"
        );
        let period = now / 1000 / ROTATION;
        let rekeyed = live.chain[2].is_some_and(|root| self.issued[root].period != period);
        let Some(update) = update else {
            assert!(
                live.touched.is_none() && !live.must_be_full && !rekeyed,
                "nothing was issued"
            );
            return;
        };
        let highest = update.tiers().highest().unwrap().index();
        assert_eq!(
            update.tiers(),
            TierSet::down_from(update.tiers().highest().unwrap())
        );
        assert!(Some(highest) >= live.touched, "a touched tier was left out");
        if live.must_be_full || rekeyed {
            assert!(update.is_full());
        }
        self.tally.rekeyed += usize::from(rekeyed);
        self.tally.partial += usize::from(highest < 2);
        let cookies = cut(&update);
        assert_eq!(cookies.len(), highest + 1);
        self.record(who, cookies, now / 1000, period);
    }

    /// Notes the cookies, with the times that the specification gives them.
    fn record(&mut self, who: usize, cookies: Vec<Vec<u8>>, now: u64, period: u64) {
        let live = &mut self.live[who];
        let mut sent = Vec::new();
        for (tier, bytes) in (0..cookies.len()).rev().zip(cookies) {
            let parent = if tier == 2 {
                None
            } else {
                live.chain[tier + 1]
            };
            let previous = live.chain[tier].map_or(0, |own| self.issued[own].not_before);
            let (floor, ceiling) = match parent {
                Some(parent) => (
                    self.issued[parent].not_before,
                    self.issued[parent].not_after,
                ),
                None => (
                    live.born,
                    (live.born + SESSION_MAX).min((period + 1) * ROTATION + KEPT),
                ),
            };
            let not_before = now.max(previous).max(floor).max(live.born);
            let not_after = (now + VALID[tier]).min(ceiling).max(not_before);
            live.chain[tier] = Some(self.issued.len());
            sent.push(self.issued.len());
            let (born, state) = (live.born, (*live.session).clone());
            self.issued.push(Issued {
                bytes,
                tier,
                parent,
                not_before,
                not_after,
                period,
                born,
                state,
            });
        }
        live.sent.push(sent);
        live.touched = None;
        live.must_be_full = false;
    }

    /// Any of the updates under way arrives: late, early, or once more.
    fn deliver(&mut self, who: usize) {
        if self.live[who].sent.is_empty() {
            return;
        }
        let at = self.below(self.live[who].sent.len());
        let again = self.below(3) == 0;
        let live = &mut self.live[who];
        let update = if again {
            live.sent[at].clone()
        } else {
            live.sent.remove(at)
        };
        let above = self.issued[update[0]].tier + 1;
        // A client without a jar: it takes what links to what it holds.
        if above == 3 || live.held[above] == self.issued[update[0]].parent {
            update
                .iter()
                .for_each(|cookie| live.held[self.issued[*cookie].tier] = Some(*cookie));
        }
    }

    fn lose(&mut self, who: usize) {
        let _lost = self.live[who].sent.pop();
    }

    fn resume_elsewhere(&mut self, who: usize) {
        let held = self.live[who].held;
        let server = self.below(SERVERS);
        let Some(session) = self.present(server, held) else {
            return;
        };
        let (born, sent) = (self.live[who].born, self.live[who].sent.clone());
        let resumed = Live {
            session,
            server,
            born,
            touched: None,
            must_be_full: true,
            chain: held,
            sent,
            held,
        };
        // The old server is dead, or it lives on and both go on with one client's state.
        if self.live.len() > 6 || self.below(3) > 0 {
            self.live[who] = resumed;
        } else {
            self.live.push(resumed);
        }
    }

    /// A cookie of each tier, whoever issued it; now and then what stood above another.
    fn present_a_mix(&mut self) {
        let mut mix = [None; 3];
        for _ in 0..30 {
            let Some(any) = self.below(self.issued.len().max(1)).into() else {
                return;
            };
            let Some(cookie) = self.issued.get(any) else {
                return;
            };
            let (tier, parent) = (cookie.tier, cookie.parent);
            mix[tier] = Some(any);
            if tier < 2 && self.below(2) == 0 {
                mix[tier + 1] = parent;
            }
        }
        let server = self.below(SERVERS);
        let _ = self.present(server, mix);
    }

    fn present_without_lowest(&mut self, who: usize) {
        let [_, middle, root] = self.live[who].held;
        let server = self.below(SERVERS);
        let _ = self.present(server, [None, middle, root]);
    }

    /// Presents cookies to a server, which must do what the model says.
    fn present(&mut self, server: usize, chain: [Option<usize>; 3]) -> Option<Session<Visit>> {
        let now = self.time_at(server);
        let expected = self.expected(chain, now);
        let cookies = chain.iter().rev().flatten();
        let bytes = bundle(
            &cookies
                .map(|cookie| &self.issued[*cookie].bytes[..])
                .collect::<Vec<_>>(),
        );
        let found = self.pools[server].resume_at(&bytes, Timestamp::from_millis(now));
        match (expected, found) {
            (Ok(expected), Ok(resumed)) => {
                assert_eq!(*resumed.session, expected);
                assert!(resumed.session.is_dirty());
                self.tally.restored += 1;
                Some(resumed.session)
            }
            (Err(()), Err(_)) => None,
            (Ok(_), Err(refusal)) => panic!("{refusal}, but the model restores"),
            (Err(()), Ok(_)) => panic!("restored, but the model refuses"),
        }
    }

    /// What must be restored of such a chain.
    fn expected(&mut self, chain: [Option<usize>; 3], now: u64) -> Result<Visit, ()> {
        let [lowest, Some(middle), Some(root)] = chain else {
            return Err(());
        };
        let linked = self.issued[middle].parent == Some(root)
            && lowest.is_none_or(|lowest| self.issued[lowest].parent == Some(middle));
        if !linked {
            self.tally.forged += 1;
            return Err(());
        }
        let (of_root, of_middle) = (&self.issued[root], &self.issued[middle]);
        let activates = of_root.period * ROTATION * 1000;
        if now >= activates + (ROTATION + KEPT) * 1000 {
            self.tally.key_expired += 1;
            return Err(());
        }
        let over = |cookie: &Issued| now > cookie.not_after * 1000 + LEEWAY_MS;
        let early = |cookie: &Issued| now + LEEWAY_MS < cookie.not_before * 1000;
        let ended = now >= (of_root.born + SESSION_MAX) * 1000;
        let lowest = lowest.map(|lowest| &self.issued[lowest]);
        if now + ROTATION * 1000 < activates || ended || early(of_root) || early(of_middle) {
            return Err(());
        }
        if lowest.is_some_and(early) {
            return Err(());
        }
        if over(of_root) || over(of_middle) {
            self.tally.expired += 1;
            return Err(());
        }
        let fresh = lowest.filter(|lowest| !over(lowest));
        self.tally.defaulted += usize::from(fresh.is_none());
        Ok(Visit {
            customer: of_root.state.customer,
            rating: of_root.state.rating,
            cart: of_middle.state.cart.clone(),
            step: fresh.map_or(0, |lowest| lowest.state.step),
        })
    }
}

/// The cookies of an update, from the highest tier down.
fn cut(update: &[u8]) -> Vec<Vec<u8>> {
    let mut input = Reader::new(&update[1..]);
    let mut cookies = Vec::new();
    while !input.is_empty() {
        let len = input.length().unwrap();
        cookies.push(input.take(len).unwrap().to_vec());
    }
    cookies
}

/// A bundle of those cookies; its first byte is that of `docs/wire-format.md`, section 9.
fn bundle(cookies: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![BUNDLE | cookies.len().saturating_sub(1) as u8];
    for cookie in cookies {
        statecookie::private::put_prefixed(&mut bytes, cookie);
    }
    bytes
}

const BUNDLE: u8 = 0x28;

fn run(seed: u64, steps: usize) -> Tally {
    let mut world = World::new(seed);
    for step in 0..steps {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.step()));
        if let Err(cause) = outcome {
            eprintln!("seed {seed}, step {step}");
            std::panic::resume_unwind(cause);
        }
    }
    world.tally
}

#[test]
fn the_pool_restores_what_the_model_restores_and_nothing_else() {
    let tally = (1..=8)
        .map(|seed| run(seed, 4_000))
        .fold(Tally::default(), Tally::plus);
    let Tally {
        restored,
        defaulted,
        forged,
        expired,
        key_expired,
        ended,
        rekeyed,
        partial,
    } = tally;
    for count in [
        restored,
        defaulted,
        forged,
        expired,
        key_expired,
        ended,
        rekeyed,
        partial,
    ] {
        assert!(count > 20, "{tally:?}");
    }
    assert!(restored > 500 && partial > 200, "{tally:?}");
}

impl Tally {
    fn plus(self, other: Self) -> Self {
        Self {
            restored: self.restored + other.restored,
            defaulted: self.defaulted + other.defaulted,
            forged: self.forged + other.forged,
            expired: self.expired + other.expired,
            key_expired: self.key_expired + other.key_expired,
            ended: self.ended + other.ended,
            rekeyed: self.rekeyed + other.rekeyed,
            partial: self.partial + other.partial,
        }
    }
}
