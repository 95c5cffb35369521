//! The targets: what each reads out of the fuzzer's bytes, and what must hold of it.

pub mod container;
pub mod header;
pub mod text;

/// A target's name, as in `fuzz_targets/` and `corpus/`, and what it runs.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: &[Target] = &[
    ("root_header", header::root),
    ("child_header", header::child),
    ("update", container::update),
    ("bundle", container::bundle),
    ("inspect", container::any),
    ("text", text::run),
];
