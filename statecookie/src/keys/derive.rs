//! The one table of labels, and every derivation from a secret (`docs/wire-format.md`, section 4).
//!
//! Each key that is derived is at most one block of HKDF-SHA256, so extract and expand are one HMAC each. That is written
//! out here because nothing in it can fail; the tests hold it against RFC 5869's vectors and the `hkdf` crate.

use alloc::vec::Vec;

use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use super::mac::{Mac, MacKey};
use super::secret::Secret;
use crate::bytes::put_prefixed;

const SALT: &[u8; 13] = b"statecookie 1";

const SIGN: &str = "statecookie 1 sign";
const ENCRYPT: &str = "statecookie 1 encrypt";
const HEDGE: &str = "statecookie 1 hedge";
const FINGERPRINT: &str = "statecookie 1 fingerprint";
const PERIOD: &str = "statecookie 1 period";
#[cfg(feature = "redis")]
const STORE: &str = "statecookie 1 store";

/// The sub-keys of one pool key for one pool and schema, ready to use: nothing is derived for a cookie.
pub(crate) struct SubKeys {
    sign: MacKey,
    hedge: MacKey,
    encrypt: XChaCha20Poly1305,
    fingerprint: [u8; 8],
}

impl SubKeys {
    pub(super) fn derive(prk: &Prk, domain: &Domain) -> Self {
        Self {
            sign: MacKey::new(&prk.subkey(SIGN, domain)),
            hedge: MacKey::new(&prk.subkey(HEDGE, domain)),
            encrypt: XChaCha20Poly1305::new((&*prk.subkey(ENCRYPT, domain)).into()),
            fingerprint: prk.fingerprint(domain),
        }
    }

    /// A fresh HMAC for a tag.
    #[inline]
    pub(crate) fn sign(&self) -> Mac {
        self.sign.begin()
    }

    /// A fresh HMAC for a hedged nonce.
    #[inline]
    pub(crate) fn hedge(&self) -> Mac {
        self.hedge.begin()
    }

    /// The cipher of private values.
    pub(crate) fn encrypt(&self) -> &XChaCha20Poly1305 {
        &self.encrypt
    }

    pub(super) fn fingerprint(&self) -> [u8; 8] {
        self.fingerprint
    }
}

/// The cipher under which a pool's ring lies in a store, from a secret that only the servers have.
#[cfg(feature = "redis")]
pub(super) fn store_cipher(local: &Secret, pool_name: &str) -> XChaCha20Poly1305 {
    let domain = Domain::new(pool_name, b"");
    XChaCha20Poly1305::new((&*Prk::of(local).subkey(STORE, &domain)).into())
}

/// What a pool's keys are bound to: its name and its schema's whole description.
pub(super) struct Domain(Vec<u8>);

impl Domain {
    pub(super) fn new(pool_name: &str, description: &[u8]) -> Self {
        let mut bytes = Vec::new();
        put_prefixed(&mut bytes, pool_name.as_bytes());
        put_prefixed(&mut bytes, description);
        Self(bytes)
    }
}

/// HKDF's pseudo-random key, as the HMAC that it keys.
pub(super) struct Prk(MacKey);

impl Prk {
    /// The pseudo-random key of a pool's secret.
    pub(super) fn of(secret: &Secret) -> Self {
        Self::extract(SALT, secret.expose())
    }

    /// The pseudo-random key of the embedded default's key number `period`, of a rotation of so many seconds.
    pub(super) fn of_period(&self, rotation: u64, period: u32) -> Self {
        let mut info = Vec::new();
        put_prefixed(&mut info, PERIOD.as_bytes());
        info.extend_from_slice(&rotation.to_le_bytes());
        info.extend_from_slice(&period.to_le_bytes());
        Self::extract(SALT, &*self.expand(&[&info]))
    }

    /// Tells secrets and domains apart, and nothing else about them.
    pub(super) fn fingerprint(&self, domain: &Domain) -> [u8; 8] {
        let [a, b, c, d, e, f, g, h, ..] = *self.subkey(FINGERPRINT, domain);
        [a, b, c, d, e, f, g, h]
    }

    fn subkey(&self, label: &str, domain: &Domain) -> Zeroizing<[u8; 32]> {
        let mut start = Vec::new();
        put_prefixed(&mut start, label.as_bytes());
        self.expand(&[&start, &domain.0])
    }

    fn extract<const N: usize>(salt: &[u8; N], secret: &[u8]) -> Self {
        let mut mac = MacKey::new(salt).begin();
        mac.update(secret);
        Self(MacKey::new(&Zeroizing::new(mac.finish())))
    }

    // One block: HMAC(PRK, info || 01).
    fn expand(&self, info: &[&[u8]]) -> Zeroizing<[u8; 32]> {
        let mut mac = self.0.begin();
        info.iter().for_each(|part| mac.update(part));
        mac.update(&[1]);
        Zeroizing::new(mac.finish())
    }
}

#[cfg(test)]
mod public_vectors;

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use sha2::Sha256;

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn secret() -> Secret {
        Secret::from_bytes(&core::array::from_fn::<u8, 32, _>(|at| at as u8)).unwrap()
    }

    fn domain() -> Domain {
        Domain::new("shop.example", b"a description")
    }

    // RFC 5869, appendix A.1: the first 32 bytes of its output are the first block.
    #[test]
    fn derives_what_rfc_5869_says() {
        let salt: [u8; 13] = core::array::from_fn(|at| at as u8);
        let info: [u8; 10] = core::array::from_fn(|at| 0xf0 + at as u8);
        assert_eq!(
            hex(&*Prk::extract(&salt, &[0x0b; 22]).expand(&[&info])),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        );
    }

    #[test]
    fn derives_what_the_hkdf_crate_derives() {
        let long: Vec<u8> = (0..=255).collect();
        for (secret_len, info_len) in [(32, 0), (33, 1), (64, 63), (65, 64), (200, 256)] {
            let (secret, info) = (&long[..secret_len], &long[..info_len]);
            let mut theirs = [0; 32];
            hkdf::Hkdf::<Sha256>::new(Some(SALT), secret)
                .expand(info, &mut theirs)
                .unwrap();
            assert_eq!(*Prk::extract(SALT, secret).expand(&[info]), theirs);
        }
    }

    // Computed with Python's hmac and hashlib alone, where H(k, m) = hmac.new(k, m, "sha256").digest(), u a varint and
    // s(x) = u(len(x)) + x: prk = H(b"statecookie 1", bytes(range(32)));
    // H(prk, s(b"statecookie 1 " + label) + s(b"shop.example") + s(b"a description") + b"\1").
    #[test]
    fn derives_the_sub_keys_of_the_wire_format() {
        let prk = Prk::of(&secret());
        for (label, expected) in [
            (
                SIGN,
                "cabbe7baf5d00093714370c34c537910cfc35adb2e550939e7003db9bfcb3961",
            ),
            (
                ENCRYPT,
                "42e0973cd4d8b2a743947c5deb1e565d55a5210b57fa4567b857e767b60b4c29",
            ),
            (
                HEDGE,
                "21b9b10d28c2c4f987d2f9d4294db7bb3bca9e47c5593d3655b68f86da73b3d8",
            ),
            (
                FINGERPRINT,
                "c7d3749ca472400ae719945a6e6339f42027ceb208713004f38bb83892eeb860",
            ),
        ] {
            assert_eq!(hex(&*prk.subkey(label, &domain())), expected, "{label}");
        }
        let sub_keys = SubKeys::derive(&prk, &domain());
        assert_eq!(hex(&sub_keys.fingerprint()), "c7d3749ca472400a");
    }

    // Likewise: period = H(prk, s(b"statecookie 1 period") + (10800).to_bytes(8, "little") + (7).to_bytes(4, "little") +
    // b"\1"), then the sub-key of that secret.
    #[test]
    fn derives_the_keys_of_the_embedded_default() {
        let period = Prk::of(&secret()).of_period(10_800, 7);
        assert_eq!(
            hex(&*period.subkey(SIGN, &domain())),
            "3190c6dba2d73aff182c0a68ca722281ed2e86d0e4e3117755d02578b8f6bff2"
        );
    }

    #[test]
    fn puts_each_sub_key_to_its_own_use() {
        use chacha20poly1305::aead::AeadInOut;
        use hmac::Mac as _;

        let prk = Prk::of(&secret());
        let sub_keys = SubKeys::derive(&prk, &domain());
        for (mut mac, label) in [(sub_keys.sign(), SIGN), (sub_keys.hedge(), HEDGE)] {
            mac.update(b"message");
            let key = prk.subkey(label, &domain());
            let mut theirs = hmac::Hmac::<Sha256>::new_from_slice(&*key).unwrap();
            theirs.update(b"message");
            assert_eq!(mac.finish(), *theirs.finalize().into_bytes());
        }
        let seal = |cipher: &XChaCha20Poly1305| {
            let mut bytes = b"private".to_vec();
            cipher
                .encrypt_in_place(&[9; 24].into(), b"", &mut bytes)
                .unwrap();
            bytes
        };
        let expected = XChaCha20Poly1305::new_from_slice(&*prk.subkey(ENCRYPT, &domain())).unwrap();
        assert_eq!(seal(sub_keys.encrypt()), seal(&expected));
    }

    #[test]
    fn separates_names_that_run_together() {
        let prk = Prk::of(&secret());
        let part = |name, description| prk.fingerprint(&Domain::new(name, description));
        assert_ne!(part("ab", b"c"), part("a", b"bc"));
        assert_ne!(part("ab", b""), part("", b"ab"));
        assert_ne!(part("ab", b"c"), part("ab", b"d"));
    }
}
