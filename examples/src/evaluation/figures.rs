//! Everything that is measured, in one place.

use super::bandwidth::{self, Rate, Split, Tolerance};
use super::goodput::{self, Point, Verdict};
use super::optimisations::{Optimisation, optimisations};
use crate::Outcome;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Jobs in each point of the goodput experiment.
    pub jobs: u64,
    /// The length of each visit.
    pub seconds: u32,
}

/// What the page shows.
pub const WHOLE: Effort = Effort {
    jobs: 10_000,
    seconds: 600,
};

/// What the evaluation measured.
pub struct Figures {
    /// The paper's three optimisations, and none.
    pub optimisations: Vec<Optimisation>,
    /// One to five tiers, ten steps a second.
    pub fast: Vec<Split>,
    /// One to five tiers, one step a second.
    pub slow: Vec<Split>,
    /// Rates of steps.
    pub rates: Vec<Rate>,
    /// Tolerances of the position; the first has none.
    pub tolerances: Vec<Tolerance>,
    /// The goodput experiment.
    pub points: Vec<Point>,
    /// What its comparison with the formula found.
    pub verdict: Verdict,
}

impl Figures {
    /// Measures everything.
    ///
    /// # Errors
    ///
    /// The library refused something, or restored what it should not.
    pub fn measure(Effort { jobs, seconds }: Effort) -> Outcome<Self> {
        let points = goodput::run(jobs, goodput::SEED)?;
        Ok(Self {
            optimisations: optimisations(seconds)?,
            fast: bandwidth::splits(seconds, 10)?,
            slow: bandwidth::splits(seconds, 1)?,
            rates: bandwidth::rates(seconds)?,
            tolerances: bandwidth::tolerances(seconds)?,
            verdict: goodput::judge(&points),
            points,
        })
    }
}
