//! Everything that is measured, in one place.

use super::bandwidth::{self, Rate, Split};
use super::goodput::{self, Point, Verdict};
use crate::Outcome;

/// What the evaluation measured.
pub struct Figures {
    /// One to five tiers, ten steps a second.
    pub fast: Vec<Split>,
    /// One to five tiers, one step a second.
    pub slow: Vec<Split>,
    /// Rates of steps.
    pub rates: Vec<Rate>,
    /// The goodput experiment.
    pub points: Vec<Point>,
    /// What its comparison with the formula found.
    pub verdict: Verdict,
}

impl Figures {
    /// Measures everything, with so many jobs in each point of the goodput experiment.
    ///
    /// # Errors
    ///
    /// The library refused something, or restored what it should not.
    pub fn measure(jobs: u64) -> Outcome<Self> {
        let points = goodput::run(jobs)?;
        Ok(Self {
            fast: bandwidth::splits(10)?,
            slow: bandwidth::splits(1)?,
            rates: bandwidth::rates()?,
            verdict: goodput::judge(&points),
            points,
        })
    }
}
