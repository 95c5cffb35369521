//! Section 11 up to the values: what a server must say of a presentation, worked out without the library.

use statecookie::Reason;

use crate::facts::{Facts, Window};
use crate::naive::{Blob, Cookie, Fault, Root};
use crate::signer::{Above, Signer};

/// A chain that passed everything but the reading of its values.
#[derive(Debug)]
pub(crate) struct Passed<'a> {
    /// The cookies that count, from the root down, each with its private plaintext.
    pub(crate) counted: Vec<(Cookie<'a>, Option<Vec<u8>>)>,
    /// The values of derived fields.
    pub(crate) derived: Option<&'a [u8]>,
    /// Whether a tier was left away.
    pub(crate) missing: bool,
    /// Whether a tier was there and had expired.
    pub(crate) expired: bool,
}

/// Judges a presentation at a time in milliseconds.
///
/// # Errors
///
/// The reason of the first check that fails.
pub(crate) fn judge<'a>(
    facts: &Facts,
    bytes: &'a [u8],
    identity: Option<&[u8]>,
    now: u64,
) -> Result<Passed<'a>, Reason> {
    let blob = Blob::read(bytes, facts.limit).map_err(reason)?;
    let Some(root) = blob.cookies[0].header.root.clone() else {
        return Err(Reason::Malformed);
    };
    check_claims(facts, &blob, &root)?;
    match facts.window(root.key_id, now) {
        Window::Open => {}
        Window::Expired => return Err(Reason::KeyExpired),
        Window::Revoked => return Err(Reason::KeyRevoked),
        Window::Unknown => return Err(Reason::UnknownKey),
    }
    let signer = facts.signer(root.key_id);
    let present = blob.cookies.len();
    let first_expired = open(facts, &signer, &blob.cookies, &root, identity, now)?;
    let counted = blob.cookies.into_iter().take(first_expired);
    let counted = counted.map(|cookie| {
        let sealed = cookie.private;
        let plain = sealed.map(|sealed| signer.decrypt(sealed).ok_or(Reason::InternalMismatch));
        Ok((cookie, plain.transpose()?))
    });
    Ok(Passed {
        counted: counted.collect::<Result<_, Reason>>()?,
        derived: blob.derived,
        missing: present < facts.tiers.len(),
        expired: first_expired < present,
    })
}

fn reason(fault: Fault) -> Reason {
    match fault {
        Fault::TooLarge => Reason::TooLarge,
        Fault::UnknownVersion => Reason::UnknownVersion,
        Fault::Unlinked => Reason::Unlinked,
        Fault::Malformed => Reason::Malformed,
    }
}

/// Steps 3 and 4.
fn check_claims(facts: &Facts, blob: &Blob<'_>, root: &Root) -> Result<(), Reason> {
    let cookies = &blob.cookies;
    let tiers = facts.tiers.len();
    if usize::from(cookies[0].header.tiers()) != tiers || root.schema_hash != facts.schema_hash {
        return Err(Reason::UnknownSchema);
    }
    if blob.derived.is_some() && !facts.derives {
        return Err(Reason::Malformed);
    }
    let fits = |cookie: &Cookie<'_>| {
        let tier = &facts.tiers[usize::from(cookie.header.tier())];
        let bits = u8::from(tier.immutable) << 6 | u8::from(tier.private) << 7;
        cookie.header.shape & 0xc0 == bits
    };
    if !cookies.iter().all(fits) {
        return Err(Reason::Malformed);
    }
    let missing = &facts.tiers[..tiers - cookies.len()];
    let too_few = cookies.len() < usize::from(root.required);
    if too_few || missing.iter().any(|tier| !tier.or_default) {
        return Err(Reason::MissingTier);
    }
    if blob.derived.is_none() && facts.derives {
        return Err(Reason::MissingDerived);
    }
    Ok(())
}

/// Step 6; how many cookies count.
fn open(
    facts: &Facts,
    signer: &Signer,
    cookies: &[Cookie<'_>],
    root: &Root,
    identity: Option<&[u8]>,
    now: u64,
) -> Result<usize, Reason> {
    let end = root
        .lifetime
        .min(facts.session_max)
        .saturating_add(root.born);
    let (mut base, mut ceiling) = (root.born, end);
    let mut parent = None;
    let mut counted = cookies.len();
    for (at, cookie) in cookies.iter().enumerate() {
        let above = match &parent {
            Some(tag) => Above::Parent(tag),
            None => Above::Client(identity),
        };
        let tag = signer.tag(above, cookie.tagged);
        if tag[..16] != cookie.tag {
            return Err(Reason::BadTag);
        }
        if at == 0 && root.born < facts.refused_before {
            return Err(Reason::Revoked);
        }
        if at == 0 && now >= millis(end) {
            return Err(Reason::SessionEnded);
        }
        let tier = &facts.tiers[usize::from(cookie.header.tier())];
        base = base.saturating_add(cookie.header.not_before);
        let life = cookie.header.life.min(tier.valid_for);
        ceiling = ceiling.min(base.saturating_add(life));
        if now.saturating_add(facts.leeway_ms) < millis(base) {
            return Err(Reason::NotYetValid);
        }
        if now > millis(ceiling).saturating_add(facts.leeway_ms) {
            if at < usize::from(root.required) || !tier.or_default {
                return Err(Reason::Expired);
            }
            counted = counted.min(at);
        }
        parent = Some(tag);
    }
    Ok(counted)
}

fn millis(secs: u64) -> u64 {
    secs.saturating_mul(1000)
}
