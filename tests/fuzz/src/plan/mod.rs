//! From the fuzzer's bytes to a presentation: an honest chain with whatever the bytes ask to be different, then signed.
//!
//! No bytes at all are the honest chain, and each deviation takes few of them, so that every check is near.

mod edits;

use arbitrary::{Result, Unstructured};

use self::edits::{bend, edit, flip, section};
use crate::facts::{Facts, NOW};
use crate::naive::{Header, Root, put_prefixed};
use crate::server::{Presented, SERVERS, Server, Values};
use crate::signer::{Above, FullTag, Signer};

/// A presentation, and what is known of how it came about.
pub(crate) struct Planned {
    pub(crate) server: &'static dyn Server,
    pub(crate) presented: Presented,
    /// All sections are those of an honest state.
    pub(crate) honest_values: bool,
}

const OWNER: &[u8] = b"user:42";

/// Reads a plan and carries it out.
pub(crate) fn plan(u: &mut Unstructured<'_>) -> Result<Planned> {
    let server = &*SERVERS[usize::from(u.arbitrary::<u8>()?) % SERVERS.len()];
    let flags = u.arbitrary::<u8>()?;
    let signed_for = [None, None, Some(OWNER), Some(&b""[..])][usize::from(flags & 3)];
    let identity = [signed_for, signed_for, None, Some(OWNER)][usize::from(flags >> 2 & 3)];
    let mut chain = Chain {
        facts: server.facts(),
        signed_for,
        honest_values: true,
        parent: None,
        cookies: Vec::new(),
        signer: None,
    };
    for tier in (0..chain.facts.tiers.len()).rev() {
        let deviations = if flags & 0x40 == 0 { 0 } else { u.arbitrary()? };
        if deviations & STOP != 0 {
            break;
        }
        chain.issue(u, tier, &server.honest()[tier], deviations)?;
    }
    let derived = match server.honest_derived().filter(|_| flags & 0x10 == 0) {
        Some(honest) => chain.derived(u, honest, flags)?,
        None => None,
    };
    let kind = match (&derived, flags & 0x10) {
        (Some(_), _) => 2,
        (None, 0) => 1,
        _ => 0,
    };
    let mut bytes = vec![1 << 5 | kind << 3 | (chain.cookies.len().max(1) as u8 - 1)];
    let parts = chain.cookies.iter().chain(&derived);
    parts.for_each(|part| put_prefixed(&mut bytes, part));
    if flags & 0x80 != 0 {
        bend(u, &mut bytes)?;
        chain.honest_values = false;
    }
    let presented = Presented {
        bytes,
        identity,
        now: time(u)?,
        request: flags & 0x20 != 0,
    };
    Ok(Planned {
        server,
        presented,
        honest_values: chain.honest_values,
    })
}

// What a cookie may do differently.
const STOP: u8 = 1;
const HEADER: u8 = 2;
const IMMUTABLE: u8 = 4;
const PRIVATE: u8 = 8;
const MUTABLE: u8 = 16;
const RAW_HEADER: u8 = 32;
const SEALED: u8 = 64;
const TAG: u8 = 128;

// What a client may do differently with derived values.
const LEFT_AWAY: u8 = 1;
const LESS: u8 = 2;
const OTHER: u8 = 4;

struct Chain<'f> {
    facts: &'f Facts,
    signed_for: Option<&'static [u8]>,
    honest_values: bool,
    parent: Option<(Header, FullTag)>,
    cookies: Vec<Vec<u8>>,
    signer: Option<Signer>,
}

impl Chain<'_> {
    fn issue(
        &mut self,
        u: &mut Unstructured<'_>,
        tier: usize,
        honest: &Values,
        deviations: u8,
    ) -> Result<()> {
        let mut values = honest.clone();
        for (value, deviation) in values.iter_mut().zip([IMMUTABLE, PRIVATE, MUTABLE]) {
            if deviations & deviation != 0 {
                section(u, value)?;
                self.honest_values = false;
            }
        }
        let [immutable, mut private, mutable] = values;
        let facts = &self.facts.tiers[tier];
        if facts.private && deviations & SEALED == 0 {
            let padded = private.len().next_multiple_of(self.facts.pad);
            private.resize(padded, 0);
        }
        let mut header = self.honest_header(tier);
        header.immutable_len = facts.immutable.then_some(immutable.len() as u64);
        header.private_len = facts.private.then_some(private.len() as u64);
        let lens = [header.immutable_len, header.private_len];
        let announced: Vec<_> = lens.into_iter().flatten().collect();
        if deviations & HEADER != 0 {
            edit(u, self.facts, &mut header)?;
        }
        // Lengths that are not those of the sections make other sections.
        let lens = [header.immutable_len, header.private_len];
        let sound =
            lens.into_iter().flatten().eq(announced) && deviations & (RAW_HEADER | SEALED) == 0;
        self.honest_values &= sound;
        let mut tagged = header.write();
        if deviations & RAW_HEADER != 0 {
            section(u, &mut tagged)?;
        }
        let key_id = header.root.as_ref().map(|root| root.key_id);
        let signer = match (key_id, self.signer.take()) {
            (None, Some(signer)) => signer,
            (id, _) => self.facts.signer(id.unwrap_or_default()),
        };
        tagged.extend(immutable);
        if facts.private {
            let mut sealed = signer.encrypt([tier as u8; 24], &private);
            if deviations & SEALED != 0 {
                flip(u, &mut sealed)?;
            }
            tagged.extend(sealed);
        }
        let above = match &self.parent {
            Some((_, tag)) => Above::Parent(tag),
            None => Above::Client(self.signed_for),
        };
        let tag = signer.tag(above, &tagged);
        let mut cookie = [&tagged[..], &tag[..16], &mutable].concat();
        if deviations & TAG != 0 {
            let end = tagged.len() + 16;
            flip(u, &mut cookie[tagged.len()..end])?;
        }
        self.signer = Some(signer);
        self.parent = Some((header, tag));
        self.cookies.push(cookie);
        Ok(())
    }

    /// What the client supplies; only where the schema has derived fields, bytes are taken for it.
    fn derived(
        &mut self,
        u: &mut Unstructured<'_>,
        honest: &[u8],
        flags: u8,
    ) -> Result<Option<Vec<u8>>> {
        let deviations: u8 = if flags & 0x40 == 0 { 0 } else { u.arbitrary()? };
        let mut derived = honest.to_vec();
        if deviations & LESS != 0 {
            let len = usize::from(deviations >> 4).min(derived.len());
            derived.truncate(derived.len() - len);
        }
        if deviations & OTHER != 0 {
            section(u, &mut derived)?;
        }
        self.honest_values &= deviations & (LEFT_AWAY | LESS | OTHER) == 0;
        Ok((deviations & LEFT_AWAY == 0).then_some(derived))
    }

    fn honest_header(&self, tier: usize) -> Header {
        let facts = self.facts;
        let policy = &facts.tiers[tier];
        let shape = tier as u8
            | (facts.root() as u8) << 3
            | u8::from(policy.immutable) << 6
            | u8::from(policy.private) << 7;
        let above = self.parent.as_ref();
        let mut vector = above.map_or(Vec::new(), |(header, _)| header.vector.clone());
        vector.push(0);
        let root = (tier == facts.root()).then(|| Root {
            version: 1,
            required: facts.required(),
            schema_hash: facts.schema_hash,
            key_id: facts.signing_id(),
            session: [7; 16],
            branch: [9; 4],
            born: NOW,
            lifetime: facts.session_max,
        });
        Header {
            shape,
            root,
            link: above.map_or([0; 4], |(_, tag)| [tag[0], tag[1], tag[2], tag[3]]),
            vector,
            not_before: 0,
            life: policy.valid_for,
            immutable_len: None,
            private_len: None,
        }
    }
}

/// A second after everything was issued, unless the bytes say otherwise; in milliseconds.
pub(crate) fn time(u: &mut Unstructured<'_>) -> Result<u64> {
    let now = (NOW + 1) * 1000;
    Ok(match u.arbitrary::<u8>()? & 7 {
        0..=2 => now,
        3 => now.saturating_add_signed(i64::from(u.arbitrary::<i16>()?)),
        4 => now.saturating_add_signed(i64::from(u.arbitrary::<i32>()?)),
        5 => now.saturating_add_signed(1000 * i64::from(u.arbitrary::<i16>()?)),
        6 => now.saturating_add(1000 * u64::from(u.arbitrary::<u32>()?)),
        _ => u.arbitrary()?,
    })
}
