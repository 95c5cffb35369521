//! What recorder, advisor and planner refuse.

use alloc::string::String;

use crate::EncodeError;

/// A state that could not be recorded; what was recorded before stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// A value of the state cannot be written in the format.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// A change was told before any state was shown, so that no size is known.
    #[error("no state was observed yet, so that no size is known")]
    NoState,
    /// The struct has more fields than a recorder takes.
    #[error("{fields} fields are more than the {limit} that can be recorded")]
    TooManyFields {
        /// The struct's fields.
        fields: usize,
        /// The most.
        limit: usize,
    },
    /// No field of the struct has that name.
    #[error("there is no field `{name}`")]
    UnknownField {
        /// The name.
        name: String,
    },
    /// What was written of a field cannot be read back, so that its size is not known.
    #[error("`{field}` cannot be read back from what was written")]
    Unreadable {
        /// The field's name.
        field: &'static str,
    },
}

/// A layout that cannot be advised.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdviceError {
    /// The ladder's policies cannot stand one below the other: from the root down no validity may grow, `or_default` may not
    /// stand at the root nor above a tier without it, and `renew_after` must be below `valid_for`.
    #[error("policy {depth} of the ladder, counted from the root as 0, cannot stand there")]
    Ladder {
        /// The policy at fault, counted from the root as 0.
        depth: usize,
    },
    /// A layout does not have each field of the struct in one tier, or has an empty tier or more than eight.
    #[error("a layout has 1 to 8 tiers, none empty, and each field in one of them")]
    Layout,
    /// No layout fulfils the pins together with what the schema demands.
    #[error("no layout fulfils the pins together with what the schema demands")]
    NoLayout,
    /// No state was observed, so that no size is known.
    #[error("nothing was recorded")]
    NothingRecorded,
    /// The search is exact, and has a limit.
    #[error("{fields} fields are more than the {limit} among which the best layout can be found")]
    TooManyFields {
        /// The struct's fields.
        fields: usize,
        /// The most.
        limit: usize,
    },
    /// No field of the struct has that name.
    #[error("there is no field `{name}`")]
    UnknownField {
        /// The name.
        name: String,
    },
}
