//! Which keys are still presented, and which may be taken out of the ring.

use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::{Counters, Counts, KeyLabel};
use crate::{KeyTimes, Pool, StateCookie, Timestamp};

/// A key that a pool holds, and what this process has seen of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyUse {
    /// Its times.
    pub times: KeyTimes,
    /// How many presentations were accepted under it.
    pub accepted: u64,
    /// How many were refused though it was proven.
    pub refused: u64,
    /// When the last one was accepted. Of a key that has no entry of its own, the last one under all of those.
    pub last_presented: Option<Timestamp>,
    /// Whether it may go.
    pub retirement: Retirement,
}

/// Whether a key may be taken out of the ring: the first of these that is the case, in this order.
///
/// Only `Safe` speaks for the whole pool. `StillPresented`, `NotPresented` and `NotWatched` say what *this process* has seen:
/// ask every server, and go by the one that says least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retirement {
    /// Yes: no cookie under it can be valid on any server any more. It has signed for the last time at `sign_until`, and
    /// [`over_at`](KeyTimes::over_at) has passed by this server's clock. A presentation that this process accepted after
    /// that refutes it: then it is `StillPresented`, and clocks or validities of the servers differ.
    Safe {
        /// Since when.
        since: Timestamp,
    },
    /// It is accepted no longer, wherever this is known. A ring without it refuses its cookies just as well, but a server or a
    /// store with an older ring might bring it back: leave it there until then.
    Revoked {
        /// When it can go.
        until: Timestamp,
    },
    /// It may sign: now, or once it is activated, or when a newer one is revoked.
    Signs {
        /// From then on no more.
        until: Timestamp,
    },
    /// No: clients would lose their state.
    StillPresented {
        /// When one came with it last.
        last: Timestamp,
    },
    /// Nobody knows: this process has not watched for that long, or its clock has gone back.
    NotWatched {
        /// Since when it watches; `None` if no pool was made with these counters.
        since: Option<Timestamp>,
    },
    /// Perhaps: it signs no more, and nobody has presented it here for the time that was asked for. A client that was away
    /// for longer still can.
    NotPresented {
        /// Since when.
        since: Timestamp,
    },
}

impl Counters {
    /// Which of the pool's keys are still presented, and which may be taken out of the ring. A key counts as still presented if
    /// something was accepted under it within the last `quiet`; the longest `valid_for` of the schema is a good choice.
    ///
    /// `pool` is the one that these counters watch. Keys that are derived from a root secret leave by themselves.
    ///
    /// ```
    /// use std::time::Duration;
    /// use statecookie::counters::{Counters, Retirement};
    /// # use statecookie::{Key, KeyId, KeyRing, Keys, Pool, Secret, StateCookie, SystemEntropy, Timestamp};
    /// # #[derive(StateCookie, Clone, Debug, PartialEq)]
    /// # #[statecookie(tier(0, valid_for = "1h"))]
    /// # struct Visit {
    /// #     #[tier(0)]
    /// #     customer: u64,
    /// # }
    /// # let key = |id, [activates_at, sign_until, accept_until]: [u64; 3]| -> Result<Key, statecookie::KeyError> {
    /// #     Ok(Key {
    /// #         id: KeyId(id),
    /// #         secret: Secret::generate(&SystemEntropy)?,
    /// #         activates_at: Timestamp::from_secs(activates_at),
    /// #         sign_until: Timestamp::from_secs(sign_until),
    /// #         accept_until: Timestamp::from_secs(accept_until),
    /// #         revoked: false,
    /// #     })
    /// # };
    /// let ring = KeyRing::new(vec![
    ///     key(1, [1_000_000, 1_010_000, 1_020_000])?, // over long ago
    ///     key(2, [2_000_000, 4_000_000_000, 4_000_010_000])?,
    /// ])?;
    /// let counters = Counters::new("shop.example");
    /// let pool = Pool::<Visit>::builder("shop.example", Keys::ring(ring))
    ///     .observer(counters.clone())
    ///     .build()?;
    /// let [old, new] = &counters.key_uses(&pool, Duration::from_secs(3600))[..] else { panic!("two keys") };
    /// // 1,010,000 s and 1 h of validity and 60 s of leeway; and 60 s for clocks that are behind.
    /// assert_eq!(old.retirement, Retirement::Safe { since: Timestamp::from_secs(1_013_720) });
    /// assert_eq!(new.retirement, Retirement::Signs { until: Timestamp::from_secs(4_000_000_000) });
    /// assert_eq!(old.to_string(), "key 1: never presented; safe to retire since 1013720.000");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn key_uses<S: StateCookie>(&self, pool: &Pool<S>, quiet: Duration) -> Vec<KeyUse> {
        self.key_uses_at(pool, quiet, pool.now())
    }

    /// [`key_uses`](Self::key_uses) at a given time.
    pub fn key_uses_at<S: StateCookie>(
        &self,
        pool: &Pool<S>,
        quiet: Duration,
        now: Timestamp,
    ) -> Vec<KeyUse> {
        let counts = self.read_with_keys(pool);
        let held = counts.held.iter();
        held.map(|times| key_use(*times, &counts, quiet, now))
            .collect()
    }
}

fn key_use(times: KeyTimes, counts: &Counts, quiet: Duration, now: Timestamp) -> KeyUse {
    let own = counts.key(times.id);
    // It may have been presented under the others.
    let told = own.or_else(|| counts.labelled(KeyLabel::Other));
    let last_presented = told.and_then(|counts| counts.last_presented);
    let watch = Watch {
        since: counts.watched_since,
        last: last_presented,
        quiet,
        now,
    };
    KeyUse {
        times,
        accepted: own.map_or(0, |counts| counts.accepted),
        refused: own.map_or(0, |counts| counts.refused()),
        last_presented,
        retirement: watch.judge(&times),
    }
}

/// What was seen of one key up to now.
struct Watch {
    since: Option<Timestamp>,
    last: Option<Timestamp>,
    quiet: Duration,
    now: Timestamp,
}

impl Watch {
    fn judge(&self, key: &KeyTimes) -> Retirement {
        let refuted = self.last.filter(|last| *last >= key.over_at);
        if let Some(last) = refuted {
            Retirement::StillPresented { last }
        } else if self.now >= key.over_at {
            Retirement::Safe { since: key.over_at }
        } else if key.revoked {
            Retirement::Revoked { until: key.over_at }
        } else if self.now < key.sign_until {
            Retirement::Signs {
                until: key.sign_until,
            }
        } else {
            self.seen()
        }
    }

    /// A time that lies ahead, because the clock went back since, is not long ago.
    fn seen(&self) -> Retirement {
        let long_ago = |at: &Timestamp| self.now.saturating_sub(self.quiet) >= *at;
        match (self.last, self.since) {
            (Some(last), _) if !long_ago(&last) => Retirement::StillPresented { last },
            (last, Some(since)) if long_ago(&since) => Retirement::NotPresented {
                since: last.map_or(since, |last| last.max(since)),
            },
            (_, since) => Retirement::NotWatched { since },
        }
    }
}

/// One line for an operator; times are seconds since the epoch.
impl fmt::Display for KeyUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "key {}: ", self.times.id)?;
        match self.last_presented {
            Some(last) => write!(f, "{} presented, last at {last}", self.accepted)?,
            None => f.write_str("never presented")?,
        }
        write!(f, "; {}", self.retirement)
    }
}

impl fmt::Display for Retirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Safe { since } => write!(f, "safe to retire since {since}"),
            Self::Revoked { until } => write!(f, "revoked, to be kept until {until}"),
            Self::Signs { until } => write!(f, "signs until {until}"),
            Self::StillPresented { last } => write!(f, "still presented at {last}"),
            Self::NotWatched { since: None } => f.write_str("not watched"),
            Self::NotWatched { since: Some(since) } => {
                write!(f, "not watched long enough, since {since}")
            }
            Self::NotPresented { since } => {
                write!(f, "not presented to this process since {since}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyId;

    const fn at(secs: u64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    /// What it was presented with last is not known: the last of all such keys is the safe answer.
    #[test]
    fn a_key_without_an_entry_was_presented_when_any_of_those_was() {
        let counters = Counters::new("pool");
        counters.0.tallies.watched_since.note_first(at(1));
        let present = |id, now| {
            counters
                .0
                .keys
                .with(KeyId(id), now, |tally| tally.accept(now))
        };
        (0..256).for_each(|id| present(id, at(9_000)));
        let times = KeyTimes {
            id: KeyId(500),
            activates_at: at(0),
            sign_until: at(100),
            accept_until: at(20_000),
            revoked: false,
            over_at: at(20_000),
        };
        let judge = || key_use(times, &counters.read(), Duration::from_secs(60), at(9_030));
        assert_eq!(
            judge().retirement,
            Retirement::NotPresented { since: at(1) }
        );
        present(400, at(9_000));
        assert_eq!(
            judge().retirement,
            Retirement::StillPresented { last: at(9_000) }
        );
        assert_eq!(
            (judge().accepted, judge().last_presented),
            (0, Some(at(9_000)))
        );
        let known = KeyTimes {
            id: KeyId(7),
            ..times
        };
        let known = key_use(known, &counters.read(), Duration::from_secs(10), at(9_030));
        assert_eq!(
            known.retirement,
            Retirement::NotPresented { since: at(9_000) }
        );
        assert_eq!(known.accepted, 1);
    }
}
