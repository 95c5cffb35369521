//! The search: from the lowest tier up, for every set of fields and depth the ways of laying it out that can still be best.
//!
//! What the tiers above will add depends on the lower ones only through the bytes of their chain (for renewals from above) and the
//! number of their cookies (for counters from above that grow). So of the layouts of one set only those are kept which no other beats
//! in all three. Every pair of disjoint sets is looked at once for each depth: 3^n steps.

use alloc::vec;
use alloc::vec::Vec;

use super::model::{Cost, Model, longer};
use super::rules::Rules;
use super::{FieldSet, Layout};
use crate::MAX_TIERS;

/// A way of laying out a set of fields.
#[derive(Clone, Copy)]
struct Way {
    cost: Cost,
    /// The fields of its highest tier.
    tier: u32,
    /// Which way of the rest.
    lower: u32,
}

struct Search<'a> {
    model: &'a Model,
    rules: &'a Rules,
    /// By depth and set.
    ways: Vec<Vec<Way>>,
    most_above: [f64; MAX_TIERS],
    /// No complete layout that is worth anything costs more.
    limit: f64,
}

/// The cheapest layout that the rules permit, and its cost.
pub(super) fn best(model: &Model, rules: &Rules, limit: f64) -> Option<(Layout, Cost)> {
    let counts = rules.tier_counts();
    let found = counts.into_iter().filter_map(|tiers| {
        let mut search = Search::new(model, rules, limit);
        search.run(tiers);
        search.result()
    });
    found.min_by(|(_, one), (_, other)| one.bytes.total_cmp(&other.bytes))
}

impl<'a> Search<'a> {
    fn new(model: &'a Model, rules: &'a Rules, limit: f64) -> Self {
        let mut most_above = [0.0; MAX_TIERS];
        for depth in 1..MAX_TIERS {
            most_above[depth] = most_above[depth - 1] + model.most_renewals(depth - 1);
        }
        Self {
            model,
            rules,
            ways: vec![Vec::new(); MAX_TIERS << model.fields],
            most_above,
            limit,
        }
    }

    /// With that many tiers, or with any number of them.
    fn run(&mut self, tiers: Option<usize>) {
        let permitted = self.rules.permitted(self.model.all(), tiers);
        let mut sums = vec![0.0; self.model.all() + 1];
        for lower in 0..self.model.all() {
            let starts = self.starts(lower, tiers);
            if starts.iter().all(Vec::is_empty) {
                continue;
            }
            self.put_on(lower, &starts, &permitted, &mut sums);
        }
    }

    /// The ways of laying out `lower` with its highest tier right below each depth.
    fn starts(&mut self, lower: usize, tiers: Option<usize>) -> [Vec<Way>; MAX_TIERS] {
        let fields = self.model.fields;
        core::array::from_fn(|depth| {
            if lower == 0 {
                let lowest = tiers.is_none_or(|tiers| depth + 1 == tiers);
                let nothing = Way {
                    cost: Cost::default(),
                    tier: 0,
                    lower: 0,
                };
                let lowest = lowest && depth < self.rules.most_tiers();
                return if lowest { vec![nothing] } else { Vec::new() };
            }
            let below = self.ways.get((depth + 1) << fields | lower);
            below
                .filter(|_| depth + 1 < MAX_TIERS)
                .cloned()
                .unwrap_or_default()
        })
    }

    /// Puts every set of the remaining fields on top of `lower`.
    fn put_on(
        &mut self,
        lower: usize,
        starts: &[Vec<Way>; MAX_TIERS],
        permitted: &[u8],
        sums: &mut [f64],
    ) {
        let rest = self.model.all() & !lower;
        let mut tier: usize = 0;
        loop {
            tier = tier.wrapping_sub(rest) & rest;
            if tier == 0 {
                return;
            }
            let others = tier & (tier - 1);
            let place = (tier ^ others).trailing_zeros() as usize;
            let first = if others == 0 { 0.0 } else { sums[others] };
            sums[tier] = first + self.model.sum(lower, place);
            if self.rules.needs(tier) & lower != 0 {
                continue;
            }
            let is_root = tier == rest;
            // The root is the only tier that takes all that remains.
            let depths = permitted[tier] & if is_root { 1 } else { !1 };
            for (depth, ways) in starts.iter().enumerate() {
                if depths & (1 << depth) != 0 {
                    self.add_ways(depth, lower, tier, sums[tier], ways);
                }
            }
        }
    }

    fn add_ways(&mut self, depth: usize, lower: usize, tier: usize, sum: f64, ways: &[Way]) {
        let limit = self.limit - self.model.least_above(depth, lower | tier);
        for (at, way) in (0..).zip(ways) {
            if way.cost.bytes + sum > limit {
                continue;
            }
            let cost = self.model.add(depth, lower, tier, sum, &way.cost);
            if cost.bytes <= limit {
                let way = Way {
                    cost,
                    tier: tier as u32,
                    lower: at,
                };
                self.keep(depth, lower | tier, way);
            }
        }
    }

    fn keep(&mut self, depth: usize, set: usize, new: Way) {
        let above = self.model.outside(set);
        let renewals = self.most_above[depth];
        // A counter above can count the changes outside of the set, and the root's renewals.
        let root = self.most_above[1.min(depth)];
        let grown = depth as f64 * longer(1.0 + above + root);
        let beats = |one: &Cost, other: &Cost| {
            let chain = (one.chain - other.chain).max(0.0);
            let cookies = (one.cookies - other.cookies).max(0.0);
            one.bytes + renewals * chain + grown * cookies <= other.bytes
        };
        let ways = &mut self.ways[depth << self.model.fields | set];
        if ways.iter().any(|way| beats(&way.cost, &new.cost)) {
            return;
        }
        ways.retain(|way| !beats(&new.cost, &way.cost));
        ways.push(new);
    }

    fn result(&self) -> Option<(Layout, Cost)> {
        let ways = self.ways.get(self.model.all())?;
        let best = ways
            .iter()
            .min_by(|one, other| one.cost.bytes.total_cmp(&other.cost.bytes))?;
        let (mut way, mut set) = (*best, self.model.all());
        let mut tiers = Vec::new();
        for depth in 1..=MAX_TIERS {
            tiers.push(FieldSet::at(way.tier as usize));
            set &= !(way.tier as usize);
            let below = self.ways.get(depth << self.model.fields | set);
            match below.and_then(|ways| ways.get(way.lower as usize)) {
                Some(lower) if set != 0 => way = *lower,
                _ => break,
            }
        }
        tiers.reverse();
        Some((Layout::from_lowest(tiers), best.cost))
    }
}
