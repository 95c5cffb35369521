//! The fast integration tests once more, in one binary: most of what a mutant costs is builds and links.
#![allow(clippy::duplicate_mod, reason = "two of the tests share a model")]

#[path = "../tests/budgets.rs"]
mod budgets;
#[path = "../tests/codec.rs"]
mod codec;
#[path = "../tests/derive_language.rs"]
mod derive_language;
#[path = "../tests/derive_shop.rs"]
mod derive_shop;
#[path = "../tests/guarded/main.rs"]
mod guarded;
#[path = "../tests/jar_overlay.rs"]
mod jar_overlay;
#[path = "../tests/jar_rules.rs"]
mod jar_rules;
#[path = "../tests/jar_view.rs"]
mod jar_view;
#[path = "../tests/late.rs"]
mod late;
#[path = "../tests/laws_schemas/main.rs"]
mod laws_schemas;
#[path = "../tests/laws_shape.rs"]
mod laws_shape;
#[path = "../tests/limits.rs"]
mod limits;
#[path = "../tests/observed/main.rs"]
mod observed;
#[path = "../tests/presented.rs"]
mod presented;
#[path = "../tests/schema.rs"]
mod schema;
#[path = "../tests/session_surface.rs"]
mod session_surface;
#[path = "../tests/slice.rs"]
mod slice;
#[path = "../tests/state_machine.rs"]
mod state_machine;
#[path = "../tests/tamper.rs"]
mod tamper;
