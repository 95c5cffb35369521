//! Bytes a second: against the number of tiers, the rate of changes, and the tolerance.

mod replay;
mod trace;
mod world;

pub use replay::{Sending, Traffic, replay};
pub use trace::{Event, Trace};
pub use world::{
    Derived, Five, Four, One, Second, Tenth, Three, Two, Within01, Within1, Within02, Within2,
    Within05, Within5, World,
};

use crate::Outcome;

/// The seed of all traces: the year of the paper.
pub const SEED: u128 = 2002;

/// The rates of steps that are compared, in steps a second.
const RATES: [u32; 7] = [1, 2, 5, 10, 20, 50, 100];

/// What a number of tiers costs.
#[derive(Clone, Copy, Debug)]
pub struct Split {
    /// How many tiers.
    pub tiers: u32,
    /// What changed, and what stands below.
    pub changed: Traffic,
    /// All tiers each time.
    pub whole: Traffic,
}

/// What a rate of steps costs.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Steps a second.
    pub steps: u32,
    /// The state in one cookie, each time.
    pub whole: Traffic,
    /// Three tiers: what changed, and what stands below.
    pub changed: Traffic,
    /// The same, the steps at most every 100 ms.
    pub tenth: Traffic,
    /// The same, the steps at most once a second.
    pub second: Traffic,
}

/// What a tolerance costs and spares.
#[derive(Clone, Copy, Debug)]
pub struct Tolerance {
    /// How far the position may stray along an axis, in metres; nothing is the position as it is.
    pub metres: Option<f64>,
    /// Three tiers.
    pub changed: Traffic,
}

/// One visit of so many seconds, its state cut into one to five tiers.
///
/// # Errors
///
/// As for [`replay`].
pub fn splits(seconds: u32, steps_per_second: u32) -> Outcome<Vec<Split>> {
    let trace = Trace::new(seconds, steps_per_second, SEED)?;
    Ok(vec![
        split::<One>(1, &trace)?,
        split::<Two>(2, &trace)?,
        split::<Three>(3, &trace)?,
        split::<Four>(4, &trace)?,
        split::<Five>(5, &trace)?,
    ])
}

fn split<S: World>(tiers: u32, trace: &Trace) -> Outcome<Split> {
    Ok(Split {
        tiers,
        changed: replay::<S>(trace, Sending::Changed)?,
        whole: replay::<S>(trace, Sending::Whole)?,
    })
}

/// Visits of so many seconds that differ in nothing but the rate of steps.
///
/// # Errors
///
/// As for [`replay`].
pub fn rates(seconds: u32) -> Outcome<Vec<Rate>> {
    RATES
        .into_iter()
        .map(|steps| rate(seconds, steps))
        .collect()
}

fn rate(seconds: u32, steps: u32) -> Outcome<Rate> {
    let trace = Trace::new(seconds, steps, SEED)?;
    Ok(Rate {
        steps,
        whole: replay::<One>(&trace, Sending::Whole)?,
        changed: replay::<Three>(&trace, Sending::Changed)?,
        tenth: replay::<Tenth>(&trace, Sending::Changed)?,
        second: replay::<Second>(&trace, Sending::Changed)?,
    })
}

/// A visit of so many seconds with ten steps a second, its position approximated.
///
/// # Errors
///
/// As for [`replay`].
pub fn tolerances(seconds: u32) -> Outcome<Vec<Tolerance>> {
    let trace = Trace::new(seconds, 10, SEED)?;
    Ok(vec![
        tolerance::<Three>(None, &trace)?,
        tolerance::<Within01>(Some(0.1), &trace)?,
        tolerance::<Within02>(Some(0.2), &trace)?,
        tolerance::<Within05>(Some(0.5), &trace)?,
        tolerance::<Within1>(Some(1.0), &trace)?,
        tolerance::<Within2>(Some(2.0), &trace)?,
        tolerance::<Within5>(Some(5.0), &trace)?,
    ])
}

fn tolerance<S: World>(metres: Option<f64>, trace: &Trace) -> Outcome<Tolerance> {
    let changed = replay::<S>(trace, Sending::Changed)?;
    if changed.behind > metres.unwrap_or_default() as f32 {
        return Err(format!("{} m behind, of at most {metres:?}", changed.behind).into());
    }
    Ok(Tolerance { metres, changed })
}
