//! The public values of an update, a bundle or a cookie, read without keys. Nothing of it is proven.

use alloc::vec::Vec;

use super::schema::AnySchema;
use super::section::FoundField;
use crate::error::ParseError;
use crate::tier::{Class, Tier, TierSet};
use crate::wire::{Blob, Cookie, MAX_BLOB};

/// What anybody can read with the schema, and without keys.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Looked<'s> {
    /// Whether the bytes are of this schema, as they claim; of another one's nothing is read.
    pub schema: SchemaMatch,
    /// The cookies from the highest tier down.
    pub tiers: Vec<AnyTier<'s>>,
    /// The derived fields, and how many bytes are left behind them; `None` where the bytes hold no such section.
    pub derived: Option<(Vec<FoundField<'s>>, usize)>,
}

/// Whose schema bytes claim to be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaMatch {
    /// Of this one: the hash is the same.
    Same,
    /// Of another one.
    Other {
        /// The hash that the root claims.
        claimed: [u8; 4],
        /// The hash of the schema at hand.
        expected: [u8; 4],
    },
    /// Of this one if anything: without a root there is no hash, but tiers and sections fit.
    Unsaid,
    /// Of another one: tiers or sections do not fit.
    Unfit,
}

/// The public values of one cookie.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AnyTier<'s> {
    /// Its tier.
    pub tier: Tier,
    /// The immutable fields, then the mutable ones.
    pub fields: Vec<FoundField<'s>>,
    /// Bytes behind the immutable fields and behind the mutable ones: no cookie of an honest server has any.
    pub left: [usize; 2],
}

impl AnySchema {
    /// Reads the public values of an update or bundle.
    ///
    /// # Errors
    ///
    /// As for [`inspect`](crate::inspect).
    pub fn look(&self, blob: &[u8]) -> Result<Looked<'_>, ParseError> {
        let blob = Blob::parse(blob, MAX_BLOB)?;
        let cookies: Vec<_> = blob.cookies.iter().copied().collect();
        Ok(self.look_at(&cookies, blob.derived))
    }

    /// Reads the public values of a single cookie.
    ///
    /// # Errors
    ///
    /// As for [`inspect_cookie`](crate::inspect_cookie).
    pub fn look_at_cookie(&self, cookie: &[u8]) -> Result<Looked<'_>, ParseError> {
        Ok(self.look_at(&[Cookie::parse_alone(cookie)?], None))
    }

    fn look_at(&self, cookies: &[Cookie<'_>], derived: Option<&[u8]>) -> Looked<'_> {
        let schema = self.matches(cookies, derived);
        if !matches!(schema, SchemaMatch::Same | SchemaMatch::Unsaid) {
            return Looked {
                schema,
                tiers: Vec::new(),
                derived: None,
            };
        }
        Looked {
            schema,
            tiers: cookies
                .iter()
                .map(|cookie| self.look_into(cookie))
                .collect(),
            derived: derived.map(|bytes| {
                let section = self.section(Class::Derived, self.derived(), bytes);
                (section.fields, section.rest.map_or(0, <[u8]>::len))
            }),
        }
    }

    fn look_into(&self, cookie: &Cookie<'_>) -> AnyTier<'_> {
        let tier = cookie.claimed_tier();
        let read = |class, bytes| self.section(class, self.of(tier, class), bytes);
        let immutable = read(Class::Immutable, cookie.immutable());
        let mutable = read(Class::Mutable, cookie.mutable());
        let left = [&immutable, &mutable].map(|section| section.rest.map_or(0, <[u8]>::len));
        let mut fields = immutable.fields;
        fields.extend(mutable.fields);
        AnyTier { tier, fields, left }
    }

    fn matches(&self, cookies: &[Cookie<'_>], derived: Option<&[u8]>) -> SchemaMatch {
        let root = cookies.first().and_then(Cookie::claimed_root);
        let expected = self.hash().to_le_bytes();
        if let Some(root) = root.filter(|root| root.schema_hash != expected) {
            let claimed = root.schema_hash;
            return SchemaMatch::Other { claimed, expected };
        }
        let fits = cookies.iter().all(|cookie| self.fits(cookie));
        let has_derived = self.derived().next().is_some();
        if !fits || (derived.is_some() && !has_derived) {
            return SchemaMatch::Unfit;
        }
        root.map_or(SchemaMatch::Unsaid, |_| SchemaMatch::Same)
    }

    fn fits(&self, cookie: &Cookie<'_>) -> bool {
        let (tier, shape) = (cookie.claimed_tier(), cookie.claimed_header().shape);
        cookie.claimed_tiers() == self.tiers()
            && shape.has_immutable() == self.has(tier, Class::Immutable)
            && shape.has_private() == self.has(tier, Class::Private)
    }

    /// The derived fields in the order of their values: tiers from the root down, then as declared.
    pub(super) fn derived(
        &self,
    ) -> impl Iterator<Item = (usize, &crate::schema::described::DescribedField)> {
        TierSet::ALL
            .iter()
            .flat_map(|tier| self.of(tier, Class::Derived))
    }
}
