//! Bundles that are kept, to be presented when the verdict on them changes, and afterwards.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand::RngExt;
use rand::rngs::ThreadRng;
use statecookie_tests::rotation::{self, message::Values};

use crate::case::Claims;
use crate::fleet::OFFSETS;
use crate::judge::edges_of;
use crate::schedule::Schedule;

const LEEWAY: u64 = rotation::LEEWAY.as_millis() as u64;

#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) bundle: Vec<u8>,
    pub(crate) claims: Claims,
    pub(crate) values: Values,
}

/// What is to be presented where, ordered by when.
#[derive(Default)]
pub(crate) struct Plans {
    due: BinaryHeap<Reverse<(u64, usize, usize)>>,
    kept: Vec<Option<Kept>>,
}

impl Plans {
    /// Plans one presentation of this bundle at a moment, and at a server, that chance chooses.
    pub(crate) fn keep(&mut self, kept: Kept, schedule: &Schedule, random: &mut ThreadRng) {
        let server = random.random_range(0..OFFSETS.len());
        let Some(moment) = moment(&kept, schedule, random) else {
            return;
        };
        // By the clock of that server.
        let when = moment.saturating_add_signed(-OFFSETS[server]);
        self.due.push(Reverse((when, server, self.kept.len())));
        self.kept.push(Some(kept));
    }

    /// What is due at this time, at which server.
    pub(crate) fn due(&mut self, now: u64) -> Option<(usize, Kept)> {
        let Reverse((when, server, number)) = *self.due.peek()?;
        if when > now {
            return None;
        }
        self.due.pop();
        let kept = self.kept.get_mut(number)?.take()?;
        Some((server, kept))
    }
}

// Around the end of a cookie, of signing and of acceptance; while the key is over and held still; when it is forgotten.
fn moment(kept: &Kept, schedule: &Schedule, random: &mut ThreadRng) -> Option<u64> {
    let key = schedule.window(kept.claims.key)?;
    let life = kept.claims.lives[random.random_range(0..kept.claims.lives.len())];
    let around = random.random_range(-230_i64..=230);
    let moment = match random.random_range(0..100) {
        0..35 => (life.not_after + LEEWAY).saturating_add_signed(around),
        35..45 => key.sign_until.saturating_add_signed(around),
        45..70 => key.accept_until.saturating_add_signed(around),
        70..90 => key.accept_until + random.random_range(0..1000),
        _ => key.accept_until + random.random_range(1500..4000),
    };
    Some(moment)
}

/// The milliseconds just before, at and just after a moment at which something about this bundle changes.
pub(crate) fn exact(kept: &Kept, schedule: &Schedule, random: &mut ThreadRng) -> Option<[u64; 3]> {
    let key = schedule.window(kept.claims.key)?;
    let edges: Vec<u64> = edges_of(&kept.claims.lives, key).collect();
    let edge = edges[random.random_range(0..edges.len())];
    Some([edge - 1, edge, edge + 1])
}
