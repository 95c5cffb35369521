//! The schema as its JSON gives it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use serde_json::Value;

use super::named::Named;
use crate::error::Malformed;
use crate::schema::described::{AnyBound, AnyShape, Described, DescribedField};
use crate::tier::{Class, MAX_TIERS, Tier};

/// A schema without its struct, read from the text that [`Schema::to_json`](crate::Schema::to_json) gives.
///
/// Of the JSON it believes `description` and `tiers`, and `session_max` where it is there; the other keys say the same for people.
///
/// ```
/// # #[cfg(feature = "derive")]
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use statecookie::{Schema, StateCookie, outside::AnySchema};
///
/// #[derive(StateCookie)]
/// #[statecookie(version = 3, tier(0, valid_for = "1h"))]
/// struct Visit {
///     #[tier(0)]
///     #[mutable(range = 0..=4)]
///     quality: u8,
/// }
/// let schema = Schema::of::<Visit>()?;
/// let outside = AnySchema::from_json(&schema.to_json())?;
/// assert_eq!((outside.name(), outside.version()), ("Visit", 3));
/// assert_eq!(outside.hash(), schema.hash());
/// assert_eq!(outside.fields().next().unwrap().to_string(), "tier 0 mutable quality: u8, 0..=4");
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "derive"))]
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
pub struct AnySchema {
    pub(super) described: Described,
    pub(super) description: Vec<u8>,
    pub(super) tiers: Vec<AnyPolicy>,
    pub(super) session_max: Option<Duration>,
    /// What the types of signed fields name, in the order of the fields.
    pub(super) named: Vec<Option<Named>>,
}

/// What the JSON says of one tier.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnyPolicy {
    pub(super) valid_for: Duration,
    pub(super) or_default: bool,
    pub(super) guarded: bool,
}

/// A text is not the JSON of a schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaJsonError {
    /// The description is not one.
    #[error("its `description` cannot be read: {0}")]
    Description(#[from] Malformed),
    /// The description was changed, or it is another schema's.
    #[error(
        "its `hash` is not that of its `description`: take the text as `Schema::to_json` gives it"
    )]
    Hash,
    /// A key is missing, or its value is of another kind.
    #[error("`{key}` is missing or not of its kind: take the text as `Schema::to_json` gives it")]
    Key {
        /// The key.
        key: &'static str,
    },
    /// No JSON.
    #[error("no JSON, at line {line}")]
    NotJson {
        /// Where, from 1.
        line: usize,
    },
    /// Its tiers are not those of the description.
    #[error("its `tiers` are not those of its `description`")]
    Tiers,
    /// Longer than any schema.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
}

impl AnySchema {
    /// The longest text that is looked at, in bytes.
    pub const MAX_JSON: usize = 1 << 20;

    /// Reads the text that [`Schema::to_json`](crate::Schema::to_json) gave.
    ///
    /// # Errors
    ///
    /// It is longer than [`MAX_JSON`](Self::MAX_JSON), or not that of one schema.
    pub fn from_json(text: &str) -> Result<Self, SchemaJsonError> {
        if text.len() > Self::MAX_JSON {
            let limit = Self::MAX_JSON;
            return Err(SchemaJsonError::TooLong { limit });
        }
        let json: Value = serde_json::from_str(text)
            .map_err(|error| SchemaJsonError::NotJson { line: error.line() })?;
        let description = hex(&json, "description")?;
        let described = Described::read(&description)?;
        if hex(&json, "hash")? != crate::schema::hash(&description).to_le_bytes() {
            return Err(SchemaJsonError::Hash);
        }
        Ok(Self {
            tiers: tiers(&json, described.tiers)?,
            session_max: match json.get("session_max") {
                None => None,
                Some(_) => Some(seconds(&json, "session_max")?),
            },
            named: described.fields.iter().map(named).collect(),
            described,
            description,
        })
    }

    /// The name, as the description has it.
    pub fn name(&self) -> &str {
        &self.described.name
    }

    /// The version.
    pub fn version(&self) -> u32 {
        self.described.version
    }

    /// The canonical byte string that the JSON holds.
    pub fn description(&self) -> &[u8] {
        &self.description
    }

    /// The description's hash: see [`Schema::hash`](crate::Schema::hash).
    pub fn hash(&self) -> u32 {
        crate::schema::hash(&self.description)
    }

    /// How many tiers there are, 1 to 8.
    pub fn tiers(&self) -> u8 {
        self.described.tiers
    }

    /// How long a cookie of the tier is valid; `None` where there is no such tier.
    pub fn valid_for(&self, tier: Tier) -> Option<Duration> {
        Some(self.tiers.get(tier.index())?.valid_for)
    }

    /// Whether the tier's fields take their defaults where its cookie is missing or has expired.
    pub fn is_or_default(&self, tier: Tier) -> bool {
        let policy = self.tiers.get(tier.index());
        policy.is_some_and(|policy| policy.or_default)
    }

    /// Whether a store of high-water marks guards the tier: what it says, only a running server can tell.
    pub fn is_guarded(&self, tier: Tier) -> bool {
        let policy = self.tiers.get(tier.index());
        policy.is_some_and(|policy| policy.guarded)
    }

    /// How long a session may live; older texts do not say.
    pub fn session_max(&self) -> Option<Duration> {
        self.session_max
    }

    /// What private values are padded to a multiple of, in bytes.
    pub fn pad(&self) -> usize {
        self.described.pad
    }

    /// The fields in the order of declaration.
    pub fn fields(&self) -> impl Iterator<Item = AnyField<'_>> {
        self.described.fields.iter().map(AnyField)
    }

    /// The fields of one tier and class in the order of declaration, each with its place among all.
    pub(super) fn of(
        &self,
        tier: Tier,
        class: Class,
    ) -> impl Iterator<Item = (usize, &DescribedField)> {
        let numbered = self.described.fields.iter().enumerate();
        numbered.filter(move |(_, field)| field.tier == tier && field.class == class)
    }

    /// Whether a tier has a field of the class.
    pub(super) fn has(&self, tier: Tier, class: Class) -> bool {
        self.of(tier, class).next().is_some()
    }
}

/// A field, as the description tells it.
#[derive(Clone, Copy, Debug)]
pub struct AnyField<'s>(&'s DescribedField);

impl<'s> AnyField<'s> {
    /// Its name.
    pub fn name(&self) -> &'s str {
        &self.0.name
    }

    /// Its tier.
    pub fn tier(&self) -> Tier {
        self.0.tier
    }

    /// Its class.
    pub fn class(&self) -> Class {
        self.0.class
    }

    /// The declared type: the source's tokens.
    pub fn type_text(&self) -> &'s str {
        &self.0.ty
    }

    /// What must hold of a mutable or derived field's value, about as it is written in the attribute; the rest has no bound.
    pub fn bound_text(&self) -> Option<String> {
        self.0.open.as_ref().map(|(_, bound)| bound.to_string())
    }

    pub(super) fn of(field: &'s DescribedField) -> Self {
        Self(field)
    }

    /// What a mutable or derived field's value is, and what must hold of it.
    pub(super) fn open(&self) -> Option<&'s (AnyShape, AnyBound)> {
        self.0.open.as_ref()
    }
}

/// Tier, class, name, type, and the bound where there is one; what a terminal might act on is escaped.
impl fmt::Display for AnyField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, ty) = (self.0.name.escape_debug(), self.0.ty.escape_debug());
        write!(f, "{} {} {name}: {ty}", self.0.tier, self.0.class.as_str())?;
        match &self.0.open {
            Some((_, bound)) => write!(f, ", {bound}"),
            None => Ok(()),
        }
    }
}

fn named(field: &DescribedField) -> Option<Named> {
    match field.class {
        Class::Immutable | Class::Private => Named::read(&field.ty),
        Class::Mutable | Class::Derived => None,
    }
}

fn tiers(json: &Value, count: u8) -> Result<Vec<AnyPolicy>, SchemaJsonError> {
    let key = "tiers";
    let tiers = json.get(key).and_then(Value::as_array);
    let tiers = tiers.ok_or(SchemaJsonError::Key { key })?;
    if tiers.len() != usize::from(count) || tiers.len() > MAX_TIERS {
        return Err(SchemaJsonError::Tiers);
    }
    let mut policies = Vec::new();
    for (number, tier) in (0_u64..).zip(tiers) {
        if tier.get("number").and_then(Value::as_u64) != Some(number) {
            return Err(SchemaJsonError::Tiers);
        }
        let key = "or_default";
        let or_default = tier.get(key).and_then(Value::as_bool);
        policies.push(AnyPolicy {
            valid_for: seconds(tier, "valid_for")?,
            or_default: or_default.ok_or(SchemaJsonError::Key { key })?,
            guarded: tier.get("guarded").is_some(),
        });
    }
    Ok(policies)
}

fn seconds(json: &Value, key: &'static str) -> Result<Duration, SchemaJsonError> {
    let number = json.get(key).and_then(Value::as_u64);
    let duration = number.map(Duration::from_secs);
    duration.ok_or(SchemaJsonError::Key { key })
}

fn hex(json: &Value, key: &'static str) -> Result<Vec<u8>, SchemaJsonError> {
    let text = json.get(key).and_then(Value::as_str);
    let text = text.ok_or(SchemaJsonError::Key { key })?;
    let mut bytes = alloc::vec![0; text.len() / 2];
    match base16ct::lower::decode(text, &mut bytes) {
        Ok(_) => Ok(bytes),
        Err(_) => Err(SchemaJsonError::Key { key }),
    }
}
