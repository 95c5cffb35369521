//! A cookie taken apart into the named parts of `docs/wire-format.md`, section 5, and put together again; no library code.

use super::blob::{put_varint, varint};

/// What stands in a root between its shape and its tag, as far as it is of fixed length.
const ROOT: [(&str, usize); 6] = [
    ("version", 1),
    ("required", 1),
    ("hash", 4),
    ("key", 4),
    ("session", 16),
    ("branch", 4),
];
const NONCE: usize = 24;
const TAG: usize = 16;

/// The named parts of one cookie, in their order. A part may be replaced by any bytes.
#[derive(Clone, Debug)]
pub struct Parts {
    rows: Vec<(String, Vec<u8>)>,
}

impl Parts {
    /// Takes an honest cookie apart.
    pub fn of(cookie: &[u8]) -> Self {
        let mut cutter = Cutter {
            rest: cookie,
            rows: Vec::new(),
        };
        let shape = cutter.fixed("shape", 1)[0];
        let (tier, tiers) = (shape & 7, (shape >> 3 & 7) + 1);
        if tier + 1 == tiers {
            ROOT.iter().for_each(|(name, len)| {
                cutter.fixed(name, *len);
            });
            for name in ["sequence", "born", "lifetime"] {
                cutter.number(name);
            }
        } else {
            cutter.fixed("link", 4);
            (tier..tiers).rev().for_each(|k| {
                cutter.number(&format!("counter {k}"));
            });
        }
        for name in ["later", "life"] {
            cutter.number(name);
        }
        let immutable = (shape & 64 != 0).then(|| cutter.number("immutable length"));
        let private = (shape & 128 != 0).then(|| cutter.number("private length"));
        cutter.fixed("immutable", immutable.unwrap_or(0));
        if let Some(len) = private {
            cutter.fixed("nonce", NONCE);
            cutter.fixed("ciphertext", len);
            cutter.fixed("AEAD tag", TAG);
        }
        cutter.fixed("tag", TAG);
        cutter.fixed("mutable", cutter.rest.len());
        Self { rows: cutter.rows }
    }

    /// The bytes of a part.
    pub fn get(&self, name: &str) -> &[u8] {
        &self.rows.iter().find(|row| row.0 == name).unwrap().1
    }

    /// Whether there is such a part with at least one byte.
    pub fn has(&self, name: &str) -> bool {
        self.rows
            .iter()
            .any(|row| row.0 == name && !row.1.is_empty())
    }

    /// The names of the parts that have bytes.
    pub fn names(&self) -> Vec<String> {
        let full = self.rows.iter().filter(|row| !row.1.is_empty());
        full.map(|row| row.0.clone()).collect()
    }

    /// Replaces a part.
    pub fn set(&mut self, name: &str, bytes: &[u8]) {
        let row = self.rows.iter_mut().find(|row| row.0 == name);
        row.unwrap_or_else(|| panic!("no part {name}")).1 = bytes.to_vec();
    }

    /// Replaces a part by a varint.
    pub fn set_number(&mut self, name: &str, value: u64) {
        let mut bytes = Vec::new();
        put_varint(&mut bytes, value as usize);
        self.set(name, &bytes);
    }

    /// Puts a part before another one.
    pub fn insert_before(&mut self, next: &str, name: &str, bytes: &[u8]) {
        let at = self.rows.iter().position(|row| row.0 == next).unwrap();
        self.rows.insert(at, (name.to_owned(), bytes.to_vec()));
    }

    /// Takes a part out.
    pub fn remove(&mut self, name: &str) {
        self.rows.retain(|row| row.0 != name);
    }

    /// Changes bits of one byte of a part, counted from its end.
    pub fn flip(&mut self, name: &str, from_end: usize, bits: u8) {
        let mut bytes = self.get(name).to_vec();
        let at = bytes.len() - 1 - from_end;
        bytes[at] ^= bits;
        self.set(name, &bytes);
    }

    /// The whole cookie.
    pub fn bytes(&self) -> Vec<u8> {
        self.rows.iter().flat_map(|row| row.1.clone()).collect()
    }

    /// Header and sections: what is signed, without the tag.
    pub fn signed(&self) -> Vec<u8> {
        let signed = self.rows.iter().take_while(|row| row.0 != "tag");
        signed.flat_map(|row| row.1.clone()).collect()
    }

    /// The cookie up to the end of a part.
    pub fn up_to(&self, name: &str) -> Vec<u8> {
        let at = self.rows.iter().position(|row| row.0 == name).unwrap();
        self.rows[..=at]
            .iter()
            .flat_map(|row| row.1.clone())
            .collect()
    }
}

struct Cutter<'a> {
    rest: &'a [u8],
    rows: Vec<(String, Vec<u8>)>,
}

impl Cutter<'_> {
    fn fixed(&mut self, name: &str, len: usize) -> Vec<u8> {
        let (part, rest) = self.rest.split_at(len);
        self.rest = rest;
        self.rows.push((name.to_owned(), part.to_vec()));
        part.to_vec()
    }

    fn number(&mut self, name: &str) -> usize {
        let (value, digits) = varint(self.rest);
        self.fixed(name, digits);
        value
    }
}
