//! The shop with keys of a Redis, as a person runs it; and what it leaves behind, however it ends: nothing.
#![forbid(unsafe_code)]

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Whether this machine has no Redis: then a test says so and ends, but not in CI.
fn is_missing() -> bool {
    let mut asked = Command::new("redis-server");
    let asked = asked.arg("--version").stdout(Stdio::null()).status();
    let missing = !asked.is_ok_and(|status| status.success());
    if missing {
        let in_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!in_ci, "redis-server is not installed");
        println!("skipped: there is no redis-server on this machine");
    }
    missing
}

fn shop(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shop"));
    command.args(arguments);
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The number behind these words.
fn number(told: &str, words: &str) -> u64 {
    let line = told.lines().find(|line| line.contains(words));
    let line = line.unwrap_or_else(|| panic!("no \"{words}\" in {told}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// The port in the first line that the program prints.
fn port(line: &str) -> u16 {
    let (_, rest) = line.split_once("redis://127.0.0.1:").unwrap();
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn check_all_went_on(output: &Output) -> String {
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}{}", text(&output.stderr));
    assert!(told.contains("All checks passed"));
    // Twelve kills, and at each of them the visitor and a crowd of 24 went over.
    assert_eq!(number(&told, "sessions that went on"), 12 * 25);
    assert_eq!(number(&told, "that were lost"), 0);
    assert!(number(&told, "rotations while servers died") >= 2, "{told}");
    told
}

#[test]
fn sessions_go_on_while_keys_rotate_in_a_redis_of_the_run_itself() {
    if is_missing() {
        return;
    }
    let output = shop(&["--quick", "--redis"]).output().unwrap();
    let told = check_all_went_on(&output);
    assert!(!listens(port(&told)), "the Redis was left behind");
}

#[test]
fn the_checker_sees_a_spoilt_cart_and_the_redis_goes_all_the_same() {
    if is_missing() {
        return;
    }
    let output = shop(&["--quick", "--break-it", "--redis"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(complaint.contains("from A to B, `cart`"), "{complaint}");
    let told = text(&output.stdout);
    assert!(!listens(port(&told)), "the Redis was left behind");
}

#[test]
fn a_run_that_is_interrupted_or_killed_leaves_no_redis_behind() {
    if is_missing() {
        return;
    }
    for signal in ["-INT", "-TERM", "-KILL"] {
        let mut run = shop(&["--redis"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(run.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let port = port(&line);
        assert!(listens(port));
        let pid = run.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
        run.wait().unwrap();
        while listens(port) {
            sleep(Duration::from_millis(20));
        }
    }
}

/// Somebody else's Redis.
struct Theirs {
    process: Child,
    port: u16,
}

impl Theirs {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let mut command = Command::new("redis-server");
        command.args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
        ]);
        let process = command.stdout(Stdio::null()).spawn().unwrap();
        while !listens(port) {
            sleep(Duration::from_millis(5));
        }
        Self { process, port }
    }
}

impl Drop for Theirs {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_redis_of_somebody_else_is_used_and_left_as_it_was() {
    if is_missing() {
        return;
    }
    let theirs = Theirs::start();
    let address = format!("redis://127.0.0.1:{}", theirs.port);
    let mut store = redis::Client::open(&*address)
        .unwrap()
        .get_connection()
        .unwrap();
    let mut word = redis::cmd("SET");
    word.arg("theirs").arg(1).exec(&mut store).unwrap();
    let output = shop(&["--quick", "--redis", &address]).output().unwrap();
    check_all_went_on(&output);
    assert!(listens(theirs.port));
    let left: Vec<String> = redis::cmd("KEYS").arg("*").query(&mut store).unwrap();
    assert_eq!(left, ["theirs"]);
}

#[test]
fn without_a_redis_server_it_says_what_to_do() {
    let output = shop(&["--redis"]).env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(
        complaint.contains("redis-server does not start"),
        "{complaint}"
    );
    assert!(
        complaint.contains("--redis redis://host:6379"),
        "{complaint}"
    );
}
