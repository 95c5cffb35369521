//! The schema as JSON.
