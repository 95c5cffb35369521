//! What sessions need to know of a schema's table, worked out once for each pool.

use core::time::Duration;

use crate::schema::{Table, TierPolicy, WhenAway};
use crate::tier::{Class, MAX_TIERS, Tier, TierSet};

/// The table of a schema as a session reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) tiers: &'static [TierPolicy],
    /// How long the cookies of each tier are valid; who only verifies needs no more of the policies.
    pub(crate) valid_for: [Duration; MAX_TIERS],
    pub(crate) root: Tier,
    pub(crate) session_max: u64,
    pub(crate) pad: usize,
    pub(crate) max_cookie_len: usize,
    pub(crate) immutable: TierSet,
    pub(crate) private: TierSet,
    pub(crate) mutable: TierSet,
    pub(crate) defaultable: TierSet,
    /// Whether any field is derived.
    pub(crate) derives: bool,
    /// The tiers that a high-water store guards.
    pub(crate) guarded: TierSet,
    /// Those of them that refuse where it is away.
    pub(crate) refusing: TierSet,
}

impl Rules {
    /// The rules of a table; a derived one has 1 to 8 tiers.
    pub(crate) fn of(table: &Table) -> Self {
        let count = table.tiers.len().clamp(1, MAX_TIERS);
        Self {
            tiers: table.tiers,
            valid_for: valid_for(table.tiers.iter().map(|tier| tier.valid_for)),
            root: Tier::new(count as u8 - 1).unwrap_or(Tier::LOWEST),
            session_max: table.session_max.as_secs().max(1),
            pad: table.pad.max(1),
            max_cookie_len: table.max_cookie_len.unwrap_or(usize::MAX),
            immutable: tiers_with(table, Class::Immutable),
            private: tiers_with(table, Class::Private),
            mutable: tiers_with(table, Class::Mutable),
            derives: table.derives(),
            defaultable: tiers_that(table, |policy| policy.or_default),
            guarded: tiers_that(table, |policy| policy.guarded.is_some()),
            refusing: tiers_that(table, |policy| policy.guarded == Some(WhenAway::Refuse)),
        }
    }

    /// How many tiers the schema has.
    pub(crate) const fn count(&self) -> usize {
        self.root.index() + 1
    }

    /// How many tiers, from the root down, a bundle must hold at least.
    pub(crate) const fn required(&self) -> u8 {
        (self.count() - self.defaultable.len()) as u8
    }

    /// The lowest guarded tier.
    pub(crate) fn lowest_guarded(&self) -> Option<Tier> {
        self.guarded.iter().next_back()
    }

    /// The validity of the tier that lives longest, the root.
    pub(crate) fn longest_validity(&self) -> Duration {
        self.validities().max().unwrap_or_default()
    }

    /// The validity of the tier that lives shortest.
    pub(crate) fn shortest_validity(&self) -> Duration {
        self.validities().min().unwrap_or_default()
    }

    fn validities(&self) -> impl Iterator<Item = Duration> {
        self.valid_for.into_iter().take(self.count())
    }
}

/// One for each tier that there may be.
pub(super) fn valid_for(given: impl Iterator<Item = Duration>) -> [Duration; MAX_TIERS] {
    let mut valid_for = [Duration::ZERO; MAX_TIERS];
    valid_for
        .iter_mut()
        .zip(given)
        .for_each(|(to, from)| *to = from);
    valid_for
}

fn tiers_with(table: &Table, class: Class) -> TierSet {
    let of_class = table.fields.iter().filter(|field| field.class == class);
    of_class.fold(TierSet::EMPTY, |set, field| {
        set.union(TierSet::only(field.tier))
    })
}

fn tiers_that(table: &Table, declare: impl Fn(&TierPolicy) -> bool) -> TierSet {
    let numbered = table.tiers.iter().zip(0..);
    let declared = numbered.filter(|(policy, _)| declare(policy));
    declared
        .filter_map(|(_, number)| Tier::new(number))
        .fold(TierSet::EMPTY, |set, tier| set.union(TierSet::only(tier)))
}
