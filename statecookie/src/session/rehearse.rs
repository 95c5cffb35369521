//! Restoring a state before anything of it is issued: a type whose `Serialize` and `Deserialize` do not mirror each other is
//! noticed at the first server, not at the fail-over.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::restore::Sections;
use super::rules::Rules;
use crate::error::{EncodeError, Malformed, Refusal};
use crate::schema::StateCookie;
use crate::tier::{Class, Tier, TierSet};

const CLASSES: [Class; 3] = [Class::Immutable, Class::Private, Class::Mutable];

/// Writes the state, reads it back and writes that: both must be the same bytes, to the end of each section.
pub(super) fn rehearse<S: StateCookie>(state: &S, rules: &Rules) -> Result<(), EncodeError> {
    let written = Written::of(state, rules)?;
    let strict = Rules { pad: 1, ..*rules };
    let mut sections = Sections::new(&strict, TierSet::EMPTY);
    for (tier, class, bytes) in written.sections() {
        sections.put(tier, class, bytes);
    }
    let restored: S = sections.read().map_err(unreadable)?;
    if Written::of(&restored, rules)?.bytes == written.bytes {
        Ok(())
    } else {
        Err(changed())
    }
}

/// All sections of a state, one after another, with their ends.
struct Written {
    bytes: Zeroizing<Vec<u8>>,
    ends: Vec<(Tier, Class, usize)>,
}

impl Written {
    fn of<S: StateCookie>(state: &S, rules: &Rules) -> Result<Self, EncodeError> {
        let mut written = Self {
            bytes: Zeroizing::new(Vec::new()),
            ends: Vec::new(),
        };
        for tier in TierSet::down_from(rules.root).iter() {
            for class in CLASSES {
                state.__write(tier, class, &mut written.bytes)?;
                written.ends.push((tier, class, written.bytes.len()));
            }
        }
        Ok(written)
    }

    fn sections(&self) -> impl Iterator<Item = (Tier, Class, &[u8])> {
        let starts = core::iter::once(0).chain(self.ends.iter().map(|(_, _, end)| *end));
        let sections = self.ends.iter().zip(starts);
        sections.map(|((tier, class, end), start)| {
            (
                *tier,
                *class,
                self.bytes.get(start..*end).unwrap_or_default(),
            )
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
