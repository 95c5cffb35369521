//! Mean, standard error and confidence interval of what was sampled.

/// The 97.5 % quantile of the normal distribution: what a sample of thousands needs for an interval of 95 %.
const QUANTILE: f64 = 1.959_963_984_540_054;

/// Mean and spread of a sample, kept while it grows (Welford's way, which loses no digits).
///
/// ```
/// use statecookie_examples::evaluation::statistics::Sample;
///
/// let sample: Sample = [1.0, 2.0, 3.0, 4.0].into_iter().collect();
/// assert_eq!(sample.mean(), 2.5);
/// assert!((sample.variance() - 5.0 / 3.0).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    count: u32,
    mean: f64,
    squares: f64,
}

impl Sample {
    /// Takes one more value.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let off = value - self.mean;
        self.mean += off / f64::from(self.count);
        self.squares += off * (value - self.mean);
    }

    /// How many values there are.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// The mean; zero of nothing.
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// The unbiased variance; zero of fewer than two values.
    pub fn variance(&self) -> f64 {
        if self.count < 2 {
            return 0.0;
        }
        self.squares / f64::from(self.count - 1)
    }

    /// The standard error of the mean.
    pub fn standard_error(&self) -> f64 {
        (self.variance() / f64::from(self.count.max(1))).sqrt()
    }

    /// Half the width of the mean's 95 % interval.
    pub fn half_width(&self) -> f64 {
        QUANTILE * self.standard_error()
    }

    /// How many standard errors the mean lies above what was expected.
    pub fn deviation_from(&self, expected: f64) -> f64 {
        (self.mean - expected) / self.standard_error()
    }

    /// Whether the mean's 95 % interval holds a value.
    pub fn covers(&self, value: f64) -> bool {
        (self.mean - value).abs() <= self.half_width()
    }
}

impl FromIterator<f64> for Sample {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sample = Self::default();
        values.into_iter().for_each(|value| sample.push(value));
        sample
    }
}

#[cfg(test)]
mod tests {
    use rand_distr::{Distribution, Exp};
    use rand_pcg::Pcg64;

    use super::*;

    #[test]
    fn knows_mean_and_spread_of_a_sample_worked_out_by_hand() {
        let sample: Sample = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]
            .into_iter()
            .collect();
        assert_eq!((sample.count(), sample.mean()), (8, 5.0));
        assert!((sample.variance() - 32.0 / 7.0).abs() < 1e-12);
        assert!((sample.standard_error() - (4.0_f64 / 7.0).sqrt()).abs() < 1e-12);
        assert!((sample.half_width() - 1.481_6).abs() < 1e-4);
        assert!((sample.deviation_from(4.0) - 1.322_9).abs() < 1e-4);
        assert!(sample.covers(3.6) && !sample.covers(3.5));
    }

    #[test]
    fn loses_no_digits_far_from_zero() {
        let sample: Sample = (0..1000).map(|n| 1e9 + f64::from(n % 2)).collect();
        assert!((sample.variance() - 250.0 / 999.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_and_one_value_have_no_spread() {
        assert_eq!(Sample::default().half_width(), 0.0);
        let one: Sample = std::iter::once(3.0).collect();
        assert_eq!((one.mean(), one.half_width()), (3.0, 0.0));
    }

    // Of 2,000 intervals some 100 miss; 40 more or less are four times the spread of that number.
    #[test]
    fn nineteen_of_twenty_intervals_hold_the_truth() {
        let exponential = Exp::new(0.25_f64).unwrap();
        let mut chance = Pcg64::new(1, 1);
        let missed = (0..2000)
            .map(|_| (0..500).map(|_| exponential.sample(&mut chance)).collect())
            .filter(|sample: &Sample| !sample.covers(4.0))
            .count();
        assert!((60..=140).contains(&missed), "{missed}");
    }
}
