//! The goodput experiment: how much of the time is useful work, against the interval between cookies.

mod formula;
mod job;
mod verdict;

use std::thread;

use rand_pcg::Pcg64;

pub use formula::{Setting, endless_goodput};
pub use job::{FailOver, Job, Simulator, Taken};
pub use verdict::{Verdict, judge};

use super::statistics::Sample;
use crate::Outcome;

/// The work of a job: 10^7 units, on servers that do 10^6 in a second.
pub const WORK: u64 = 10_000_000;

/// The seed, chosen before the first run: the year of the paper. Each point has a stream of its own.
pub const SEED: u128 = 2002;

/// The steps of the interval, from 0.1 % to 100 % of the job.
const STEPS: u32 = 10;

/// MTBF in lengths of the job, and the way of a cookie in microseconds.
const SERIES: [(u64, u64); 4] = [(2, 0), (5, 0), (10, 0), (5, 100_000)];

/// What the jobs of one setting took.
#[derive(Clone, Debug)]
pub struct Point {
    /// The setting.
    pub setting: Setting,
    /// What clients do when their server dies.
    pub fail_over: FailOver,
    /// Times of the jobs, in microseconds.
    pub times: Sample,
    /// The sums over all jobs.
    pub total: Taken,
}

impl Point {
    /// The points with cookies, series by series: MTBF and delay are the same in each.
    pub fn series(points: &[Self]) -> Vec<Vec<&Self>> {
        let mut series: Vec<Vec<&Self>> = Vec::new();
        let with_cookies = points
            .iter()
            .filter(|point| point.fail_over == FailOver::Cookies);
        for point in with_cookies {
            let same = |one: &&Self| {
                (one.setting.mtbf, one.setting.delay) == (point.setting.mtbf, point.setting.delay)
            };
            match series.last_mut().filter(|last| last.iter().all(same)) {
                Some(last) => last.push(point),
                None => series.push(vec![point]),
            }
        }
        series
    }

    /// The useful share of the time, as measured.
    pub fn goodput(&self) -> f64 {
        self.setting.work as f64 / self.times.mean()
    }

    /// The 95 % interval of the useful share.
    pub fn interval(&self) -> (f64, f64) {
        let (work, mean, half) = (
            self.setting.work as f64,
            self.times.mean(),
            self.times.half_width(),
        );
        (work / (mean + half), work / (mean - half))
    }

    /// How many standard errors the mean time of a job lies above the expected one.
    pub fn deviation(&self) -> f64 {
        self.times.deviation_from(self.setting.expected_time())
    }

    /// Bytes of updates for each second of work.
    pub fn bytes_per_second(&self) -> f64 {
        self.total.bytes as f64 * 1e6 / self.total.time
    }
}

/// Runs all points with so many jobs each from one seed, and gives them series by series, with abort-and-restart at the end.
///
/// # Errors
///
/// The library refused what it must take, or a session went on from something else than the client's newest cookie.
pub fn run(jobs: u64, seed: u128) -> Outcome<Vec<Point>> {
    let points = settings();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let work = |worker: usize| -> Result<Vec<(usize, Point)>, String> {
        let mine = points
            .iter()
            .enumerate()
            .filter(|(at, _)| at % workers == worker);
        mine.map(|(at, &(setting, fail_over))| {
            let chance = Pcg64::new(seed, at as u128);
            Ok((at, measure(setting, fail_over, jobs, chance)?))
        })
        .collect::<Outcome<_>>()
        .map_err(|error| error.to_string())
    };
    let mut measured = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers)
            .map(|worker| scope.spawn(move || work(worker)))
            .collect();
        let mut measured = Vec::new();
        for thread in threads {
            measured.extend(thread.join().map_err(|_| "a simulation panicked")??);
        }
        Outcome::Ok(measured)
    })?;
    measured.sort_by_key(|(at, _)| *at);
    Ok(measured.into_iter().map(|(_, point)| point).collect())
}

fn measure(setting: Setting, fail_over: FailOver, jobs: u64, mut chance: Pcg64) -> Outcome<Point> {
    let simulator = Simulator::new(setting, fail_over)?;
    let (mut times, mut total) = (Sample::default(), Taken::default());
    for number in 0..jobs {
        let taken = simulator.run(number, &mut chance)?;
        times.push(taken.time);
        total.time += taken.time;
        total.deaths += taken.deaths;
        total.resumed += taken.resumed;
        total.updates += taken.updates;
        total.bytes += taken.bytes;
    }
    Ok(Point {
        setting,
        fail_over,
        times,
        total,
    })
}

fn settings() -> Vec<(Setting, FailOver)> {
    let setting = |(lengths, delay), interval| Setting {
        work: WORK,
        interval,
        delay,
        mtbf: lengths * WORK,
    };
    let cookies = SERIES.into_iter().flat_map(|series| {
        (0..STEPS).map(move |step| (setting(series, interval(step)), FailOver::Cookies))
    });
    let restart = SERIES
        .into_iter()
        .filter(|(_, delay)| *delay == 0)
        .map(|series| (setting(series, WORK), FailOver::Restart));
    cookies.chain(restart).collect()
}

/// The interval of a step, in units of work: each is 2.15 times the one before.
fn interval(step: u32) -> u64 {
    let share = 10_f64.powf(3.0 * f64::from(step) / f64::from(STEPS - 1) - 3.0);
    (WORK as f64 * share).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_go_from_a_thousandth_to_the_whole_job() {
        let steps: Vec<u64> = (0..STEPS).map(interval).collect();
        assert_eq!(
            steps,
            [
                10_000, 21_544, 46_416, 100_000, 215_443, 464_159, 1_000_000, 2_154_435, 4_641_589,
                10_000_000
            ]
        );
    }

    #[test]
    fn points_come_in_the_order_of_their_settings_whoever_ran_them() {
        let (one, other) = (run(2, SEED).unwrap(), run(2, SEED).unwrap());
        let found: Vec<_> = one
            .iter()
            .map(|point| (point.setting, point.fail_over))
            .collect();
        assert_eq!(found, settings());
        let times = |points: &[Point]| -> Vec<f64> {
            points.iter().map(|point| point.times.mean()).collect()
        };
        assert_eq!(times(&one), times(&other));
    }
}
