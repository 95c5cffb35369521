//! The client's store of one session: the newest consistent chain of cookies, without keys.

mod chain;
mod own;
mod shelf;

use alloc::vec::Vec;
use core::fmt;

use self::chain::Chain;
use self::own::OwnValues;
use self::shelf::{Held, Put, Shelf};
use crate::error::{BundleError, MergeError, ParseError};
use crate::schema::Overlay;
use crate::tier::{MAX_TIERS, Tier};
use crate::wire::{self, Blob, Cookie, Kind, Linked, MAX_BLOB, Root, Writer};

/// What a client keeps of its session: merge every update that the server sends, present the bundle on fail-over.
///
/// Updates may arrive in any order and more than once; the jar ends up with the same chain. It believes what it
/// merges, since it holds no keys: merge belongs on a channel that authenticates the server.
///
/// It takes at most nine cookies in each tier, and no more memory than these.
///
/// ```
/// use statecookie::{BundleError, Jar};
///
/// let mut jar = Jar::new();
/// assert!(jar.merge(b"no update").is_err());
/// assert_eq!(jar.bundle(), Err(BundleError::NothingToPresent));
/// ```
#[derive(Clone, Default)]
pub struct Jar {
    session: Option<SessionMark>,
    shelves: [Shelf; MAX_TIERS],
    best: Option<Chain>,
    own: OwnValues,
}

/// What became of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a gap has to be reported to the server, and another session has to be taken with `switch`"]
pub enum Merged {
    /// The state is newer now.
    Updated,
    /// The state is what it was: the update was a duplicate, or an older one.
    Unchanged,
    /// An update is missing: ask the server for a full one. What can be presented is complete, but not the newest.
    NeedsFull,
    /// The update belongs to another session and changed nothing; [`Jar::switch`] goes over to it.
    OtherSession,
}

/// What the roots of one session have in common.
#[derive(Clone, Copy, PartialEq, Eq)]
struct SessionMark {
    id: [u8; 16],
    schema_hash: [u8; 4],
    tiers: u8,
}

impl Jar {
    /// A jar that holds nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an update. Allocates nothing where cookies only replace older ones of about the same size.
    ///
    /// # Errors
    ///
    /// The bytes are not one well-formed update; the jar is as it was.
    pub fn merge(&mut self, update: &[u8]) -> Result<Merged, MergeError> {
        let cookies = parse_update(update)?;
        if self.is_of_other_session(&cookies) {
            return Ok(Merged::OtherSession);
        }
        self.adopt(&cookies);
        Ok(self.take(&cookies))
    }

    /// Takes an update in its text form.
    ///
    /// # Errors
    ///
    /// The text is not the text form of a well-formed update; the jar is as it was.
    pub fn merge_text(&mut self, update: &str) -> Result<Merged, MergeError> {
        self.merge(&wire::from_text(update).map_err(ParseError::from)?)
    }

    /// Forgets the session held, with the client's own values, and takes the full update of another one.
    ///
    /// # Errors
    ///
    /// The bytes are not a well-formed full update; the jar is as it was.
    pub fn switch(&mut self, full_update: &[u8]) -> Result<(), MergeError> {
        let cookies = parse_update(full_update)?;
        if !cookies.begin_with_root() {
            return Err(MergeError::NotFull);
        }
        self.clear();
        self.adopt(&cookies);
        let _ = self.take(&cookies);
        Ok(())
    }

    /// Forgets everything but some buffers.
    pub fn clear(&mut self) {
        self.session = None;
        self.shelves.iter_mut().for_each(Shelf::clear);
        self.best = None;
        self.own.clear();
    }

    /// What to present to a server: the newest complete chain, with the client's own values.
    ///
    /// # Errors
    ///
    /// There is no complete chain yet, or it is longer than [`MAX_BLOB`].
    pub fn bundle(&self) -> Result<Vec<u8>, BundleError> {
        let mut out = Vec::new();
        self.bundle_into(&mut out)?;
        Ok(out)
    }

    /// Appends the bundle to `out`, which stays as it was on error.
    ///
    /// # Errors
    ///
    /// There is no complete chain yet, or it is longer than [`MAX_BLOB`].
    pub fn bundle_into(&self, out: &mut Vec<u8>) -> Result<(), BundleError> {
        let start = out.len();
        let mut writer = Writer::begin(out, Kind::Bundle);
        for (tier, cookie) in self.chain().rev() {
            let mutable = self.own.of(tier).unwrap_or(cookie.mutable());
            let place = writer.cookie(cookie.signed().len() + mutable.len());
            place.extend_from_slice(cookie.signed());
            place.extend_from_slice(mutable);
        }
        let refused = match out.len() - start {
            _ if self.best.is_none() => BundleError::NothingToPresent,
            len if len > MAX_BLOB => BundleError::TooLarge { limit: MAX_BLOB },
            _ => return Ok(()),
        };
        out.truncate(start);
        Err(refused)
    }

    /// Whether there is nothing to present.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.best.is_none()
    }

    /// The id which the session held claims.
    #[must_use]
    pub fn session_id(&self) -> Option<[u8; 16]> {
        self.session.map(|session| session.id)
    }

    /// The sequence numbers of the chain to present, from the root down to tier 0.
    #[must_use]
    pub fn vector(&self) -> Option<&[u64]> {
        self.chain()
            .next()
            .map(|(_, lowest)| lowest.vector.as_slice())
    }

    /// Whether an update is missing: there is no chain yet, or a cookie waits for one that did not come.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        let Some((_, lowest)) = self.chain().next() else {
            return true;
        };
        let waits = |held: &Held| held.vector.cmp_prefix(&lowest.vector).is_gt();
        self.shelves.iter().flat_map(Shelf::held).any(waits)
    }

    fn is_of_other_session(&self, cookies: &Linked<'_>) -> bool {
        let Some(held) = self.session else {
            return false;
        };
        match cookies
            .first()
            .map(|cookie| (cookie, cookie.claimed_root()))
        {
            Some((cookie, Some(root))) => SessionMark::new(cookie, root) != held,
            Some((cookie, None)) => cookie.claimed_tiers() != held.tiers,
            None => false,
        }
    }

    /// Makes the root's session the jar's. What waited for a schema with another number of tiers waits in vain.
    fn adopt(&mut self, cookies: &Linked<'_>) {
        let Some(first) = cookies.first() else { return };
        if let (None, Some(root)) = (self.session, first.claimed_root()) {
            self.session = Some(SessionMark::new(first, root));
            self.shelves
                .iter_mut()
                .for_each(|shelf| shelf.keep_only(first.claimed_tiers()));
        }
    }

    /// The normal form of the union of what is held and what comes.
    fn take(&mut self, cookies: &Linked<'_>) -> Merged {
        let mut any_new = false;
        let mut newer = false;
        for cookie in cookies.iter() {
            let tier = cookie.claimed_tier().index();
            let Some(shelf) = self.shelves.get_mut(tier) else {
                continue;
            };
            match shelf.put(cookie) {
                Put::Known => {}
                Put::Grown(at) => newer |= self.best.is_some_and(|best| best.at(tier) == at),
                Put::New => any_new = true,
            }
        }
        if any_new {
            newer |= self.settle();
        }
        match newer {
            _ if self.has_gap() => Merged::NeedsFull,
            true => Merged::Updated,
            false => Merged::Unchanged,
        }
    }

    /// Finds the best chain and drops what it supersedes; whether it is another one than before.
    fn settle(&mut self) -> bool {
        let before = self.best;
        let tiers = self.session.map_or(0, |session| usize::from(session.tiers));
        let Some(mut best) = self.shelves.get(..tiers).and_then(chain::best) else {
            self.shelves.iter_mut().for_each(Shelf::tidy_pending);
            return false;
        };
        self.forget_values_of_others(before, best);
        self.best = Some(best);
        let Some(newest) = self.chain().next().map(|(_, lowest)| lowest.vector) else {
            return false;
        };
        let changed = before != self.best;
        for (tier, shelf) in self.shelves.iter_mut().enumerate().take(tiers) {
            best.set(tier, shelf.tidy(best.at(tier), &newest));
        }
        self.best = Some(best);
        changed
    }

    /// The client's own values belong to the cookie they were made on.
    fn forget_values_of_others(&mut self, before: Option<Chain>, after: Chain) {
        for tier in (0..MAX_TIERS as u8).filter_map(Tier::new) {
            if before.is_none_or(|before| before.at(tier.index()) != after.at(tier.index())) {
                self.own.forget(tier);
            }
        }
    }

    /// The cookies of the best chain, tier 0 first.
    fn chain(&self) -> impl DoubleEndedIterator<Item = (Tier, &Held)> {
        let tiers = match (self.best, self.session) {
            (Some(_), Some(session)) => session.tiers,
            _ => 0,
        };
        let best = self.best.unwrap_or_default();
        (0..tiers).filter_map(Tier::new).filter_map(move |tier| {
            let shelf = self.shelves.get(tier.index())?;
            Some((tier, shelf.held().get(best.at(tier.index()))?))
        })
    }
}

/// The client's own values, for the chain that the jar would present; without one there is nothing they could be for.
impl Overlay for Jar {
    fn put(&mut self, tier: Tier, write: &mut dyn FnMut(&mut Vec<u8>)) {
        if self
            .session
            .is_some_and(|session| tier.number() < session.tiers)
        {
            self.own.put(tier, write);
        }
    }
}

/// Lengths and places, no bytes: a bundle in a log could be presented by who reads the log.
impl fmt::Debug for Jar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jar")
            .field("vector", &self.vector())
            .field("has_gap", &self.has_gap())
            .finish_non_exhaustive()
    }
}

impl SessionMark {
    fn new(cookie: &Cookie<'_>, root: &Root) -> Self {
        Self {
            id: root.session,
            schema_hash: root.schema_hash,
            tiers: cookie.claimed_tiers(),
        }
    }
}

fn parse_update(bytes: &[u8]) -> Result<Linked<'_>, MergeError> {
    let blob = Blob::parse(bytes, MAX_BLOB)?;
    if blob.kind == Kind::Update {
        Ok(blob.cookies)
    } else {
        Err(MergeError::NotAnUpdate)
    }
}
