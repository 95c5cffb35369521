//! The table at the end.

use std::time::Duration;

use super::meter::{Count, Meter};
use crate::Outcome;

/// Prints what the visit cost, and the last word on it.
///
/// # Errors
///
/// Too few servers were killed.
pub fn print(meter: &Meter) -> Outcome<()> {
    print_costs(meter);
    if meter.kills < 10 || meter.in_flight < 3 {
        return Err("too few servers died to prove anything".into());
    }
    println!(
        "\n  All checks passed: nothing but unacknowledged commands was lost, and these were sent again."
    );
    Ok(())
}

fn print_costs(meter: &Meter) {
    println!(
        "\n  {:<52}{:>9}{:>10}{:>10}",
        "updates of this visit", "messages", "bytes", "as text"
    );
    let names = [
        "  · tier 0   position and yaw",
        "  ■ tier 1   cart and quality, and below",
        "  ▲ tier 2   everything: opening and fail-overs",
    ];
    for (name, count) in names.into_iter().zip(meter.tiers) {
        row(name, count);
    }
    let total = meter.total();
    row("StateCookie", total);
    println!();
    row(
        "whole state each time, StateCookie's full updates",
        meter.full,
    );
    factor(meter.full.bytes, total.bytes, meter.full.text, total.text);
    row(
        "whole state each time, cookie 0.18 PrivateJar",
        meter.encrypted,
    );
    factor(
        meter.encrypted.bytes,
        total.bytes,
        meter.encrypted.text,
        total.text,
    );
    println!();
    println!("  {:<52}{:>9}", "servers killed with SIGKILL", meter.kills);
    println!(
        "  {:<52}{:>9}",
        "  of these over a command, whose answer never came", meter.in_flight
    );
    println!("  {:<52}{:>9}{:>10}", "", "median", "worst");
    times(
        "fail-over: broken connection to full update kept",
        &meter.fail_overs,
    );
    times(
        "a command that a kill delayed: sent to acknowledged",
        &meter.delays,
    );
}

fn row(name: &str, count: Count) {
    println!(
        "  {name:<52}{:>9}{:>10}{:>10}",
        count.messages, count.bytes, count.text
    );
}

fn factor(bytes: u64, of: u64, text: u64, of_text: u64) {
    let times = |a: u64, b: u64| format!("x {:.2}", a as f64 / b.max(1) as f64);
    println!(
        "  {:<61}{:>10}{:>10}",
        "",
        times(bytes, of),
        times(text, of_text)
    );
}

fn times(name: &str, durations: &[Duration]) {
    let mut sorted = durations.to_vec();
    sorted.sort_unstable();
    let show = |found: Option<&Duration>| {
        found.map_or("-".into(), |time| {
            format!("{:.2} ms", time.as_secs_f64() * 1000.0)
        })
    };
    println!(
        "  {name:<52}{:>9}{:>10}",
        show(sorted.get(sorted.len() / 2)),
        show(sorted.last())
    );
}
