//! The laws of the protocol, to be run on a schema of your own, and what tests put in place of the system.
//!
//! ```
//! # use statecookie::StateCookie;
//! #[derive(StateCookie, Clone, PartialEq)]
//! #[statecookie(version = 1, tier(1, valid_for = "10m"), tier(0, valid_for = "30s"))]
//! struct Visit {
//!     #[tier(1)]
//!     #[private]
//!     account: u64,
//!     #[tier(0)]
//!     #[mutable(range = 0..=4)]
//!     quality: u8,
//! }
//!
//! statecookie::testing::laws::<Visit>();
//! ```

mod arbitrary;
mod clock;
mod cookies;
mod dice;
mod entropy;
mod laws;
#[doc(hidden)]
pub mod raw;
mod shape;
mod states;
mod values;

pub use clock::TestClock;
pub use entropy::{BrokenEntropy, CountingEntropy, FixedEntropy};
pub use laws::{Laws, laws, laws_with};
pub use shape::{assert_shape, shape_of};
pub use states::GiveUp;
