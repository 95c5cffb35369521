//! The real library, driven along the model's paths and held against it after every step.

pub(crate) mod cookies;
pub(crate) mod issued;
pub(crate) mod jars;
pub(crate) mod pool;
pub(crate) mod servers;
pub(crate) mod visits;
pub(crate) mod world;

/// Two things that must be the same: what the model says, and what the library did.
pub(crate) fn same<T: PartialEq + std::fmt::Debug + ?Sized>(
    what: impl std::fmt::Display,
    model: &T,
    real: &T,
) -> Result<(), String> {
    if model == real {
        return Ok(());
    }
    Err(format!(
        "{what}: the model says {model:?}, the library {real:?}"
    ))
}
