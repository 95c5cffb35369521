//! The fields of what was proven, in the order in which a server reads them, and the first that it refuses.

use alloc::string::String;
use alloc::vec::Vec;

use super::judge::{AnyRefusal, Judged};
use super::look::AnyTier;
use super::schema::AnySchema;
use super::section::{Found, FoundField, Section};
use crate::error::Reason;
use crate::session::{Proven, is_padding, reason, unread};
use crate::tier::{Class, Tier, TierSet};
use crate::wire::Cookie;

/// Reads all sections in the order of a server, and keeps the first refusal.
pub(super) struct Walk<'w, 's, 'b> {
    schema: &'s AnySchema,
    proven: &'w Proven<'b>,
    reveals: bool,
    judged: &'w mut Judged<'s>,
    refusal: Option<AnyRefusal>,
}

impl<'w, 's, 'b> Walk<'w, 's, 'b> {
    pub(super) fn new(
        schema: &'s AnySchema,
        proven: &'w Proven<'b>,
        reveals: bool,
        judged: &'w mut Judged<'s>,
    ) -> Self {
        Self {
            schema,
            proven,
            reveals,
            judged,
            refusal: None,
        }
    }

    pub(super) fn read(mut self) -> Option<AnyRefusal> {
        for tier in TierSet::ALL.iter() {
            if self.proven.defaulted.contains(tier) {
                self.defaults(tier);
            } else if let Some(cookie) = self.cookie(tier) {
                self.tier(&cookie);
            }
        }
        let section = self.schema.section(
            Class::Derived,
            self.schema.derived(),
            self.proven.derived.unwrap_or_default(),
        );
        self.judge(Class::Derived, None, &section);
        self.judged.derived = section.fields;
        self.stray();
        self.refusal
    }

    fn cookie(&self, tier: Tier) -> Option<Cookie<'b>> {
        let mut cookies = self.proven.cookies.iter();
        cookies
            .find(|cookie| cookie.claimed_tier() == tier)
            .copied()
    }

    fn tier(&mut self, cookie: &Cookie<'b>) {
        let tier = cookie.claimed_tier();
        let (schema, proven) = (self.schema, self.proven);
        let mut fields = Vec::new();
        let mut left = [0, 0];
        for class in [Class::Immutable, Class::Private, Class::Mutable] {
            let bytes = match class {
                Class::Immutable => cookie.immutable(),
                Class::Private => proven.private(tier),
                Class::Mutable | Class::Derived => cookie.mutable(),
            };
            let mut of_class = schema.of(tier, class).peekable();
            if of_class.peek().is_none() {
                continue;
            }
            let section = schema.section(class, of_class, bytes);
            self.judge(class, Some(tier), &section);
            let rest = section.rest.map_or(0, <[u8]>::len);
            match class {
                Class::Immutable => left[0] = rest,
                Class::Mutable => left[1] = rest,
                _ => {}
            }
            if class != Class::Private || self.reveals {
                fields.extend(section.fields);
            }
        }
        self.judged.tiers.push(AnyTier { tier, fields, left });
    }

    /// A pool is not made where a default is outside a fixed bound; of a signed one nobody knows here.
    fn defaults(&mut self, tier: Tier) {
        for (_, field) in self.schema.of(tier, Class::Mutable) {
            let bound = field.open.as_ref().and_then(|(_, bound)| bound.signed());
            if let Some(range) = bound {
                let (name, range) = (field.name.escape_debug(), range.escape_debug());
                let what =
                    alloc::format!("`{name}`: its default within the signed bound `{range}`");
                self.judged.unchecked.push(what);
            }
        }
    }

    fn judge(&mut self, class: Class, tier: Option<Tier>, section: &Section<'_, '_>) {
        for field in &section.fields {
            self.field(class, field);
        }
        let clean = match section.rest {
            None => true,
            Some(rest) if class == Class::Private => is_padding(rest, self.schema.pad()),
            Some(rest) => rest.is_empty(),
        };
        if !clean {
            self.refuse(AnyRefusal::new(reason(class), tier, None));
        }
    }

    fn field(&mut self, class: Class, found: &FoundField<'_>) {
        let (tier, name) = (Some(found.field.tier()), Some(found.field.name()));
        let said = found.field.name().escape_debug();
        match &found.found {
            Found::Value(_) => {}
            Found::OutOfRange(_) => {
                self.refuse(AnyRefusal::new(Reason::OutOfRange, tier, name));
            }
            Found::Missing => {
                self.refuse(AnyRefusal::new(Reason::MissingDerived, tier, name));
            }
            Found::Malformed(cause) => {
                let reason = match class {
                    Class::Immutable | Class::Private => reason(class),
                    Class::Mutable | Class::Derived => unread(*cause),
                };
                self.refuse(AnyRefusal::new(reason, tier, name));
            }
            Found::Unchecked(_, what) => {
                let what = alloc::format!("`{said}`: {}", what.join("; "));
                self.unchecked(what);
            }
            Found::Bytes(_) => {
                let ty = found.field.type_text().escape_debug();
                self.unchecked(alloc::format!("`{said}`: whether its bytes are a `{ty}`"));
            }
            Found::NotReached => self.unchecked(alloc::format!("`{said}`: it was not read")),
        }
    }

    /// What a server meets after it has refused, it does not look at.
    fn unchecked(&mut self, what: String) {
        if self.refusal.is_none() {
            self.judged.unchecked.push(what);
        }
    }

    fn refuse(&mut self, refusal: AnyRefusal) {
        self.refusal.get_or_insert(refusal);
    }

    /// A tier without mutable fields has no mutable section; bytes there are nobody's.
    fn stray(&mut self) {
        for tier in TierSet::ALL.iter() {
            let stray = self
                .cookie(tier)
                .is_some_and(|cookie| !cookie.mutable().is_empty());
            if stray && !self.schema.has(tier, Class::Mutable) {
                self.refuse(AnyRefusal::new(Reason::MalformedValue, Some(tier), None));
            }
        }
    }
}
