//! A presentation that was not accepted: the reason code, and where.

use core::fmt;

use crate::tier::{KeyId, Tier};

/// Why a state was not accepted: the reason code, and where.
///
/// For logs and metrics of the operator. A peer gets one constant refusal, whatever the reason, lest it learn which of its
/// attempts came how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Refusal {
    /// The reason.
    pub reason: Reason,
    /// The tier at which it was found, if it is one tier's.
    pub tier: Option<Tier>,
    /// The field, if it is one field's.
    pub field: Option<&'static str>,
    /// The id of the key that the root claims, once it was read. Not proven before the root's tag was.
    pub key: Option<KeyId>,
}

impl Refusal {
    /// What a peer may be told, whatever the reason.
    pub const FOR_PEER: &'static str = "refused";

    pub(crate) const fn new(reason: Reason) -> Self {
        Self {
            reason,
            tier: None,
            field: None,
            key: None,
        }
    }

    pub(crate) const fn at(reason: Reason, tier: Tier) -> Self {
        Self {
            reason,
            tier: Some(tier),
            field: None,
            key: None,
        }
    }

    pub(crate) const fn in_field(reason: Reason, tier: Tier, field: &'static str) -> Self {
        Self {
            reason,
            tier: Some(tier),
            field: Some(field),
            key: None,
        }
    }
}

impl Refusal {
    pub(crate) const fn under(mut self, key: KeyId) -> Self {
        self.key = Some(key);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason.as_str())?;
        if let Some(tier) = self.tier {
            write!(f, " at {tier}")?;
        }
        if let Some(field) = self.field {
            write!(f, ", field `{field}`")?;
        }
        if let Some(key) = self.key {
            write!(f, ", key {key}")?;
        }
        Ok(())
    }
}

impl core::error::Error for Refusal {}

/// The reason codes of a refusal, in the order in which they are checked (`docs/wire-format.md`, section 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// The blob is longer than the pool's limit.
    TooLarge,
    /// The blob or a header has another format version.
    UnknownVersion,
    /// The bytes are not of the format.
    Malformed,
    /// The cookies do not stand below each other.
    Unlinked,
    /// The root was issued for another schema, or another version of it.
    UnknownSchema,
    /// A required tier is not there.
    MissingTier,
    /// The bundle has no value for a derived field, which the refusal names.
    MissingDerived,
    /// The pool holds no key of that id.
    UnknownKey,
    /// The key was revoked, whatever its times say.
    KeyRevoked,
    /// The key is accepted no longer.
    KeyExpired,
    /// The tag is not the one of these bytes under this parent, key, schema, pool and client.
    BadTag,
    /// The session was born before the time from which on the pool accepts sessions, or was given up alone.
    Revoked,
    /// The session has reached its absolute end.
    SessionEnded,
    /// The cookie is not valid yet.
    NotYetValid,
    /// The cookie is valid no longer.
    Expired,
    /// The tag is good, but what it signs is not what this server understands: servers disagree. An alarm.
    InternalMismatch,
    /// A mutable value cannot be decoded.
    MalformedValue,
    /// A mutable value is outside its bound.
    OutOfRange,
    /// The struct's own validation refused the combination.
    Invalid,
    /// Guarded tiers: the store of high-water marks could not be asked (or commits are made by hand, and this resume made none).
    MarksAway,
    /// Guarded tiers: another server, or another request, has gone on from this state or a later one.
    Forked,
    /// Guarded tiers: the session has come further since.
    RolledBack,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 22] = [
        Self::TooLarge,
        Self::UnknownVersion,
        Self::Malformed,
        Self::Unlinked,
        Self::UnknownSchema,
        Self::MissingTier,
        Self::MissingDerived,
        Self::UnknownKey,
        Self::KeyRevoked,
        Self::KeyExpired,
        Self::BadTag,
        Self::Revoked,
        Self::SessionEnded,
        Self::NotYetValid,
        Self::Expired,
        Self::InternalMismatch,
        Self::MalformedValue,
        Self::OutOfRange,
        Self::Invalid,
        Self::MarksAway,
        Self::Forked,
        Self::RolledBack,
    ];

    /// Whether it takes a store of high-water marks to find it: the bytes alone never give it.
    pub const fn is_of_marks(self) -> bool {
        matches!(self, Self::MarksAway | Self::Forked | Self::RolledBack)
    }

    /// The stable code for metrics and test vectors.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::UnknownVersion => "unknown-version",
            Self::Malformed => "malformed",
            Self::Unlinked => "unlinked",
            Self::UnknownSchema => "unknown-schema",
            Self::MissingTier => "missing-tier",
            Self::MissingDerived => "missing-derived",
            Self::UnknownKey => "unknown-key",
            Self::KeyRevoked => "key-revoked",
            Self::KeyExpired => "key-expired",
            Self::BadTag => "bad-tag",
            Self::Revoked => "revoked",
            Self::SessionEnded => "session-ended",
            Self::NotYetValid => "not-yet-valid",
            Self::Expired => "expired",
            Self::InternalMismatch => "internal-mismatch",
            Self::MalformedValue => "malformed-value",
            Self::OutOfRange => "out-of-range",
            Self::Invalid => "invalid",
            Self::MarksAway => "marks-away",
            Self::Forked => "forked",
            Self::RolledBack => "rolled-back",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_refusal_says_what_is_known_and_no_more() {
        let tier = Tier::new(1).unwrap();
        let said = [
            Refusal::new(Reason::TooLarge).to_string(),
            Refusal::at(Reason::BadTag, tier)
                .under(KeyId(7))
                .to_string(),
            Refusal::in_field(Reason::OutOfRange, tier, "quality").to_string(),
        ];
        assert_eq!(
            said,
            [
                "too-large",
                "bad-tag at tier 1, key 7",
                "out-of-range at tier 1, field `quality`"
            ]
        );
        assert_eq!(Reason::SessionEnded.to_string(), "session-ended");
    }
}
