//! The targets: what each reads out of the fuzzer's bytes, and what must hold of it.

mod bounds;
pub mod codec;
pub mod container;
pub mod deserializer;
pub mod header;
pub mod jar_differential;
pub mod jar_merge;
mod jar_sections;
pub mod resume;
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
    ("codec", codec::run),
    ("deserializer", deserializer::run),
    ("resume_raw", resume::raw),
    ("resume_resigned", resume::resigned),
    ("resume_signed", resume::signed),
    ("view", resume::view),
    ("jar_merge", jar_merge::run),
    ("jar_differential", jar_differential::run),
];
