//! A hostile battery with an oracle: honest histories over eleven schemas, everything that a client can do with their cookies, and
//! an oracle that knows the histories and says of each input what a server must do. See `docs/trust/battery.md`.
#![forbid(unsafe_code)]

mod arena;
mod args;
mod attack;
mod battle;
mod dice;
mod history;
mod oracle;
mod report;
mod schemas;
mod stage;
mod tally;
#[cfg(test)]
mod tests;
mod wire;

use std::process::ExitCode;

fn main() -> ExitCode {
    match args::read(std::env::args().skip(1)) {
        Ok(args) => report::run(&args),
        Err(usage) => {
            eprintln!("{usage}");
            ExitCode::FAILURE
        }
    }
}
