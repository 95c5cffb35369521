//! A good layout by small steps, so that the exact search may leave out early what is dearer.

use alloc::vec::Vec;

use super::model::Model;
use super::rules::Rules;
use super::{FieldSet, Layout};

/// The bytes of a permitted layout from which no move of a single field is a gain; infinite if no start is permitted.
pub(super) fn good(model: &Model, rules: &Rules, now: &Layout) -> f64 {
    let whole = Layout::from_lowest([FieldSet::at(model.all())]);
    let starts = [now.clone(), whole];
    let permitted = starts.into_iter().filter(|start| rules.permit(start));
    let ends = permitted.map(|start| descend(model, rules, start));
    ends.fold(f64::INFINITY, f64::min)
}

fn descend(model: &Model, rules: &Rules, mut layout: Layout) -> f64 {
    let mut bytes = model.cost(&layout).bytes;
    loop {
        let next = neighbours(model.fields, &layout)
            .filter(|next| rules.permit(next))
            .map(|next| (model.cost(&next).bytes, next))
            .min_by(|(one, _), (other, _)| one.total_cmp(other));
        match next {
            Some((fewer, next)) if fewer < bytes => (bytes, layout) = (fewer, next),
            _ => return bytes,
        }
    }
}

/// Each layout in which one field has gone to another tier, or to one of its own between two.
fn neighbours(fields: usize, layout: &Layout) -> impl Iterator<Item = Layout> {
    let places = 2 * layout.tiers().len() + 1;
    (0..fields).flat_map(move |field| {
        let field = FieldSet::of([field]);
        (0..places).map(move |to| {
            let tiers = layout.tiers().iter().map(|tier| tier.without(field));
            // Even places are between the tiers, odd ones the tiers themselves.
            let mut slots = Vec::with_capacity(places);
            slots.push(FieldSet::EMPTY);
            tiers.for_each(|tier| slots.extend([tier, FieldSet::EMPTY]));
            if let Some(slot) = slots.get_mut(to) {
                *slot = slot.union(field);
            }
            Layout::from_lowest(slots)
        })
    })
}
