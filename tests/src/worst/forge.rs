//! Blobs out of nothing, by `docs/wire-format.md` alone: what somebody without a key can send to a client or a server.

use statecookie::{Schema, StateCookie};

use crate::shop::NOW;

/// Bytes of a tag on the wire.
pub const TAG: usize = 16;

/// The key that signs at [`NOW`] in the embedded default.
const KEY: u32 = (NOW.as_secs() / 10_800) as u32;

/// A cookie that nobody signed.
#[derive(Clone, Debug, Default)]
pub struct Forged {
    /// Its tier.
    pub tier: u8,
    /// How many tiers its schema claims to have.
    pub tiers: u8,
    /// The counters from the root down to its tier.
    pub vector: Vec<u64>,
    /// The first bytes of the tag of what stands above; nothing of a root.
    pub link: [u8; 4],
    /// The immutable section, if there is one.
    pub immutable: Option<Vec<u8>>,
    /// The private section's ciphertext, if there is one; its nonce and tag are zero.
    pub private: Option<Vec<u8>>,
    /// What stands where the tag does.
    pub tag: [u8; TAG],
    /// The mutable section.
    pub mutable: Vec<u8>,
    /// What a root claims to be of.
    pub schema_hash: [u8; 4],
}

impl Forged {
    /// The only cookie of a schema with one tier, with these sections; the private one is empty where the schema has it.
    pub fn only<S: StateCookie>(immutable: Option<Vec<u8>>, mutable: Vec<u8>) -> Self {
        Self {
            tiers: 1,
            vector: vec![0],
            immutable,
            mutable,
            schema_hash: schema_hash::<S>(),
            ..Self::default()
        }
    }

    /// A cookie below `parent` with this counter, and no sections.
    pub fn below(parent: &Self, counter: u64) -> Self {
        let mut link = [0; 4];
        link.copy_from_slice(&parent.tag[..4]);
        Self {
            tier: parent.tier - 1,
            tiers: parent.tiers,
            vector: [parent.vector.as_slice(), &[counter]].concat(),
            link,
            schema_hash: parent.schema_hash,
            ..Self::default()
        }
    }

    /// The cookie's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let sections =
            u8::from(self.immutable.is_some()) << 6 | u8::from(self.private.is_some()) << 7;
        let mut out = vec![self.tier | (self.tiers - 1) << 3 | sections];
        if self.tier + 1 == self.tiers {
            self.put_root(&mut out);
        } else {
            self.put_child(&mut out);
        }
        let lengths = [&self.immutable, &self.private].into_iter().flatten();
        lengths.for_each(|section| put_varint(&mut out, section.len() as u64));
        out.extend(self.immutable.iter().flatten());
        if let Some(private) = &self.private {
            out.extend([0; 24]);
            out.extend(private);
            out.extend([0; 16]);
        }
        out.extend(self.tag);
        out.extend(&self.mutable);
        out
    }

    fn put_root(&self, out: &mut Vec<u8>) {
        out.extend([1, self.tiers]);
        out.extend(self.schema_hash);
        out.extend(KEY.to_le_bytes());
        out.extend([0x5e; 16]);
        out.extend([0xb4; 4]);
        self.vector
            .iter()
            .for_each(|counter| put_varint(out, *counter));
        // Born, lifetime, not-before, life.
        for time in [NOW.as_secs(), 86_400, 0, 3600] {
            put_varint(out, time);
        }
    }

    fn put_child(&self, out: &mut Vec<u8>) {
        out.extend(self.link);
        self.vector
            .iter()
            .for_each(|counter| put_varint(out, *counter));
        for time in [0, 3600] {
            put_varint(out, time);
        }
    }
}

/// The hash of a state's schema, as a root carries it.
#[expect(clippy::expect_used, reason = "the schemas here are good")]
pub fn schema_hash<S: StateCookie>() -> [u8; 4] {
    let schema = Schema::of::<S>().expect("a good schema");
    schema.hash().to_le_bytes()
}

/// An update of these cookies, from the highest tier down.
pub fn update(cookies: &[Forged]) -> Vec<u8> {
    blob(0x20, cookies)
}

/// A bundle of these cookies, from the root down.
pub fn bundle(cookies: &[Forged]) -> Vec<u8> {
    blob(0x28, cookies)
}

/// The one cookie of the update of a schema with one tier.
pub fn only_cookie(update: &[u8]) -> &[u8] {
    let mut len = 0;
    let mut at = 1;
    for shift in (0..).step_by(7) {
        len |= usize::from(update[at] & 0x7f) << shift;
        at += 1;
        if update[at - 1] < 0x80 {
            break;
        }
    }
    &update[at..at + len]
}

/// A blob of one cookie that is there as bytes.
pub fn blob_of(kind: u8, cookie: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    put_varint(&mut out, cookie.len() as u64);
    out.extend(cookie);
    out
}

fn blob(kind: u8, cookies: &[Forged]) -> Vec<u8> {
    let mut out = vec![kind | (cookies.len() as u8 - 1)];
    for cookie in cookies {
        let bytes = cookie.bytes();
        put_varint(&mut out, bytes.len() as u64);
        out.extend(bytes);
    }
    out
}

/// Appends a varint.
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A varint alone.
pub fn varint(value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, value);
    out
}
