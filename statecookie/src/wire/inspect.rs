//! What anybody can read of an update or bundle without keys: for logs, support and curiosity. Nothing of it is proven.

use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::{AEAD_TAG_LEN, Blob, Cookie, Kind, MAX_BLOB, NONCE_LEN, Root};
use crate::error::ParseError;
use crate::tier::{KeyId, Tier};
use crate::time::Timestamp;

/// Reads what an update or bundle claims, without keys or schema.
///
/// It shows no values and no tags, but the session's id and the lengths of everything.
///
/// ```
/// let error = statecookie::inspect(&[0xff]).unwrap_err();
/// assert_eq!(error, statecookie::ParseError::UnknownVersion);
/// ```
///
/// # Errors
///
/// The bytes are not one blob of at most [`MAX_BLOB`] bytes, or its cookies do not stand below each other.
pub fn inspect(bytes: &[u8]) -> Result<Inspection, ParseError> {
    let blob = Blob::parse(bytes, MAX_BLOB)?;
    let mut above = blob.cookies.begin_with_root().then_some(0);
    let cookies = blob
        .cookies
        .iter()
        .map(|cookie| inspect_one(cookie, &mut above))
        .collect();
    Ok(Inspection {
        kind: blob.kind.into(),
        len: bytes.len(),
        root: blob
            .cookies
            .first()
            .and_then(Cookie::claimed_root)
            .map(InspectedRoot::from),
        cookies,
        derived_len: blob.derived.map(<[u8]>::len),
    })
}

/// Reads what a single cookie claims, without keys or schema: its bytes alone, or its signed part.
///
/// ```
/// let error = statecookie::inspect_cookie(&[0xff]).unwrap_err();
/// assert_eq!(error.to_string(), "malformed: the bytes end too early");
/// ```
///
/// # Errors
///
/// The bytes are not one cookie of at most [`MAX_BLOB`] bytes.
pub fn inspect_cookie(bytes: &[u8]) -> Result<Inspection, ParseError> {
    let cookie = Cookie::parse_alone(bytes)?;
    let root = cookie.claimed_root();
    Ok(Inspection {
        kind: BlobKind::Cookie,
        len: bytes.len(),
        root: root.map(InspectedRoot::from),
        cookies: alloc::vec![inspect_one(&cookie, &mut root.map(|_| 0))],
        derived_len: None,
    })
}

/// What an update or bundle claims.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inspection {
    /// Update or bundle.
    pub kind: BlobKind,
    /// Bytes of the whole.
    pub len: usize,
    /// What the root says; a partial update has none.
    pub root: Option<InspectedRoot>,
    /// The cookies from the highest tier down.
    pub cookies: Vec<InspectedCookie>,
    /// Bytes of the derived values, where there are any.
    pub derived_len: Option<usize>,
}

/// What bytes are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BlobKind {
    /// One cookie alone, outside of an update or bundle.
    Cookie,
    /// From the server to the client.
    Update,
    /// From the client to a server.
    Bundle,
}

/// What a root claims for all tiers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InspectedRoot {
    /// How many tiers, from the root down, a bundle must hold.
    pub required: u8,
    /// The hash of the schema's description.
    pub schema_hash: [u8; 4],
    /// The key that signed.
    pub key_id: KeyId,
    /// The session's id.
    pub session: [u8; 16],
    /// New after each fail-over.
    pub branch: [u8; 4],
    /// When the session began.
    pub born: Timestamp,
    /// When it ends, however often it is renewed.
    pub end: Timestamp,
}

/// What one cookie claims.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InspectedCookie {
    /// Its tier.
    pub tier: Tier,
    /// The schema's number of tiers.
    pub tiers: u8,
    /// The sequence numbers from the root down to this tier.
    pub vector: Vec<u64>,
    /// The first bytes of the parent's tag; a root has none.
    pub link: Option<[u8; 4]>,
    /// When it becomes valid; unknown in a partial update, where it is relative to a cookie not in it.
    pub not_before: Option<Timestamp>,
    /// How long it is valid.
    pub life: Duration,
    /// Bytes of the whole cookie.
    pub len: usize,
    /// Bytes of the immutable section.
    pub immutable_len: usize,
    /// Bytes of the private section with nonce and AEAD tag.
    pub private_len: usize,
    /// Bytes of the mutable section.
    pub mutable_len: usize,
}

fn inspect_one(cookie: &Cookie<'_>, above: &mut Option<u64>) -> InspectedCookie {
    let header = cookie.claimed_header();
    *above = above.map(|parent| parent.saturating_add(header.not_before));
    InspectedCookie {
        tier: cookie.claimed_tier(),
        tiers: cookie.claimed_tiers(),
        vector: header.vector.as_slice().to_vec(),
        link: cookie.claimed_link(),
        not_before: above.map(Timestamp::from_secs),
        life: Duration::from_secs(header.life),
        len: cookie.signed_part().len() + cookie.mutable().len(),
        immutable_len: cookie.immutable().len(),
        private_len: header
            .private_len
            .map_or(0, |len| len + NONCE_LEN + AEAD_TAG_LEN),
        mutable_len: cookie.mutable().len(),
    }
}

impl From<Kind> for BlobKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Update => Self::Update,
            Kind::Bundle | Kind::DerivedBundle => Self::Bundle,
        }
    }
}

impl From<&Root> for InspectedRoot {
    fn from(root: &Root) -> Self {
        Self {
            required: root.required,
            schema_hash: root.schema_hash,
            key_id: root.key_id,
            session: root.session,
            branch: root.branch,
            born: Timestamp::from_secs(root.born),
            end: Timestamp::from_secs(root.end),
        }
    }
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} bytes", self.kind, self.len)?;
        if let Some(root) = &self.root {
            write!(f, "\n  {root}")?;
        }
        self.cookies
            .iter()
            .try_for_each(|cookie| write!(f, "\n  {cookie}"))?;
        match self.derived_len {
            Some(len) => write!(f, "\n  derived values, {len} bytes"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for BlobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cookie => "cookie",
            Self::Update => "update",
            Self::Bundle => "bundle",
        })
    }
}

impl fmt::Display for InspectedRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "session {}, branch {}, ",
            Hex(&self.session),
            Hex(&self.branch)
        )?;
        write!(
            f,
            "key {}, schema {}, ",
            self.key_id,
            Hex(&self.schema_hash)
        )?;
        write!(
            f,
            "born {}, ends {}, requires {} tiers",
            self.born, self.end, self.required
        )
    }
}

impl fmt::Display for InspectedCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}: {} bytes ", self.tier, self.tiers, self.len)?;
        let Self {
            immutable_len,
            private_len,
            mutable_len,
            ..
        } = self;
        write!(
            f,
            "(immutable {immutable_len}, private {private_len}, mutable {mutable_len}), "
        )?;
        write!(f, "vector {:?}", self.vector)?;
        if let Some(link) = &self.link {
            write!(f, ", link {}", Hex(link))?;
        }
        if let Some(not_before) = self.not_before {
            write!(f, ", valid from {not_before}")?;
        }
        write!(f, ", for {} s", self.life.as_secs())
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use super::*;
    use crate::bytes::put_prefixed;
    use crate::wire::cookie::tests::cookie;
    use crate::wire::{Header, Lineage, Shape};

    fn root() -> Header {
        Header {
            shape: Shape::new(Tier::new(1).unwrap(), 2, true, true).unwrap(),
            lineage: Lineage::Root(Root {
                required: 1,
                schema_hash: [1, 2, 3, 4],
                key_id: KeyId(7),
                session: [0xab; 16],
                branch: [0x0c; 4],
                born: 100,
                end: 3_700,
            }),
            vector: [5].into(),
            not_before: 130,
            life: 600,
            immutable_len: Some(3),
            private_len: Some(16),
        }
    }

    fn child() -> Header {
        Header {
            shape: Shape::new(Tier::LOWEST, 2, false, false).unwrap(),
            lineage: Lineage::Child { link: [0xee; 4] },
            vector: [5, 300].into(),
            not_before: 4,
            life: 30,
            immutable_len: None,
            private_len: None,
        }
    }

    fn blob(kind: u8, cookies: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = vec![1 << 5 | kind << 3 | (cookies.len() as u8 - 1)];
        cookies
            .iter()
            .for_each(|cookie| put_prefixed(&mut bytes, cookie));
        bytes
    }

    fn chain() -> [Vec<u8>; 2] {
        [cookie(&root(), b"imm", b""), cookie(&child(), b"", b"M")]
    }

    #[test]
    fn reads_all_that_is_claimed() {
        let mut bytes = blob(2, &chain());
        put_prefixed(&mut bytes, b"derived");
        let seen = inspect(&bytes).unwrap();
        assert_eq!((seen.kind, seen.len), (BlobKind::Bundle, bytes.len()));
        assert_eq!(seen.derived_len, Some(7));
        let [root, child] = &seen.cookies[..] else {
            panic!("two cookies")
        };
        assert_eq!(root.not_before, Some(Timestamp::from_secs(130)));
        assert_eq!(child.not_before, Some(Timestamp::from_secs(134)));
        assert_eq!((root.link, child.link), (None, Some([0xee; 4])));
        assert_eq!((root.len, child.len), (chain()[0].len(), chain()[1].len()));
        let lengths = |cookie: &InspectedCookie| {
            [cookie.immutable_len, cookie.private_len, cookie.mutable_len]
        };
        assert_eq!(lengths(root), [3, 24 + 16 + 16, 0]);
        assert_eq!(lengths(child), [0, 0, 1]);
        assert_eq!(child.vector, [5, 300]);
    }

    #[test]
    fn prints_an_update_for_people() {
        let bytes = blob(0, &chain());
        let expected = "update, 145 bytes\n  \
            session abababababababababababababababab, branch 0c0c0c0c, key 7, schema 01020304, \
            born 100.000, ends 3700.000, requires 1 tiers\n  \
            tier 1 of 2: 115 bytes (immutable 3, private 56, mutable 0), vector [5], \
            valid from 130.000, for 600 s\n  \
            tier 0 of 2: 27 bytes (immutable 0, private 0, mutable 1), vector [5, 300], \
            link eeeeeeee, valid from 134.000, for 30 s";
        assert_eq!(inspect(&bytes).unwrap().to_string(), expected);
    }

    #[test]
    fn prints_a_partial_update_without_what_it_cannot_know() {
        let bytes = blob(0, &chain()[1..]);
        let expected = "update, 29 bytes\n  \
            tier 0 of 2: 27 bytes (immutable 0, private 0, mutable 1), vector [5, 300], \
            link eeeeeeee, for 30 s";
        assert_eq!(inspect(&bytes).unwrap().to_string(), expected);
        let mut bundle = blob(2, &chain());
        put_prefixed(&mut bundle, b"derived");
        let shown = inspect(&bundle).unwrap().to_string();
        assert!(shown.starts_with("bundle, "), "{shown}");
        assert!(shown.ends_with("\n  derived values, 7 bytes"), "{shown}");
    }
}
