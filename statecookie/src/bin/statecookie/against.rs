//! What the bytes are held against: schema, keys and the circumstances of a server.

use std::path::Path;
use std::time::Duration;

use statecookie::outside::{AnyPool, AnySchema, Judged};
use statecookie::{Clock, KeyFile, KeyPolicy, KeyRing, Keys, Limits, SystemClock, Timestamp};

use crate::args::Against;
use crate::fault::Fault;
use crate::input;

/// A server, as far as it can be had from outside.
pub(crate) struct Server {
    pub(crate) pool: AnyPool,
    /// The ring, where there are keys.
    pub(crate) ring: Option<KeyRing>,
    pub(crate) limit: usize,
    pub(crate) name: String,
    identity: Option<Vec<u8>>,
    now: Timestamp,
}

impl Against {
    /// The schema of the file, if one was given.
    pub(crate) fn schema(&self) -> Result<Option<AnySchema>, Fault> {
        self.schema.as_deref().map(schema).transpose()
    }

    /// When the bytes are presented.
    pub(crate) fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(|| SystemClock.now())
    }

    /// The server with this schema; without keys it has some that nobody else has.
    pub(crate) fn server(&self, schema: AnySchema) -> Result<Server, Fault> {
        let ring = self.keys.as_ref().map(|path| KeyFile::at(path).read());
        let ring = ring.transpose()?;
        let keys = match &ring {
            Some(ring) => Keys::ring(KeyRing::new(ring.keys().to_vec())?),
            None => Keys::ephemeral()?,
        };
        let limits = Limits::default();
        let limits = self.max_bytes.map_or(limits, |bytes| limits.bytes(bytes));
        let name = self.pool.as_deref().unwrap_or_default();
        let mut builder = AnyPool::builder(name, keys, schema).limits(limits);
        if ring.is_some() {
            builder = builder.key_policy(LENIENT);
        }
        if let Some(leeway) = self.leeway {
            builder = builder.leeway(leeway);
        }
        if let Some(time) = self.born_before {
            builder = builder.refuse_born_before(time);
        }
        Ok(Server {
            pool: builder.build()?,
            ring,
            limit: limits.bytes,
            name: name.to_owned(),
            identity: self.identity.as_deref().map(identity).transpose()?,
            now: self.now(),
        })
    }
}

impl Server {
    pub(crate) fn is_bound(&self) -> bool {
        self.identity.is_some()
    }

    pub(crate) fn judge<'s>(&'s self, bytes: &'s [u8], show_private: bool) -> Judged<'s> {
        let mut presented = self.pool.present(bytes).at(self.now);
        if let Some(identity) = &self.identity {
            presented = presented.identity(identity);
        }
        if show_private {
            presented = presented.reveal_private();
        }
        presented.judge()
    }
}

/// The policy is the program's affair; what it says of refresh and skew does not change what a server that runs accepts.
const LENIENT: KeyPolicy = KeyPolicy {
    refresh: Duration::from_secs(1),
    publish_ahead: Duration::from_secs(1),
    rotation: Duration::from_secs(2),
    skew: Duration::ZERO,
};

fn schema(path: &Path) -> Result<AnySchema, Fault> {
    let text = input::text(path, AnySchema::MAX_JSON)?;
    AnySchema::from_json(&text).map_err(|error| Fault::Schema {
        path: path.to_path_buf(),
        error,
    })
}

fn identity(text: &str) -> Result<Vec<u8>, Fault> {
    let Some(digits) = text.strip_prefix("hex:") else {
        return Ok(text.as_bytes().to_vec());
    };
    let pairs = digits.as_bytes().chunks(2);
    let byte = |pair: &[u8]| {
        let text = std::str::from_utf8(pair)
            .ok()
            .filter(|text| text.len() == 2 && text.bytes().all(|digit| digit.is_ascii_hexdigit()));
        text.and_then(|text| u8::from_str_radix(text, 16).ok())
    };
    pairs
        .map(byte)
        .collect::<Option<_>>()
        .ok_or(Fault::Identity)
}
