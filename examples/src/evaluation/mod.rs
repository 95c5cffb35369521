//! The paper's claims, measured: real sessions and real bytes on a simulated clock.

pub mod bandwidth;
pub mod charts;
pub mod figures;
pub mod goodput;
pub mod optimisations;
pub mod page;
pub mod plot;
pub mod statistics;
pub mod tables;

use statecookie::{Keys, Pool, Secret, StateCookie, Timestamp};

use crate::Outcome;

/// When the simulated time begins, in seconds since the epoch: 3 hours before a key changes.
const BEGIN: u64 = 166_667 * 10_800;

/// A server of a pool with a known key.
///
/// # Errors
///
/// The schema does not fit the keys.
pub fn pool<S: StateCookie>(name: &str) -> Outcome<Pool<S>> {
    let secret: [u8; 32] = std::array::from_fn(|at| at as u8);
    Ok(Pool::new(
        name,
        Keys::embedded(Secret::from_bytes(&secret)?),
    )?)
}

/// The simulated time so many microseconds after its begin.
pub fn moment(micros: f64) -> Timestamp {
    Timestamp::from_millis(BEGIN * 1000 + (micros / 1000.0) as u64)
}
