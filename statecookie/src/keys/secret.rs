//! The secret of a pool: where it may come from, and what it never does (print, stay in memory, compare early).

use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64, Base64Unpadded, Base64Url, Base64UrlUnpadded, Encoding};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::error::{KeyEnvError, KeyEnvFault, KeyError};
use crate::time::Entropy;

/// A pool's secret: 32 to 1024 random bytes, wiped when dropped, mute in `Debug`, compared in constant time.
///
/// There is no passphrase, no default and no conversion from `&str`: what is easily typed is easily guessed.
///
/// ```
/// use statecookie::{KeyError, Secret, SystemEntropy};
///
/// let secret = Secret::generate(&SystemEntropy)?;
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert_eq!(Secret::from_hex("c0ffee"), Err(KeyError::TooShort { len: 3 }));
/// # Ok::<(), KeyError>(())
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// The fewest bytes of a secret.
    pub const MIN_LEN: usize = 32;

    /// The most bytes of a secret.
    pub const MAX_LEN: usize = 1024;

    /// The secret of these bytes; they should come from a cryptographic generator.
    ///
    /// # Errors
    ///
    /// Fewer than 32 or more than 1024 bytes, or one byte repeated.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        Self::judge(bytes)?;
        Ok(Self(Zeroizing::new(bytes.to_vec())))
    }

    /// The secret of these hexadecimal digits, upper or lower case: what `openssl rand -hex 32` prints.
    ///
    /// # Errors
    ///
    /// Anything but an even number of hexadecimal digits; else as [`from_bytes`](Self::from_bytes).
    pub fn from_hex(text: &str) -> Result<Self, KeyError> {
        let bytes = decode_hex(text.as_bytes())?;
        Self::judge(&bytes)?;
        Ok(Self(bytes))
    }

    /// The secret of this base64 text (RFC 4648), standard or URL-safe alphabet, with or without its padding.
    ///
    /// # Errors
    ///
    /// Mixed alphabets, white space, wrong padding, unused bits that are not zero; else as
    /// [`from_bytes`](Self::from_bytes).
    pub fn from_base64(text: &str) -> Result<Self, KeyError> {
        let bytes = decode_base64(text)?;
        Self::judge(&bytes)?;
        Ok(Self(bytes))
    }

    /// The secret that an environment variable holds, in hexadecimal digits or base64. Text of hexadecimal digits alone
    /// is never taken for base64.
    ///
    /// # Errors
    ///
    /// The variable is not set or holds no key; the error names it and a command that makes a key.
    pub fn from_env(name: &str) -> Result<Self, KeyEnvError> {
        Self::from_variable(name).map_err(|fault| KeyEnvError {
            variable: name.to_string(),
            fault,
        })
    }

    /// 32 fresh random bytes.
    ///
    /// # Errors
    ///
    /// The generator failed, or delivered one byte repeated.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, KeyError> {
        let mut bytes = Zeroizing::new(vec![0; Self::MIN_LEN]);
        entropy.fill(&mut bytes)?;
        Self::judge(&bytes)?;
        Ok(Self(bytes))
    }

    pub(super) fn expose(&self) -> &[u8] {
        &self.0
    }

    fn from_variable(name: &str) -> Result<Self, KeyEnvFault> {
        let text = std::env::var(name)
            .map(Zeroizing::new)
            .map_err(|error| match error {
                std::env::VarError::NotPresent => KeyEnvFault::NotSet,
                std::env::VarError::NotUnicode(_) => KeyEnvFault::NotText,
            })?;
        Ok(Self::from_text(&text)?)
    }

    pub(super) fn from_text(text: &str) -> Result<Self, KeyError> {
        if all(text, |byte| byte.is_ascii_hexdigit()) {
            Self::from_hex(text)
        } else {
            Self::from_base64(text)
        }
    }

    fn judge(bytes: &[u8]) -> Result<(), KeyError> {
        match bytes {
            _ if bytes.len() < Self::MIN_LEN => Err(KeyError::TooShort { len: bytes.len() }),
            _ if bytes.len() > Self::MAX_LEN => Err(KeyError::TooLong),
            [first, rest @ ..] if repeats(*first, rest) => Err(match first {
                0 => KeyError::AllZero,
                _ => KeyError::RepeatedByte,
            }),
            _ => Ok(()),
        }
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

// Reads every byte, so that the time taken says nothing of a good key.
fn repeats(first: u8, rest: &[u8]) -> bool {
    rest.iter()
        .fold(0, |differing, byte| differing | (byte ^ first))
        == 0
}

// Likewise: `all` of an iterator stops at the first byte that is not.
fn all(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |so_far, byte| so_far & is(byte))
}

fn decode_hex(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if text.len() > 2 * Secret::MAX_LEN {
        return Err(KeyError::TooLong);
    }
    let mut bytes = Zeroizing::new(vec![0; text.len() / 2]);
    base16ct::mixed::decode(text, &mut bytes).map_err(|_| KeyError::NotHex)?;
    Ok(bytes)
}

fn decode_base64(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if text.len() > 2 * Secret::MAX_LEN {
        return Err(KeyError::TooLong);
    }
    let standard = all(text, |byte| !matches!(byte, b'-' | b'_'));
    match (!standard, text.ends_with('=')) {
        (false, false) => decode_with::<Base64Unpadded>(text),
        (false, true) => decode_with::<Base64>(text),
        (true, false) => decode_with::<Base64UrlUnpadded>(text),
        (true, true) => decode_with::<Base64Url>(text),
    }
}

fn decode_with<E: Encoding>(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut bytes = Zeroizing::new(vec![0; text.len()]);
    let len = E::decode(text, &mut bytes)
        .map_err(|_| KeyError::NotBase64)?
        .len();
    bytes.truncate(len);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::String;

    use super::*;
    use crate::testing::{BrokenEntropy, FixedEntropy};
    use crate::time::EntropyError;

    const VARIABLE: &str = "STATECOOKIE_TEST_SECRET";

    fn counting(len: usize) -> Vec<u8> {
        (0..len).map(|at| at as u8).collect()
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn reads_one_secret_in_every_notation() {
        let bytes = [&[0xfb, 0xff][..], &counting(32)].concat();
        let secret = Secret::from_bytes(&bytes).unwrap();
        assert_eq!(Secret::from_hex(&hex(&bytes)).unwrap(), secret);
        assert_eq!(
            Secret::from_hex(&hex(&bytes).to_uppercase()).unwrap(),
            secret
        );
        for text in [
            Base64::encode_string(&bytes),
            Base64Unpadded::encode_string(&bytes),
            Base64Url::encode_string(&bytes),
            Base64UrlUnpadded::encode_string(&bytes),
        ] {
            assert_eq!(Secret::from_base64(&text).unwrap(), secret, "{text}");
            assert_eq!(Secret::from_text(&text).unwrap(), secret, "{text}");
        }
        assert_eq!(Secret::from_text(&hex(&bytes)).unwrap(), secret);
        assert_ne!(Secret::from_bytes(&counting(34)).unwrap(), secret);
    }

    #[test]
    fn refuses_weak_and_misshapen_keys() {
        use KeyError::*;
        assert_eq!(Secret::from_bytes(&counting(31)), Err(TooShort { len: 31 }));
        assert!(Secret::from_bytes(&counting(32)).is_ok());
        assert!(Secret::from_bytes(&counting(1024)).is_ok());
        assert_eq!(Secret::from_bytes(&counting(1025)), Err(TooLong));
        assert!(Secret::from_hex(&hex(&counting(1024))).is_ok());
        assert!(Secret::from_base64(&Base64::encode_string(&counting(1024))).is_ok());
        assert_eq!(Secret::from_bytes(&[0; 32]), Err(AllZero));
        assert_eq!(Secret::from_bytes(&[7; 40]), Err(RepeatedByte));
        let mut twice = [0; 32];
        twice[5] = 1;
        twice[9] = 1;
        assert!(Secret::from_bytes(&twice).is_ok());
        assert_eq!(Secret::from_hex(&"0".repeat(64)), Err(AllZero));
        assert_eq!(Secret::from_hex(&"ab".repeat(32)), Err(RepeatedByte));
        assert_eq!(Secret::from_base64(&"/".repeat(43)), Err(NotBase64));
        assert_eq!(Secret::from_hex(&"f".repeat(5000)), Err(TooLong));
        assert_eq!(Secret::from_base64(&"f".repeat(5000)), Err(TooLong));
        // Beyond a length that no spelling of a key has, nothing is decoded.
        assert_eq!(Secret::from_base64(&"!".repeat(2048)), Err(NotBase64));
        assert_eq!(Secret::from_base64(&"!".repeat(2049)), Err(TooLong));
    }

    #[test]
    fn reads_text_strictly() {
        let digits = hex(&counting(32));
        for bad in [
            format!("{digits}\n"),
            format!(" {digits}"),
            format!("0x{digits}"),
            digits[1..].into(),
        ] {
            assert_eq!(Secret::from_hex(&bad), Err(KeyError::NotHex), "{bad:?}");
        }
        let text = Base64::encode_string(&counting(32));
        let mixed = format!("+-{}", &text[2..]);
        let loose = format!("{}9=", &text[..42]);
        for bad in [
            format!("{text}\n"),
            format!("{text}="),
            mixed,
            loose,
            text.replace('A', " "),
        ] {
            assert_eq!(
                Secret::from_base64(&bad),
                Err(KeyError::NotBase64),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn takes_hexadecimal_digits_never_for_base64() {
        let short = &hex(&counting(32))[..62];
        assert_eq!(
            Secret::from_text(short),
            Err(KeyError::TooShort { len: 31 })
        );
        assert_eq!(Secret::from_text(""), Err(KeyError::TooShort { len: 0 }));
    }

    #[test]
    fn names_the_variable_and_a_command_that_helps() {
        let missing = Secret::from_env("STATECOOKIE_NO_SUCH_VARIABLE").unwrap_err();
        assert_eq!(missing.fault, KeyEnvFault::NotSet);
        let said = missing.to_string();
        assert!(said.contains("`STATECOOKIE_NO_SUCH_VARIABLE`"), "{said}");
        assert!(said.contains("`openssl rand -hex 32`"), "{said}");
        let bad = Secret::from_env("CARGO_PKG_NAME").unwrap_err();
        assert_eq!(bad.fault, KeyEnvFault::Key(KeyError::NotBase64));
    }

    // Setting a variable of this process is unsafe, so the test runs itself once more as a child that has it.
    #[test]
    fn reads_the_secret_of_a_variable() {
        if std::env::var_os(VARIABLE).is_some() {
            assert_eq!(
                Secret::from_env(VARIABLE),
                Secret::from_bytes(&counting(32)).map_err(|_| unreachable!())
            );
            return;
        }
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "keys::secret::tests::reads_the_secret_of_a_variable",
            ])
            .env(VARIABLE, hex(&counting(32)))
            .output()
            .unwrap();
        assert!(status.status.success());
        assert!(String::from_utf8_lossy(&status.stdout).contains("1 passed"));
    }

    #[test]
    fn generates_from_a_generator_that_works_only() {
        let fixed = Secret::generate(&FixedEntropy::new(3)).unwrap();
        assert_eq!(fixed.expose().len(), 32);
        assert_eq!(
            Secret::generate(&BrokenEntropy),
            Err(KeyError::Entropy(EntropyError))
        );
    }

    #[test]
    fn prints_nothing() {
        let secret = Secret::from_bytes(&counting(32)).unwrap();
        assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(..) Secret(..)");
    }
}
