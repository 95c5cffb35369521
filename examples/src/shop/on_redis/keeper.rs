//! A process that keeps a Redis and a folder as long as its launcher lives, however that ends, and then removes both.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::Outcome;

/// The word by which this program becomes a keeper.
pub const WORD: &str = "keeper";
/// What stands before the reason where a keeper cannot keep anything.
const FAILED: &str = "failed: ";

/// The launcher's end of it; the keeper ends when this is dropped, or when the launcher dies.
pub(super) struct Keeper {
    process: Child,
    pub(super) address: String,
    pub(super) folder: PathBuf,
}

impl Keeper {
    /// A keeper of a new Redis, or of this pool's keys in the Redis at `address`.
    pub(super) fn start(address: Option<&str>, name: &str) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([WORD, name]).args(address);
        // An interrupt of the terminal goes to whole groups: the keeper has to outlive it.
        command.process_group(0);
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut output = BufReader::new(process.stdout.take().ok_or("no output")?);
        let keeper = Self {
            address: line(&mut output)?,
            folder: line(&mut output)?.into(),
            process,
        };
        match keeper.address.strip_prefix(FAILED) {
            Some(why) => Err(why.into()),
            None => Ok(keeper),
        }
    }
}

fn line(output: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    Ok(line.trim_end().into())
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// In the keeper's process: `keeper NAME [ADDRESS]`. Where there is no `redis-server`, or no folder, the launcher is told.
pub fn keep(arguments: &[String]) {
    if let Err(error) = keep_until_the_end(arguments) {
        println!("{FAILED}{error}");
    }
}

fn keep_until_the_end(arguments: &[String]) -> Outcome<()> {
    let (name, given) = arguments.split_first().ok_or("keeper NAME [ADDRESS]")?;
    let folder = tempfile::Builder::new()
        .prefix("shop-on-redis-")
        .tempdir()?;
    let (redis, address) = match given {
        [] => {
            let (redis, address) = Redis::start(folder.path())?;
            (Some(redis), address)
        }
        [address, ..] => (None, address.clone()),
    };
    println!("{address}\n{}", folder.path().display());
    io::stdout().flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    if redis.is_none() {
        forget(&address, name)?;
    }
    Ok(())
}

/// Takes the keys of this run out of somebody's Redis.
fn forget(address: &str, name: &str) -> Outcome<()> {
    let mut store = redis::Client::open(address)?.get_connection()?;
    let key = format!("statecookie:keys:{name}");
    Ok(redis::cmd("DEL").arg(key).exec(&mut store)?)
}

/// A Redis of this run alone, which keeps nothing on the disk.
struct Redis(Child);

impl Redis {
    fn start(folder: &Path) -> Outcome<(Self, String)> {
        // Another process may take the port between the look and the start.
        for _ in 0..5 {
            let port = free_port()?;
            if let Some(redis) = Self::start_at(port, folder)? {
                return Ok((redis, format!("redis://127.0.0.1:{port}")));
            }
        }
        Err("redis-server ended each time that it was started".into())
    }

    /// Nothing if it has ended.
    fn start_at(port: u16, folder: &Path) -> Outcome<Option<Self>> {
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
        command.args(["--save", "", "--appendonly", "no", "--daemonize", "no"]);
        command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let process = command.spawn().map_err(|error| {
            format!("redis-server does not start ({error}); install it, or give the address of one: --redis redis://host:6379")
        })?;
        let mut redis = Self(process);
        while !redis.serves(port) {
            if redis.0.try_wait()?.is_some() {
                return Ok(None);
            }
            sleep(Duration::from_millis(5));
        }
        Ok(Some(redis))
    }

    /// Whether it is this very process that answers at the port.
    fn serves(&self, port: u16) -> bool {
        let told = redis::Client::open(("127.0.0.1", port))
            .and_then(|client| client.get_connection())
            .and_then(|mut store| redis::cmd("INFO").arg("server").query(&mut store));
        let own = format!("process_id:{}", self.0.id());
        told.is_ok_and(|told: String| told.lines().any(|line| line == own))
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
