//! What the advisor says: bytes of today's and the advised layout, the moves between them, and the attributes to paste.

use alloc::vec::Vec;
use core::fmt;

use super::model::Model;
use super::{FieldSet, Layout, Prediction, Rung};
use crate::schema::Field;
use crate::{Class, MAX_TIERS, StateCookie};

/// The best layout, and what it saves.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Advice {
    /// The layout with the fewest expected bytes.
    pub layout: Layout,
    /// What the struct's present layout is expected to send, under its present policies.
    pub today: Prediction,
    /// What the advised one is expected to send.
    pub advised: Prediction,
    /// The fields that stand elsewhere, those first that save most.
    pub moves: Vec<Move>,
    pub(super) rungs: Vec<Rung>,
    pub(super) fields: &'static [Field],
}

/// A field that the advised layout puts elsewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Move {
    /// The field's name.
    pub field: &'static str,
    /// Its tier in the advised layout.
    pub tier: u8,
    /// What the advised layout sends less than the same one with this field left among those that it stands with today, as a share.
    pub saves: f64,
}

impl Advice {
    /// What the advised layout sends less than today's, as a share; negative if pins or another ladder make it dearer.
    pub fn saves(&self) -> f64 {
        saved(self.advised.bytes, self.today.bytes)
    }

    /// The attributes of struct and fields, to be pasted.
    pub fn attributes(&self) -> Attributes<'_> {
        Attributes(self)
    }
}

fn saved(now: f64, before: f64) -> f64 {
    if before > 0.0 {
        1.0 - now / before
    } else {
        0.0
    }
}

/// The fields that have left those with whom they stand today.
pub(super) fn moves<S: StateCookie>(model: &Model, now: &Layout, advised: &Layout) -> Vec<Move> {
    let cost = model.cost(advised).bytes;
    let fields = S::TABLE.fields.iter().enumerate();
    // A derived field costs nothing wherever it stands: that is no reason to move it.
    let sent = fields.filter(|(_, field)| field.class != Class::Derived);
    let moved = sent.filter_map(|(place, field)| {
        let stays = left_behind(place, now, advised)?;
        Some(Move {
            field: field.name,
            tier: advised.tier_of(place)?,
            saves: saved(cost, cheapest(model, stays)?),
        })
    });
    let mut moves: Vec<_> = moved.collect();
    moves.sort_by(|one, other| other.saves.total_cmp(&one.saves));
    moves
}

fn cheapest(model: &Model, layouts: Vec<Layout>) -> Option<f64> {
    let costs = layouts.iter().map(|layout| model.cost(layout).bytes);
    costs.min_by(f64::total_cmp)
}

/// The advised layout, but with one field where most of its present companions are; where it has none, in a tier of its own.
fn left_behind(place: usize, now: &Layout, advised: &Layout) -> Option<Vec<Layout>> {
    let (field, tier) = (FieldSet::of([place]), usize::from(advised.tier_of(place)?));
    let companions = now.tiers()[usize::from(now.tier_of(place)?)].without(field);
    let here = |tier: &FieldSet| tier.intersection(companions).len();
    if companions.is_empty() {
        let alone = advised.tiers().get(tier)? == &field;
        let room = advised.tiers().len() < MAX_TIERS;
        return (!alone && room).then(|| alone_beside(field, tier, advised));
    }
    let tiers = advised.tiers().iter().enumerate();
    let (most, _) = tiers.max_by_key(|(at, there)| (here(there), *at == tier))?;
    (most != tier).then(|| {
        let tiers = advised.tiers().iter().enumerate().map(|(at, there)| {
            let there = there.without(field);
            if at == most {
                there.union(field)
            } else {
                there
            }
        });
        alloc::vec![Layout::from_lowest(tiers)]
    })
}

/// Right below, and right above the tier in which it stands.
fn alone_beside(field: FieldSet, tier: usize, advised: &Layout) -> Vec<Layout> {
    let with = |above: usize| {
        let mut tiers: Vec<_> = advised
            .tiers()
            .iter()
            .map(|there| there.without(field))
            .collect();
        tiers.insert(tier + above, field);
        Layout::from_lowest(tiers)
    };
    alloc::vec![with(0), with(1)]
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |f: &mut fmt::Formatter<'_>, name, is: &Prediction| {
            let plural = if is.tiers == 1 { "" } else { "s" };
            writeln!(
                f,
                "{name}: {:.0} bytes in {} tier{plural}",
                is.bytes, is.tiers
            )
        };
        line(f, "today", &self.today)?;
        line(f, "advised", &self.advised)?;
        writeln!(f, "in all: {}", Share(self.saves()))?;
        for moved in &self.moves {
            writeln!(
                f,
                "`{}` in tier {}: {}",
                moved.field,
                moved.tier,
                Share(moved.saves)
            )?;
        }
        write!(f, "\n{}", self.attributes())
    }
}

/// A share saved, in words.
struct Share(f64);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = 100.0 * self.0;
        match percent {
            0.95.. => write!(f, "{percent:.0} % fewer bytes"),
            0.000_1.. => f.write_str("less than 1 % fewer bytes"),
            -0.000_1.. => f.write_str("as many bytes"),
            _ => write!(f, "{:.1} % more bytes", -percent),
        }
    }
}

/// The attributes of an advised layout; `Display` writes them.
#[derive(Clone, Copy, Debug)]
pub struct Attributes<'a>(&'a Advice);

impl fmt::Display for Attributes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = self.0;
        let numbers = (0..advice.rungs.len()).rev();
        for (number, rung) in numbers.zip(&advice.rungs) {
            writeln!(f, "    tier({number}, {rung}),")?;
        }
        for (place, field) in advice.fields.iter().enumerate() {
            let tier = advice.layout.tier_of(place).unwrap_or(0);
            writeln!(f, "    #[tier({tier})] {}: {},", field.name, field.ty)?;
        }
        Ok(())
    }
}
