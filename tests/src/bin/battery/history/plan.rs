//! What is fixed before a history is played, so that its twins differ from it in one thing only.

use std::time::Duration;

use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{Entropy, Key, KeyId, KeyRing, Keys, Limits, Pool, Secret, Timestamp};

use crate::dice::Dice;
use crate::oracle::judge::ServerFacts;
use crate::oracle::keys::{KeyFacts, KeyTimes, millis};
use crate::schemas::{Build, Facts};
use crate::wire::blob::BUNDLE;

/// How many servers take part in a history; others only look at what comes out.
pub(crate) const SERVERS: usize = 3;
/// The skew of the key policy, in seconds: the default.
const SKEW: u64 = 60;
/// The most bytes of a blob.
pub(crate) const MOST: usize = 65_524;
/// Who a client can be; an empty identity is one.
pub(crate) const IDENTITIES: [&[u8]; 4] = [
    b"ada",
    b"",
    b"adb",
    b"\xff\0 not a text, and longer than a block of the hash is",
];

/// One thing that a twin has different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Twin {
    /// Nothing.
    Same,
    /// The schema.
    Type,
    /// The pool's name.
    Pool,
    /// The keys' secrets, under the same ids.
    Key,
    /// The identity to which each session is bound.
    Binding,
}

/// What a history is made from.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The seed of everything in it.
    pub(crate) seed: u64,
    /// When it begins, in milliseconds.
    pub(crate) start: u64,
    /// How many steps it takes.
    pub(crate) steps: usize,
    /// How far each server's clock is ahead, in milliseconds.
    pub(crate) ahead: [u64; SERVERS],
    /// Each server's leeway in milliseconds; `None` is the default.
    leeway: [Option<u64>; SERVERS],
    /// How long a key signs, in seconds.
    pub(crate) rotation: u64,
    ring: Option<Vec<KeyTimes>>,
    /// Whether twins at other pools draw other ids than their sibling: with the same ones nothing but their tags differs, with
    /// others they would be seen to be strangers even if their tags were good.
    strangers: bool,
}

impl Plan {
    /// The plan of one history.
    pub(crate) fn new(seed: u64, facts: &Facts) -> Self {
        let mut dice = Dice::new(seed, 1);
        // Now and then close to the epoch, where everything that is subtracted from a time saturates.
        let start = if dice.once_in(8) {
            4_000_000 + dice.below(2_000_000)
        } else {
            1_800_000_000_000 + dice.below(1 << 36)
        };
        let rotation = 60 + dice.below(1200);
        let strangers = dice.coin();
        let shortest = facts.shortest();
        let leeway = [(); SERVERS].map(|()| match dice.below(4) {
            0 => Some(shortest - 1),
            1 => Some(dice.below(shortest)),
            _ => None,
        });
        let reach = (shortest / 4).min(30_000);
        Self {
            strangers,
            seed,
            start,
            steps: 16 + dice.index(12),
            ahead: [0, dice.below(reach), dice.below(reach)],
            leeway,
            rotation,
            ring: dice
                .coin()
                .then(|| ring(&mut dice, start / 1000, rotation, facts)),
        }
    }

    /// The pool of one server, with what the oracle knows of it.
    pub(crate) fn pool<B: Build>(
        &self,
        server: usize,
        twin: Twin,
    ) -> Result<(Pool<B>, ServerFacts), String> {
        let keys = self.key_facts(&B::FACTS, usize::MAX);
        self.build(
            server,
            twin,
            keys,
            MOST,
            self.leeway.get(server).copied().flatten(),
        )
    }

    /// A server that takes no more than so many bytes.
    pub(crate) fn tight<B: Build>(&self, limit: usize) -> Result<(Pool<B>, ServerFacts), String> {
        self.build(
            0,
            Twin::Same,
            self.key_facts(&B::FACTS, usize::MAX),
            limit,
            None,
        )
    }

    /// A server without any leeway.
    pub(crate) fn exact<B: Build>(&self) -> Result<(Pool<B>, ServerFacts), String> {
        self.build(
            0,
            Twin::Same,
            self.key_facts(&B::FACTS, usize::MAX),
            MOST,
            Some(0),
        )
    }

    /// A server that was not given the newest keys; of derived keys it has all.
    pub(crate) fn behind<B: Build>(&self) -> Result<(Pool<B>, ServerFacts), String> {
        self.build(0, Twin::Same, self.key_facts(&B::FACTS, 1), MOST, None)
    }

    /// A server on which the key that was to take over first is revoked; of derived keys none can be.
    pub(crate) fn revoking<B: Build>(&self) -> Result<(Pool<B>, ServerFacts), String> {
        let mut keys = self.key_facts(&B::FACTS, usize::MAX);
        if let KeyFacts::Ring(keys) = &mut keys {
            keys.iter_mut()
                .skip(1)
                .take(1)
                .for_each(|key| key.revoked = true);
        }
        self.build(0, Twin::Same, keys, MOST, None)
    }

    /// A server with a generator of its own.
    pub(crate) fn with_entropy<B: Build>(
        &self,
        entropy: impl Entropy + 'static,
    ) -> Result<(Pool<B>, ServerFacts), String> {
        let keys = self.key_facts(&B::FACTS, usize::MAX);
        self.build_with(Twin::Same, keys, MOST, None, entropy)
    }

    fn build<B: Build>(
        &self,
        server: usize,
        twin: Twin,
        keys: KeyFacts,
        limit: usize,
        leeway: Option<u64>,
    ) -> Result<(Pool<B>, ServerFacts), String> {
        let other_pool = !matches!(twin, Twin::Same | Twin::Binding);
        let salt = if self.strangers && other_pool {
            1 + twin as u64
        } else {
            0
        };
        let start = self.seed.rotate_left(32) ^ (server as u64) << 56 ^ salt << 48;
        let entropy = FixedEntropy::new(start);
        self.build_with(twin, keys, limit, leeway, entropy)
    }

    fn build_with<B: Build>(
        &self,
        twin: Twin,
        keys: KeyFacts,
        limit: usize,
        leeway: Option<u64>,
        entropy: impl Entropy + 'static,
    ) -> Result<(Pool<B>, ServerFacts), String> {
        let name = if twin == Twin::Pool {
            "battery.exampl"
        } else {
            "battery.example"
        };
        let salt = u8::from(twin == Twin::Key);
        let mut builder = Pool::builder(name, self.keys(&keys, salt)?)
            .clock(TestClock::at(Timestamp::from_millis(self.start)))
            .entropy(entropy)
            .limits(Limits::default().bytes(limit));
        if let Some(leeway) = leeway {
            builder = builder.leeway(Duration::from_millis(leeway));
        }
        let pool = builder
            .build()
            .map_err(|error| format!("no pool: {error}"))?;
        let usual = (B::FACTS.shortest() / 2).min(60_000);
        let facts = ServerFacts {
            schema: B::FACTS,
            keys,
            leeway: leeway.unwrap_or(usual),
            limit,
            refused_before: 0,
        };
        Ok((pool, facts))
    }

    /// The times of the keys, of a ring at most so many.
    fn key_facts(&self, facts: &Facts, most: usize) -> KeyFacts {
        match &self.ring {
            Some(keys) => KeyFacts::Ring(keys.iter().copied().take(most).collect()),
            None => KeyFacts::Embedded {
                rotation: self.rotation,
                kept: (facts.longest() + millis(SKEW)).div_ceil(1000),
            },
        }
    }

    fn keys(&self, facts: &KeyFacts, salt: u8) -> Result<Keys, String> {
        let keys = match facts {
            KeyFacts::Embedded { rotation, .. } => {
                let secret = self.secret(0, salt)?;
                return Ok(Keys::embedded_with_rotation(
                    secret,
                    Duration::from_secs(*rotation),
                ));
            }
            KeyFacts::Ring(keys) => keys,
        };
        let key = |times: &KeyTimes| {
            Ok(Key {
                id: KeyId(times.id),
                secret: self.secret(times.id, salt)?,
                activates_at: Timestamp::from_secs(times.activates_at),
                sign_until: Timestamp::from_secs(times.sign_until),
                accept_until: Timestamp::from_secs(times.accept_until),
                revoked: times.revoked,
            })
        };
        let keys: Result<Vec<Key>, String> = keys.iter().map(key).collect();
        KeyRing::new(keys?)
            .map(Keys::ring)
            .map_err(|error| format!("no ring: {error}"))
    }

    fn secret(&self, id: u32, salt: u8) -> Result<Secret, String> {
        let mut dice = Dice::new(self.seed ^ u64::from(id) << 32, 2 + u64::from(salt));
        let bytes: Vec<u8> = (0..32).map(|_| dice.word() as u8).collect();
        Secret::from_bytes(&bytes).map_err(|error| format!("no secret: {error}"))
    }
}

/// Four keys, each of which takes over from the one before; what they keep beyond the longest validity varies.
fn ring(dice: &mut Dice, start: u64, rotation: u64, facts: &Facts) -> Vec<KeyTimes> {
    let first = start - 3600;
    let longest = facts.longest().div_ceil(1000);
    let mut ids: Vec<u32> = Vec::new();
    while ids.len() < 4 {
        let id = dice.any_size() as u32;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    (0..)
        .zip(ids)
        .map(|(place, id): (u64, u32)| {
            let activates_at = if place == 0 {
                first
            } else {
                start + place * rotation
            };
            // The last one signs to the end of the history, whatever happens.
            let signs = if place == 3 {
                40 * 24 * 3600
            } else {
                3600 + rotation + dice.below(600)
            };
            let sign_until = activates_at + signs;
            let accept_until = sign_until + longest + SKEW + dice.below(600);
            KeyTimes {
                id,
                activates_at,
                sign_until,
                accept_until,
                revoked: false,
            }
        })
        .collect()
}

/// The first byte of a bundle is what the specification says.
const _: () = assert!(BUNDLE == 1 << 5 | 1 << 3);
