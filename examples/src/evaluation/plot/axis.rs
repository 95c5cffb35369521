//! An axis of a chart, linear or logarithmic, whose ticks are chosen by hand.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// An axis of a chart.
#[derive(Clone, Debug)]
pub struct Axis {
    /// What it counts, with its unit.
    pub name: &'static str,
    /// Its two ends.
    pub range: (f64, f64),
    /// The values that are written beside it.
    pub ticks: Vec<f64>,
    /// Whether equal steps are equal factors.
    pub logarithmic: bool,
}

impl Axis {
    fn scale(&self, value: f64) -> f64 {
        if self.logarithmic {
            value.log10()
        } else {
            value
        }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (from, to): (i32, i32)) -> i32 {
        let (begin, end) = (self.scale(self.range.0), self.scale(self.range.1));
        let share = (self.scale(*value) - begin) / (end - begin);
        // What lies beyond an end is drawn at it: a logarithm of nothing would be infinitely far away.
        from + (f64::from(to - from) * share.clamp(0.0, 1.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.0..self.range.1
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(logarithmic: bool) -> Axis {
        Axis {
            name: "length (m)",
            range: (1.0, 100.0),
            ticks: vec![1.0, 10.0, 100.0],
            logarithmic,
        }
    }

    #[test]
    fn a_logarithmic_axis_gives_each_factor_the_same_room() {
        let places = axis(true)
            .ticks
            .into_iter()
            .map(|tick| axis(true).map(&tick, (50, 250)));
        assert_eq!(places.collect::<Vec<_>>(), [50, 150, 250]);
    }

    #[test]
    fn a_linear_axis_gives_each_step_the_same_room() {
        assert_eq!(axis(false).map(&50.5, (250, 50)), 150);
    }

    #[test]
    fn what_lies_beyond_an_end_is_drawn_at_it() {
        assert_eq!(axis(true).map(&0.0, (50, 250)), 50);
        assert_eq!(axis(false).map(&1e12, (50, 250)), 250);
    }
}
