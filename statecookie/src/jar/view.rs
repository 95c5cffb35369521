//! The typed view of a jar: everything but the private fields, read from the best chain and the client's own values.

use alloc::vec::Vec;

use crate::bytes::Reader;
use crate::error::{Malformed, OutOfRange};
use crate::range::Bound;
use crate::schema::{Field, Schema, SchemaError, Source, StateCookie};
use crate::signed;
use crate::tier::{Class, MAX_TIERS, Tier};
use crate::value::MutableValue;
use crate::wire::{Cookie, Shape};

use super::own::OwnValues;
use super::shelf::Held;

/// A jar whose cookies cannot be shown as this state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// No full update was merged yet.
    #[error("there is no complete chain to show")]
    NothingToShow,
    /// The server issued these cookies for another schema, or another version of it.
    #[error("the cookies are of another schema than this state")]
    UnknownSchema,
    /// The state's own schema is not usable.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A section that the format or the schema does not allow.
    #[error("{tier} is malformed: {cause}")]
    Malformed {
        /// The tier.
        tier: Tier,
        /// The field that could not be read; none where a section as a whole is wrong.
        field: Option<&'static str>,
        /// What is wrong.
        cause: Malformed,
    },
    /// A mutable value outside its bound.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
}

/// The hash of a state's schema, as a root carries it.
pub(super) fn schema_hash<S: StateCookie>() -> Result<[u8; 4], SchemaError> {
    Ok(Schema::of::<S>()?.hash().to_le_bytes())
}

/// The sections of a chain, used up field by field.
pub(super) struct Sections<'a> {
    immutable: [Reader<'a>; MAX_TIERS],
    mutable: [Reader<'a>; MAX_TIERS],
    own: &'a OwnValues,
    stale: Vec<&'static str>,
}

impl<'a> Sections<'a> {
    /// The sections of a chain; the client's own values stand in place of the issued ones.
    pub(super) fn of<S: StateCookie>(
        chain: impl Iterator<Item = (Tier, &'a Held)>,
        own: &'a OwnValues,
    ) -> Result<Self, ViewError> {
        let mut sections = Self {
            immutable: [Reader::new(&[]); 8],
            mutable: [Reader::new(&[]); 8],
            own,
            stale: Vec::new(),
        };
        for (tier, held) in chain {
            let malformed = |cause| ViewError::Malformed {
                tier,
                field: None,
                cause,
            };
            let cookie =
                Cookie::parse(held.signed()).map_err(|_| malformed(Malformed::Unsupported))?;
            if !fits::<S>(tier, cookie.claimed_header().shape) {
                return Err(malformed(Malformed::Unsupported));
            }
            let mutable = own.of(tier).unwrap_or(held.mutable());
            set(&mut sections.immutable, tier, cookie.immutable());
            set(&mut sections.mutable, tier, mutable);
        }
        Ok(sections)
    }

    /// The derived fields whose value is none, or stands outside its bound by now.
    pub(super) fn into_stale(self) -> Vec<&'static str> {
        self.stale
    }

    /// Refuses sections that hold more than the schema's fields.
    pub(super) fn end(&self) -> Result<(), ViewError> {
        for readers in [&self.immutable, &self.mutable] {
            for (reader, tier) in readers.iter().zip((0..).map_while(Tier::new)) {
                let trailing = |cause| ViewError::Malformed {
                    tier,
                    field: None,
                    cause,
                };
                reader.end().map_err(trailing)?;
            }
        }
        Ok(())
    }
}

impl Source for Sections<'_> {
    type Error = ViewError;

    fn signed<T>(&mut self, field: &'static Field) -> Result<T, ViewError>
    where
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        let reader = match field.class {
            Class::Immutable => self.immutable.get_mut(field.tier.index()),
            Class::Private | Class::Mutable | Class::Derived => None,
        };
        reader
            .ok_or(Malformed::Unsupported)
            .and_then(signed::decode)
            .map_err(|c| blame(field, c))
    }

    fn mutable<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, ViewError> {
        let reader = self
            .mutable
            .get_mut(field.tier.index())
            .ok_or(Malformed::Unsupported);
        let value = reader
            .and_then(|reader| T::read(reader, bound.lengths))
            .map_err(|cause| blame(field, cause))?;
        bound.check(field.name, &value)?;
        Ok(value)
    }

    fn mutable_or_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, ViewError> {
        self.mutable(field, bound)
    }

    fn supplied<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<Option<T>, ViewError> {
        let Some(bytes) = self.own.derived(field.name) else {
            return Ok(None);
        };
        let mut reader = Reader::new(bytes);
        let value = T::read(&mut reader, bound.lengths).ok();
        let value = value.filter(|value| reader.is_empty() && bound.holds(value));
        if value.is_none() {
            self.stale.push(field.name);
        }
        Ok(value)
    }
}

fn blame(field: &'static Field, cause: Malformed) -> ViewError {
    ViewError::Malformed {
        tier: field.tier,
        field: Some(field.name),
        cause,
    }
}

/// Whether the sections that a cookie announces are those of the schema.
fn fits<S: StateCookie>(tier: Tier, shape: Shape) -> bool {
    let has = |class| {
        S::TABLE
            .fields
            .iter()
            .any(|f| f.tier == tier && f.class == class)
    };
    shape.has_immutable() == has(Class::Immutable) && shape.has_private() == has(Class::Private)
}

fn set<'a>(readers: &mut [Reader<'a>; MAX_TIERS], tier: Tier, section: &'a [u8]) {
    if let Some(reader) = readers.get_mut(tier.index()) {
        *reader = Reader::new(section);
    }
}
