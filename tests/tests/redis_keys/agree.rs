//! Real processes that are started at once against an empty store.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use statecookie_tests::redis::Redis;

use crate::pool::LOCAL;

const ROUNDS: usize = 100;
const SERVERS: usize = 8;

#[test]
fn eight_processes_at_once_agree_on_one_key_in_each_of_a_hundred_rounds() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let mut seen = BTreeSet::new();
    for round in 0..ROUNDS {
        // A pool of another name is an empty place in the store.
        let pool = format!("round-{round}");
        let servers: Vec<Child> = (0..SERVERS).map(|_| server(&redis, &pool)).collect();
        let prints: BTreeSet<String> = at_once(servers).into_iter().collect();
        assert_eq!(prints.len(), 1, "round {round}: {prints:?}");
        seen.extend(prints);
    }
    assert_eq!(seen.len(), ROUNDS);
}

fn server(redis: &Redis, pool: &str) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_key_store"));
    program.args([&redis.address(), pool, LOCAL]);
    program.stdin(Stdio::piped()).stdout(Stdio::piped());
    program.spawn().unwrap()
}

fn at_once(mut servers: Vec<Child>) -> Vec<String> {
    let outputs = servers
        .iter_mut()
        .map(|server| server.stdout.take().unwrap());
    let mut outputs: Vec<_> = outputs.map(BufReader::new).collect();
    for output in &mut outputs {
        assert_eq!(line(output), "ready");
    }
    for server in &mut servers {
        server.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }
    let prints = outputs.iter_mut().map(line).collect();
    for mut server in servers {
        assert!(server.wait().unwrap().success());
    }
    prints
}

fn line(output: &mut impl BufRead) -> String {
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}
