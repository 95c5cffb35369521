//! The store itself: one value, read within bounds, and changed by compare-and-set only. With `marks/script`, the room that knows the client's crate.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use ::redis::{Client, Connection, ErrorKind, RedisError, cmd};

use super::error::RedisKeysFault;
use crate::RingSeal;

/// Sets the value if it still is what was seen (`ARGV[1]`, empty for none). Redis runs a script as one step.
const COMPARE_AND_SET: &str = "\
local found = redis.call('GET', KEYS[1]) or ''
if found ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1";

/// Where the ring of a pool lies.
pub(super) struct Store {
    client: Client,
    key: String,
}

impl Store {
    pub(super) fn at(address: &str, pool_name: &str) -> Option<Self> {
        Some(Self {
            client: Client::open(address).ok()?,
            key: format!("statecookie:keys:{pool_name}"),
        })
    }

    /// Address and key, without user and password.
    pub(super) fn name(&self) -> String {
        let address = self.client.get_connection_info().addr();
        format!("{address}, key `{}`", self.key)
    }

    /// Each step on the way takes at most that long, or the store counts as away.
    pub(super) fn connect(&self, timeout: Duration) -> Result<Visit<'_>, RedisKeysFault> {
        Ok(Visit {
            connection: connect(&self.client, timeout).map_err(fault)?,
            key: &self.key,
        })
    }
}

/// A connection of which no step takes longer than that.
pub(super) fn connect(client: &Client, timeout: Duration) -> Result<Connection, RedisError> {
    let connection = client.get_connection_with_timeout(timeout)?;
    connection.set_read_timeout(Some(timeout))?;
    connection.set_write_timeout(Some(timeout))?;
    Ok(connection)
}

/// A connection, for one look.
pub(super) struct Visit<'a> {
    connection: Connection,
    key: &'a str,
}

impl Visit<'_> {
    /// What lies there; nothing if nothing does.
    pub(super) fn read(&mut self) -> Result<Vec<u8>, RedisKeysFault> {
        let mut question = cmd("GETRANGE");
        // The last byte counts: one more than a ring may have.
        question.arg(self.key).arg(0).arg(RingSeal::MAX_LEN);
        let found: Vec<u8> = question.query(&mut self.connection).map_err(fault)?;
        if found.len() > RingSeal::MAX_LEN {
            return Err(RedisKeysFault::TooLong);
        }
        Ok(found)
    }

    /// Whether `new` lies there now, because `seen` still did.
    pub(super) fn compare_and_set(
        &mut self,
        seen: &[u8],
        new: &[u8],
    ) -> Result<bool, RedisKeysFault> {
        let mut question = cmd("EVAL");
        question.arg(COMPARE_AND_SET).arg(1).arg(self.key);
        question.arg(seen).arg(new);
        question.query(&mut self.connection).map_err(fault)
    }
}

// What the server wrote is not passed on: who plays the server could write anything into a log.
pub(super) fn fault(error: RedisError) -> RedisKeysFault {
    match error.kind() {
        ErrorKind::AuthenticationFailed => RedisKeysFault::Login,
        ErrorKind::Server(_) | ErrorKind::Extension => refused(error.code().unwrap_or_default()),
        _ => RedisKeysFault::Away,
    }
}

fn refused(code: &str) -> RedisKeysFault {
    let plain = !code.is_empty() && code.len() <= 32;
    let plain = plain && code.bytes().all(|byte| byte.is_ascii_uppercase());
    match code {
        "LOADING" | "MASTERDOWN" | "BUSY" | "CLUSTERDOWN" => RedisKeysFault::Away,
        "NOAUTH" | "WRONGPASS" => RedisKeysFault::Login,
        _ => RedisKeysFault::Refused {
            code: if plain { code } else { "ERR" }.to_owned(),
        },
    }
}
