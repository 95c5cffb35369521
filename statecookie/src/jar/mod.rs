//! The client's store of one session: the newest consistent chain of cookies, without keys.

mod bundle;
mod chain;
mod own;
mod shelf;
mod store;
mod view;

use alloc::vec::Vec;
use core::any::TypeId;
use core::fmt;

use self::own::OwnValues;
use self::store::{SessionMark, Store};
use self::view::{Sections, schema_hash};
use crate::error::{MergeError, ParseError};
use crate::schema::{Field, Overlay, StateCookie, Table};
use crate::tier::Tier;
use crate::wire::{self, Kind, Linked, MAX_BLOB};

pub use self::bundle::SupplyError;
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
    viewed: Option<Viewed>,
}

/// The state whose view was opened last.
#[derive(Clone, Copy)]
struct Viewed {
    state: TypeId,
    schema_hash: [u8; 4],
    table: &'static Table,
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
    /// undoes it. Derived values, which no cookie has, stay until others are set, a cookie moves their bound past them, or
    /// the session is given up.
    ///
    /// # Errors
    ///
    /// There is no complete chain yet, it is of another schema, or a value in it is not one of this schema.
    pub fn view<S: StateCookie>(&mut self) -> Result<S::View<'_>, ViewError> {
        self.check_schema::<S>()?;
        if const { S::TABLE.derives() } {
            self.forget_stale::<S>()?;
        }
        // A view writes to the own values while it is built from them.
        let own = self.own.clone();
        let mut sections = Sections::of::<S>(self.store.chain(), &own)?;
        let view = S::__view(&mut sections, &mut self.own)?;
        sections.end()?;
        Ok(view)
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
        let state = TypeId::of::<S>();
        let schema_hash = match self.viewed {
            Some(viewed) if viewed.state == state => viewed.schema_hash,
            _ => schema_hash::<S>()?,
        };
        let viewed = Viewed {
            state,
            schema_hash,
            table: &S::TABLE,
        };
        let known = viewed.shows(session);
        self.viewed = Some(viewed);
        if known {
            Ok(())
        } else {
            Err(ViewError::UnknownSchema)
        }
    }

    /// The table of the state that was viewed last, if the session held is one of it.
    fn shown(&self) -> Option<&'static Table> {
        let session = self.store.session()?;
        let viewed = self.viewed.filter(|viewed| viewed.shows(session))?;
        Some(viewed.table)
    }

    /// Derived values outlive the cookies that they were set under: one that has come to stand outside its bound is none.
    fn forget_stale<S: StateCookie>(&mut self) -> Result<(), ViewError> {
        let mut sections = Sections::of::<S>(self.store.chain(), &self.own)?;
        S::__view(&mut sections, &mut OwnValues::default())?;
        let stale = sections.into_stale();
        self.own.forget_derived(&stale);
        Ok(())
    }
}

impl Viewed {
    fn shows(&self, session: &SessionMark) -> bool {
        session.schema_hash == self.schema_hash
            && usize::from(session.tiers) == self.table.tiers.len()
    }
}

/// The client's own values, for the chain that the jar would present; without one there is nothing they could be for.
impl Overlay for Jar {
    fn put(&mut self, tier: Tier, write: &mut dyn FnMut(&mut Vec<u8>)) {
        if self.store.chain().any(|(held, _)| held == tier) {
            self.own.put(tier, write);
        }
    }

    fn put_derived(&mut self, field: &'static Field, write: &mut dyn FnMut(&mut Vec<u8>)) {
        if !self.is_empty() {
            self.own.put_derived(field, write);
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
