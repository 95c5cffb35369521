//! What the command line says, and what a run has to reach.

use std::fmt;
use std::time::Duration;

use crate::Outcome;
use crate::run::{Growth, Tally};
use crate::server::SPOILS;

const USAGE: &str = "\
usage: soak [--long | --minutes N] [--seed N] [--break-it KIND]
  --long           until 20,000 fail-overs from 1,000 kills, each boundary ten times
  --minutes N      for so long, and until there is as much as in the long form
  --seed N         the dice of everything but time itself
  --break-it KIND  servers restore something else than what was presented; the run must fail";

/// The options.
pub(crate) struct Options {
    pub(crate) goal: Goal,
    pub(crate) seed: u64,
    pub(crate) spoil: Option<String>,
}

/// When a run is over.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal {
    fail_overs: u64,
    kills: u64,
    each: u64,
    least: Duration,
    pause: Duration,
    /// How much the memory of a process may grow after its warm-up, in KiB.
    growth: Option<f64>,
}

const SHORT: Goal = Goal {
    fail_overs: 500,
    kills: 45,
    each: 1,
    least: Duration::ZERO,
    pause: Duration::from_millis(50),
    growth: None,
};

const LONG: Goal = Goal {
    fail_overs: 20_000,
    kills: 1_000,
    each: 10,
    pause: Duration::from_millis(100),
    growth: Some(8.0 * 1024.0),
    ..SHORT
};

impl Options {
    /// Reads the command line.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Self {
            goal: SHORT,
            seed: rand::random(),
            spoil: None,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(USAGE);
            match argument.as_str() {
                "--long" => options.goal = LONG,
                "--minutes" => options.goal = LONG.lasting(value()?.parse()?),
                "--seed" => options.seed = value()?.parse()?,
                "--break-it" => options.spoil = Some(spoil(value()?)?),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(options)
    }
}

fn spoil(kind: String) -> Outcome<String> {
    if SPOILS.iter().any(|(known, _)| *known == kind) {
        return Ok(kind);
    }
    let kinds: Vec<&str> = SPOILS.iter().map(|(kind, _)| *kind).collect();
    Err(format!("{USAGE}\n  kinds: {}", kinds.join(", ")).into())
}

impl Goal {
    fn lasting(self, minutes: u64) -> Self {
        Self {
            least: Duration::from_secs(minutes * 60),
            pause: Duration::from_millis(900),
            ..self
        }
    }

    /// Between two kills, at least.
    pub(crate) fn pause(&self) -> Duration {
        self.pause
    }

    /// Whether enough has happened.
    pub(crate) fn is_reached(&self, took: Duration, tally: &Tally) -> bool {
        took >= self.least
            && tally.sigkills() >= self.kills
            && tally.after_sigkills() >= self.fail_overs
            && tally.kills.least() >= self.each
    }

    /// What has to be true of a whole run, beyond that no promise was broken.
    pub(crate) fn check(&self, tally: &Tally, growths: &[Option<Growth>]) -> Outcome<()> {
        let seen = [
            ("a rotation under load", tally.key_changes),
            ("a fork", tally.forks.joined),
            ("a mix that was refused", tally.forks.mixes_refused),
            ("a gap", tally.updates.gaps),
            ("a late update", tally.late.updates),
            ("a client's own value", tally.own_presented),
        ];
        if let Some((what, _)) = seen.iter().find(|(_, count)| *count == 0) {
            return Err(format!("there never was {what}: nothing is proven about it").into());
        }
        let Some(bound) = self.growth else {
            return Ok(());
        };
        let grown = growths
            .iter()
            .flatten()
            .map(|growth| growth.end - growth.start);
        match grown.fold(0.0, f64::max) {
            grown if grown > bound => Err(format!("a process grew by {grown:.0} KiB").into()),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            fail_overs,
            kills,
            each,
            least,
            ..
        } = self;
        write!(
            f,
            "until {fail_overs} fail-overs, {kills} kills, each boundary {each} times"
        )?;
        if !least.is_zero() {
            write!(f, ", and {} minutes are over", least.as_secs() / 60)?;
        }
        Ok(())
    }
}
