//! A server as it looks from outside: bytes in, a state or a refusal out.

use std::time::Duration;

use statecookie::{Pool, Reason, Resumed, Scratch, StateCookie, TierSet, Timestamp};

use super::plan::IDENTITIES;
use crate::oracle::judge::{Circumstances, ServerFacts};
use crate::schemas::{Build, image};

/// A server and what the oracle knows of it.
pub(crate) struct Server {
    /// What the oracle knows.
    pub(crate) facts: ServerFacts,
    /// The server.
    pub(crate) door: Box<dyn Door>,
}

/// What came out of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// All values, in the oracle's own encoding.
    pub(crate) image: Vec<u8>,
    /// How many of the lowest tiers took their defaults.
    pub(crate) defaulted: usize,
    /// In milliseconds.
    pub(crate) age: u64,
    /// In milliseconds.
    pub(crate) skew: u64,
    /// The key id.
    pub(crate) key: u32,
}

/// Where blobs are presented. A trait, so that servers of other builds, and lying ones, can stand behind it.
pub(crate) trait Door {
    /// Presents a blob; `for_request` goes on for one request only.
    fn show(
        &self,
        blob: &[u8],
        shown: &Circumstances,
        for_request: bool,
        scratch: &mut Scratch,
    ) -> Result<Found, Reason>;
}

impl<B: Build> Door for Pool<B> {
    fn show(
        &self,
        blob: &[u8],
        shown: &Circumstances,
        for_request: bool,
        scratch: &mut Scratch,
    ) -> Result<Found, Reason> {
        let mut presented = self.present(blob).at(Timestamp::from_millis(shown.now));
        if let Some(identity) = shown.identity {
            presented = presented.identity(IDENTITIES[identity]);
        }
        let resumed = if for_request {
            presented.resume_request_in(scratch)
        } else {
            presented.resume_in(scratch)
        };
        resumed
            .map(|resumed| found(&resumed))
            .map_err(|refusal| refusal.reason)
    }
}

/// What a server says it restored.
pub(crate) fn found<B: Build>(resumed: &Resumed<B>) -> Found {
    Found {
        image: image::<B>(&resumed.session),
        defaulted: lowest(resumed.defaulted),
        age: millis(resumed.age),
        skew: millis(resumed.skew),
        key: resumed.key_id.0,
    }
}

/// How many of the lowest tiers are in the set, which holds no others.
fn lowest(set: TierSet) -> usize {
    match set.highest() {
        Some(highest) if set == TierSet::down_from(highest) => highest.index() + 1,
        None => 0,
        Some(_) => usize::MAX,
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Server {
    /// A pool behind its door.
    pub(crate) fn new<S: StateCookie>((pool, facts): (Pool<S>, ServerFacts)) -> Self
    where
        Pool<S>: Door,
    {
        Self {
            facts,
            door: Box::new(pool),
        }
    }
}
