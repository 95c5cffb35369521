//! What a verifier knows besides the bytes: schema, keys, policy (section 11, first sentence).

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::signer::{Signer, period_secret};

/// When everything honest was issued: inside key 166666 of the embedded default.
pub(crate) const NOW: u64 = 1_800_000_000;

/// One tier of a schema.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tier {
    pub(crate) immutable: bool,
    pub(crate) private: bool,
    pub(crate) or_default: bool,
    pub(crate) valid_for: u64,
}

/// What a server of one pool knows.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) pool: &'static str,
    pub(crate) description: Vec<u8>,
    pub(crate) schema_hash: [u8; 4],
    pub(crate) pad: usize,
    /// The index is the tier's number.
    pub(crate) tiers: Vec<Tier>,
    /// Whether the schema has derived fields.
    pub(crate) derives: bool,
    pub(crate) session_max: u64,
    pub(crate) leeway_ms: u64,
    pub(crate) limit: usize,
    pub(crate) refused_before: u64,
    pub(crate) keys: KeyFacts,
}

/// The keys of a pool.
#[derive(Clone, Debug)]
pub(crate) enum KeyFacts {
    /// A root secret, and for how many seconds each key signs.
    Embedded {
        secret: Vec<u8>,
        rotation: u64,
        kept: u64,
    },
    /// A list.
    Ring(Vec<RingKey>),
}

/// A key of a list, its times in seconds.
#[derive(Clone, Debug)]
pub(crate) struct RingKey {
    pub(crate) id: u32,
    pub(crate) secret: Vec<u8>,
    pub(crate) activates_at: u64,
    pub(crate) sign_until: u64,
    pub(crate) accept_until: u64,
    pub(crate) revoked: bool,
}

/// Whether a key is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    Open,
    Expired,
    Revoked,
    Unknown,
}

impl Facts {
    pub(crate) fn root(&self) -> usize {
        self.tiers.len() - 1
    }

    /// How many tiers, from the root down, have no defaults.
    pub(crate) fn required(&self) -> u8 {
        self.tiers.iter().filter(|tier| !tier.or_default).count() as u8
    }

    /// What the server knows of a key at a time in milliseconds.
    pub(crate) fn window(&self, id: u32, now: u64) -> Window {
        let passed = |secs: u64| now >= secs.saturating_mul(1000);
        match &self.keys {
            KeyFacts::Embedded { rotation, kept, .. } => {
                let start = u64::from(id) * rotation;
                let known_from = start.saturating_sub(*rotation);
                if passed((start + rotation).saturating_add(*kept)) {
                    Window::Expired
                } else if passed(known_from) {
                    Window::Open
                } else {
                    Window::Unknown
                }
            }
            KeyFacts::Ring(keys) => match keys.iter().find(|key| key.id == id) {
                None => Window::Unknown,
                Some(key) if key.revoked => Window::Revoked,
                Some(key) if passed(key.accept_until) => Window::Expired,
                Some(_) => Window::Open,
            },
        }
    }

    /// The key that signs at `NOW`.
    pub(crate) fn signing_id(&self) -> u32 {
        match &self.keys {
            KeyFacts::Embedded { rotation, .. } => (NOW / rotation) as u32,
            KeyFacts::Ring(keys) => {
                let active = keys
                    .iter()
                    .filter(|key| !key.revoked && key.activates_at <= NOW);
                active
                    .max_by_key(|key| key.activates_at)
                    .map_or(0, |key| key.id)
            }
        }
    }

    /// The sub-keys of an id; those of the signing key where there is no such id.
    pub(crate) fn signer(&self, id: u32) -> Signer {
        let name = (self.pool, self.schema_hash, id);
        SIGNERS.with_borrow_mut(|known| {
            if known.len() > 512 {
                known.clear();
            }
            let signer = known
                .entry(name)
                .or_insert_with(|| Signer::new(&self.secret(id), self.pool, &self.description));
            signer.clone()
        })
    }

    fn secret(&self, id: u32) -> Vec<u8> {
        match &self.keys {
            KeyFacts::Embedded {
                secret, rotation, ..
            } => period_secret(secret, *rotation, id).to_vec(),
            KeyFacts::Ring(keys) => {
                let signing = self.signing_id();
                let of = |id| keys.iter().find(|key| key.id == id);
                let key = of(id).or_else(|| of(signing));
                key.map(|key| key.secret.clone()).unwrap_or_default()
            }
        }
    }
}

type Name = (&'static str, [u8; 4], u32);

thread_local! {
    static SIGNERS: RefCell<BTreeMap<Name, Signer>> = const { RefCell::new(BTreeMap::new()) };
}
