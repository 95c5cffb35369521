//! What pauses bring about: renewals, old parents and long counters, worked out for every set of fields from the timeline.

use alloc::vec::Vec;

use super::ladder::Ladder;
use super::timeline::{Entry, Timeline};
use crate::MAX_TIERS;

/// Seconds and counts from here on take a second byte as a varint.
pub(super) const TWO_BYTES: f64 = 128.0;
/// Seconds and counts from here on take a third one.
pub(super) const THREE_BYTES: f64 = 16_384.0;

/// Pauses up to this many seconds are looked up.
const TABLE: usize = 8192;

/// The pauses of a cookie that is issued whenever something outside of a set of fields changes; the index is the depth of its tier,
/// the root 0.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Idle {
    /// Renewals of just this tier if those above were issued when it was.
    pub(super) aligned: [f64; MAX_TIERS],
    /// The same if those above have been idle for long already.
    pub(super) adrift: [f64; MAX_TIERS],
    /// Of what is sent below in the pauses, the share that is 128 seconds younger than this cookie or more.
    pub(super) late: [f64; MAX_TIERS],
    /// The sum of the squares of the numbers of changes in the set between two of this tier's cookies.
    pub(super) squares: [f64; MAX_TIERS],
    /// The mean pause in seconds, as seen from a point in time.
    pub(super) pause: f64,
}

/// The timeline as a sweep reads it, and what a pause brings about.
pub(super) struct Pauses {
    entries: Vec<Entry>,
    renew: [u64; MAX_TIERS],
    shortest: u64,
    slack: u64,
    end: u64,
    table: Vec<Pause>,
}

/// What a pause of some length brings about at each depth.
#[derive(Clone, Copy, Default)]
struct Pause {
    aligned: [f64; MAX_TIERS],
    adrift: [f64; MAX_TIERS],
    late: [f64; MAX_TIERS],
    renewals_below: [f64; MAX_TIERS],
    parts: [f64; MAX_TIERS],
}

impl Pauses {
    pub(super) fn new(timeline: &Timeline, ladder: &Ladder) -> Self {
        let renew: [u64; MAX_TIERS] = core::array::from_fn(|at| ladder.rung(at).renew_secs());
        let shortest = renew.iter().min().copied().unwrap_or(1);
        let mut pauses = Self {
            entries: merged(timeline.entries(), shortest * 1000),
            renew,
            shortest,
            slack: timeline.width(),
            end: timeline.end(),
            table: Vec::new(),
        };
        let longest = (timeline.end() / 1000 + 2).min(TABLE as u64);
        pauses.table = (0..longest).map(|secs| pauses.work_out(secs)).collect();
        pauses
    }

    /// The share of all changes that came so many seconds after the first state, or later.
    pub(super) fn changes_after(&self, secs: f64) -> f64 {
        let (mut late, mut all) = (0.0, 0.0);
        for entry in &self.entries {
            let (first, last) = (entry.first as f64 / 1000.0, entry.last as f64 / 1000.0);
            let share = if last > first {
                ((last - secs) / (last - first)).clamp(0.0, 1.0)
            } else {
                f64::from(u8::from(first >= secs))
            };
            late += share * entry.count as f64;
            all += entry.count as f64;
        }
        if all > 0.0 { late / all } else { 0.0 }
    }

    /// The pauses between changes that do not lie wholly in `within`.
    pub(super) fn between(&self, within: usize) -> Idle {
        let mut sweep = Sweep::default();
        for entry in &self.entries {
            let count = entry.count as f64;
            if entry.set.index() & !within == 0 {
                sweep.silent += count;
            } else {
                self.hit(&mut sweep, entry, count);
            }
        }
        self.pause(&mut sweep, self.end);
        sweep.finish()
    }

    fn hit(&self, sweep: &mut Sweep, entry: &Entry, count: f64) {
        if entry.first <= sweep.last + self.slack {
            // Within a slice the order is not known: what changed there took turns.
            sweep.stretch.0 += core::mem::take(&mut sweep.silent);
            sweep.stretch.1 += count;
        } else {
            self.pause(sweep, entry.first);
            sweep.stretch = (0.0, count);
        }
        sweep.last = sweep.last.max(entry.last);
    }

    /// From the last hit to `until`.
    fn pause(&self, sweep: &mut Sweep, until: u64) {
        sweep.close_stretch();
        let silent = core::mem::take(&mut sweep.silent);
        sweep.changes += silent;
        // A cookie begins at a whole second.
        let begin = sweep.last / 1000 * 1000;
        let secs = until.saturating_sub(begin).div_ceil(1000);
        sweep.seconds += secs as f64;
        sweep.seconds_squared += (secs * secs) as f64;
        if secs <= self.shortest.min(TWO_BYTES as u64) {
            sweep.squares += silent * silent;
            return;
        }
        match self.table.get(secs as usize) {
            Some(pause) => sweep.take(pause, silent),
            None => sweep.take(&self.work_out(secs), silent),
        }
    }

    fn work_out(&self, secs: u64) -> Pause {
        let length = secs as f64;
        let mut pause = Pause::default();
        for depth in 0..MAX_TIERS {
            let (period, above) = (self.renew[depth], depth.checked_sub(1));
            pause.aligned[depth] = inside(&self.renew[..=depth], secs);
            pause.adrift[depth] = above.map_or(pause.aligned[depth], |above| {
                adrift(self.renew[above], period, secs)
            });
            let parts = secs.div_ceil(period).max(1) as f64;
            pause.parts[depth] = parts;
            pause.late[depth] = (1.0 - TWO_BYTES * parts / length.max(1.0)).max(0.0);
            let below = self.renew.get(depth + 1).copied().unwrap_or(period);
            pause.renewals_below[depth] = length / below as f64;
        }
        pause
    }
}

/// One sweep over the timeline.
#[derive(Default)]
struct Sweep {
    idle: Idle,
    /// When the last hit was, in milliseconds.
    last: u64,
    /// Changes since the last hit that hit nothing.
    silent: f64,
    /// Changes that hit nothing, and those that did, since the last pause.
    stretch: (f64, f64),
    changes: f64,
    squares: f64,
    seconds: f64,
    seconds_squared: f64,
    weights: [f64; MAX_TIERS],
}

impl Sweep {
    fn close_stretch(&mut self) {
        let (silent, hits) = core::mem::take(&mut self.stretch);
        if hits > 0.0 {
            self.squares += silent * silent / hits;
        }
        self.changes += silent;
    }

    fn take(&mut self, pause: &Pause, silent: f64) {
        for depth in 0..MAX_TIERS {
            self.idle.aligned[depth] += pause.aligned[depth];
            self.idle.adrift[depth] += pause.adrift[depth];
            self.idle.squares[depth] += silent * silent / pause.parts[depth];
            let weight = silent + pause.renewals_below[depth];
            self.idle.late[depth] += weight * pause.late[depth];
            self.weights[depth] += pause.renewals_below[depth];
        }
    }

    fn finish(mut self) -> Idle {
        for depth in 0..MAX_TIERS {
            self.idle.squares[depth] += self.squares;
            let weight = self.changes + self.weights[depth];
            self.idle.late[depth] /= weight.max(1.0);
        }
        self.idle.pause = self.seconds_squared / self.seconds.max(1.0);
        self.idle
    }
}

/// How often just the lowest of the tiers with these `renew` times is renewed in a pause that began when all were issued.
fn inside(renew: &[u64], secs: u64) -> f64 {
    let Some((period, below)) = renew.split_first() else {
        return 0.0;
    };
    // A renewal at the very end goes along with what ends the pause.
    let renewals = secs.div_ceil(*period).saturating_sub(1);
    if below.is_empty() {
        return renewals as f64;
    }
    renewals as f64 * inside(below, *period) + inside(below, secs - renewals * period)
}

/// The same where the tier above is renewed each `above` seconds, at any point of the pause.
fn adrift(above: u64, period: u64, secs: u64) -> f64 {
    if period >= above {
        return 0.0;
    }
    let (above, length) = (above as f64, secs as f64);
    let period = period as f64;
    let strictly = |secs: f64| ((secs / period).ceil() - 1.0).max(0.0);
    if length <= above {
        let cut = 2.0 * summed(length, period) / length.max(1.0);
        return (1.0 - length / above) * strictly(length) + length / above * cut;
    }
    2.0 * summed(above, period) / above + (length / above - 1.0) * strictly(above)
}

/// The integral of the whole part of x / period from 0 to `end`.
fn summed(end: f64, period: f64) -> f64 {
    let whole = (end / period).floor();
    period * whole * (whole - 1.0) / 2.0 + whole * (end - whole * period)
}

/// Neighbouring entries of one set as one, where no pause between them is as long as `shortest` milliseconds.
fn merged(entries: &[Entry], shortest: u64) -> Vec<Entry> {
    let mut merged: Vec<Entry> = Vec::with_capacity(entries.len());
    for entry in entries {
        match merged.last_mut() {
            Some(last)
                if last.set == entry.set && entry.first - last.last / 1000 * 1000 < shortest =>
            {
                last.count += entry.count;
                last.last = last.last.max(entry.last);
            }
            _ => merged.push(*entry),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renewal_belongs_to_the_highest_tier_that_is_due() {
        assert_eq!(inside(&[60], 60), 0.0);
        assert_eq!(inside(&[60], 61), 1.0);
        // In five minutes and a bit: four renewals of the minute's own between two of the tier above.
        assert_eq!(inside(&[300, 60], 301), 4.0);
        assert_eq!(inside(&[300, 60], 600), 8.0);
        assert_eq!(inside(&[60, 60], 10_000), 0.0);
    }

    #[test]
    fn a_tier_that_drifts_loses_some_renewals_to_the_one_above() {
        // By trying every phase.
        for (above, period, secs) in [(60, 30, 45), (60, 30, 200), (300, 20, 130), (90, 60, 80)] {
            // In tenths of a second.
            let (above, period, secs) = (above * 10, period * 10, secs * 10);
            let phases = (1..=above).map(|first: u64| {
                let mut cuts = alloc::vec![0];
                cuts.extend((first..secs).step_by(above as usize));
                cuts.push(secs);
                let pieces = cuts.windows(2).map(|pair| pair[1] - pair[0]);
                let renewals = pieces.map(|len| len.div_ceil(period).saturating_sub(1));
                renewals.sum::<u64>() as f64
            });
            let mean = phases.sum::<f64>() / above as f64;
            let found = adrift(above / 10, period / 10, secs / 10);
            assert!(
                (found - mean).abs() < 0.12,
                "{above} {period} {secs}: {found} for {mean}"
            );
        }
    }
}
