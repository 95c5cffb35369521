//! The planner: how often to bring the client up to date, by what an update costs and how often servers fail.

use core::fmt;
use core::time::Duration;

/// What is to be planned for: a server that fails now and then, and work since the last update that is lost then.
///
/// First-order checkpoint theory: with an update that costs as much as `d` of work and failures each `M` on the average, an interval of
/// `T` loses `d / T` of the time to updates and `T / 2M` to work that is done again; the sum is least at `T = sqrt(2 d M)`.
/// It holds for failures that come by chance (exponentially) and `d` much shorter than `M`.
///
/// ```
/// use std::time::Duration;
/// use statecookie::advice::{Failures, plan_interval};
///
/// // A failure a week; an update costs as much as 2 ms of work.
/// let week = Duration::from_secs(7 * 86_400);
/// let plan = plan_interval(Failures::each(week), Duration::from_millis(2))?;
/// assert_eq!(plan.interval.as_secs(), 49); // sqrt(2 * 0.002 s * 604,800 s)
/// assert!(plan.efficiency > 0.9999);
/// assert_eq!(plan.to_string(), "an update each 49.2 s: 99.9919 % of the work counts");
/// # Ok::<(), statecookie::advice::PlanError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    mean: Duration,
}

/// The interval that costs least, and what to expect of it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// From one update to the next.
    pub interval: Duration,
    /// The share of the work that is not done twice: x / (e^x - 1) with x = interval / mean time between failures.
    pub kept: f64,
    /// `kept` less what the updates themselves cost: the share of the time that is work which counts.
    pub efficiency: f64,
}

/// What cannot be planned.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// An update costs nothing: the shorter the interval, the better.
    #[error("the cost of an update is not a positive number: {0}")]
    Cost(f64),
    /// The mean time between failures is zero.
    #[error("the mean time between failures is zero")]
    NoTime,
    /// The result is longer than a `Duration` can be.
    #[error("the interval is longer than can be said")]
    TooLong,
    /// The value of lost work is not a positive number.
    #[error("the value of lost work is not a positive number: {0}")]
    Value(f64),
}

impl Failures {
    /// One failure each `mean` on the average.
    pub const fn each(mean: Duration) -> Self {
        Self { mean }
    }

    fn secs(self) -> Result<f64, PlanError> {
        if self.mean.is_zero() {
            Err(PlanError::NoTime)
        } else {
            Ok(self.mean.as_secs_f64())
        }
    }

    /// The share of the work that is not done twice if an update goes out each `interval`: x / (e^x - 1), x = interval / mean.
    ///
    /// # Errors
    ///
    /// The mean time between failures is zero.
    pub fn kept(self, interval: Duration) -> Result<f64, PlanError> {
        let x = interval.as_secs_f64() / self.secs()?;
        Ok(if x == 0.0 { 1.0 } else { x / x.exp_m1() })
    }
}

/// The interval that costs least where an update takes as much time as `update` of work.
///
/// # Errors
///
/// A time that is zero, or an interval too long to be said.
pub fn plan_interval(failures: Failures, update: Duration) -> Result<Plan, PlanError> {
    plan(failures, update.as_secs_f64())
}

/// The interval that costs least where an update costs `update` and a second of lost work `lost`, in one currency: bytes, money.
///
/// ```
/// use std::time::Duration;
/// use statecookie::advice::{Failures, plan_interval_at_cost};
///
/// // 48 bytes an update; a lost second is worth 10 kB to us; a failure a day.
/// let day = Duration::from_secs(86_400);
/// let plan = plan_interval_at_cost(Failures::each(day), 48.0, 10_000.0)?;
/// assert_eq!(plan.interval.as_secs(), 28);
/// # Ok::<(), statecookie::advice::PlanError>(())
/// ```
///
/// # Errors
///
/// A cost or value that is not a positive finite number, a time that is zero, or an interval too long to be said.
pub fn plan_interval_at_cost(
    failures: Failures,
    update: f64,
    lost: f64,
) -> Result<Plan, PlanError> {
    if !(lost.is_finite() && lost > 0.0) {
        return Err(PlanError::Value(lost));
    }
    if !(update.is_finite() && update > 0.0) {
        return Err(PlanError::Cost(update));
    }
    plan(failures, update / lost)
}

/// `update` in seconds of work.
fn plan(failures: Failures, update: f64) -> Result<Plan, PlanError> {
    let mean = failures.secs()?;
    if !(update.is_finite() && update > 0.0) {
        return Err(PlanError::Cost(update));
    }
    let interval = Duration::try_from_secs_f64((2.0 * update * mean).sqrt());
    let interval = interval.map_err(|_| PlanError::TooLong)?;
    if interval.is_zero() {
        return Err(PlanError::Cost(update));
    }
    let kept = failures.kept(interval)?;
    let secs = interval.as_secs_f64();
    Ok(Plan {
        interval,
        kept,
        efficiency: kept * secs / (secs + update),
    })
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = 100.0 * self.efficiency;
        let every = self.interval;
        // Three digits are what such a rule is good for.
        write!(
            f,
            "an update each {every:?}: {share:.4} % of the work counts",
            every = Readable(every)
        )
    }
}

/// Seconds, minutes or hours, whichever a person would say.
struct Readable(Duration);

impl fmt::Debug for Readable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secs = self.0.as_secs_f64();
        match secs {
            0.0..0.001 => write!(f, "{:.1} us", secs * 1e6),
            0.001..1.0 => write!(f, "{:.1} ms", secs * 1e3),
            1.0..120.0 => write!(f, "{secs:.1} s"),
            120.0..7200.0 => write!(f, "{:.1} min", secs / 60.0),
            _ => write!(f, "{:.1} h", secs / 3600.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Failures = Failures::each(Duration::from_secs(86_400));

    #[test]
    fn no_other_interval_costs_less() {
        let update = 0.5;
        let plan = plan_interval(DAY, Duration::from_secs_f64(update)).unwrap();
        let lost = |interval: f64| update / interval + interval / (2.0 * 86_400.0);
        let best = plan.interval.as_secs_f64();
        for factor in [0.5, 0.9, 1.1, 2.0] {
            assert!(lost(best) < lost(best * factor), "{factor}");
        }
    }

    #[test]
    fn the_efficiency_is_that_of_the_formula() {
        // x = 1: 1 / (e - 1).
        let kept = DAY.kept(Duration::from_secs(86_400)).unwrap();
        assert!((kept - 0.581_976_706_869_326_4).abs() < 1e-12, "{kept}");
        assert_eq!(DAY.kept(Duration::ZERO), Ok(1.0));
        let plan = plan_interval(DAY, Duration::from_secs(10)).unwrap();
        assert!(plan.efficiency < plan.kept && plan.kept < 1.0);
    }

    #[test]
    fn nonsense_is_refused_by_its_name() {
        let second = Duration::from_secs(1);
        let never = Failures::each(Duration::ZERO);
        assert_eq!(plan_interval(never, second), Err(PlanError::NoTime));
        assert_eq!(never.kept(second), Err(PlanError::NoTime));
        assert_eq!(
            plan_interval(DAY, Duration::ZERO),
            Err(PlanError::Cost(0.0))
        );
        for bad in [0.0, -1.0, f64::INFINITY, f64::NAN] {
            let cost = plan_interval_at_cost(DAY, bad, 1.0).unwrap_err();
            assert!(matches!(cost, PlanError::Cost(_)), "{cost}");
            let value = plan_interval_at_cost(DAY, 1.0, bad).unwrap_err();
            assert!(matches!(value, PlanError::Value(_)), "{value}");
        }
        let endless = plan_interval_at_cost(Failures::each(Duration::MAX), 1e300, 1e-5);
        assert!(matches!(
            endless,
            Err(PlanError::TooLong | PlanError::Cost(_))
        ));
        let tiny = plan_interval_at_cost(DAY, f64::MIN_POSITIVE, f64::MAX);
        assert!(matches!(tiny, Err(PlanError::Cost(_))), "{tiny:?}");
    }

    #[test]
    fn says_the_interval_in_a_unit_that_fits() {
        let said = |secs: f64| alloc::format!("{:?}", Readable(Duration::from_secs_f64(secs)));
        assert_eq!(said(0.000_02), "20.0 us");
        assert_eq!(said(0.25), "250.0 ms");
        assert_eq!(said(60.0), "60.0 s");
        assert_eq!(said(600.0), "10.0 min");
        assert_eq!(said(86_400.0), "24.0 h");
    }
}
