//! The tables of the page.

use std::fmt::Write;

use super::bandwidth::{Rate, Split, Tolerance};
use super::goodput::{FailOver, Point, endless_goodput};
use super::optimisations::Optimisation;

/// Bytes a second in the shop and in the video for each optimisation, and what a fail-over repeats.
pub fn optimisations(all: &[Optimisation]) -> String {
    let mut table = head(&[
        "optimisation",
        "shop: bytes/s",
        "saved",
        "behind at most",
        "video: bytes/s",
        "saved",
        "behind at most",
    ]);
    for one in all {
        let mut cells = vec![one.name.to_owned()];
        for (traffic, most, unit) in [(one.shop, all[0].shop, "m"), (one.video, all[0].video, "s")]
        {
            let saved = 1.0 - traffic.bytes as f64 / most.bytes as f64;
            cells.push(format!("{:.0}", traffic.bytes_per_second()));
            cells.push(format!("{:.1} %", 100.0 * saved));
            cells.push(format!("{:.2} {unit}", traffic.behind));
        }
        row(&mut table, &cells);
    }
    table.replacen("|--:", "|---", 1)
}

/// Bytes a second for each number of tiers.
pub fn tiers(fast: &[Split], slow: &[Split]) -> String {
    let mut table = head(&[
        "tiers",
        "10 steps/s: all tiers",
        "what changed",
        "saved",
        "1 step/s: all tiers",
        "what changed",
        "saved",
    ]);
    let whole = |splits: &[Split]| splits[0].whole.bytes_per_second();
    for (fast_one, slow_one) in fast.iter().zip(slow) {
        let mut cells = vec![fast_one.tiers.to_string()];
        for (split, most) in [(fast_one, whole(fast)), (slow_one, whole(slow))] {
            let changed = split.changed.bytes_per_second();
            cells.push(format!("{:.0}", split.whole.bytes_per_second()));
            cells.push(format!("{changed:.0}"));
            cells.push(format!("{:.0} %", 100.0 * (1.0 - changed / most)));
        }
        row(&mut table, &cells);
    }
    table
}

/// Bytes a second for each rate of steps.
pub fn rates(rates: &[Rate]) -> String {
    let mut table = head(&[
        "steps/s",
        "whole state",
        "three tiers",
        "at most every 100 ms",
        "at most every 1 s",
    ]);
    for rate in rates {
        let traffic = [rate.whole, rate.changed, rate.tenth, rate.second];
        let bytes = traffic.map(|traffic| format!("{:.0}", traffic.bytes_per_second()));
        let mut cells = vec![rate.steps.to_string()];
        cells.extend(bytes);
        row(&mut table, &cells);
    }
    table
}

/// Bytes a second for each tolerance, and how far behind the client was.
pub fn tolerances(tolerances: &[Tolerance]) -> String {
    let mut table = head(&[
        "tolerance",
        "updates/s",
        "bytes/s",
        "saved",
        "client behind at most",
    ]);
    let exact = tolerances[0].changed.bytes_per_second();
    for Tolerance { metres, changed } in tolerances {
        row(
            &mut table,
            &[
                metres.map_or("none".into(), |metres| format!("{metres} m")),
                format!("{:.2}", changed.updates_per_second()),
                format!("{:.0}", changed.bytes_per_second()),
                format!(
                    "{:.0} %",
                    100.0 * (1.0 - changed.bytes_per_second() / exact)
                ),
                format!("{:.2} m", changed.behind),
            ],
        );
    }
    table
}

/// One series of the goodput experiment beside the formula.
pub fn goodput(points: &[&Point]) -> String {
    let mut table = head(&[
        "interval",
        "goodput, simulated",
        "formula",
        "x / (e^x - 1)",
        "standard errors off",
        "servers that died",
        "bytes/s",
    ]);
    for point in points {
        let setting = point.setting;
        let mut cells = measured(point);
        let interval = setting.interval as f64;
        cells.insert(
            0,
            format!("{:.3} %", 100.0 * interval / setting.work as f64),
        );
        cells.insert(
            3,
            format!("{:.5}", endless_goodput(interval / setting.mtbf as f64)),
        );
        row(&mut table, &cells);
    }
    table
}

/// Abort-and-restart beside the formula, and what cookies make of it at the shortest interval.
pub fn restart(points: &[Point]) -> String {
    let mut table = head(&[
        "MTBF in jobs",
        "goodput, simulated",
        "formula",
        "standard errors off",
        "servers that died",
        "bytes/s",
    ]);
    for point in points
        .iter()
        .filter(|point| point.fail_over == FailOver::Restart)
    {
        let mut cells = measured(point);
        cells.insert(0, (point.setting.mtbf / point.setting.work).to_string());
        row(&mut table, &cells);
    }
    table
}

fn measured(point: &Point) -> Vec<String> {
    let (low, high) = point.interval();
    vec![
        format!("{:.5} ± {:.5}", point.goodput(), (high - low) / 2.0),
        format!("{:.5}", point.setting.expected_goodput()),
        format!("{:+.2}", point.deviation()),
        point.total.deaths.to_string(),
        format!("{:.1}", point.bytes_per_second()),
    ]
}

fn head(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut table = String::new();
    row(&mut table, &names);
    let _ = writeln!(table, "|{}", "--:|".repeat(names.len()));
    table
}

fn row(table: &mut String, cells: &[String]) {
    let _ = writeln!(table, "| {} |", cells.join(" | "));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_head_a_rule_and_its_rows() {
        let mut table = head(&["one", "two"]);
        row(&mut table, &["1".into(), "2".into()]);
        assert_eq!(table, "| one | two |\n|--:|--:|\n| 1 | 2 |\n");
    }
}
