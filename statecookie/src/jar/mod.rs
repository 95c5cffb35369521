//! The client's store of one session: the newest consistent chain of cookies, without keys.

mod chain;
mod own;
mod shelf;
mod store;
mod view;

use alloc::vec::Vec;
use core::any::TypeId;
use core::fmt;

use self::own::OwnValues;
use self::store::Store;
use self::view::{Sections, schema_hash};
use crate::bytes::varint_len;
use crate::error::{BundleError, MergeError, ParseError};
use crate::schema::{Overlay, StateCookie};
use crate::tier::Tier;
use crate::wire::{self, Kind, Linked, MAX_BLOB, Writer};

pub use self::view::ViewError;

/// What a client keeps of its session: merge every update that the server sends, present the bundle on fail-over.
///
/// Updates may arrive in any order and more than once; the jar ends up with the same chain. It believes what it
/// merges, since it holds no keys: merge belongs on a channel that authenticates the server.
///
/// Once a bundle was presented to another server, merge nothing more that comes from the one before: a full update of it
/// which was never seen may be newer than the new server's first ones, and shadow them.
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
    store: Store,
    own: OwnValues,
    /// The state whose view was opened last, and the hash of its schema.
    viewed: Option<(TypeId, [u8; 4])>,
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
        let mut cookies = Linked::new();
        read_update(update, &mut cookies)?;
        if self.store.is_foreign(&cookies) {
            return Ok(Merged::OtherSession);
        }
        Ok(self.unite(&cookies))
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
        let mut cookies = Linked::new();
        read_update(full_update, &mut cookies)?;
        if !cookies.begin_with_root() {
            return Err(MergeError::NotFull);
        }
        self.clear();
        let _ = self.unite(&cookies);
        Ok(())
    }

    /// Forgets everything but some buffers.
    pub fn clear(&mut self) {
        self.store.clear();
        self.own.clear();
    }

    /// What the client may see and change of its state: everything but the private fields.
    ///
    /// What the view's setters change is the client's own, and goes into the next bundle; a newer cookie of that tier
    /// undoes it.
    ///
    /// # Errors
    ///
    /// There is no complete chain yet, it is of another schema, or a value in it is not one of this schema.
    pub fn view<S: StateCookie>(&mut self) -> Result<S::View<'_>, ViewError> {
        self.check_schema::<S>()?;
        // A view writes to the own values while it is built from them.
        let own = self.own.clone();
        let mut sections = Sections::of::<S>(self.store.chain(), &own)?;
        let view = S::__view(&mut sections, &mut self.own)?;
        sections.end()?;
        Ok(view)
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
        let sections = || {
            let chain = self.store.chain().rev();
            chain.map(|(tier, held)| [held.signed(), self.own.of(tier).unwrap_or(held.mutable())])
        };
        if self.is_empty() {
            return Err(BundleError::NothingToPresent);
        }
        let cookies = sections().map(|[signed, mutable]| signed.len() + mutable.len());
        let len = cookies.fold(1, |sum, len| sum + varint_len(len as u64) + len);
        if len > MAX_BLOB {
            return Err(BundleError::TooLarge { limit: MAX_BLOB });
        }
        out.reserve(len);
        let mut writer = Writer::begin(out, Kind::Bundle);
        for [signed, mutable] in sections() {
            let place = writer.cookie(signed.len() + mutable.len());
            place.extend_from_slice(signed);
            place.extend_from_slice(mutable);
        }
        Ok(())
    }

    /// Whether there is nothing to present.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.store.chain().next().is_none()
    }

    /// Whether an update is missing: there is no chain yet, or a cookie waits for one that did not come.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        self.store.has_gap()
    }

    /// The id which the session held claims.
    #[must_use]
    pub fn session_id(&self) -> Option<[u8; 16]> {
        self.store.session().map(|session| session.id)
    }

    /// The sequence numbers of the chain to present, from the root down to tier 0.
    #[must_use]
    pub fn vector(&self) -> Option<&[u64]> {
        self.store
            .chain()
            .next()
            .map(|(_, lowest)| lowest.vector.as_slice())
    }

    fn unite(&mut self, cookies: &Linked<'_>) -> Merged {
        let change = self.store.unite(cookies);
        self.own.forget(change.replaced);
        if self.store.has_gap() {
            Merged::NeedsFull
        } else if change.grown || !change.replaced.is_empty() {
            Merged::Updated
        } else {
            Merged::Unchanged
        }
    }

    fn check_schema<S: StateCookie>(&mut self) -> Result<(), ViewError> {
        let (false, Some(session)) = (self.is_empty(), self.store.session()) else {
            return Err(ViewError::NothingToShow);
        };
        let hash = match self.viewed {
            Some((state, hash)) if state == TypeId::of::<S>() => hash,
            _ => schema_hash::<S>()?,
        };
        let known =
            session.schema_hash == hash && usize::from(session.tiers) == S::TABLE.tiers.len();
        self.viewed = Some((TypeId::of::<S>(), hash));
        if known {
            Ok(())
        } else {
            Err(ViewError::UnknownSchema)
        }
    }
}

/// The client's own values, for the chain that the jar would present; without one there is nothing they could be for.
impl Overlay for Jar {
    fn put(&mut self, tier: Tier, write: &mut dyn FnMut(&mut Vec<u8>)) {
        if self.store.chain().any(|(held, _)| held == tier) {
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

fn read_update<'a>(bytes: &'a [u8], cookies: &mut Linked<'a>) -> Result<(), MergeError> {
    let (kind, _) = cookies.read(bytes, MAX_BLOB)?;
    if kind == Kind::Update {
        Ok(())
    } else {
        Err(MergeError::NotAnUpdate)
    }
}
