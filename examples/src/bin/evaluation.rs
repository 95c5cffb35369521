//! The evaluation: `cargo run --release -p statecookie-examples --bin evaluation`.
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

use statecookie_examples::Outcome;
use statecookie_examples::evaluation::figures::{Figures, WHOLE};
use statecookie_examples::evaluation::goodput;
use statecookie_examples::evaluation::page::Page;

const USAGE: &str = "\
usage: evaluation [--write DOCS | --check DOCS | --seeds N]
  --write DOCS  writes the page and its plots into that folder
  --check DOCS  fails if those in that folder are not what is measured now
  --seeds N     compares simulation and formula again, from the seeds 1 to N; half a minute each";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nFAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--seeds", count] => return seeds(count.parse()?),
        [] | ["--write" | "--check", _] => {}
        _ => return Err(USAGE.into()),
    }
    let figures = Figures::measure(WHOLE)?;
    let page = Page::new(&figures)?;
    println!("{}", page.files[0].1);
    println!("compared: {}", figures.verdict);
    figures.verdict.check()?;
    match arguments[..] {
        ["--write", folder] => page.write(Path::new(folder)),
        ["--check", folder] => page.check(Path::new(folder)),
        _ => Ok(()),
    }
}

/// How often the intervals miss, which should be one time in twenty, and not only from the seed of the page.
fn seeds(count: u32) -> Outcome<()> {
    let (mut points, mut outside) = (0, 0);
    for seed in 1..=count {
        let verdict = goodput::judge(&goodput::run(WHOLE.jobs, seed.into())?);
        points += verdict.points;
        outside += verdict.outside;
        println!("seed {seed}: {verdict}");
    }
    let share = 100.0 * outside as f64 / points.max(1) as f64;
    println!("{outside} of {points} outside: {share:.2} %");
    Ok(())
}
