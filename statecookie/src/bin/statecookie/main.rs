//! The command `statecookie`: for those who run a pool.
#![forbid(unsafe_code)]

mod accepted;
mod advice;
mod against;
mod args;
mod explain;
mod facts;
mod fault;
mod input;
mod inspect;
mod list;
mod lock;
mod output;
mod page;
mod revoke;
mod rotate;
mod shown;
mod shown_json;
mod told;
mod values;
mod windows;

use std::process::ExitCode;

use clap::Parser;
use statecookie::{Clock, SystemClock, Timestamp};

use args::{Args, Command, KeysCommand};
use fault::Fault;
use output::Said;

fn main() -> ExitCode {
    // Clap itself ends with 2 where the usage is wrong.
    let args = Args::parse();
    let json = args.json;
    let text = match args.command {
        Command::Keys(command) => keys(command).map(|said| (output::said(&said, json), true)),
        Command::Inspect(asked) => inspect::inspect(&asked, json),
        Command::Explain(asked) => explain::explain(&asked, json),
    };
    match text {
        Ok((text, good)) => output::print(&text, good),
        Err(fault) => output::fail(&fault, json),
    }
}

fn keys(command: KeysCommand) -> Result<Said, Fault> {
    let now = now();
    match command {
        KeysCommand::New { file, policy } => rotate::new(&file, policy, now),
        KeysCommand::List { file } => list::list(&file, now),
        KeysCommand::Rotate { file, policy } => rotate::rotate(&file, policy, now),
        KeysCommand::Revoke { file, id, policy } => revoke::revoke(&file, id, policy, now),
    }
}

// Whole seconds: a ring's text knows no others.
fn now() -> Timestamp {
    Timestamp::from_secs(SystemClock.now().as_secs())
}
