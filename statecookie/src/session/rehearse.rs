//! Restoring a state before anything of it is issued: a type whose `Serialize` and `Deserialize` do not mirror each other is
//! noticed at the first server, not at the fail-over.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::restore::Sections;
use super::rules::Rules;
use crate::error::{EncodeError, Malformed, Refusal};
use crate::schema::{StateCookie, derived_values};
use crate::tier::{Class, Tier, TierSet};

/// Writes the state, reads it back and writes that: both must be the same bytes, to the end of each section.
pub(super) fn rehearse<S: StateCookie>(state: &S, rules: &Rules) -> Result<(), EncodeError> {
    let written = Written::of(state, rules)?;
    let strict = Rules { pad: 1, ..*rules };
    let derived = derived_values(state);
    let mut sections = Sections::new(&strict, TierSet::EMPTY, derived.as_deref());
    for (tier, class, bytes) in written.sections() {
        sections.put(tier, class, bytes);
    }
    let restored: S = sections.read().map_err(unreadable)?;
    let same = Written::of(&restored, rules)?.of_class == written.of_class;
    if same && derived_values(&restored) == derived {
        Ok(())
    } else {
        Err(changed())
    }
}

/// The sections of a state, by class: those of the signed codec leave nothing behind in buffers that grow, so that private
/// values never stand in one with others.
struct Written {
    of_class: [Zeroizing<Vec<u8>>; 3],
    ends: Vec<(Tier, Class, usize)>,
}

impl Written {
    fn of<S: StateCookie>(state: &S, rules: &Rules) -> Result<Self, EncodeError> {
        let mut written = Self {
            of_class: core::array::from_fn(|_| Zeroizing::new(Vec::new())),
            ends: Vec::new(),
        };
        for class in Class::SENT {
            let bytes = &mut written.of_class[class as usize];
            for tier in TierSet::down_from(rules.root).iter() {
                state.__write(tier, class, bytes)?;
                written.ends.push((tier, class, bytes.len()));
            }
        }
        Ok(written)
    }

    fn sections(&self) -> impl Iterator<Item = (Tier, Class, &[u8])> {
        let mut starts = [0; 3];
        self.ends.iter().map(move |(tier, class, end)| {
            let start = core::mem::replace(&mut starts[*class as usize], *end);
            let bytes = &self.of_class[*class as usize];
            (*tier, *class, bytes.get(start..*end).unwrap_or_default())
        })
    }
}

fn unreadable(refusal: Refusal) -> EncodeError {
    EncodeError {
        field: refusal.field.unwrap_or("the last field of a section"),
        cause: Malformed::Unsupported,
    }
}

fn changed() -> EncodeError {
    EncodeError {
        field: "a field",
        cause: Malformed::NotCanonical,
    }
}
