//! The needles of a pool key: itself, all that is derived from it, and the forms in which these pass through a hash.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sha2::block_api::compress256;

use super::{LEN, mask};

/// Needles in the making.
#[derive(Debug, Default)]
pub struct Needles(Vec<(String, Vec<u8>)>);

impl Needles {
    /// The secret, whole under the name `secret`, and in pieces in each form.
    pub fn of_secret(secret: &[u8]) -> Self {
        let mut needles = Self(vec![("secret".into(), secret.to_vec())]);
        needles.put("the pool key", secret);
        needles.put("the pool key", &swapped(secret));
        let digits: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        needles.put("its digits", digits.as_bytes());
        needles.put("its base64", statecookie::to_text(secret).as_bytes());
        needles
    }

    /// All that HKDF makes of a secret for the domain, by `docs/wire-format.md`, section 4.
    #[must_use]
    pub fn with_sub_keys(mut self, of: &str, secret: &[u8], domain: &[u8]) -> Self {
        let prk = mac(b"statecookie 1", &[secret]);
        self.put_key(&format!("{of}, pseudo-random key"), &prk);
        for label in ["sign", "encrypt", "hedge"] {
            let label_in_full = format!("statecookie 1 {label}");
            let key = mac(&prk, &[&prefixed(label_in_full.as_bytes()), domain, &[1]]);
            self.put_key(&format!("{of}, sub-key {label}"), &key);
        }
        self
    }

    /// The secret of the embedded default's key number `period`, and what is made of it.
    #[must_use]
    pub fn with_period(mut self, secret: &[u8], rotation: u64, period: u32, domain: &[u8]) -> Self {
        let prk = mac(b"statecookie 1", &[secret]);
        let mut info = prefixed(b"statecookie 1 period");
        info.extend(rotation.to_le_bytes());
        info.extend(period.to_le_bytes());
        let key = mac(&prk, &[&info, &[1]]);
        let of = format!("period {period}");
        self.put_key(&format!("{of}, secret"), &key);
        self.with_sub_keys(&of, &key, domain)
    }

    /// Any other bytes that should not be found.
    #[must_use]
    pub fn with(mut self, name: &str, bytes: &[u8]) -> Self {
        self.put(name, bytes);
        self
    }

    /// A line for each needle, and an empty one.
    pub fn lines(&self) -> String {
        let mut out = String::new();
        for (name, bytes) in &self.0 {
            let name = name.replace(' ', "_");
            let _ = write!(out, "{name} ");
            masked(bytes).for_each(|byte| {
                let _ = write!(out, "{byte:02x}");
            });
            out.push('\n');
        }
        out.push('\n');
        out
    }

    /// A key as it is, as HMAC pads it, as a hash reads it, and as the states that HMAC keeps instead of it.
    fn put_key(&mut self, name: &str, key: &[u8; 32]) {
        self.put(name, key);
        self.put(&format!("{name}, swapped"), &swapped(key));
        for (pad, side) in [(0x36, "inner"), (0x5c, "outer")] {
            let mut block = [pad; 64];
            block
                .iter_mut()
                .zip(key)
                .for_each(|(padded, byte)| *padded ^= byte);
            self.put(&format!("{name}, {side} pad"), &block[..32]);
            self.put(
                &format!("{name}, {side} pad, swapped"),
                &swapped(&block[..32]),
            );
            let mut state = START;
            compress256(&mut state, &[block]);
            let words =
                |bytes: fn(u32) -> [u8; 4]| state.into_iter().flat_map(bytes).collect::<Vec<_>>();
            self.put(&format!("{name}, {side} state"), &words(u32::to_le_bytes));
            self.put(
                &format!("{name}, {side} state, swapped"),
                &words(u32::to_be_bytes),
            );
        }
    }

    fn put(&mut self, name: &str, bytes: &[u8]) {
        for (at, piece) in bytes.chunks_exact(LEN).enumerate() {
            self.0.push((format!("{name} [{at}]"), piece.to_vec()));
        }
    }
}

/// What SHA-256 begins with.
const START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Bytes behind their mask.
pub fn masked(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().enumerate().map(|(at, byte)| byte ^ mask(at))
}

/// Bytes in the order in which a hash keeps them in words.
fn swapped(bytes: &[u8]) -> Vec<u8> {
    let (words, _) = bytes.as_chunks::<4>();
    words
        .iter()
        .flat_map(|[a, b, c, d]| [*d, *c, *b, *a])
        .collect()
}

/// Bytes behind their length.
pub fn prefixed(bytes: &[u8]) -> Vec<u8> {
    let mut out = crate::worst::forge::varint(bytes.len() as u64);
    out.extend(bytes);
    out
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("of any length");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
