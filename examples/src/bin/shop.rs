//! The 3D shop: `cargo run --release -p statecookie-examples --bin shop`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use statecookie::{Keys, Pool, Secret};
use statecookie_examples::Outcome;
use statecookie_examples::fleet::{Fleet, new_secret};
use statecookie_examples::shop::visit::Visit;
use statecookie_examples::shop::{report, server};

const USAGE: &str = "\
usage: shop [--quick] [--break-it]
  --quick     a shorter walk with the same number of kills
  --break-it  the servers spoil the cart when they restore it; the run must fail";

/// Steps of the walk.
const STEPS: usize = 1_300;
const QUICK_STEPS: usize = 400;

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
    let (mut steps, mut spoil) = (STEPS, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "server" => return server::serve(),
            "--quick" => steps = QUICK_STEPS,
            "--break-it" => spoil = true,
            _ => return Err(USAGE.into()),
        }
    }
    visit(steps, spoil)
}

fn visit(steps: usize, spoil: bool) -> Outcome<()> {
    println!(
        "  Three servers, one secret, nothing else in common. One visitor keeps the state of the visit."
    );
    println!("  · position or angle   ■ cart or quality   ▲ everything\n");
    let secret = new_secret()?;
    let operator = Pool::new(server::POOL, Keys::embedded(Secret::from_hex(&secret)?))?;
    let settings = vec![
        (server::SECRET, Some(secret)),
        (server::BREAK_IT, spoil.then(|| "1".into())),
    ];
    let meter = Visit::begin(Fleet::start(settings)?, operator)?.run(steps)?;
    report::print(&meter);
    if meter.kills < 10 || meter.in_flight < 3 {
        return Err("too few servers died to prove anything".into());
    }
    println!(
        "\n  All checks passed: nothing but unacknowledged commands was lost, and these were sent again."
    );
    Ok(())
}
