//! The refresh protocol of the keys, its very file, explored by `loom` in every order of its threads' steps.
#![forbid(unsafe_code)]

#[cfg(test)]
mod machine;
#[cfg(test)]
#[path = "../../../statecookie/src/keys/source/protocol.rs"]
#[allow(dead_code, reason = "pools of a ring by hand replace it, too")]
mod protocol;
#[cfg(test)]
mod tests;
