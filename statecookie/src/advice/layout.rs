//! A layout: which field stands in which tier.

use alloc::vec::Vec;

use super::{AdviceError, FieldSet};
use crate::{MAX_TIERS, StateCookie};

/// Which field of a struct stands in which tier: a number for each field, 0 the lowest.
///
/// ```
/// use statecookie::advice::{FieldSet, Layout};
///
/// let layout = Layout::of_tiers(&[1, 0, 0])?;
/// assert_eq!(layout.tier_of(0), Some(1));
/// assert_eq!(layout.tiers(), [FieldSet::of([1, 2]), FieldSet::of([0])]);
/// assert!(Layout::of_tiers(&[2, 0]).is_err()); // tier 1 is empty
/// # Ok::<(), statecookie::advice::AdviceError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    tiers: Vec<FieldSet>,
}

impl Layout {
    /// The tier of each field, in the order of declaration.
    ///
    /// # Errors
    ///
    /// No field, an empty tier, or a tier of number 8 or more.
    pub fn of_tiers(numbers: &[u8]) -> Result<Self, AdviceError> {
        let highest = numbers.iter().max().ok_or(AdviceError::Layout)?;
        let with = |tier| {
            let here = numbers.iter().enumerate();
            FieldSet::of(
                here.filter(|(_, number)| **number == tier)
                    .map(|(place, _)| place),
            )
        };
        let layout = Self {
            tiers: (0..=*highest).map(with).collect(),
        };
        let sound = layout.tiers.len() <= MAX_TIERS
            && layout.tiers.iter().all(|tier| !tier.is_empty())
            && numbers.len() <= super::MAX_FIELDS;
        if sound {
            Ok(layout)
        } else {
            Err(AdviceError::Layout)
        }
    }

    /// The layout that the struct has now.
    pub fn of<S: StateCookie>() -> Self {
        let numbers = S::TABLE.fields.iter().map(|field| field.tier.number());
        let numbers: Vec<_> = numbers.collect();
        let with = |tier| {
            let here = numbers.iter().enumerate();
            FieldSet::of(
                here.filter(|(_, number)| **number == tier)
                    .map(|(place, _)| place),
            )
        };
        let highest = numbers.iter().max().copied().unwrap_or(0);
        let tiers = (0..=highest).map(with);
        Self {
            tiers: tiers.filter(|tier| !tier.is_empty()).collect(),
        }
    }

    /// The fields of each tier; the index is the tier's number.
    pub fn tiers(&self) -> &[FieldSet] {
        &self.tiers
    }

    /// The tier in which the field at that place stands.
    pub fn tier_of(&self, place: usize) -> Option<u8> {
        let tier = self.tiers.iter().position(|tier| tier.contains(place));
        tier.and_then(|tier| u8::try_from(tier).ok())
    }

    /// Tiers from the lowest up, without the empty ones.
    pub(super) fn from_lowest(tiers: impl IntoIterator<Item = FieldSet>) -> Self {
        Self {
            tiers: tiers.into_iter().filter(|tier| !tier.is_empty()).collect(),
        }
    }

    /// The same without tiers that have no cookie, since none of their fields is in `sent`: they stand with the next one above.
    pub(super) fn with_cookies(&self, sent: FieldSet) -> Self {
        let (mut tiers, mut waiting) = (Vec::new(), FieldSet::EMPTY);
        for tier in &self.tiers {
            waiting = waiting.union(*tier);
            if !tier.intersection(sent).is_empty() {
                tiers.push(core::mem::replace(&mut waiting, FieldSet::EMPTY));
            }
        }
        if let Some(root) = tiers.last_mut() {
            *root = root.union(waiting);
        }
        Self { tiers }
    }

    /// All fields that stand somewhere.
    pub(super) fn fields(&self) -> FieldSet {
        let tiers = self.tiers.iter().copied();
        tiers.fold(FieldSet::EMPTY, FieldSet::union)
    }
}
