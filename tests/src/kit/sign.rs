//! Signs and seals as `docs/wire-format.md` says, with other crates than the library's own lines: what a server of the pool
//! could do that means no good, or that disagrees.

use chacha20poly1305::aead::{Aead, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use statecookie::{Schema, StateCookie};

use super::blob::{bundle, cookies, put_varint};
use super::parts::Parts;
use super::run::unhex;

const SALT: &[u8] = b"statecookie 1";

/// The sub-keys of one key, by their labels.
pub struct Signer {
    description: Vec<u8>,
    pool: String,
    secret: Vec<u8>,
}

impl Signer {
    /// Of a key's secret.
    pub fn new<S: StateCookie>(pool: &str, secret: &[u8]) -> Self {
        let schema = Schema::of::<S>().unwrap();
        Self {
            description: schema.description().to_vec(),
            pool: pool.to_owned(),
            secret: secret.to_vec(),
        }
    }

    /// Of the key of a pool of the vectors that a root names.
    pub fn of<S: StateCookie>(pool: &Value, key: u32) -> Self {
        let keys = &pool["keys"];
        let secret = match keys["ring"].as_array() {
            Some(ring) => unhex(&ring.iter().find(|row| row["id"] == key).unwrap()["secret"]),
            None => {
                let root = &keys["embedded"];
                period_secret(
                    &unhex(&root["secret"]),
                    root["rotation"].as_u64().unwrap(),
                    key,
                )
            }
        };
        Self::new::<S>(pool["name"].as_str().unwrap(), &secret)
    }

    /// The sub-key of a label.
    pub fn sub(&self, label: &str) -> Vec<u8> {
        let label = format!("statecookie 1 {label}");
        let mut info = Vec::new();
        for part in [label.as_bytes(), self.pool.as_bytes(), &self.description] {
            put_str(&mut info, part);
        }
        expand(&self.secret, &info)
    }

    /// Nonce, ciphertext and tag of a private section.
    pub fn seal(&self, plaintext: &[u8]) -> Vec<u8> {
        let cipher = XChaCha20Poly1305::new_from_slice(&self.sub("encrypt")).unwrap();
        let nonce = [5; 24];
        let sealed = cipher.encrypt(&XNonce::from(nonce), plaintext).unwrap();
        [&nonce[..], &sealed].concat()
    }

    /// Replaces the private section of a cookie.
    pub fn set_private(&self, parts: &mut Parts, plaintext: &[u8]) {
        let sealed = self.seal(plaintext);
        parts.set_number("private length", plaintext.len() as u64);
        parts.set("nonce", &sealed[..24]);
        parts.set("ciphertext", &sealed[24..sealed.len() - 16]);
        parts.set("AEAD tag", &sealed[sealed.len() - 16..]);
    }

    /// Links and signs a chain anew, from the root down.
    pub fn chain(&self, chain: &mut [Parts], identity: Option<&[u8]>) {
        let sign = self.sub("sign");
        let mut prefix = root_prefix(identity);
        let mut link: Option<Vec<u8>> = None;
        for parts in chain {
            if let Some(link) = &link {
                parts.set("link", link);
            }
            let tag = mac(&sign, &[&prefix[..], &parts.signed()].concat());
            parts.set("tag", &tag[..16]);
            link = Some(tag[..4].to_vec());
            prefix = [&[0x11], &tag[..]].concat();
        }
    }
}

/// What stands before a root's header in the input of its tag.
pub fn root_prefix(identity: Option<&[u8]>) -> Vec<u8> {
    let Some(identity) = identity else {
        return vec![0x10, 0];
    };
    let mut hashed = Vec::new();
    put_str(&mut hashed, b"statecookie 1 binding");
    put_str(&mut hashed, identity);
    [&[0x10, 32], Sha256::digest(&hashed).as_slice()].concat()
}

/// A blob's cookies taken apart.
pub fn taken_apart(blob: &[u8]) -> Vec<Parts> {
    cookies(blob)
        .iter()
        .map(|cookie| Parts::of(cookie))
        .collect()
}

/// A bundle of cookies put together again.
pub fn put_together(chain: &[Parts]) -> Vec<u8> {
    bundle(&chain.iter().map(Parts::bytes).collect::<Vec<_>>())
}

/// HMAC-SHA256.
pub fn mac(key: &[u8], input: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(input);
    mac.finalize().into_bytes().to_vec()
}

/// The secret of a period of the embedded default.
pub fn period_secret(root: &[u8], rotation: u64, number: u32) -> Vec<u8> {
    let mut info = Vec::new();
    put_str(&mut info, b"statecookie 1 period");
    info.extend(rotation.to_le_bytes());
    info.extend(number.to_le_bytes());
    expand(root, &info)
}

fn expand(secret: &[u8], info: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 32];
    Hkdf::<Sha256>::new(Some(SALT), secret)
        .expand(info, &mut out)
        .unwrap();
    out
}

fn put_str(out: &mut Vec<u8>, part: &[u8]) {
    put_varint(out, part.len());
    out.extend(part);
}
