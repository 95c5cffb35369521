//! What the visit cost: counted updates, and the same visit with the whole state in every update, really encoded.

use std::collections::BTreeSet;
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use cookie::{Cookie, CookieJar};
use statecookie::{KeyId, Pool, inspect};

use super::state::Shop;
use crate::Outcome;

/// Messages and their bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Count {
    /// Messages.
    pub messages: u64,
    /// Bytes as they are.
    pub bytes: u64,
    /// Bytes as text, for channels that carry only text.
    pub text: u64,
}

/// All counts of a visit.
pub struct Meter {
    pool: Pool<Shop>,
    key: cookie::Key,
    /// The updates by the highest tier they carry.
    pub tiers: [Count; 3],
    /// The same with StateCookie's full updates.
    pub full: Count,
    /// The same with one encrypted cookie.
    pub encrypted: Count,
    /// From the broken connection to the next server's full update in the jar.
    pub fail_overs: Vec<Duration>,
    /// From the sending of a command to its acknowledgement, where a kill came between.
    pub delays: Vec<Duration>,
    /// Servers killed.
    pub kills: u64,
    /// Of these, between a command and its answer, which never came.
    pub in_flight: u64,
    /// The keys that signed.
    pub keys: BTreeSet<KeyId>,
}

impl Count {
    fn add(&mut self, bytes: usize, text: usize) {
        self.messages += 1;
        self.bytes += bytes as u64;
        self.text += text as u64;
    }
}

impl Meter {
    /// A meter with the operator's keys: it has to encode what the servers encode.
    pub fn new(pool: Pool<Shop>) -> Self {
        Self {
            pool,
            key: cookie::Key::generate(),
            tiers: [Count::default(); 3],
            full: Count::default(),
            encrypted: Count::default(),
            fail_overs: Vec::new(),
            delays: Vec::new(),
            kills: 0,
            in_flight: 0,
            keys: BTreeSet::new(),
        }
    }

    /// The operator's pool.
    pub fn pool(&self) -> &Pool<Shop> {
        &self.pool
    }

    /// Counts an update; gives the highest tier it carries.
    ///
    /// `bundle` is what the client would present after it.
    ///
    /// # Errors
    ///
    /// The bytes are not an honest update or bundle.
    pub fn count(&mut self, update: &[u8], bundle: &[u8], login: &str) -> Outcome<usize> {
        let seen = inspect(update)?;
        self.keys.extend(seen.root.map(|root| root.key_id));
        let highest = seen.cookies.first().ok_or("an empty update")?.tier.index();
        let count = self.tiers.get_mut(highest).ok_or("no such tier")?;
        count.add(update.len(), text_len(update));
        let mut twin = self.pool.resume_bound(bundle, login.as_bytes())?.session;
        let full = twin.flush_full()?;
        self.full.add(full.len(), full.to_text().len());
        let (bytes, text) = self.encrypt(&twin)?;
        self.encrypted.add(bytes, text);
        Ok(highest)
    }

    /// All updates.
    pub fn total(&self) -> Count {
        self.tiers.iter().fold(Count::default(), |sum, tier| Count {
            messages: sum.messages + tier.messages,
            bytes: sum.bytes + tier.bytes,
            text: sum.text + tier.text,
        })
    }

    /// The whole state as one encrypted cookie: how many bytes it seals (with nonce and tag), and its text.
    fn encrypt(&self, state: &Shop) -> Outcome<(usize, usize)> {
        let plain = Base64UrlUnpadded::encode_string(&postcard::to_allocvec(state)?);
        let mut jar = CookieJar::new();
        jar.private_mut(&self.key).add(Cookie::new("shop", plain));
        let text = jar.get("shop").ok_or("no cookie")?.value().len();
        Ok((text / 4 * 3, text))
    }
}

fn text_len(bytes: &[u8]) -> usize {
    Base64UrlUnpadded::encoded_len(bytes)
}
