//! Where a server's keys come from: one secret in its environment, unless it is told of a Redis.

use statecookie::{KeyWatch, Keys, Pool, Secret};

use super::server::{POOL, SECRET};
use super::state::Shop;
use crate::Outcome;

/// A pool, and what keeps its keys fresh as long as it lives.
pub type Kept = (Pool<Shop>, KeyWatch);

/// The pool of the server that this process is.
///
/// # Errors
///
/// There are no keys.
pub fn of_this_server() -> Outcome<Kept> {
    #[cfg(feature = "redis")]
    if let Some(found) = super::on_redis::of_this_server()? {
        return Ok(found);
    }
    of_secret(Secret::from_env(SECRET)?)
}

/// A pool whose keys are derived from one secret.
///
/// # Errors
///
/// The keys do not fit the schema.
pub fn of_secret(secret: Secret) -> Outcome<Kept> {
    watched(Pool::new(POOL, Keys::embedded(secret))?)
}

/// A pool whose keys are looked after.
///
/// # Errors
///
/// The system gave no thread.
pub fn watched(pool: Pool<Shop>) -> Outcome<Kept> {
    let watch = pool.watch_keys()?;
    Ok((pool, watch))
}
