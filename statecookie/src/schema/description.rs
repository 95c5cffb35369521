//! The schema's description: one canonical byte string of everything two servers must agree on, and its short hash.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{BoundVisitor, Field, StateCookie, Table};
use crate::bytes::{put_prefixed, put_varint};
use crate::range::{Bound, put_lengths, put_signed_rule};
use crate::tier::Class;
use crate::value::MutableValue;

/// A schema whose bounds were evaluated and found sound.
#[derive(Clone, Debug)]
pub struct Schema {
    #[cfg_attr(
        not(feature = "json"),
        allow(dead_code, reason = "only JSON shows the table")
    )]
    pub(super) table: &'static Table,
    pub(super) description: Vec<u8>,
}

/// A schema that no state could keep; nothing is issued or accepted under it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// A field of an `or_default` tier has a default outside its own bound.
    #[error("the default of `{field}` is outside its bound: {bound}")]
    DefaultOutsideBound {
        /// The field's name.
        field: &'static str,
        /// The bound, evaluated.
        bound: String,
    },
    /// A declared range holds no value.
    #[error(transparent)]
    EmptyRange(#[from] EmptyRange),
}

/// A declared range holds no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the range of `{field}` holds nothing: {bound}")]
#[non_exhaustive]
pub struct EmptyRange {
    /// The field's name.
    pub field: &'static str,
    /// The bound, evaluated.
    pub bound: String,
}

impl Schema {
    /// Evaluates the bounds of `S` and describes it.
    ///
    /// # Errors
    ///
    /// A range that holds nothing, or a default outside its bound; the error names the field.
    pub fn of<S: StateCookie>() -> Result<Self, SchemaError> {
        let mut writer = Writer::new(&S::TABLE);
        S::__bounds(&mut writer)?;
        writer.signed_fields_up_to(None);
        Ok(Self {
            table: &S::TABLE,
            description: writer.out,
        })
    }

    /// A schema whose description is all that is known.
    #[cfg(feature = "outside")]
    pub(crate) fn described(description: Vec<u8>, table: &'static Table) -> Self {
        Self { table, description }
    }

    /// The canonical byte string; its layout is in `docs/wire-format.md`.
    pub fn description(&self) -> &[u8] {
        &self.description
    }

    /// FNV-1a (32 bits) of the description: what tells schemas apart on the wire, little-endian. No security rests on it.
    pub fn hash(&self) -> u32 {
        hash(&self.description)
    }
}

/// FNV-1a (32 bits).
pub(crate) fn hash(description: &[u8]) -> u32 {
    description.iter().fold(2_166_136_261, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(16_777_619)
    })
}

/// Appends the description of a field's type and bound, for derived structs.
///
/// # Errors
///
/// The bound's range holds nothing.
pub fn describe_field<T: MutableValue>(
    field: &'static str,
    bound: &Bound<T>,
    out: &mut Vec<u8>,
) -> Result<(), EmptyRange> {
    if bound.is_empty() {
        return Err(EmptyRange {
            field,
            bound: bound.to_string(),
        });
    }
    T::describe(out)?;
    bound.describe(out);
    Ok(())
}

/// Writes the fields one after another; the mutable ones as their bounds come by.
struct Writer {
    out: Vec<u8>,
    fields: &'static [Field],
}

impl Writer {
    fn new(table: &'static Table) -> Self {
        let mut out = Vec::new();
        put_prefixed(&mut out, b"statecookie schema 1");
        put_prefixed(&mut out, table.name.as_bytes());
        put_varint(&mut out, u64::from(table.version));
        put_varint(&mut out, table.pad as u64);
        put_varint(&mut out, table.tiers.len() as u64);
        put_varint(&mut out, table.fields.len() as u64);
        Self {
            out,
            fields: table.fields,
        }
    }

    /// Fields that are signed have no bound and are not visited: writes those before the mutable `field`, and its head.
    fn signed_fields_up_to(&mut self, field: Option<&Field>) {
        while let Some((next, rest)) = self.fields.split_first() {
            self.fields = rest;
            self.head(next);
            if field.is_some_and(|field| field.name == next.name) {
                return;
            }
        }
    }

    fn head(&mut self, field: &Field) {
        put_prefixed(&mut self.out, field.name.as_bytes());
        put_varint(&mut self.out, u64::from(field.tier.number()));
        put_varint(
            &mut self.out,
            match field.class {
                Class::Immutable => 0,
                Class::Private => 1,
                Class::Mutable => 2,
                Class::Derived => 3,
            },
        );
        put_prefixed(&mut self.out, field.ty.as_bytes());
    }
}

impl BoundVisitor for Writer {
    type Error = SchemaError;

    fn fixed<T: MutableValue>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<(), SchemaError> {
        self.signed_fields_up_to(Some(field));
        Ok(describe_field(field.name, bound, &mut self.out)?)
    }

    fn fixed_with_default<T: MutableValue + Default>(
        &mut self,
        field: &'static Field,
        bound: &Bound<T>,
    ) -> Result<(), SchemaError> {
        self.fixed(field, bound)?;
        let kept = bound.check(field.name, &T::default());
        kept.map_err(|refused| SchemaError::DefaultOutsideBound {
            field: refused.field,
            bound: refused.bound,
        })
    }

    fn signed<T: MutableValue>(
        &mut self,
        field: &'static Field,
        lengths: &'static [usize],
        text: &'static str,
    ) -> Result<(), SchemaError> {
        self.signed_fields_up_to(Some(field));
        T::describe(&mut self.out)?;
        put_lengths(lengths, &mut self.out);
        put_signed_rule(text, &mut self.out);
        Ok(())
    }
}
