//! The command `statecookie`: for those who run a pool.
#![forbid(unsafe_code)]

mod args;
mod fault;
mod list;
mod lock;
mod output;
mod revoke;
mod rotate;
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
    match run(args.command) {
        Ok(said) => output::print(&said, json),
        Err(fault) => output::fail(&fault, json),
    }
}

fn run(command: Command) -> Result<Said, Fault> {
    let now = now();
    let Command::Keys(command) = command;
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
