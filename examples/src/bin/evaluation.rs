//! The evaluation: `cargo run --release -p statecookie-examples --bin evaluation`.
#![forbid(unsafe_code)]

use std::path::Path;
use std::process::ExitCode;

use statecookie_examples::Outcome;
use statecookie_examples::evaluation::figures::Figures;
use statecookie_examples::evaluation::goodput::JOBS;
use statecookie_examples::evaluation::page::Page;

const USAGE: &str = "\
usage: evaluation [--write DOCS | --check DOCS]
  --write DOCS  writes the page and its plots into that folder
  --check DOCS  fails if those in that folder are not what is measured now";

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
    if !matches!(arguments[..], [] | ["--write" | "--check", _]) {
        return Err(USAGE.into());
    }
    let figures = Figures::measure(JOBS)?;
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
