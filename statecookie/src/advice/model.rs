//! What was recorded as tables over all sets of fields, and what a tier of a layout costs by them.

use alloc::vec;
use alloc::vec::Vec;

use super::idle::{Idle, Pauses, THREE_BYTES, TWO_BYTES};
use super::ladder::Ladder;
use super::recorder::Seen;
use super::{FieldSet, Layout};
use crate::{Class, MAX_TIERS, StateCookie};

/// Among how many fields the best layout can be found.
pub const MAX_ADVISED: usize = 16;

/// Tables whose index is a set of fields.
pub(super) struct Model {
    pub(super) fields: usize,
    changes: f64,
    /// How many changes lie wholly in the set.
    within: Vec<f64>,
    /// For each field the sum of its lengths after the changes that do not lie wholly in the set.
    sums: Vec<f64>,
    initial: Vec<f64>,
    standing: Vec<f64>,
    sections: Vec<f64>,
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
            changes: seen.tally.changes() as f64,
            within: counted_within(seen, sets),
            sums: sums_without(seen, fields),
            initial: summed_over(sets, |place| f64::from(seen.initial[place])),
            standing: summed_over(sets, |place| seen.standing(place)),
            sections: Vec::new(),
            idle: (0..sets).map(|set| pauses.between(set)).collect(),
            frames: core::array::from_fn(|depth| frame::<S>(ladder, depth)),
            late_root: pauses.changes_after(TWO_BYTES) + pauses.changes_after(THREE_BYTES),
            renew: core::array::from_fn(|depth| ladder.rung(depth).renew_secs() as f64),
        };
        model.sections = sections::<S>(seen, &model.standing);
        model
    }

    pub(super) const fn all(&self) -> usize {
        (1 << self.fields) - 1
    }

    pub(super) const fn changes(&self) -> f64 {
        self.changes
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

/// How many bytes a length takes as a varint.
fn varint(len: f64) -> f64 {
    match len.round() {
        ..TWO_BYTES => 1.0,
        TWO_BYTES..THREE_BYTES => 2.0,
        _ => 3.0,
    }
}

/// What a cookie takes beside its sections' bytes and lengths and its own length, with every counter at one byte.
fn frame<S: StateCookie>(ladder: &Ladder, depth: usize) -> f64 {
    let life = varint(ladder.rung(depth).valid_for.as_secs_f64());
    const TAG: f64 = 16.0;
    let shape_and_not_before = 2.0;
    let counters = 1.0 + depth as f64;
    if depth > 0 {
        const LINK: f64 = 4.0;
        return shape_and_not_before + LINK + counters + life + TAG;
    }
    // Version, required, schema hash, key id, session and branch; then born, which is some time in this age.
    let identity = 1.0 + 1.0 + 4.0 + 4.0 + 16.0 + 4.0;
    let born = 5.0;
    let lifetime = varint(S::TABLE.session_max.as_secs_f64());
    shape_and_not_before + identity + counters + born + lifetime + life + TAG
}

/// For each set what its sections take beside the values: lengths, nonce, AEAD tag and padding.
fn sections<S: StateCookie>(seen: &Seen, standing: &[f64]) -> Vec<f64> {
    let of_class = |class| {
        let fields = S::TABLE.fields.iter().enumerate();
        FieldSet::of(
            fields
                .filter(|(_, field)| field.class == class)
                .map(|(at, _)| at),
        )
        .index()
    };
    let (immutable, private) = (of_class(Class::Immutable), of_class(Class::Private));
    let padding = paddings(seen, private, standing.len(), S::TABLE.pad.max(1) as u64);
    let sections = (0..standing.len()).map(|set| {
        let (open, hidden) = (set & immutable, set & private);
        let mut len = 0.0;
        if open != 0 {
            len += varint(standing[open]);
        }
        if hidden != 0 {
            const NONCE_AND_TAG: f64 = 24.0 + 16.0;
            let padding = padding[hidden];
            len += NONCE_AND_TAG + padding + varint(standing[hidden] + padding);
        }
        len
    });
    sections.collect()
}

/// For each set of private fields the mean padding, in bytes.
fn paddings(seen: &Seen, private: usize, sets: usize, pad: u64) -> Vec<f64> {
    let places: Vec<usize> = FieldSet::at(private).iter().collect();
    let variants = seen.tally.variants();
    let all: u64 = variants.iter().map(|(_, count)| count).sum();
    let mut paddings = vec![0.0; sets];
    let hidden = (1..sets).filter(|set| set & !private == 0);
    for set in hidden {
        let padding = variants.iter().map(|(lens, count)| {
            let inside = places
                .iter()
                .zip(lens)
                .filter(|(at, _)| set & (1 << **at) != 0);
            let len: u64 = inside.map(|(_, len)| u64::from(*len)).sum();
            (len.next_multiple_of(pad) - len) as f64 * *count as f64
        });
        paddings[set] = padding.sum::<f64>() / all.max(1) as f64;
    }
    paddings
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
