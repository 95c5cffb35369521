//! A cookie's header: section 5.

use statecookie::Reason;

use super::put::{self, Out};
use super::strict::{Fault, Strict};
use super::{LINK, MOST_TIERS};

/// A header, with what a root says beyond the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Tier, number of tiers and sections.
    pub(crate) shape: u8,
    /// What only a root has.
    pub(crate) root: Option<RootHead>,
    /// What only a child has.
    pub(crate) link: [u8; LINK],
    /// The counters from the root down; the first `tiers - tier` count.
    pub(crate) vector: [u64; MOST_TIERS],
    /// After the parent's, or after born.
    pub(crate) not_before: u64,
    /// From not-before to not-after.
    pub(crate) life: u64,
    /// The length of the immutable section, where there is one.
    pub(crate) immutable: Option<u64>,
    /// The length of the padded private values, where there are some.
    pub(crate) private: Option<u64>,
}

/// What only a root says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RootHead {
    /// The format version.
    pub(crate) version: u8,
    /// How many tiers a bundle must hold.
    pub(crate) required: u8,
    /// The schema hash.
    pub(crate) hash: [u8; 4],
    /// The key id.
    pub(crate) key: u32,
    /// The session id.
    pub(crate) session: [u8; 16],
    /// The branch.
    pub(crate) branch: [u8; 4],
    /// When the session began.
    pub(crate) born: u64,
    /// From born to the absolute end.
    pub(crate) lifetime: u64,
}

impl From<Fault> for Wrong {
    fn from(_: Fault) -> Self {
        Self(Reason::Malformed)
    }
}

/// Why bytes are no blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrong(pub(crate) Reason);

/// What is malformed without a name of its own.
pub(crate) const MALFORMED: Wrong = Wrong(Reason::Malformed);

/// A sum of times that must fit.
pub(crate) fn sum(time: u64, seconds: u64) -> Result<u64, Wrong> {
    time.checked_add(seconds).ok_or(MALFORMED)
}

impl Head {
    /// The tier.
    pub(crate) const fn tier(&self) -> usize {
        (self.shape & 7) as usize
    }

    /// The number of tiers.
    pub(crate) const fn tiers(&self) -> usize {
        (self.shape >> 3 & 7) as usize + 1
    }

    /// Whether bit 6 of the shape is set.
    pub(crate) const fn says_immutable(&self) -> bool {
        self.shape & 0x40 != 0
    }

    /// Whether bit 7 of the shape is set.
    pub(crate) const fn says_private(&self) -> bool {
        self.shape & 0x80 != 0
    }

    /// The counters that count.
    pub(crate) fn counters(&self) -> &[u64] {
        &self.vector[..(self.tiers() - self.tier()).min(MOST_TIERS)]
    }

    /// Reads a header.
    pub(crate) fn read(input: &mut Strict<'_>) -> Result<Self, Wrong> {
        let shape = input.u8()?;
        let mut head = Self {
            shape,
            ..Self::BLANK
        };
        if head.tier() >= head.tiers() {
            return Err(MALFORMED);
        }
        let is_root = head.tier() + 1 == head.tiers();
        if is_root {
            head.root = Some(RootHead::read(head.tiers(), input)?);
        } else {
            head.link = input.fixed()?;
        }
        for place in 0..head.tiers() - head.tier() {
            head.vector[place] = input.u64()?;
        }
        let mut base = 0;
        if let Some(root) = &mut head.root {
            (root.born, root.lifetime) = (input.u64()?, input.u64()?);
            sum(root.born, root.lifetime)?;
            base = root.born;
        }
        head.not_before = input.u64()?;
        let not_before = sum(base, head.not_before)?;
        head.life = input.u64()?;
        sum(not_before, head.life)?;
        if head.says_immutable() {
            head.immutable = Some(input.u64()?);
        }
        if head.says_private() {
            head.private = Some(input.u64()?);
        }
        Ok(head)
    }

    /// Writes the header as it stands, sense or nonsense.
    pub(crate) fn write(&self, out: &mut Out) {
        out.push(self.shape);
        match &self.root {
            Some(root) => root.write(out),
            None => out.extend_from_slice(&self.link),
        }
        self.counters()
            .iter()
            .for_each(|counter| put::u(out, *counter));
        if let Some(root) = &self.root {
            put::u(out, root.born);
            put::u(out, root.lifetime);
        }
        put::u(out, self.not_before);
        put::u(out, self.life);
        for length in [self.immutable, self.private].into_iter().flatten() {
            put::u(out, length);
        }
    }

    const BLANK: Self = Self {
        shape: 0,
        root: None,
        link: [0; LINK],
        vector: [0; MOST_TIERS],
        not_before: 0,
        life: 0,
        immutable: None,
        private: None,
    };
}

impl RootHead {
    fn read(tiers: usize, input: &mut Strict<'_>) -> Result<Self, Wrong> {
        let version = input.u8()?;
        if version != 1 {
            return Err(Wrong(Reason::UnknownVersion));
        }
        let required = input.u8()?;
        if required == 0 || usize::from(required) > tiers {
            return Err(MALFORMED);
        }
        Ok(Self {
            version,
            required,
            hash: input.fixed()?,
            key: u32::from_le_bytes(input.fixed()?),
            session: input.fixed()?,
            branch: input.fixed()?,
            born: 0,
            lifetime: 0,
        })
    }

    fn write(&self, out: &mut Out) {
        out.extend_from_slice(&[self.version, self.required]);
        out.extend_from_slice(&self.hash);
        out.extend_from_slice(&self.key.to_le_bytes());
        out.extend_from_slice(&self.session);
        out.extend_from_slice(&self.branch);
    }
}
