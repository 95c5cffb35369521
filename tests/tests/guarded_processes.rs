//! Real server processes on one Redis: of those that take over one state at once, one goes on; and what a killed one leaves.
#![forbid(unsafe_code)]
#![cfg(unix)]

#[path = "guarded/kit.rs"]
#[allow(dead_code, reason = "the other tests of guarded tiers share it")]
mod kit;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use statecookie::testing::TestClock;
use statecookie::{FlushError, Pool, Reason, RedisMarks, from_text, to_text};
use statecookie_tests::redis::Redis;

use kit::{Client, NOW, Purse, builder, purse, reason, secs};

const ROUNDS: usize = 20;
const SERVERS: usize = 8;

fn here(redis: &Redis, name: &str) -> Pool<Purse> {
    let marks = RedisMarks::at(&redis.address(), name).unwrap();
    let builder = builder(&TestClock::at(NOW)).high_water(marks.timeout(secs(20)));
    builder.build().unwrap()
}

fn start(redis: &Redis, name: &str, bundle: &[u8]) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mark_store"));
    program.args([&redis.address(), name, &to_text(bundle)]);
    program.stdin(Stdio::piped()).stdout(Stdio::piped());
    program.spawn().unwrap()
}

fn lines(server: &mut Child) -> BufReader<std::process::ChildStdout> {
    let mut lines = BufReader::new(server.stdout.take().unwrap());
    assert_eq!(line(&mut lines), "ready");
    lines
}

fn line(output: &mut impl BufRead) -> String {
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[test]
fn of_eight_processes_that_go_on_from_one_state_at_once_one_does_in_each_round() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    for round in 0..ROUNDS {
        let name = format!("round {round}");
        let pool = here(&redis, &name);
        let bundle = Client::new().takes(&mut pool.open(purse()).unwrap());
        let mut servers: Vec<_> = (0..SERVERS)
            .map(|_| start(&redis, &name, &bundle))
            .collect();
        let mut outputs: Vec<_> = servers.iter_mut().map(lines).collect();
        for server in &mut servers {
            server.stdin.take().unwrap().write_all(b"go\n").unwrap();
        }
        let said: Vec<String> = outputs.iter_mut().map(line).collect();
        for mut server in servers {
            assert!(server.wait().unwrap().success());
        }
        let refused = format!("refused: {:?}", FlushError::Forked);
        let issued: Vec<_> = said.iter().filter(|line| **line != refused).collect();
        let [issued] = &*issued else {
            panic!("round {round}: {said:?}");
        };
        let issued = from_text(issued).unwrap();
        assert_eq!(reason(pool.resume(&bundle)), Some(Reason::Forked));
        assert_eq!(pool.resume(&issued).unwrap().session.coins, 99);
    }
}

#[test]
fn a_process_that_is_killed_before_it_issued_costs_its_client_nothing() {
    if Redis::is_missing() {
        return;
    }
    let redis = Redis::start();
    let pool = here(&redis, "killed");
    let bundle = Client::new().takes(&mut pool.open(purse()).unwrap());
    for _ in 0..5 {
        let mut server = start(&redis, "killed", &bundle);
        let _lines = lines(&mut server);
        server.kill().unwrap();
        server.wait().unwrap();
    }
    let mut session = pool.resume(&bundle).unwrap().session;
    let newer = Client::new().takes(&mut session);
    assert_eq!(reason(pool.resume(&bundle)), Some(Reason::Forked));
    assert_eq!(pool.resume(&newer).unwrap().session.coins, 100);
}
