//! The policies that a layout's tiers take, from the root down.

use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::AdviceError;
use crate::MAX_TIERS;
use crate::StateCookie;

/// The policy of one tier: how long its cookies are valid, and when they are renewed.
///
/// ```
/// use std::time::Duration;
/// use statecookie::advice::Rung;
///
/// let rung = Rung::new(Duration::from_secs(600));
/// assert_eq!(rung.to_string(), "valid_for = \"10m\"");
/// let rung = rung.renew_after(Duration::from_secs(90)).or_default();
/// assert_eq!(rung.to_string(), "valid_for = \"10m\", renew_after = \"90s\", or_default");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    pub(super) valid_for: Duration,
    pub(super) renew_after: Duration,
    pub(super) or_default: bool,
}

impl Rung {
    /// Valid for so long, renewed after half of it.
    pub const fn new(valid_for: Duration) -> Self {
        Self {
            valid_for,
            renew_after: half(valid_for),
            or_default: false,
        }
    }

    /// Renewed so long after it was issued.
    #[must_use]
    pub const fn renew_after(self, renew_after: Duration) -> Self {
        Self {
            renew_after,
            ..self
        }
    }

    /// Whose fields take their defaults where the cookie is missing: mutable fields only may stand there.
    #[must_use]
    pub const fn or_default(self) -> Self {
        Self {
            or_default: true,
            ..self
        }
    }

    /// Whole seconds from one renewal to the next: what is issued begins at a whole second.
    pub(super) const fn renew_secs(self) -> u64 {
        let secs = self.renew_after.as_secs();
        if secs == 0 { 1 } else { secs }
    }
}

const fn half(duration: Duration) -> Duration {
    match duration.checked_div(2) {
        Some(half) => half,
        None => duration,
    }
}

/// As in the attribute of a tier.
impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "valid_for = \"{}\"", Spelled(self.valid_for))?;
        if self.renew_after != half(self.valid_for) {
            write!(f, ", renew_after = \"{}\"", Spelled(self.renew_after))?;
        }
        f.write_str(if self.or_default { ", or_default" } else { "" })
    }
}

/// A duration in the largest unit that divides it.
struct Spelled(Duration);

impl fmt::Display for Spelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0.as_nanos();
        let units = [
            (3_600_000_000_000, "h"),
            (60_000_000_000, "m"),
            (1_000_000_000, "s"),
            (1_000_000, "ms"),
            (1_000, "us"),
        ];
        let unit = units
            .into_iter()
            .find(|(unit, _)| nanos.is_multiple_of(*unit));
        let (unit, name) = unit.unwrap_or((1, "ns"));
        write!(f, "{}{name}", nanos / unit)
    }
}

/// One policy for each depth below the root; the last one stands for all below it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ladder(Vec<Rung>);

impl Ladder {
    /// The policies that the struct has now.
    pub(super) fn of<S: StateCookie>() -> Self {
        let tiers = S::TABLE.tiers.iter().rev();
        let rungs = tiers.map(|tier| Rung {
            valid_for: tier.valid_for,
            renew_after: tier.renew_after,
            or_default: tier.or_default,
        });
        Self(rungs.collect())
    }

    /// Policies from the root down.
    pub(super) fn from_root(rungs: &[Rung]) -> Result<Self, AdviceError> {
        let fault = |depth| Err(AdviceError::Ladder { depth });
        let Some(root) = rungs.first() else {
            return fault(0);
        };
        let mut above = Rung {
            or_default: false,
            valid_for: Duration::MAX,
            ..*root
        };
        for (depth, rung) in rungs.iter().enumerate() {
            let sound = rung.renew_after < rung.valid_for
                && rung.valid_for <= above.valid_for
                && (rung.or_default || !above.or_default)
                && !(depth == 0 && rung.or_default);
            if !sound {
                return fault(depth);
            }
            above = *rung;
        }
        Ok(Self(rungs.iter().take(MAX_TIERS).copied().collect()))
    }

    /// The policy of the tier so far below the root.
    pub(super) fn rung(&self, depth: usize) -> Rung {
        let rung = self.0.get(depth).or(self.0.last());
        rung.copied().unwrap_or(Rung::new(Duration::from_secs(60)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rung(secs: u64) -> Rung {
        Rung::new(Duration::from_secs(secs))
    }

    #[test]
    fn the_last_policy_stands_for_all_below_it() {
        let ladder = Ladder::from_root(&[rung(7200), rung(60)]).unwrap();
        assert_eq!(ladder.rung(0), rung(7200));
        assert_eq!((ladder.rung(1), ladder.rung(7)), (rung(60), rung(60)));
    }

    #[test]
    fn refuses_what_cannot_stand_one_below_the_other() {
        let refused = |rungs: &[Rung], depth| {
            let error = Ladder::from_root(rungs).unwrap_err();
            assert_eq!(error, AdviceError::Ladder { depth });
        };
        refused(&[], 0);
        refused(&[rung(60).or_default()], 0);
        refused(&[rung(60), rung(61)], 1);
        refused(&[rung(60), rung(50).or_default(), rung(40)], 2);
        refused(
            &[rung(60), rung(50).renew_after(Duration::from_secs(50))],
            1,
        );
    }

    #[test]
    fn durations_are_spelled_as_a_person_would() {
        let spelled = |millis| alloc::format!("{}", Spelled(Duration::from_millis(millis)));
        assert_eq!(spelled(10_800_000), "3h");
        assert_eq!(spelled(5_400_000), "90m");
        assert_eq!(spelled(1500), "1500ms");
        assert_eq!(
            alloc::format!("{}", Spelled(Duration::from_nanos(7))),
            "7ns"
        );
    }
}
