//! Section 5: the cookie and its header.

use super::{Fault, array, put_varint, take, varint};

/// A header; nothing of it is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The first byte.
    pub shape: u8,
    /// What only a root says.
    pub root: Option<Root>,
    /// The first bytes of the parent's tag; zeros in a root, which has none.
    pub link: [u8; 4],
    /// The counters from the root down.
    pub vector: Vec<u64>,
    /// As it stands: after born, or after the parent's.
    pub not_before: u64,
    /// Not-after - not-before.
    pub life: u64,
    /// Bytes of the immutable section, where there is one.
    pub immutable_len: Option<u64>,
    /// Bytes of the padded private plaintext, where there is one.
    pub private_len: Option<u64>,
}

/// What only a root says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The format version.
    pub version: u8,
    /// How many tiers a bundle must hold.
    pub required: u8,
    /// The schema's hash.
    pub schema_hash: [u8; 4],
    /// The key's id.
    pub key_id: u32,
    /// The session's id.
    pub session: [u8; 16],
    /// New after each fail-over.
    pub branch: [u8; 4],
    /// Seconds since the epoch.
    pub born: u64,
    /// Absolute end - born.
    pub lifetime: u64,
}

/// A cookie cut into its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie<'a> {
    /// The header.
    pub header: Header,
    /// Header and sections: what is signed, without the tag.
    pub tagged: &'a [u8],
    /// The immutable section; empty where there is none.
    pub immutable: &'a [u8],
    /// Nonce, ciphertext and AEAD tag, where there is a private section.
    pub private: Option<&'a [u8]>,
    /// The tag as received.
    pub tag: [u8; 16],
    /// What follows the tag.
    pub mutable: &'a [u8],
}

impl Header {
    /// The tier.
    pub fn tier(&self) -> u8 {
        self.shape & 7
    }

    /// The number of tiers.
    pub fn tiers(&self) -> u8 {
        (self.shape >> 3 & 7) + 1
    }

    /// Reads a header, as far as it goes without knowing how many bytes follow.
    ///
    /// # Errors
    ///
    /// There is none in front.
    pub fn read(input: &mut &[u8]) -> Result<Self, Fault> {
        let [shape] = array(input)?;
        let (tier, tiers) = (shape & 7, (shape >> 3 & 7) + 1);
        if tier >= tiers {
            return Err(Fault::Malformed);
        }
        let is_root = tier + 1 == tiers;
        let mut root = is_root.then(|| Root::read(tiers, input)).transpose()?;
        let link = if is_root { [0; 4] } else { array(input)? };
        let vector = (tier..tiers)
            .map(|_| varint(input))
            .collect::<Result<_, _>>()?;
        if let Some(root) = &mut root {
            root.born = varint(input)?;
            root.lifetime = varint(input)?;
            sum(root.born, root.lifetime)?;
        }
        let not_before = varint(input)?;
        let base = sum(root.as_ref().map_or(0, |root| root.born), not_before)?;
        let life = varint(input)?;
        sum(base, life)?;
        let len = |bit: u8, input: &mut &[u8]| match shape & bit {
            0 => Ok(None),
            _ => varint(input).map(Some),
        };
        Ok(Self {
            shape,
            root,
            link,
            vector,
            not_before,
            life,
            immutable_len: len(0x40, input)?,
            private_len: len(0x80, input)?,
        })
    }

    /// The header's bytes, whatever it says.
    pub fn write(&self) -> Vec<u8> {
        let mut out = vec![self.shape];
        if let Some(root) = &self.root {
            out.extend([root.version, root.required]);
            out.extend(root.schema_hash);
            out.extend(root.key_id.to_le_bytes());
            out.extend(root.session);
            out.extend(root.branch);
        } else {
            out.extend(self.link);
        }
        let times = self.root.iter().flat_map(|root| [root.born, root.lifetime]);
        let rest = [self.not_before, self.life];
        let lens = [self.immutable_len, self.private_len];
        let numbers = self.vector.iter().copied().chain(times).chain(rest);
        numbers
            .chain(lens.into_iter().flatten())
            .for_each(|number| put_varint(&mut out, number));
        out
    }
}

impl Root {
    fn read(tiers: u8, input: &mut &[u8]) -> Result<Self, Fault> {
        let [version] = array(input)?;
        if version != 1 {
            return Err(Fault::UnknownVersion);
        }
        let [required] = array(input)?;
        if required == 0 || required > tiers {
            return Err(Fault::Malformed);
        }
        Ok(Self {
            version,
            required,
            schema_hash: array(input)?,
            key_id: u32::from_le_bytes(array(input)?),
            session: array(input)?,
            branch: array(input)?,
            born: 0,
            lifetime: 0,
        })
    }
}

impl<'a> Cookie<'a> {
    /// Reads a whole cookie.
    ///
    /// # Errors
    ///
    /// The bytes are none.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut input = bytes;
        let header = Header::read(&mut input)?;
        let immutable = section(&mut input, header.immutable_len.unwrap_or(0))?;
        let private = header
            .private_len
            .map(|len| {
                section(
                    &mut input,
                    len.checked_add(24 + 16).ok_or(Fault::Malformed)?,
                )
            })
            .transpose()?;
        let tagged = &bytes[..bytes.len() - input.len()];
        Ok(Self {
            header,
            tagged,
            immutable,
            private,
            tag: array(&mut input)?,
            mutable: input,
        })
    }
}

fn section<'a>(input: &mut &'a [u8], len: u64) -> Result<&'a [u8], Fault> {
    take(input, usize::try_from(len).map_err(|_| Fault::Malformed)?)
}

pub(crate) fn sum(one: u64, other: u64) -> Result<u64, Fault> {
    one.checked_add(other).ok_or(Fault::Malformed)
}
