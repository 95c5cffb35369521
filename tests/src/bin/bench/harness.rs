//! Interleaved rounds and their medians: what disturbs the machine disturbs both sides alike.

use std::time::{Duration, Instant};

const ROUNDS: usize = 61;
const TIMES: u32 = 2000;

/// Runs an operation so many times and says how long that took, without its preparation.
pub(crate) type Operation = Box<dyn FnMut(u32) -> Duration>;

/// What one line says.
pub(crate) enum Target {
    /// At most so many times the other side's time.
    AtMost(f64),
    #[cfg_attr(
        not(feature = "peers"),
        allow(dead_code, reason = "only peers are outrun")
    )]
    /// The other side takes at least so many times as long.
    Faster(f64),
    /// At most so many nanoseconds; the other side is shown only.
    Nanos(f64),
}

/// One line: an operation, what it is held against, and the target.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) against: &'static str,
    pub(crate) operation: Operation,
    pub(crate) other: Operation,
    pub(crate) target: Target,
}

impl Row {
    /// Measures and prints the line.
    pub(crate) fn measure(mut self) {
        (self.operation)(TIMES / 4);
        (self.other)(TIMES / 4);
        let mut rounds: Vec<(f64, f64)> = (0..ROUNDS)
            .map(|_| (nanos(&mut self.operation), nanos(&mut self.other)))
            .collect();
        let ratio = median(&mut rounds, |(own, other)| own / other);
        let own = median(&mut rounds, |(own, _)| own);
        let other = median(&mut rounds, |(_, other)| other);
        let (said, target, good) = match self.target {
            Target::AtMost(most) => (ratio, format!("<= {most}"), ratio <= most),
            Target::Faster(least) => (1.0 / ratio, format!(">= {least}"), 1.0 / ratio >= least),
            Target::Nanos(most) => (ratio, format!("<= {most} ns"), own <= most),
        };
        let verdict = if good { "ok" } else { "missed" };
        println!(
            "{:<44} {own:>8.0} {:<32} {other:>8.0} {said:>6.2} {target:>10}  {verdict}",
            self.name, self.against
        );
    }
}

/// The line above all lines.
pub(crate) fn print_head() {
    println!(
        "{:<44} {:>8} {:<32} {:>8} {:>6} {:>10}",
        "operation", "ns", "against", "ns", "ratio", "target"
    );
}

/// An operation without preparation.
pub(crate) fn repeated(mut work: impl FnMut() + 'static) -> Operation {
    Box::new(move |times| {
        let start = Instant::now();
        (0..times).for_each(|_| work());
        start.elapsed()
    })
}

fn nanos(operation: &mut Operation) -> f64 {
    operation(TIMES).as_nanos() as f64 / f64::from(TIMES)
}

fn median(rounds: &mut [(f64, f64)], of: impl Fn((f64, f64)) -> f64) -> f64 {
    rounds.sort_by(|a, b| of(*a).total_cmp(&of(*b)));
    of(rounds[rounds.len() / 2])
}
