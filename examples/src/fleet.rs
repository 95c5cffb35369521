//! The server processes: started, killed with SIGKILL, started again empty, and none left behind.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;

use statecookie::{Entropy, SystemEntropy};

use crate::Outcome;

/// How many servers there are.
pub const SERVERS: usize = 3;

/// The environment variable with the letter of a server.
pub const LETTER: &str = "FLEET_SERVER";

/// What a server process finds in its environment; `None` where it must find nothing.
pub type Setting = (&'static str, Option<String>);

/// All servers of the pool.
pub struct Fleet {
    settings: Vec<Setting>,
    servers: Vec<Server>,
}

/// One server process; killed when dropped.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Fleet {
    /// Starts all servers: this program with the word `server`, and with these settings.
    ///
    /// # Errors
    ///
    /// A process could not be started.
    pub fn start(settings: Vec<Setting>) -> Outcome<Self> {
        let mut fleet = Self {
            settings,
            servers: Vec::new(),
        };
        for number in 0..SERVERS {
            let server = fleet.launch(number)?;
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

    /// Starts a server anew, with nothing but its settings.
    ///
    /// # Errors
    ///
    /// The process could not be started.
    pub fn restart(&mut self, server: usize) -> Outcome<()> {
        let fresh = self.launch(server)?;
        *self.servers.get_mut(server).ok_or("no such server")? = fresh;
        Ok(())
    }

    fn launch(&self, number: usize) -> Outcome<Server> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("server");
        command.env(LETTER, letter(number).to_string());
        for (name, value) in &self.settings {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
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

/// In a server process: listens, tells the launcher where, and ends with the launcher, which a server must not outlive.
///
/// # Errors
///
/// There is no port.
pub fn listen() -> Outcome<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?);
    io::stdout().flush()?;
    thread::spawn(end_with_the_launcher);
    Ok(listener)
}

fn end_with_the_launcher() {
    let _ = io::stdin().read_to_end(&mut Vec::new());
    std::process::exit(0);
}

/// A new secret for a pool, in hex.
///
/// # Errors
///
/// The system gives no random bytes.
pub fn new_secret() -> Outcome<String> {
    let mut secret = [0; 32];
    SystemEntropy.fill(&mut secret)?;
    Ok(secret.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The letter of a server, for the log.
pub fn letter(server: usize) -> char {
    ['A', 'B', 'C'].get(server).copied().unwrap_or('?')
}
