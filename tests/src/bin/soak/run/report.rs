//! The table at the end.

use std::time::Duration;

use super::fleet::SERVERS;
use super::io::Io;
use super::memory::Growth;
use crate::point::AIMS;

/// Prints what happened.
pub(crate) fn print(io: &Io, growths: &[Option<Growth>], took: Duration, missed: u64) {
    let tally = &io.tally;
    println!(
        "\n{:<52}{:>8}{:>12}",
        "killed at this boundary", "kills", "fail-overs"
    );
    for aim in AIMS {
        println!(
            "  {aim:<50}{:>8}{:>12}",
            tally.kills.of(aim),
            tally.fail_overs.of(aim)
        );
    }
    println!(
        "  {:<50}{:>8}{:>12}\n",
        "all",
        tally.kills.total(),
        tally.fail_overs.total()
    );
    let faults = io.network.faults;
    let restarts = io.fleet.started() - SERVERS;
    for (name, count) in [
        ("seconds", took.as_secs()),
        ("servers killed with SIGKILL", tally.sigkills()),
        ("servers started again, empty", restarts as u64),
        ("boundaries waited for in vain, and taken up later", missed),
        (
            "fail-overs of clients that had a state",
            tally.fail_overs.total(),
        ),
        ("  from servers killed with SIGKILL", tally.after_sigkills()),
        (
            "  continued: every field verified on the next server",
            tally.continued,
        ),
        ("  refused", tally.refused),
        (
            "clients that had nothing yet, and opened again",
            tally.opened_again,
        ),
        (
            "moves to another server while the old one lived",
            tally.moves,
        ),
        (
            "stays that a server gave up after a long silence",
            tally.given_up,
        ),
        ("visits opened", tally.opened),
        ("visits ended", tally.visits_ended),
        ("commands", tally.commands),
        ("commands acknowledged", tally.acknowledged),
        ("updates merged: newer", tally.updates.newer),
        ("  known or older", tally.updates.known),
        ("  with a gap before them", tally.updates.gaps),
        ("  of all of them, full", tally.updates.full),
        ("keys seen", tally.keys.len() as u64),
        ("changes of key within a visit", tally.key_changes),
        ("changes of own mutable values", tally.own_changes),
        (
            "  presented at once, unknown to any server",
            tally.own_presented,
        ),
        (
            "decisions on private values, all as commanded",
            tally.questions,
        ),
        ("forks on purpose", tally.forks.made),
        ("  merged into one jar and gone on with", tally.forks.joined),
        (
            "  mixes of both branches, all refused",
            tally.forks.mixes_refused,
        ),
        (
            "late updates of servers left, merged all the same",
            tally.late.updates,
        ),
        (
            "  news, before the new server's first update came",
            tally.late.news,
        ),
        (
            "  that shadowed the new server's for a while",
            tally.late.won,
        ),
        (
            "  presented so: forks that cost acknowledged commands",
            tally.late.forks,
        ),
        ("    commands that these cost", tally.late.steps),
        (
            "seconds that clocks of the same time were apart",
            io.fleet.spread as u64 / 1_000,
        ),
        ("datagrams", faults.datagrams),
        ("  lost", faults.lost),
        ("  doubled", faults.twice),
        ("  held back, and overtaken", faults.overtaken),
    ] {
        println!("{name:<60}{count:>12}");
    }
    for (reason, count) in &io.fleet.reasons {
        println!(
            "{:<60}{count:>12}",
            format!("refused, for the operator: {reason}")
        );
    }
    times(&tally.times);
    println!(
        "counts: {} fail-overs, {} of them after {} SIGKILLs at {} boundaries; {} continued; {} commands acknowledged",
        tally.fail_overs.total(),
        tally.after_sigkills(),
        tally.sigkills(),
        // All but any moment, and an orderly end.
        AIMS.len() - 2,
        tally.continued,
        tally.acknowledged,
    );
    for (name, growth) in ["clients' process", "server that was never killed"]
        .iter()
        .zip(growths)
    {
        memory(name, growth.as_ref());
    }
}

fn times(times: &[u32]) {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = |share: f64| {
        let at = (sorted.len() as f64 * share) as usize;
        sorted
            .get(at)
            .or(sorted.last())
            .map_or(0.0, |micros| f64::from(*micros) / 1_000.0)
    };
    println!(
        "fail-over, from the kill to the new server's state in the jar: median {:.1} ms, 99 % {:.1} ms, worst {:.1} ms",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

fn memory(name: &str, growth: Option<&Growth>) {
    if let Some(Growth {
        start,
        end,
        most,
        slope,
        samples,
    }) = growth
    {
        println!(
            "memory of the {name}: {start:.0} KiB after warm-up, {end:.0} KiB at the end, most {most:.0}, slope {slope:+.0} KiB/h, {samples} samples"
        );
    }
}
