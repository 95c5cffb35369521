//! What was recorded as tables over all sets of fields, and what a tier of a layout costs by them.

use alloc::vec;
use alloc::vec::Vec;

use super::frames::{frame, sections, varint};
use super::idle::{Idle, Pauses, THREE_BYTES, TWO_BYTES};
use super::ladder::Ladder;
use super::recorder::Seen;
use super::rules::sent;
use super::{FieldSet, Layout};
use crate::{MAX_TIERS, StateCookie};

/// Among how many fields the best layout can be found.
pub const MAX_ADVISED: usize = 16;

/// Tables whose index is a set of fields.
pub(super) struct Model {
    pub(super) fields: usize,
    sent: FieldSet,
    changes: f64,
    /// How many changes lie wholly in the set.
    within: Vec<f64>,
    /// For each field the sum of its lengths after the changes that do not lie wholly in the set.
    sums: Vec<f64>,
    initial: Vec<f64>,
    standing: Vec<f64>,
    sections: Vec<f64>,
    /// No layout sends fewer bytes of the values that are not in the set.
    least: Vec<f64>,
    idle: Vec<Idle>,
    frames: [f64; MAX_TIERS],
    /// Of the root's cookies, the bytes that its not-before takes beyond the first.
    late_root: f64,
    renew: [f64; MAX_TIERS],
}

/// What the lower tiers of a layout cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    /// All bytes sent.
    pub(super) bytes: f64,
    /// The bytes of one cookie of each of these tiers.
    pub(super) chain: f64,
    /// How many cookies are sent because of changes.
    pub(super) cookies: f64,
}

impl Model {
    pub(super) fn new<S: StateCookie>(seen: &Seen, ladder: &Ladder) -> Self {
        let fields = S::TABLE.fields.len().min(MAX_ADVISED);
        let pauses = Pauses::new(&seen.timeline, ladder);
        let sets = 1 << fields;
        let mut model = Self {
            fields,
            sent: sent::<S>(),
            changes: seen.tally.changes() as f64,
            within: counted_within(seen, sets),
            sums: sums_without(seen, fields),
            initial: summed_over(sets, |place| f64::from(seen.initial[place])),
            standing: summed_over(sets, |place| seen.standing(place)),
            sections: Vec::new(),
            least: Vec::new(),
            idle: (0..sets).map(|set| pauses.between(set)).collect(),
            frames: core::array::from_fn(|depth| frame::<S>(ladder, depth)),
            late_root: pauses.changes_after(TWO_BYTES) + pauses.changes_after(THREE_BYTES),
            renew: core::array::from_fn(|depth| ladder.rung(depth).renew_secs() as f64),
        };
        model.sections = sections::<S>(seen, &model.standing);
        model.least = model.least_values();
        model
    }

    pub(super) const fn all(&self) -> usize {
        (1 << self.fields) - 1
    }

    /// How many changes are not wholly in the set.
    pub(super) fn outside(&self, set: usize) -> f64 {
        self.changes - self.within[set]
    }

    /// The bytes of a field in all cookies that are sent for a change which is not wholly in `lower`.
    pub(super) fn sum(&self, lower: usize, place: usize) -> f64 {
        self.sums[lower * self.fields + place]
    }

    /// No more renewals than these, whatever the layout.
    pub(super) fn most_renewals(&self, depth: usize) -> f64 {
        let of = |idle: &Idle| idle.aligned[depth].max(idle.adrift[depth]);
        self.idle.iter().map(of).fold(0.0, f64::max)
    }

    /// No less is sent of the tiers above `set`, whose highest tier is so far below the root.
    ///
    /// Each change that is not wholly in it takes a cookie of the tier right above; each tier goes out once; and each change of a
    /// field takes that field along.
    pub(super) fn least_above(&self, depth: usize, set: usize) -> f64 {
        let frames = self.frames.get(..depth).unwrap_or_default();
        let Some((next, higher)) = frames.split_last() else {
            return 0.0;
        };
        let once: f64 = higher.iter().map(|frame| frame + 1.0).sum();
        self.least[set] + once + (1.0 + self.outside(set)) * (next + 1.0)
    }

    fn least_values(&self) -> Vec<f64> {
        let all = self.all();
        let least = summed_over(all + 1, |place| {
            self.initial[1 << place] + self.sum(all ^ (1 << place), place)
        });
        (0..=all).map(|set| least[all ^ set]).collect()
    }

    /// A tier with the fields `tier`, so far below the root, above `lower` whose tiers cost `below`.
    ///
    /// `sum` is that of [`sum`](Self::sum) over its fields.
    pub(super) fn add(
        &self,
        depth: usize,
        lower: usize,
        tier: usize,
        sum: f64,
        below: &Cost,
    ) -> Cost {
        let from_here = lower | tier;
        let own = self.within[from_here] - self.within[lower];
        let cookies = 1.0 + self.outside(lower);
        let values = self.initial[tier] + sum;
        let bare = self.frames[depth] + self.sections[tier];
        // One byte before all cookies of an update, of which each ends with the lowest.
        let blob = if lower == 0 { 1.0 } else { 0.0 };
        let frame = blob + bare + varint(bare + values / cookies);
        let late = match depth.checked_sub(1) {
            Some(above) => self.idle[from_here].late[above],
            None => self.late_root,
        };
        let renewals = self.renewals(depth, lower, from_here);
        let grown = self.grown(depth, from_here, own, renewals);
        let here = self.within[from_here] / self.changes.max(1.0);
        let chain = frame + self.standing[tier] + late + below.chain;
        Cost {
            bytes: values
                + cookies * frame
                + own * (late + grown)
                + below.cookies * here * grown
                + renewals * chain
                + below.bytes,
            chain,
            cookies: cookies + below.cookies,
        }
    }

    /// The whole of a layout.
    pub(super) fn cost(&self, layout: &Layout) -> Cost {
        let mut cost = Cost::default();
        let mut lower = 0;
        let layout = layout.with_cookies(self.sent);
        let tiers = layout.tiers();
        for (depth, tier) in (0..tiers.len()).rev().zip(tiers) {
            let sum = tier.iter().map(|place| self.sum(lower, place)).sum();
            cost = self.add(depth, lower, tier.index(), sum, &cost);
            lower |= tier.index();
        }
        cost
    }

    /// How often just this tier, and those below with it, is renewed.
    fn renewals(&self, depth: usize, lower: usize, from_here: usize) -> f64 {
        let idle = &self.idle[lower];
        let Some(above) = depth.checked_sub(1) else {
            return idle.aligned[depth];
        };
        let with_above = (1.0 + self.outside(from_here)) / (1.0 + self.outside(lower));
        let pause = self.idle[from_here].pause;
        let drift = (1.0 - with_above) * (pause / self.renew[above]).min(1.0);
        (1.0 - drift) * idle.aligned[depth] + drift * idle.adrift[depth]
    }

    /// The bytes that this tier's counter takes beyond the first, on the average.
    fn grown(&self, depth: usize, from_here: usize, own: f64, renewals: f64) -> f64 {
        let within = self.within[from_here].max(1.0);
        match depth.checked_sub(1) {
            None => longer(1.0 + own + renewals),
            Some(above) => longer(self.idle[from_here].squares[above] / within * own / within),
        }
    }
}

/// The bytes beyond the first of a number that counts up to `end`, on the average.
pub(super) fn longer(end: f64) -> f64 {
    let beyond = |limit: f64| (1.0 - limit / end.max(1.0)).max(0.0);
    beyond(TWO_BYTES) + beyond(THREE_BYTES)
}

fn counted_within(seen: &Seen, sets: usize) -> Vec<f64> {
    let mut within = vec![0.0; sets];
    for (set, counted) in seen.tally.sets() {
        if let Some(sum) = within.get_mut(set.index()) {
            *sum += counted.changes as f64;
        }
    }
    add_subsets(&mut within, 1);
    within
}

fn sums_without(seen: &Seen, fields: usize) -> Vec<f64> {
    let sets = 1 << fields;
    let mut sums = vec![0.0; sets * fields];
    for (set, counted) in seen.tally.sets() {
        let row = sums.get_mut(set.index() * fields..).unwrap_or_default();
        for (sum, bytes) in row.iter_mut().zip(&counted.bytes) {
            *sum += *bytes as f64;
        }
    }
    add_subsets(&mut sums, fields);
    let total = sums.split_off((sets - 1) * fields);
    sums.extend_from_slice(&total);
    for row in sums.chunks_mut(fields.max(1)) {
        for (sum, total) in row.iter_mut().zip(&total) {
            *sum = total - *sum;
        }
    }
    sums
}

/// Each row becomes the sum of the rows of all subsets of its index.
fn add_subsets(rows: &mut [f64], width: usize) {
    let count = rows.len() / width.max(1);
    let mut bit = 1;
    while bit < count {
        for set in (0..count).filter(|set| set & bit != 0) {
            for column in 0..width {
                rows[set * width + column] += rows[(set ^ bit) * width + column];
            }
        }
        bit <<= 1;
    }
}

fn summed_over(sets: usize, of: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut sums = vec![0.0; sets];
    for set in 1..sets {
        let rest = set & (set - 1);
        sums[set] = sums[rest] + of((set ^ rest).trailing_zeros() as usize);
    }
    sums
}

impl Seen {
    /// The mean length of a field over the time that passed.
    fn standing(&self, place: usize) -> f64 {
        match self.timeline.end() {
            0 => f64::from(self.lens[place]),
            end => self.held[place] as f64 / end as f64,
        }
    }
}
