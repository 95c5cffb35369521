//! What the integration tests share.

pub mod field_source;
