//! The tables at the end.

use super::film::FRAME_MS;
use super::journal::Journal;

/// Prints what the cheaters and the operator read; it must be the same whichever way the position travels.
pub fn print_cheats(journals: &[Journal]) {
    println!(
        "\n  {:<48}{:<12}the operator reads",
        "a cheating viewer", "reads"
    );
    for verdict in journals.first().map_or(&[][..], |first| &first.verdicts) {
        let (read, operator) = match &verdict.operator {
            Some(reason) => ("refused", reason.as_str()),
            None => ("welcome", "accepted"),
        };
        println!("  {:<48}{read:<12}{operator}", verdict.what);
    }
}

/// Prints what the state cost, and where the film went on.
pub fn print(journals: &[Journal], duration_ms: u32) {
    println!(
        "\n  {:<34}{:>27}{:>18}",
        "bytes spent on state", "while the film runs", "at (re)starts"
    );
    println!(
        "  {:<34}{:>9}{:>9}{:>9}{:>9}{:>9}",
        "", "updates", "bytes", "bytes/s", "updates", "bytes"
    );
    for journal in journals {
        costs(journal);
    }
    println!("\n  gap in media time at each fail-over, in ms (backwards is negative)");
    for journal in journals {
        numbers(journal, &journal.gaps_ms);
    }
    println!("\n  how long the picture stood still at each fail-over, in ms");
    for journal in journals {
        let stills = journal.stills.iter().map(|still| still.as_millis());
        numbers(journal, &stills.collect::<Vec<_>>());
    }
    media(journals, duration_ms);
}

fn costs(journal: &Journal) {
    let (updates, starts) = (journal.updates, journal.starts);
    let played_s = f64::from(journal.frames * FRAME_MS) / 1_000.0;
    println!(
        "  {:<34}{:>9}{:>9}{:>9.0}{:>9}{:>9}",
        journal.way.title(),
        updates.messages,
        updates.bytes,
        updates.bytes as f64 / played_s,
        starts.messages,
        starts.bytes
    );
}

fn numbers(journal: &Journal, numbers: &[impl std::fmt::Display]) {
    let columns: String = numbers
        .iter()
        .map(|number| format!("{number:>7}"))
        .collect();
    println!("  {:<34}{columns}", journal.way.title());
}

fn media(journals: &[Journal], duration_ms: u32) {
    let sum = |count: fn(&Journal) -> u64| journals.iter().map(count).sum::<u64>();
    println!(
        "\n  {} viewers of a film of {} s took {} RTP packets, {:.1} MB; {} did not come; the bit rate changed {} times",
        journals.len(),
        duration_ms / 1_000,
        sum(|journal| journal.packets),
        sum(|journal| journal.bytes) as f64 / 1e6,
        sum(|journal| journal.lost),
        sum(|journal| journal.turns.into()),
    );
}

/// What no single frame shows.
///
/// # Errors
///
/// The run proves too little, or the viewers were not treated alike.
pub fn check(journals: &[Journal], kills: usize) -> Result<(), String> {
    for journal in journals {
        let way = journal.way.name();
        if journal.starts.messages != kills as u64 + 1 {
            let starts = journal.starts.messages;
            return Err(format!("{way}: {starts} servers began after {kills} kills"));
        }
        if !journal.wrapped {
            return Err(format!("{way}: the timestamps did not wrap"));
        }
        if journal.turns == 0 {
            return Err(format!("{way}: the bit rate never changed"));
        }
        if Some(&journal.verdicts) != journals.first().map(|first| &first.verdicts) {
            return Err(format!("{way}: cheating is not refused as elsewhere"));
        }
    }
    Ok(())
}
