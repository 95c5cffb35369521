//! The server processes: started, killed with SIGKILL, started again empty, and none left behind.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use super::server::{BREAK_IT, SECRET};
use crate::Outcome;

/// How many servers there are.
pub const SERVERS: usize = 3;

/// All servers of the pool.
pub struct Fleet {
    secret: String,
    spoil: bool,
    servers: Vec<Server>,
}

/// One server process; killed when dropped.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Fleet {
    /// Starts all servers with one secret.
    ///
    /// # Errors
    ///
    /// A process could not be started.
    pub fn start(secret: String, spoil: bool) -> Outcome<Self> {
        let mut fleet = Self {
            secret,
            spoil,
            servers: Vec::new(),
        };
        for _ in 0..SERVERS {
            let server = fleet.launch()?;
            fleet.servers.push(server);
        }
        Ok(fleet)
    }

    /// Where a server listens.
    ///
    /// # Errors
    ///
    /// There is no such server.
    pub fn address(&self, server: usize) -> Outcome<SocketAddr> {
        let server = self.servers.get(server).ok_or("no such server")?;
        Ok(server.address)
    }

    /// Kills a server with SIGKILL.
    ///
    /// # Errors
    ///
    /// It was dead already.
    pub fn kill(&mut self, server: usize) -> Outcome<()> {
        let server = self.servers.get_mut(server).ok_or("no such server")?;
        server.process.kill()?;
        server.process.wait()?;
        Ok(())
    }

    /// Starts a server anew, with nothing but the secret.
    ///
    /// # Errors
    ///
    /// The process could not be started.
    pub fn restart(&mut self, server: usize) -> Outcome<()> {
        let fresh = self.launch()?;
        *self.servers.get_mut(server).ok_or("no such server")? = fresh;
        Ok(())
    }

    fn launch(&self) -> Outcome<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("server")
            .env(SECRET, &self.secret)
            .env_remove(BREAK_IT);
        if self.spoil {
            command.env(BREAK_IT, "1");
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address)?;
        let address = address
            .trim()
            .parse()
            .map_err(|_| "a server did not say where it listens")?;
        Ok(Server { process, address })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The letter of a server, for the log.
pub fn letter(server: usize) -> char {
    ['A', 'B', 'C'].get(server).copied().unwrap_or('?')
}
