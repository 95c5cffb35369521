//! What theory expects of a job on servers that fail.
//!
//! A server lives exponentially long, `mtbf` on average, and the next one takes over at once. Work counts from the moment in
//! which its cookie has reached the client.
//!
//! *One stretch.* Let the client hold a cookie and a server start from it. The next cookie is here `t` later if the server
//! lives that long; if it dies before, the next server starts the stretch from its beginning. The time until the cookie is here
//! is the time to the first life longer than `t`, each shorter one being spent in vain:
//! `mtbf (e^(t / mtbf) - 1)`, the mean waiting time for a gap of `t` between the events of a Poisson process.
//!
//! *A job.* Cut into `n` intervals `t` and a rest `r`, with cookies that take no time on their way, it is `n + 1` stretches after one
//! another; the exponential distribution forgets, so that they are independent:
//! `n mtbf (e^(t / mtbf) - 1) + mtbf (e^(r / mtbf) - 1)`. Without a rest the useful share of the time is `x / (e^x - 1)`, `x = t / mtbf`.
//!
//! *Cookies on their way.* Let each take `d` from server to client, and be lost if its server dies meanwhile. A server
//! that starts anew brings its first cookie after `t + d`. A server that just brought one is `d` ahead of the client; it brings the
//! next after `t`, or dies in that time, and a new one begins: `(1 - e^(-t / mtbf)) (mtbf + mtbf (e^((t + d) / mtbf) - 1))`,
//! which is `e^(d / mtbf) mtbf (e^(t / mtbf) - 1)`. With the first stretch, which is longer by `mtbf (e^(d / mtbf) - 1)`:
//! `mtbf (e^(d / mtbf) - 1) + e^(d / mtbf) (n mtbf (e^(t / mtbf) - 1) + mtbf (e^(r / mtbf) - 1))`.

/// A job, how it is cut, and the servers on which it runs; times in microseconds, which are units of work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// The work of the job.
    pub work: u64,
    /// The work between two cookies.
    pub interval: u64,
    /// The time that a cookie takes from server to client.
    pub delay: u64,
    /// The mean life of a server.
    pub mtbf: u64,
}

impl Setting {
    /// The mean time of a job, in microseconds.
    ///
    /// ```
    /// use statecookie_examples::evaluation::goodput::Setting;
    ///
    /// let setting = Setting { work: 10, interval: 10, delay: 0, mtbf: 5 };
    /// assert!((setting.expected_time() - 5.0 * (2.0_f64.exp() - 1.0)).abs() < 1e-12);
    /// ```
    pub fn expected_time(&self) -> f64 {
        let whole = (self.work / self.interval) as f64;
        let rest = self.work % self.interval;
        let ahead = self.stretch(self.delay);
        ahead
            + (ahead / self.mtbf as f64 + 1.0)
                * (whole * self.stretch(self.interval) + self.stretch(rest))
    }

    /// The useful share of the time, from 0 to 1.
    pub fn expected_goodput(&self) -> f64 {
        self.work as f64 / self.expected_time()
    }

    /// The mean time until `length` passes without a failure.
    fn stretch(&self, length: u64) -> f64 {
        let mtbf = self.mtbf as f64;
        mtbf * (length as f64 / mtbf).exp_m1()
    }
}

/// The useful share for cookies without delay and a job without end: `x / (e^x - 1)`, `x` being interval / MTBF.
///
/// ```
/// use statecookie_examples::evaluation::goodput::endless_goodput;
///
/// assert!((endless_goodput(1.0) - 0.581_976_7).abs() < 1e-7);
/// ```
pub fn endless_goodput(x: f64) -> f64 {
    x / x.exp_m1()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Setting = Setting {
        work: 10_000_000,
        interval: 10_000_000,
        delay: 0,
        mtbf: 20_000_000,
    };

    fn near(one: f64, other: f64) -> bool {
        (one / other - 1.0).abs() < 1e-12
    }

    #[test]
    fn one_interval_is_abort_and_restart() {
        let expected = 2e7 * (0.5_f64.exp() - 1.0);
        assert!(near(WHOLE.expected_time(), expected));
        assert!(near(WHOLE.expected_goodput(), endless_goodput(0.5)));
    }

    #[test]
    fn without_a_rest_the_end_does_not_matter() {
        let interval = 1_000_000;
        let tenths = Setting { interval, ..WHOLE };
        assert!(near(tenths.expected_goodput(), endless_goodput(0.05)));
    }

    #[test]
    fn the_rest_is_a_shorter_stretch() {
        let interval = 4_000_000;
        let setting = Setting { interval, ..WHOLE };
        let expected = 2e7 * (2.0 * (0.2_f64.exp() - 1.0) + 0.1_f64.exp() - 1.0);
        assert!(near(setting.expected_time(), expected));
    }

    #[test]
    fn one_delayed_cookie_is_a_longer_stretch() {
        let delay = 2_000_000;
        let setting = Setting { delay, ..WHOLE };
        assert!(near(setting.expected_time(), 2e7 * (0.6_f64.exp() - 1.0)));
    }

    #[test]
    fn servers_that_hardly_fail_cost_nothing_but_the_way_of_the_last_cookie() {
        let (delay, mtbf) = (300, u64::MAX / 2);
        let setting = Setting {
            delay,
            mtbf,
            interval: 70_000,
            ..WHOLE
        };
        assert!(near(setting.expected_time(), 10_000_300.0));
    }

    // The same recursion from the other side: what is left of the job after each number of cookies that one life can bring.
    #[test]
    fn agrees_with_summing_over_all_lives() {
        let setting = Setting {
            work: 10,
            interval: 2,
            delay: 3,
            mtbf: 7,
        };
        let alive = |time: f64| (-time / 7.0).exp();
        let mut left = vec![0.0_f64];
        for cookies in 1..=5_u32 {
            let end = f64::from(2 * cookies + 3);
            let mut time = 7.0 * (1.0 - alive(end));
            for brought in 1..cookies {
                let at = f64::from(2 * brought + 3);
                time += (alive(at) - alive(at + 2.0)) * left[(cookies - brought) as usize];
            }
            // A life that brings nothing leaves everything to do again.
            left.push(time / alive(5.0));
        }
        assert!(near(setting.expected_time(), left[5]));
    }
}
