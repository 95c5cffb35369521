//! What follows from a claim: a pure function of it, the record that is kept, and the time.

use core::cmp::Ordering;

use super::Verdict;
use super::claim::{Act, Claim};
use super::mark::{Mark, MarkRecord, Record, Standing};
use crate::time::Timestamp;

/// What follows from a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a record that is not kept guards nothing"]
pub struct Weighed {
    /// Whether it holds.
    pub verdict: Verdict,
    /// What to keep from now on, for [`Claim::keep_for`]; where there is none, what is kept stays as it is.
    pub keep: Option<MarkRecord>,
}

impl Claim {
    /// Weighs the claim against what is kept of its session, at this time by the store's own clock.
    pub fn weigh(&self, stored: Option<&MarkRecord>, now: Timestamp) -> Weighed {
        match stored.map(|record| &record.0) {
            Some(Record::Ended { by }) => match self.act {
                Act::Leave if *by == self.ticket => keep_on(Verdict::Accepted),
                Act::Revoke => keep_on(Verdict::Accepted),
                _ => keep_on(Verdict::Revoked),
            },
            Some(Record::Standing(standing)) => self.weigh_against(standing, now),
            None => self.take(now, None),
        }
    }

    fn weigh_against(&self, stored: &Standing, now: Timestamp) -> Weighed {
        match (self.act, &self.from, &self.to) {
            (Act::Revoke, _, _) => self.take(now, None),
            (Act::Resume | Act::Request, Some(presented), _) => {
                self.present(presented, stored, now)
            }
            (Act::Issue, _, Some(next)) => self.issue(next, stored, now),
            (Act::Leave, _, _) if self.may_go_on(stored) => self.take(now, None),
            _ => keep_on(Verdict::Forked),
        }
    }

    fn present(&self, presented: &Mark, stored: &Standing, now: Timestamp) -> Weighed {
        let same_branch = presented.branch() == stored.mark.branch();
        match presented.compared_with(&stored.mark) {
            Ordering::Greater => self.take(now, None),
            Ordering::Equal if same_branch => self.take(now, Some(stored)),
            Ordering::Less if self.is_late(presented, stored, now) => keep_on(Verdict::Accepted),
            Ordering::Less if same_branch => keep_on(Verdict::RolledBack),
            Ordering::Equal | Ordering::Less => keep_on(Verdict::Forked),
        }
    }

    /// A request that was sent before the answer to another one came.
    fn is_late(&self, presented: &Mark, stored: &Standing, now: Timestamp) -> bool {
        let age = now.since(stored.since).max(stored.since.since(now));
        self.act == Act::Request && stored.previous.as_ref() == Some(presented) && age < self.grace
    }

    fn issue(&self, next: &Mark, stored: &Standing, now: Timestamp) -> Weighed {
        if *next == stored.mark && stored.holder == self.ticket {
            // The answer to the same claim was lost.
            return keep_on(Verdict::Accepted);
        }
        if self.may_go_on(stored) && next.compared_with(&stored.mark) == Ordering::Greater {
            return self.take(now, None);
        }
        keep_on(Verdict::Forked)
    }

    /// Whether nobody else has gone on from where this server stands. Further on than what is kept stands who went on while
    /// the store was away.
    fn may_go_on(&self, stored: &Standing) -> bool {
        let Some(from) = &self.from else {
            return stored.holder == self.ticket;
        };
        stored.holder == self.ticket
            || (*from == stored.mark && !stored.taken)
            || from.is_beyond(&stored.mark)
    }

    /// The claim holds. `same`: the record that already stands where the client does.
    fn take(&self, now: Timestamp, same: Option<&Standing>) -> Weighed {
        let (mark, taken) = match (self.act, &self.from, &self.to) {
            (Act::Issue, _, Some(next)) => (*next, false),
            (Act::Resume, Some(presented), _) => (*presented, true),
            (Act::Request, Some(presented), _) => (*presented, false),
            _ => return keep(Record::Ended { by: self.ticket }),
        };
        if let Some(same) = same {
            // Requests take nothing over; and one who takes over takes what may still be under way with him.
            let unchanged = !taken || (same.taken && same.holder == self.ticket);
            return match unchanged {
                true => keep_on(Verdict::Accepted),
                false => keep(Record::Standing(Standing {
                    holder: self.ticket,
                    taken,
                    ..same.clone()
                })),
            };
        }
        let previous = self.from.filter(|_| self.act == Act::Issue);
        keep(Record::Standing(Standing {
            mark,
            // A request holds nothing before it issues.
            holder: match self.act {
                Act::Request => [0; 16],
                _ => self.ticket,
            },
            taken,
            since: now,
            previous,
        }))
    }
}

fn keep_on(verdict: Verdict) -> Weighed {
    Weighed {
        verdict,
        keep: None,
    }
}

fn keep(record: Record) -> Weighed {
    Weighed {
        verdict: Verdict::Accepted,
        keep: Some(MarkRecord(record)),
    }
}

#[cfg(test)]
mod tests;
