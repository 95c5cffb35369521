//! Keyless updates made by hand, and a slow oracle of what a jar must do with them: the definitions, word for word.

use std::collections::BTreeMap;

/// A cookie without sections but the mutable one; its tag is whatever the test says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelCookie {
    /// Its tier.
    pub tier: u8,
    /// The schema's number of tiers.
    pub tiers: u8,
    /// Every byte of the session id.
    pub session: u8,
    /// The sequence numbers from the root down to this tier.
    pub vector: Vec<u64>,
    /// The first bytes of the parent's tag; unused in a root.
    pub link: [u8; 4],
    /// The tag.
    pub tag: [u8; 16],
    /// The mutable section.
    pub mutable: Vec<u8>,
}

/// The cookies of one update, the highest tier first.
pub type ModelUpdate = Vec<ModelCookie>;

impl ModelCookie {
    /// Header and tag.
    pub fn signed(&self) -> Vec<u8> {
        let mut bytes = vec![self.tier | (self.tiers - 1) << 3];
        if self.tier + 1 == self.tiers {
            bytes.extend([1, self.tiers, 1, 2, 3, 4, 7, 0, 0, 0]);
            bytes.extend([self.session; 16]);
            bytes.extend([5; 4]);
        } else {
            bytes.extend(self.link);
        }
        self.vector
            .iter()
            .for_each(|counter| varint(&mut bytes, *counter));
        bytes.extend(if self.tier + 1 == self.tiers {
            &[100, 60, 0, 30][..]
        } else {
            &[0, 30]
        });
        bytes.extend(self.tag);
        bytes
    }

    /// The whole cookie.
    pub fn bytes(&self) -> Vec<u8> {
        [self.signed(), self.mutable.clone()].concat()
    }

    fn is_below(&self, parent: &Self) -> bool {
        self.link == parent.tag[..4] && self.vector[..self.vector.len() - 1] == parent.vector
    }
}

/// A blob: kind 0 is an update, 1 a bundle.
pub fn blob(kind: u8, cookies: &[ModelCookie]) -> Vec<u8> {
    let mut bytes = vec![1 << 5 | kind << 3 | (cookies.len() as u8 - 1)];
    for cookie in cookies {
        let cookie = cookie.bytes();
        varint(&mut bytes, cookie.len() as u64);
        bytes.extend(cookie);
    }
    bytes
}

fn varint(bytes: &mut Vec<u8>, mut value: u64) {
    while value > 127 {
        bytes.push((value % 128) as u8 | 128);
        value /= 128;
    }
    bytes.push(value as u8);
}

/// What a jar must present, and whether it must ask for a full update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The cookies of the best chain, the root first.
    pub best: Option<Vec<ModelCookie>>,
    /// Whether a cookie waits for one that did not come, or there is no chain.
    pub gap: bool,
}

impl Expected {
    /// The best chain as a bundle.
    pub fn bundle(&self) -> Option<Vec<u8>> {
        self.best.as_ref().map(|chain| blob(1, chain))
    }
}

/// The normal form's best chain of the union of some updates of one session.
pub fn oracle<'a>(updates: impl IntoIterator<Item = &'a ModelUpdate>) -> Expected {
    let mut union = BTreeMap::<Vec<u8>, ModelCookie>::new();
    for cookie in updates.into_iter().flatten() {
        let one = union
            .entry(cookie.signed())
            .or_insert_with(|| cookie.clone());
        one.mutable = one.mutable.clone().max(cookie.mutable.clone());
    }
    let cookies: Vec<_> = union.into_values().collect();
    let best = all_chains(&cookies)
        .into_iter()
        .max_by_key(|chain| rank(chain));
    let gap = best.as_ref().is_none_or(|chain| {
        let newest = &chain.last().unwrap().vector;
        cookies
            .iter()
            .any(|cookie| cookie.vector[..] > newest[..cookie.vector.len()])
    });
    Expected { best, gap }
}

fn all_chains(cookies: &[ModelCookie]) -> Vec<Vec<ModelCookie>> {
    let mut chains: Vec<Vec<ModelCookie>> = cookies
        .iter()
        .filter(|c| c.tier + 1 == c.tiers)
        .map(|root| vec![root.clone()])
        .collect();
    let tiers = chains.first().map_or(1, |chain| chain[0].tiers);
    for tier in (0..tiers - 1).rev() {
        chains = chains
            .iter()
            .flat_map(|chain| {
                let below = cookies
                    .iter()
                    .filter(move |c| c.tier == tier && c.is_below(chain.last().unwrap()));
                below.map(|c| [chain.clone(), vec![c.clone()]].concat())
            })
            .collect();
    }
    chains
}

type Rank = (Vec<u64>, Vec<([u8; 16], Vec<u8>)>);

fn rank(chain: &[ModelCookie]) -> Rank {
    let tags = chain
        .iter()
        .map(|cookie| (cookie.tag, cookie.signed()))
        .collect();
    (chain.last().unwrap().vector.clone(), tags)
}

/// Builds updates as a server would: every cookie gets a tag made of a mark, and a link to its parent's.
pub struct Issuer {
    /// How many tiers its sessions have.
    pub tiers: u8,
    /// The newest cookies, the root first.
    pub chain: Vec<ModelCookie>,
    /// Whether all tags begin with the same bytes.
    pub collide: bool,
}

impl Issuer {
    /// A server that begins a session of that many tiers; `mark` tells its tags from those of others.
    pub fn start(tiers: u8, mark: u8) -> (Self, ModelUpdate) {
        let mut issuer = Self {
            tiers,
            chain: Vec::new(),
            collide: false,
        };
        let update = issuer.issue(tiers - 1, &[0], mark, b"m");
        (issuer, update)
    }

    /// The cookies of the tiers from `from` down: the vector of `from` is given, those below begin with 0.
    pub fn issue(&mut self, from: u8, vector: &[u64], mark: u8, mutable: &[u8]) -> ModelUpdate {
        self.chain.truncate(usize::from(self.tiers - 1 - from));
        let mut vector = vector.to_vec();
        for tier in (0..=from).rev() {
            let link = self
                .chain
                .last()
                .map_or([0; 4], |p| p.tag[..4].try_into().unwrap());
            let tag = self.tag(tier, &vector, mark);
            let mutable = [&[tier], mutable].concat();
            let cookie = ModelCookie {
                tier,
                tiers: self.tiers,
                session: 1,
                vector: vector.clone(),
                link,
                tag,
                mutable,
            };
            self.chain.push(cookie);
            vector.push(0);
        }
        self.chain[usize::from(self.tiers - 1 - from)..].to_vec()
    }

    fn tag(&self, tier: u8, vector: &[u64], mark: u8) -> [u8; 16] {
        let mut tag = [mark; 16];
        let sum = vector
            .iter()
            .fold(u64::from(tier), |sum, counter| sum * 31 + counter + 1);
        tag[4..12].copy_from_slice(&sum.to_le_bytes());
        if self.collide {
            tag[..4].fill(0);
        } else {
            tag[..3].copy_from_slice(&sum.to_be_bytes()[5..]);
        }
        tag
    }
}
