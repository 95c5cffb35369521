//! What tests put in place of the system: a clock that is set, and generators that are known, fail or count.

mod clock;
mod entropy;

pub use clock::TestClock;
pub use entropy::{BrokenEntropy, CountingEntropy, FixedEntropy};
