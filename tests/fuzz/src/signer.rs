//! Keys, tags and private sections made without the library, from sections 4, 6 and 7 of the page.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::naive::put_prefixed;

/// The 32 bytes of which 16 travel.
pub(crate) type FullTag = [u8; 32];

/// The sub-keys of one key of a pool.
#[derive(Clone)]
pub(crate) struct Signer {
    sign: Hmac<Sha256>,
    encrypt: XChaCha20Poly1305,
}

/// What a tag's input begins with.
#[derive(Clone, Copy)]
pub(crate) enum Above<'a> {
    /// A root, and the client it is bound to, if any.
    Client(Option<&'a [u8]>),
    /// A child of the cookie with this tag.
    Parent(&'a FullTag),
}

impl Signer {
    /// The sub-keys of a secret for one pool and schema.
    pub(crate) fn new(secret: &[u8], pool: &str, description: &[u8]) -> Self {
        let subkey = |label: &str| {
            let mut info = Vec::new();
            put_prefixed(&mut info, label.as_bytes());
            put_prefixed(&mut info, pool.as_bytes());
            put_prefixed(&mut info, description);
            expand(secret, &info)
        };
        let sign = subkey("statecookie 1 sign");
        let encrypt = subkey("statecookie 1 encrypt");
        Self {
            sign: Hmac::new_from_slice(&sign).expect("every length is one of HMAC"),
            encrypt: XChaCha20Poly1305::new(&encrypt.into()),
        }
    }

    /// The full tag of header and sections.
    pub(crate) fn tag(&self, above: Above<'_>, tagged: &[u8]) -> FullTag {
        let mut input = Vec::with_capacity(64);
        match above {
            Above::Client(identity) => {
                input.push(0x10);
                put_prefixed(&mut input, &identity.map(binding).unwrap_or_default());
            }
            Above::Parent(tag) => {
                input.push(0x11);
                input.extend(tag);
            }
        }
        let mac = self.sign.clone().chain_update(&input).chain_update(tagged);
        mac.finalize().into_bytes().into()
    }

    /// A private section: nonce, ciphertext, AEAD tag.
    pub(crate) fn encrypt(&self, nonce: [u8; 24], plain: &[u8]) -> Vec<u8> {
        let sealed = self.encrypt.encrypt(&XNonce::from(nonce), plain);
        [&nonce[..], &sealed.expect("short enough")].concat()
    }

    /// The plaintext of a private section.
    pub(crate) fn decrypt(&self, section: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = section.split_first_chunk::<24>()?;
        self.encrypt.decrypt(&XNonce::from(*nonce), sealed).ok()
    }
}

/// The secret of a period of the embedded default.
pub(crate) fn period_secret(root_secret: &[u8], rotation: u64, period: u32) -> [u8; 32] {
    let mut info = Vec::new();
    put_prefixed(&mut info, b"statecookie 1 period");
    info.extend(rotation.to_le_bytes());
    info.extend(period.to_le_bytes());
    expand(root_secret, &info)
}

fn expand(secret: &[u8], info: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    let prk = Hkdf::<Sha256>::new(Some(b"statecookie 1"), secret);
    prk.expand(info, &mut out).expect("one block");
    out
}

fn binding(identity: &[u8]) -> Vec<u8> {
    let mut input = Vec::new();
    put_prefixed(&mut input, b"statecookie 1 binding");
    put_prefixed(&mut input, identity);
    Sha256::digest(&input).to_vec()
}
