//! The server processes, each with a clock and a local copy of its own; killed when this is dropped.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use statecookie_tests::redis::Redis;

/// How far the servers' clocks are off, in milliseconds: any two are at most the leeway and the policy's skew apart.
pub(crate) const OFFSETS: [i64; 4] = [-1000, -640, -270, 0];

const LOCAL: &str = "2f5ee2f08b1f4b6a5d3c9e7481a0cdd97b36f10c54e2a8be0d49731f86c5ab1e";

pub(crate) struct Fleet {
    address: String,
    folder: PathBuf,
    servers: Vec<Mutex<Option<Server>>>,
}

struct Server {
    process: Child,
    address: SocketAddr,
}

impl Fleet {
    pub(crate) fn start(redis: &Redis) -> Self {
        let fleet = Self {
            address: redis.address(),
            folder: redis.folder().to_path_buf(),
            servers: OFFSETS.iter().map(|_| Mutex::new(None)).collect(),
        };
        (0..OFFSETS.len()).for_each(|number| fleet.restart(number));
        fleet
    }

    /// Where a server listens; `None` while it is dead.
    pub(crate) fn address(&self, number: usize) -> Option<SocketAddr> {
        let server = self.servers[number].lock().unwrap();
        server.as_ref().map(|server| server.address)
    }

    /// `kill -9`.
    pub(crate) fn kill(&self, number: usize) {
        drop(self.servers[number].lock().unwrap().take());
    }

    /// With nothing but its local copy of the ring.
    pub(crate) fn restart(&self, number: usize) {
        let server = self.launch(number);
        *self.servers[number].lock().unwrap() = Some(server);
    }

    pub(crate) fn local_key() -> &'static str {
        LOCAL
    }

    fn launch(&self, number: usize) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rotation_server"));
        command.args([&self.address, LOCAL]);
        command.arg(self.folder.join(format!("copy-{number}")));
        command.args(["--clock-offset", &OFFSETS[number].to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let address = line.trim_end().parse();
        let address = address.unwrap_or_else(|_| panic!("server {number} did not start"));
        Server { process, address }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
