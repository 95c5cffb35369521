//! What the servers and the judge of the rotation test have in common: a schema and a policy in which seconds count.

pub mod message;

use std::time::Duration;

use statecookie::{KeyPolicy, StateCookie};

/// A state whose longest validity is 5 s.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "5s"),
    tier(1, valid_for = "3s"),
    tier(0, valid_for = "2s")
)]
pub struct Ride {
    /// Who rides.
    #[tier(2)]
    #[private]
    pub rider: u64,
    /// Goes up with every seventh step.
    #[tier(1)]
    #[immutable]
    pub leg: u64,
    /// Goes up each time that a server goes on.
    #[tier(0)]
    #[immutable]
    pub steps: u64,
}

/// The pool's name.
pub const NAME: &str = "rides";
/// What the pool's leeway is.
pub const LEEWAY: Duration = Duration::from_secs(1);
/// The longest `valid_for`.
pub const LONGEST: Duration = Duration::from_secs(5);

/// Keys change each second. All inequalities hold; a key is published so early that the store may be away for 1.75 s.
pub const POLICY: KeyPolicy = KeyPolicy {
    refresh: Duration::from_millis(250),
    publish_ahead: Duration::from_secs(3),
    rotation: Duration::from_secs(1),
    skew: Duration::from_secs(1),
};
