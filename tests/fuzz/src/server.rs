//! Servers to present to, each with what a verifier knows of it.

use std::sync::LazyLock;
use std::time::Duration;

use arbitrary::Unstructured;
use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{
    Class, Jar, Key, KeyId, KeyRing, Keys, Limits, MAX_BLOB, Pool, Refusal, Secret, StateCookie,
    Tier, TierSet, Timestamp,
};

use crate::facts::{Facts, KeyFacts, NOW, RingKey};
use crate::naive::Blob;
use crate::schemas::{Archive, Basket, Film, Ladder, Note, Numbers, Plain, Till, World};
use crate::states::State;
use crate::{aftermath, facts};

/// A bundle as a client presents it.
#[derive(Clone, Debug)]
pub(crate) struct Presented {
    /// What is presented.
    pub bytes: Vec<u8>,
    /// Whom the client authenticated as.
    pub identity: Option<&'static [u8]>,
    /// The server's clock in milliseconds.
    pub now: u64,
    /// For one request only.
    pub request: bool,
}

/// The values of one tier: immutable, private, mutable.
pub(crate) type Values = [Vec<u8>; 3];

/// What a server made of a presentation.
pub(crate) struct Restored {
    /// The values of each tier; the index is the tier's number.
    pub(crate) values: Vec<Values>,
    /// Those of the derived fields.
    pub(crate) derived: Vec<u8>,
    /// The tiers that took their defaults.
    pub(crate) defaulted: TierSet,
}

/// One server of a pool, of whatever schema.
pub(crate) trait Server: Send + Sync {
    fn facts(&self) -> &Facts;

    /// The values of an honest state; the index is the tier's number.
    fn honest(&self) -> &[Values];

    /// The values of the honest state's derived fields; `None` where the schema has none.
    fn honest_derived(&self) -> Option<&[u8]>;

    /// Whether the honest values stay good when tiers take their defaults.
    fn defaults_hold(&self) -> bool;

    /// Whether immutable values that were accepted, and private ones, are written again as they came.
    fn have_one_form(&self) -> [bool; 2];

    /// Resumes; what goes on from there must hold.
    fn resume(&self, presented: &Presented) -> Result<Restored, Refusal>;

    /// Shows what a jar took, changes a value of it, and compares with what a server makes of the bundle.
    fn view(&self, jar: &mut Jar, presented: &Presented, u: &mut Unstructured<'_>);
}

/// A server for each schema, for keys of both kinds, and with limits of its own.
pub(crate) static SERVERS: LazyLock<Vec<Box<dyn Server>>> = LazyLock::new(|| {
    let embedded = || embedded_keys((0..32).collect());
    let ring = || KeyFacts::Ring(RING.map(|(id, first, at)| ring_key(id, first, at)).to_vec());
    let of_the_vectors = || {
        let keys = [(7, 0, NOW - 9_000), (0xdead_beef, 100, NOW + 1_800)];
        KeyFacts::Ring(keys.map(|(id, first, at)| ring_key(id, first, at)).to_vec())
    };
    let vectors = "vectors";
    vec![
        server::<World>(vectors, embedded()),
        server::<Basket>(vectors, embedded()),
        server::<Note>(vectors, embedded()),
        server::<Plain>("plain", ring()),
        Box::new(Pooled::<Note>::new(
            "Straße 7",
            of_the_vectors(),
            MAX_BLOB,
            NOW - 1_000,
        )),
        Box::new(Pooled::<Plain>::new("narrow", ring(), 320, NOW - 1_000)),
        server::<Ladder>(vectors, embedded()),
        server::<Till>(vectors, embedded()),
        server::<Archive>(vectors, embedded()),
        server::<Numbers>(vectors, embedded()),
        server::<Film>(vectors, embedded()),
    ]
});

fn server<S: State>(pool: &'static str, keys: KeyFacts) -> Box<dyn Server>
where
    Pooled<S>: Server + 'static,
{
    Box::new(Pooled::<S>::new(pool, keys, MAX_BLOB, 0))
}

/// One that is over, one that signed before, the one that signs, one that was to take over and is revoked, one that will sign.
const RING: [(u32, u8, u64); 5] = [
    (1, 10, NOW - 40_000),
    (2, 20, NOW - 12_000),
    (7, 70, NOW - 1_200),
    (REVOKED, 30, NOW - 600),
    (8, 80, NOW + 9_600),
];

const REVOKED: u32 = 3;

fn ring_key(id: u32, first: u8, activates_at: u64) -> RingKey {
    RingKey {
        id,
        secret: (first..first + 40).collect(),
        activates_at,
        sign_until: activates_at + 10_800,
        accept_until: activates_at + 32_400,
        revoked: id == REVOKED,
    }
}

fn embedded_keys(secret: Vec<u8>) -> KeyFacts {
    KeyFacts::Embedded {
        secret,
        rotation: 10_800,
        kept: 0,
    }
}

pub(crate) struct Pooled<S> {
    pub(crate) pool: Pool<S>,
    facts: Facts,
    honest: Vec<Values>,
    honest_derived: Vec<u8>,
}

impl<S: State> Pooled<S> {
    fn new(name: &'static str, keys: KeyFacts, limit: usize, refused_before: u64) -> Self {
        let pool = Pool::<S>::builder(name, for_the_library(&keys))
            .clock(TestClock::at(Timestamp::from_secs(NOW)))
            .entropy(FixedEntropy::new(1))
            .limits(Limits::default().bytes(limit))
            .build()
            .expect("the pool is a good one");
        pool.refuse_born_before(Timestamp::from_secs(refused_before));
        let facts = facts_of(&pool, name, keys, limit, refused_before);
        let honest = honest_values(&pool, &facts);
        Self {
            pool,
            facts,
            honest,
            honest_derived: derived_of(&S::honest()),
        }
    }

    pub(crate) fn present(
        &self,
        presented: &Presented,
    ) -> Result<statecookie::Resumed<S>, Refusal> {
        let now = Timestamp::from_millis(presented.now);
        let mut presentation = self.pool.present(&presented.bytes).at(now);
        if let Some(identity) = presented.identity {
            presentation = presentation.identity(identity);
        }
        if presented.request {
            presentation.resume_request()
        } else {
            presentation.resume()
        }
    }
}

impl<S: State> Server for Pooled<S>
where
    Pool<S>: Send + Sync,
{
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn honest(&self) -> &[Values] {
        &self.honest
    }

    fn honest_derived(&self) -> Option<&[u8]> {
        self.facts.derives.then_some(&self.honest_derived)
    }

    fn defaults_hold(&self) -> bool {
        S::DEFAULTS_HOLD
    }

    fn have_one_form(&self) -> [bool; 2] {
        S::ONE_FORM
    }

    fn resume(&self, presented: &Presented) -> Result<Restored, Refusal> {
        let resumed = self.present(presented)?;
        let restored = Restored {
            values: values_of(&*resumed.session),
            derived: derived_of(&*resumed.session),
            defaulted: resumed.defaulted,
        };
        aftermath::goes_on(self, presented, resumed);
        Ok(restored)
    }

    fn view(&self, jar: &mut Jar, presented: &Presented, u: &mut Unstructured<'_>) {
        aftermath::is_seen(self, jar, presented, u);
    }
}

pub(crate) fn values_of<S: StateCookie>(state: &S) -> Vec<Values> {
    let tiers = (0..S::TABLE.tiers.len() as u8).filter_map(Tier::new);
    let written = |tier, class| {
        let mut out = Vec::new();
        state
            .__write(tier, class, &mut out)
            .expect("what was restored can be written");
        out
    };
    let classes = [Class::Immutable, Class::Private, Class::Mutable];
    tiers
        .map(|tier| classes.map(|class| written(tier, class)))
        .collect()
}

/// The values of the derived fields, as a bundle has them.
pub(crate) fn derived_of<S: StateCookie>(state: &S) -> Vec<u8> {
    let mut out = Vec::new();
    for tier in (0..S::TABLE.tiers.len() as u8).rev().filter_map(Tier::new) {
        state
            .__write(tier, Class::Derived, &mut out)
            .expect("what was restored can be written");
    }
    out
}

fn for_the_library(keys: &KeyFacts) -> Keys {
    let secret = |bytes: &[u8]| Secret::from_bytes(bytes).expect("the secret is a good one");
    match keys {
        KeyFacts::Embedded {
            secret: root,
            rotation,
            ..
        } => Keys::embedded_with_rotation(secret(root), Duration::from_secs(*rotation)),
        KeyFacts::Ring(keys) => {
            let keys = keys.iter().map(|key| Key {
                id: KeyId(key.id),
                secret: secret(&key.secret),
                activates_at: Timestamp::from_secs(key.activates_at),
                sign_until: Timestamp::from_secs(key.sign_until),
                accept_until: Timestamp::from_secs(key.accept_until),
                revoked: key.revoked,
            });
            Keys::ring(KeyRing::new(keys.collect()).expect("the ring is a good one"))
        }
    }
}

fn facts_of<S: StateCookie>(
    pool: &Pool<S>,
    name: &'static str,
    mut keys: KeyFacts,
    limit: usize,
    refused_before: u64,
) -> Facts {
    let table = S::TABLE;
    let numbered = table.tiers.iter().zip(0_u8..);
    let tiers = numbered.map(|(policy, number)| {
        let fields = || {
            table
                .fields
                .iter()
                .filter(move |f| f.tier.number() == number)
        };
        facts::Tier {
            immutable: fields().any(|field| field.class == Class::Immutable),
            private: fields().any(|field| field.class == Class::Private),
            or_default: policy.or_default,
            valid_for: policy.valid_for.as_secs(),
        }
    });
    let tiers: Vec<_> = tiers.collect();
    let valid_for = || tiers.iter().map(|tier| tier.valid_for);
    if let KeyFacts::Embedded { kept, .. } = &mut keys {
        *kept = valid_for().max().unwrap_or(0) + 60;
    }
    Facts {
        pool: name,
        description: pool.schema().description().to_vec(),
        schema_hash: pool.schema().hash().to_le_bytes(),
        pad: table.pad,
        leeway_ms: valid_for()
            .min()
            .unwrap_or(0)
            .saturating_mul(500)
            .min(60_000),
        tiers,
        derives: table
            .fields
            .iter()
            .any(|field| field.class == Class::Derived),
        session_max: table.session_max.as_secs(),
        limit,
        refused_before,
        keys,
    }
}

fn honest_values<S: State>(pool: &Pool<S>, facts: &Facts) -> Vec<Values> {
    let now = Timestamp::from_secs(NOW);
    let mut session = pool.open_at(S::honest(), now).expect("an honest state");
    let update = session
        .flush_at(now)
        .expect("it can be issued")
        .expect("all tiers");
    let blob = Blob::read(&update, facts.limit).expect("an update is a blob");
    let signer = facts.signer(facts.signing_id());
    let cookies = blob.cookies.iter().rev();
    let values = cookies.map(|cookie| {
        let private = cookie
            .private
            .map(|sealed| signer.decrypt(sealed).expect("our own key"));
        [
            cookie.immutable.to_vec(),
            private.unwrap_or_default(),
            cookie.mutable.to_vec(),
        ]
    });
    values.collect()
}
