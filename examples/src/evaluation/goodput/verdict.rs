//! Whether simulation and formula agree.

use std::fmt;

use super::Point;

/// How wide half an interval may be, as a share of the mean.
const WIDEST: f64 = 0.01;
/// The share of the points that may lie outside of their 95 % interval.
const OUTSIDE: f64 = 0.05;
/// How many standard errors no point may be off.
const FARTHEST: f64 = 4.0;

/// What the check of all points found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// How many points there are.
    pub points: usize,
    /// How many lie outside of their 95 % interval.
    pub outside: usize,
    /// The greatest deviation, in standard errors.
    pub farthest: f64,
    /// The widest half of an interval, as a share of the mean.
    pub widest: f64,
}

/// Compares all points with the formula.
pub fn judge(points: &[Point]) -> Verdict {
    let outside = |point: &&Point| !point.times.covers(point.setting.expected_time());
    let greatest = |of: fn(&Point) -> f64| points.iter().map(of).fold(0.0, f64::max);
    Verdict {
        points: points.len(),
        outside: points.iter().filter(outside).count(),
        farthest: greatest(|point| point.deviation().abs()),
        widest: greatest(|point| point.times.half_width() / point.times.mean()),
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            points,
            outside,
            farthest,
            widest,
        } = self;
        write!(
            f,
            "{outside} of {points} points outside of their 95 % intervals, the farthest {farthest:.2} standard errors off, \
             the widest half of an interval {:.2} %",
            100.0 * widest
        )
    }
}

impl Verdict {
    /// What is not as it must be, if anything.
    ///
    /// # Errors
    ///
    /// An interval is too wide, too many points lie outside of theirs, or one lies too far away.
    pub fn check(&self) -> Result<(), String> {
        if self.widest > WIDEST {
            return Err(format!(
                "an interval has {:.4} of the mean to each side",
                self.widest
            ));
        }
        if self.outside as f64 > OUTSIDE * self.points as f64 {
            return Err(format!(
                "{} of {} points lie outside of their interval",
                self.outside, self.points
            ));
        }
        if self.farthest > FARTHEST {
            return Err(format!(
                "a point is {:.2} standard errors off",
                self.farthest
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::goodput::{FailOver, Setting, Taken};

    const GOOD: Verdict = Verdict {
        points: 40,
        outside: 2,
        farthest: 4.0,
        widest: 0.01,
    };

    #[test]
    fn each_limit_is_held_and_no_more() {
        assert_eq!(GOOD.check(), Ok(()));
        let outside = 3;
        assert!(Verdict { outside, ..GOOD }.check().is_err());
        let farthest = 4.01;
        assert!(Verdict { farthest, ..GOOD }.check().is_err());
        let widest = 0.010_1;
        assert!(Verdict { widest, ..GOOD }.check().is_err());
    }

    #[test]
    fn finds_the_worst_of_all_points() {
        let setting = Setting {
            work: 100,
            interval: 100,
            delay: 0,
            mtbf: 1_000_000_000,
        };
        let point = |times: [f64; 4]| Point {
            setting,
            fail_over: FailOver::Cookies,
            times: times.into_iter().collect(),
            total: Taken::default(),
        };
        let verdict = judge(&[
            point([99.0, 101.0, 99.0, 101.0]),
            point([109.0, 111.0, 109.0, 111.0]),
        ]);
        assert_eq!((verdict.points, verdict.outside), (2, 1));
        // Four values one off their mean: a standard error of 1 / sqrt(3).
        assert!((verdict.farthest - 10.0 * 3.0_f64.sqrt()).abs() < 1e-3);
        assert!((verdict.widest - 1.96 / 3.0_f64.sqrt() / 100.0).abs() < 1e-4);
    }
}
