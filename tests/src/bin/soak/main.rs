//! A fail-over soak with real processes: `cargo run --release -p statecookie-tests --bin soak`.
//!
//! Clients in one process, servers each in their own, datagrams between them that get lost, doubled and overtaken. Servers
//! are killed at every boundary of the exchange; a checker that knows only what clients commanded and reported holds each
//! state against what the next server makes of it.
#![forbid(unsafe_code)]

mod checker;
mod client;
mod clock;
mod options;
mod point;
mod run;
mod server;
mod state;
mod wire;

use std::process::ExitCode;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    let outcome = match arguments.peek().map(String::as_str) {
        Some("server") => server::serve(),
        _ => soak(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nFAILED: {error}");
            ExitCode::FAILURE
        }
    }
}

fn soak(arguments: impl Iterator<Item = String>) -> Outcome<()> {
    let options = options::Options::read(arguments)?;
    let again = format!("the seed was {}", options.seed);
    run::run(&options).map_err(|error| format!("{error}\n{again}").into())
}
