//! A real Redis on a free port of this machine, in a folder of its own; gone when it is dropped.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

/// A Redis. Unless told otherwise it keeps what it holds in memory only, so that one which is started again is empty.
pub struct Redis {
    folder: PathBuf,
    port: u16,
    keeps: bool,
    process: Option<Child>,
}

impl Redis {
    /// Whether this machine has none: then a test says so and ends, but not in CI, where `.ci/tools` installs it.
    pub fn is_missing() -> bool {
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

    /// Starts one.
    pub fn start() -> Self {
        Self::start_as(false)
    }

    /// Starts one that writes to the disk: what was acknowledged outlives `kill -9`.
    pub fn start_keeping() -> Self {
        Self::start_as(true)
    }

    fn start_as(keeps: bool) -> Self {
        static STARTED: AtomicUsize = AtomicUsize::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("statecookie-redis-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder for Redis");
        let mut redis = Self {
            folder,
            port: 0,
            keeps,
            process: None,
        };
        // Another process may take the port between the look and the start.
        let started = (0..20).any(|_| {
            redis.port = free_port();
            redis.begins()
        });
        assert!(started, "redis-server ended each time");
        redis
    }

    /// Starts it again at the same port: empty, also one that keeps what it holds.
    pub fn restart_empty(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(self.folder.join("appendonlydir"));
        self.restart();
    }

    /// Starts it again at the same port: empty, or as it was if it keeps what it holds.
    pub fn restart(&mut self) {
        self.kill();
        assert!(self.begins(), "redis-server ended");
    }

    /// Whether it serves; otherwise it has ended.
    fn begins(&mut self) -> bool {
        let port = self.port.to_string();
        let keeps = if self.keeps { "yes" } else { "no" };
        let process = Command::new("redis-server")
            .args(["--port", &port, "--bind", "127.0.0.1", "--save", ""])
            .args(["--appendonly", keeps, "--daemonize", "no"])
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is installed (`.ci/tools`)");
        let process = self.process.insert(process);
        while !is_served_by(self.port, process.id()) {
            if process.try_wait().expect("its state").is_some() {
                self.process = None;
                return false;
            }
            sleep(Duration::from_millis(5));
        }
        true
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it runs");
            process.wait().expect("it ends");
        }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// A folder of this test's own.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Whether that very process answers at the port: another test's server may.
fn is_served_by(port: u16, process: u32) -> bool {
    let asked = || -> io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"INFO server\r\nQUIT\r\n")?;
        let mut told = String::new();
        stream.read_to_string(&mut told)?;
        Ok(told
            .lines()
            .any(|line| line == format!("process_id:{process}")))
    };
    asked().unwrap_or(false)
}

/// One below those that the system gives away by itself, so that it is still free when a server is started there again.
fn free_port() -> u16 {
    static LOOKED: AtomicUsize = AtomicUsize::new(0);
    let begin = std::process::id() as usize * 131;
    loop {
        let looked = LOOKED.fetch_add(1, Ordering::Relaxed);
        let port = 10_000 + ((begin + looked * 7) % 20_000) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
