//! What the derive knows of a struct: const tables, and the calls that session, jar and tests make.

#[cfg(feature = "json")]
pub(crate) mod described;
mod description;
#[cfg(feature = "json")]
mod json;

use alloc::vec::Vec;
use core::time::Duration;

use crate::error::{EncodeError, Invalid, OutOfRange};
use crate::range::Bound;
use crate::tier::{Class, Stamps, Tier, TierSet};
use crate::value::MutableValue;
#[cfg(feature = "outside")]
pub(crate) use description::hash;
pub use description::{EmptyRange, Schema, SchemaError, describe_field};

/// A state that can be shared through its client; derive it.
pub trait StateCookie: Sized + 'static {
    /// What the attributes say.
    #[doc(hidden)]
    const TABLE: Table;

    /// `[Stamp; N]` for N tiers.
    #[doc(hidden)]
    type Stamps: Stamps;

    /// The approximated values, as they were last issued: a tuple in the order of declaration.
    #[doc(hidden)]
    type Issued: Send + Sync + 'static;

    /// The setters that a session hands out.
    type Edit<'s>;

    /// What a keyless client sees: everything but the private fields.
    type View<'j>;

    /// Appends the fields of one tier and class in the order of their declaration.
    #[doc(hidden)]
    fn __write(&self, tier: Tier, class: Class, out: &mut Vec<u8>) -> Result<(), EncodeError>;

    /// Builds a state: takes every field from `source`, tiers from the root down, in each tier the immutable fields,
    /// then the private ones, then the mutable ones, each in the order of declaration; last of all the derived fields,
    /// again from the root down.
    #[doc(hidden)]
    fn __read<R: Source>(source: &mut R) -> Result<Self, R::Error>;

    /// Checks every bound of the mutable fields of `tiers`.
    #[doc(hidden)]
    fn __check(&self, tiers: TierSet) -> Result<(), OutOfRange>;

    /// Checks only the signed bounds of the mutable fields of `tiers`.
    #[doc(hidden)]
    fn __check_signed_bounds(&self, tiers: TierSet) -> Result<(), OutOfRange>;

    /// The struct's own `validate`.
    #[doc(hidden)]
    fn __validate(&self) -> Result<(), Invalid>;

    /// Shows `visitor` the bound of every mutable field, in the order of declaration.
    #[doc(hidden)]
    fn __bounds<V: BoundVisitor>(visitor: &mut V) -> Result<(), V::Error>;

    /// The present values of the approximated fields.
    #[doc(hidden)]
    fn __issued(&self) -> Self::Issued;

    /// Puts other values in the place of the approximated ones.
    #[doc(hidden)]
    fn __put(&mut self, _values: Self::Issued) {}

    /// Copies the present values of the approximated fields of `tiers`.
    #[doc(hidden)]
    #[inline]
    fn __note(&self, _issued: &mut Self::Issued, _tiers: TierSet) {}

    /// The tiers with an approximated value that is further from `issued` than its tolerance; `exactly`: that is another one.
    #[doc(hidden)]
    #[inline]
    fn __strayed(&self, _issued: &Self::Issued, _exactly: bool) -> TierSet {
        TierSet::EMPTY
    }

    /// The setters; each marks its field's tier in `touched`, but for approximated fields.
    #[doc(hidden)]
    fn __edit<'s>(&'s mut self, touched: &'s mut TierSet) -> Self::Edit<'s>;

    /// The client's view; reads what is not private in the order of [`__read`](Self::__read).
    #[doc(hidden)]
    fn __view<'j, R: Source>(
        source: &mut R,
        overlay: &'j mut (dyn Overlay + Send),
    ) -> Result<Self::View<'j>, R::Error>;
}

/// The attributes of a struct as constants.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// The name in the schema's description.
    pub name: &'static str,
    /// The schema's version.
    pub version: u32,
    /// The tiers' policies; the index is the tier's number.
    pub tiers: &'static [TierPolicy],
    /// The fields in the order of declaration.
    pub fields: &'static [Field],
    /// How long a session may live, however often it is renewed.
    pub session_max: Duration,
    /// Private values are padded to a multiple of this, in bytes; at least 1.
    pub pad: usize,
    /// The longest cookie in bytes, if the struct declares one.
    pub max_cookie_len: Option<usize>,
    /// The tiers whose values have a say in whether the values below are accepted.
    pub leaned_on: TierSet,
    /// The longest values of all derived fields together, in bytes.
    pub derived_len: usize,
}

impl Table {
    /// Whether any field is approximated.
    pub(crate) const fn approximates(&self) -> bool {
        let mut fields = self.fields;
        while let [field, rest @ ..] = fields {
            if field.approx.is_some() {
                return true;
            }
            fields = rest;
        }
        false
    }

    /// Whether any field is derived.
    pub(crate) const fn derives(&self) -> bool {
        let mut fields = self.fields;
        while let [field, rest @ ..] = fields {
            if matches!(field.class, Class::Derived) {
                return true;
            }
            fields = rest;
        }
        false
    }

    /// The derived fields in the order of their values in a bundle: tiers from the root down, then as declared.
    pub(crate) fn derived(&self) -> impl Iterator<Item = &'static Field> + use<> {
        let fields = self.fields;
        TierSet::ALL.iter().flat_map(move |tier| {
            let own = fields.iter().filter(move |field| field.tier == tier);
            own.filter(|field| field.class == Class::Derived)
        })
    }

    /// Whether any tier is guarded by a high-water store.
    pub(crate) const fn guards(&self) -> bool {
        let mut tiers = self.tiers;
        while let [tier, rest @ ..] = tiers {
            if tier.guarded.is_some() {
                return true;
            }
            tiers = rest;
        }
        false
    }

    /// Whether any tier is held back in time.
    pub(crate) const fn paces(&self) -> bool {
        let mut tiers = self.tiers;
        while let [tier, rest @ ..] = tiers {
            if tier.at_most_every.is_some() {
                return true;
            }
            tiers = rest;
        }
        false
    }
}

/// What a struct says about one tier.
#[derive(Clone, Copy, Debug)]
pub struct TierPolicy {
    /// How long a cookie is valid.
    pub valid_for: Duration,
    /// When a cookie is renewed, after it was issued.
    pub renew_after: Duration,
    /// Whether the fields take their `Default` when the cookie is missing or has expired.
    pub or_default: bool,
    /// The least time between two updates that this tier alone causes.
    pub at_most_every: Option<Duration>,
    /// What to do where the high-water store is away, if the tier is guarded.
    pub guarded: Option<WhenAway>,
}

/// What a guarded tier does where the high-water store is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenAway {
    /// It goes on as if nothing guarded it.
    Accept,
    /// It is neither issued nor accepted.
    Refuse,
}

/// What a struct says about one field.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The field's name.
    pub name: &'static str,
    /// The field's tier.
    pub tier: Tier,
    /// The field's class.
    pub class: Class,
    /// The declared type, its tokens without spaces.
    pub ty: &'static str,
    /// What `approx` says, its tokens without spaces.
    pub approx: Option<&'static str>,
}

/// Where the fields of a state come from: verified bytes, a client's bytes, a generator, a recorder.
pub trait Source {
    /// Why a field could not be had.
    type Error;

    /// A field that is signed: immutable or private.
    ///
    /// # Errors
    ///
    /// The field could not be had, or it is outside its bound.
    fn signed<T>(&mut self, field: &'static Field) -> Result<T, Self::Error>
    where
        T: serde::Serialize + serde::de::DeserializeOwned;

    /// A mutable field, within `bound`.
    ///
    /// # Errors
    ///
    /// The field could not be had, or it is outside its bound.
    fn mutable<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Self::Error>;

    /// A mutable field of a tier that may be missing; its default is held against the bound as well.
    ///
    /// # Errors
    ///
    /// The field could not be had, or it is outside its bound.
    fn mutable_or_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Self::Error>;

    /// A derived field, within `bound`.
    ///
    /// # Errors
    ///
    /// The field could not be had, or it is outside its bound.
    fn derived<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<T, Self::Error> {
        self.mutable(field, bound)
    }

    /// A derived field as far as it is known, within `bound`.
    ///
    /// # Errors
    ///
    /// The field could not be had.
    fn supplied<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<Option<T>, Self::Error> {
        self.derived(field, bound).map(Some)
    }
}

/// The values of a state's derived fields as a bundle has them; `None` where its schema has none.
pub(crate) fn derived_values<S: StateCookie>(state: &S) -> Option<Vec<u8>> {
    const { S::TABLE.derives() }.then(|| {
        let mut values = Vec::new();
        for tier in TierSet::ALL.iter() {
            // The field codec can write every value.
            let _ = state.__write(tier, Class::Derived, &mut values);
        }
        values
    })
}

/// Sees the evaluated bounds of a schema.
pub trait BoundVisitor {
    /// Why it stops.
    type Error;

    /// A bound that is the same for every state.
    ///
    /// # Errors
    ///
    /// The visitor wants no more.
    fn fixed<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<(), Self::Error>;

    /// A fixed bound of a field whose default must lie within it.
    ///
    /// # Errors
    ///
    /// The visitor wants no more.
    fn fixed_with_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<(), Self::Error>;

    /// A bound that depends on the state: its text and its lengths.
    ///
    /// # Errors
    ///
    /// The visitor wants no more.
    fn signed<T: MutableValue>(
        &mut self,
        field: &'static Field,
        lengths: &'static [usize],
        text: &'static str,
    ) -> Result<(), Self::Error>;
}

/// Where a client's own values go: beside the issued bytes.
pub trait Overlay {
    /// Replaces the client's mutable values of a tier by what `write` appends.
    fn put(&mut self, tier: Tier, write: &mut dyn FnMut(&mut Vec<u8>));

    /// Replaces the value of a derived field by what `write` appends.
    fn put_derived(&mut self, field: &'static Field, write: &mut dyn FnMut(&mut Vec<u8>));
}
