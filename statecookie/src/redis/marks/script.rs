//! The script, and the connections over which it is run.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;
use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ::redis::{Client, Cmd, Connection, ErrorKind, RedisError, ServerErrorKind, cmd};

use super::super::store::{connect, fault};
use super::error::RedisMarksFault;
use crate::{Act, Claim, Mark, RedisKeysFault, Verdict};

const SCRIPT: &str = include_str!("commit.lua");

/// Where the marks of a pool lie.
pub(super) struct Store {
    client: Client,
    prefix: String,
    pub(super) timeout: Duration,
    idle: Mutex<Idle>,
}

#[derive(Default)]
struct Idle {
    connections: Vec<Connection>,
    /// By what name the store knows the script.
    script: Option<String>,
}

impl Store {
    /// More than that are not kept for later.
    const IDLE: usize = 16;

    /// No store counts further: a hundred years.
    const LONGEST: u128 = 100 * 365 * 86_400_000;

    pub(super) fn at(address: &str, pool_name: &str) -> Option<Self> {
        Some(Self {
            client: Client::open(address).ok()?,
            prefix: format!("statecookie:marks:{pool_name}:"),
            timeout: Duration::from_millis(500),
            idle: Mutex::default(),
        })
    }

    /// Address and keys, without user and password.
    pub(super) fn name(&self) -> String {
        let address = self.client.get_connection_info().addr();
        format!("{address}, keys `{}*`", self.prefix)
    }

    pub(super) fn commit(&self, claim: &Claim) -> Result<Verdict, RedisMarksFault> {
        let (kept, script) = self.take();
        if let Some(connection) = kept {
            match self.run(connection, script.clone(), claim) {
                // Closed while it lay idle, most likely. To commit a claim twice is to commit it once.
                Err(error) if error.is_io_error() && !error.is_timeout() => {}
                other => return other.map_err(marks_fault),
            }
        }
        let fresh = connect(&self.client, self.timeout).map_err(marks_fault)?;
        self.run(fresh, script, claim).map_err(marks_fault)
    }

    /// A connection on which something went wrong is not used again: the answer could come to the next question.
    fn run(
        &self,
        mut connection: Connection,
        known: Option<String>,
        claim: &Claim,
    ) -> Result<Verdict, RedisError> {
        let mut script = match known {
            Some(script) => script,
            None => load(&mut connection)?,
        };
        let said = match self.question(&script, claim).query(&mut connection) {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                script = load(&mut connection)?;
                self.question(&script, claim).query(&mut connection)
            }
            said => said,
        };
        let said: String = said?;
        self.keep(connection, script);
        Ok(verdict(&said))
    }

    fn question(&self, script: &str, claim: &Claim) -> Cmd {
        let millis = |time: Duration| time.as_millis().clamp(1, Self::LONGEST) as u64;
        let mut question = cmd("EVALSHA");
        question.arg(script).arg(1).arg(self.key(claim));
        question.arg(act(claim.act()));
        for mark in [claim.from(), claim.to()] {
            question.arg(vector(mark));
            question.arg(
                mark.map(Mark::branch)
                    .as_ref()
                    .map_or(&[][..], |bytes| bytes),
            );
        }
        question.arg(&claim.ticket()[..]);
        question.arg(millis(claim.keep_for()));
        question.arg(claim.grace().as_millis().min(Self::LONGEST) as u64);
        question
    }

    fn key(&self, claim: &Claim) -> String {
        let mut key = self.prefix.clone();
        for byte in claim.session() {
            // A string takes everything.
            let _ = write!(key, "{byte:02x}");
        }
        key
    }

    fn take(&self) -> (Option<Connection>, Option<String>) {
        let mut idle = self.idle();
        (idle.connections.pop(), idle.script.clone())
    }

    fn keep(&self, connection: Connection, script: String) {
        let mut idle = self.idle();
        if idle.connections.len() < Self::IDLE {
            idle.connections.push(connection);
        }
        idle.script = Some(script);
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn load(connection: &mut Connection) -> Result<String, RedisError> {
    cmd("SCRIPT").arg("LOAD").arg(SCRIPT).query(connection)
}

/// Eight bytes for each counter, so that their order is that of the bytes.
fn vector(mark: Option<&Mark>) -> Vec<u8> {
    let counters = mark.map(Mark::vector).unwrap_or_default().iter();
    counters.flat_map(|counter| counter.to_be_bytes()).collect()
}

fn act(act: Act) -> &'static str {
    match act {
        Act::Issue => "issue",
        Act::Leave => "leave",
        Act::Request => "request",
        Act::Resume => "resume",
        Act::Revoke => "revoke",
    }
}

fn verdict(said: &str) -> Verdict {
    match said {
        "accepted" => Verdict::Accepted,
        "forked" => Verdict::Forked,
        "revoked" => Verdict::Revoked,
        "rolled-back" => Verdict::RolledBack,
        // Whoever answers so has not run the script.
        _ => Verdict::Away,
    }
}

fn marks_fault(error: RedisError) -> RedisMarksFault {
    match fault(error) {
        RedisKeysFault::Login => RedisMarksFault::Login,
        RedisKeysFault::Refused { code } => RedisMarksFault::Refused { code },
        _ => RedisMarksFault::Away,
    }
}
