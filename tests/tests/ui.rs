//! Every mistake the macro knows, in folders named by mistake; beside each case stands what the user sees.
//!
//! `TRYBUILD=overwrite cargo test -p statecookie-tests --test ui` writes the expectations anew; then read the diff.

#[test]
fn every_mistake_is_explained_where_it_was_typed() {
    trybuild::TestCases::new().compile_fail("tests/ui/*/*.rs");
}
