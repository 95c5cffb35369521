//! A schema that is known from its JSON only: what a program without the struct can read of it.
//!
//! For tools beside a pool, such as the command `statecookie`: they have the text that [`Schema::to_json`](crate::Schema::to_json)
//! gives, and not the types. Everything read here may come from anybody, the schema too: sizes, depth and counts are checked.
//!
//! [`AnyPool`] verifies what a client presents with the very verifier of [`Pool`](crate::Pool): schema, keys, tags and times are judged
//! there, in the same order. Only the fields are read here, by their shapes.
//!
//! What JSON does not say, nobody can check here: a `check`, a signed bound, `validate`, and the content of types that the text of a
//! signed field names no primitive for. It is said of each value, and never guessed.

mod judge;
mod look;
mod named;
mod pool;
mod schema;
mod section;
mod walk;

pub use crate::schema::described::AnyValue;
pub use judge::{AnyAccepted, AnyRefusal, AnyTimes, Judged};
pub use look::{AnyTier, Looked, SchemaMatch};
pub use pool::{AnyPool, AnyPoolBuilder, AnyPresentation};
pub use schema::{AnyField, AnySchema, SchemaJsonError};
pub use section::{Found, FoundField};
