//! The library and the peer in Python against each other: cases by chance, made by the one and judged by both, in each
//! direction between real processes. Verdict, reason and restored values must agree.
//!
//! `cargo run --release -p statecookie-tests --bin differential -- [--seed N] [--count N]`, with `STATECOOKIE_PEER_PYTHON`.
#![forbid(unsafe_code)]
#![allow(
    clippy::expect_used,
    reason = "like a test, it stops at the first surprise"
)]

mod bend;
mod dice;
mod history;
mod make;
mod python;
mod server;
mod states;
mod states_derived;
mod states_more;
mod tally;
mod times;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{ExitCode, Stdio};
use std::sync::mpsc;
use std::time::Instant;

use serde_json::Value;
use statecookie_tests::kit::run::bytes_of;

use make::{Made, Maker};
use server::{Case, server};
use tally::Tally;

const SEED: u64 = 3;
const COUNT: u64 = 100_000;

fn main() -> ExitCode {
    let Some(python) = python::interpreter() else {
        eprintln!("skipped: STATECOOKIE_PEER_PYTHON names no interpreter");
        let is_ci = std::env::var("CI").as_deref() == Ok("true");
        return if is_ci {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        };
    };
    let (seed, count) = (argument("--seed", SEED), argument("--count", COUNT));
    let mut good = true;
    for (title, run) in [
        (
            "made by the library, judged by the peer",
            made_here as fn(&OsString, u64, u64) -> Tally,
        ),
        ("made by the peer, judged by the library", made_there),
    ] {
        let started = Instant::now();
        good &= run(&python, seed, count).report(&format!("{title}, seed {seed}"));
        println!("  took {:.1} s", started.elapsed().as_secs_f64());
    }
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn argument(name: &str, default: u64) -> u64 {
    let given = std::env::args()
        .skip_while(|argument| argument != name)
        .nth(1);
    given.map_or(default, |text| text.parse().expect("a number follows"))
}

/// A thread makes cases and writes them to the peer; this one reads the peer's verdicts in the same order.
fn made_here(python: &OsString, seed: u64, count: u64) -> Tally {
    let mut peer = python::start(python, &["judge"], Stdio::piped());
    let mut to = BufWriter::new(peer.stdin.take().expect("stdin is piped"));
    let from = BufReader::new(peer.stdout.take().expect("stdout is piped"));
    let (sender, made) = mpsc::channel::<Made>();
    let rows = server::rows();
    let writer = std::thread::spawn(move || {
        let mut maker = Maker::new(seed);
        writeln!(to, "{}", Value::from(maker.rows.clone())).expect("the peer reads");
        for _ in 0..count {
            let made = maker.make();
            writeln!(to, "{}", made.case.line()).expect("the peer reads");
            sender.send(made).expect("somebody compares");
        }
    });
    let mut tally = Tally::new(format!("differential --seed {seed} --count {count}"));
    for line in from.lines() {
        let line = line.expect("the peer writes");
        let verdict: Value = serde_json::from_str(&line).expect("a verdict is JSON");
        let Made {
            case,
            kind,
            verdict: ours,
        } = made.recv().expect("a verdict answers a case");
        tally.compare(&rows[case.server], kind, &case, [&ours, &verdict]);
    }
    writer.join().expect("all cases were made");
    assert!(peer.wait().expect("the peer ends").success() && made.try_recv().is_err());
    tally
}

/// The peer makes cases and judges them; each is judged here as it comes.
fn made_there(python: &OsString, seed: u64, count: u64) -> Tally {
    let arguments = ["issue", &seed.to_string(), &count.to_string()];
    let mut peer = python::start(python, &arguments, Stdio::null());
    let mut lines = BufReader::new(peer.stdout.take().expect("stdout is piped")).lines();
    let mut next = || lines.next().map(|line| line.expect("the peer writes"));
    let rows: Vec<Value> =
        serde_json::from_str(&next().expect("the servers come first")).expect("they are JSON");
    let servers: Vec<_> = rows.iter().map(|row| server(row, 0)).collect();
    let mut tally = Tally::new(format!("differential.py issue {seed} {count}"));
    while let Some(line) = next() {
        let (case, kind, verdict) = read(&line);
        let ours = servers[case.server].judge(&case);
        tally.compare(&rows[case.server], &kind, &case, [&ours, &verdict]);
    }
    assert!(peer.wait().expect("the peer ends").success());
    tally
}

fn read(line: &str) -> (Case, String, Value) {
    let fields: Vec<Value> = serde_json::from_str(line).expect("a case is JSON");
    let mut fields = VecDeque::from(fields);
    let mut next = || fields.pop_front().expect("a case has six parts");
    let case = Case {
        server: next().as_u64().expect("a server's number") as usize,
        now_ms: next().as_u64().expect("a time"),
        identity: next().as_str().map(bytes_of),
        blob: bytes_of(next().as_str().expect("a blob")),
    };
    (
        case,
        next().as_str().expect("what was done").to_owned(),
        next(),
    )
}
