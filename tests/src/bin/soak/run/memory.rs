//! How much memory the long-lived processes take, from `/proc`, over the whole run.

use std::fs;
use std::time::{Duration, Instant};

/// How often it is read.
const EVERY: Duration = Duration::from_millis(500);
/// The part of a run, in hundredths, in which a process may still grow to its working size.
const WARM_UP: usize = 15;

/// The memory of one process.
pub(crate) struct Memory {
    process: u32,
    begun: Instant,
    last: Option<Instant>,
    samples: Vec<(f64, f64)>,
}

/// What became of it, in KiB; the slope in KiB an hour, by least squares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) most: f64,
    pub(crate) slope: f64,
    pub(crate) samples: usize,
}

impl Memory {
    /// Watches a process from now on.
    pub(crate) fn of(process: u32) -> Self {
        Self {
            process,
            begun: Instant::now(),
            last: None,
            samples: Vec::new(),
        }
    }

    /// Reads it, if it is time.
    pub(crate) fn sample(&mut self) {
        if self.last.is_some_and(|last| last.elapsed() < EVERY) {
            return;
        }
        self.last = Some(Instant::now());
        if let Some(now) = resident(self.process) {
            self.samples.push((self.begun.elapsed().as_secs_f64(), now));
        }
    }

    /// How it grew after the warm-up.
    pub(crate) fn growth(&self) -> Option<Growth> {
        let warm = self.samples.get(self.samples.len() * WARM_UP / 100..)?;
        let (start, end) = (warm.first()?.1, warm.last()?.1);
        let most = warm.iter().map(|sample| sample.1).fold(start, f64::max);
        Some(Growth {
            start,
            end,
            most,
            slope: slope(warm) * 3_600.0,
            samples: self.samples.len(),
        })
    }
}

/// The resident memory of a process in KiB.
fn resident(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

fn slope(samples: &[(f64, f64)]) -> f64 {
    let count = samples.len().max(1) as f64;
    let mean = |value: fn(&(f64, f64)) -> f64| samples.iter().map(value).sum::<f64>() / count;
    let (x, y) = (mean(|sample| sample.0), mean(|sample| sample.1));
    let covariance: f64 = samples
        .iter()
        .map(|sample| (sample.0 - x) * (sample.1 - y))
        .sum();
    let variance: f64 = samples.iter().map(|sample| (sample.0 - x).powi(2)).sum();
    if variance > 0.0 {
        covariance / variance
    } else {
        0.0
    }
}
