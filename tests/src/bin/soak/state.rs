//! The state of the soak's visitors, and the pool that every server process makes for itself.

use serde::{Deserialize, Serialize};
use statecookie::{Keys, Pool, Secret, StateCookie};
use std::time::Duration;

use crate::Outcome;
use crate::clock::FastClock;

/// The pool's name.
const POOL: &str = "soak.example";

/// How long a key signs, in seconds of the servers' fast clocks: the least that a skew of 60 s allows.
pub(crate) const ROTATION: Duration = Duration::from_secs(60);

/// One visitor's state. Every class stands in every tier, so that a cookie of the wrong chain cannot hide in any.
///
/// The validities are long beside the renewals: a machine that stands still for a quarter of an hour must not end a session.
#[derive(StateCookie, Clone, PartialEq)]
#[statecookie(
    version = 1,
    session_max = "24h",
    validate = Visit::agrees_with_itself,
    tier(2, valid_for = "12h", renew_after = "100s"),
    tier(1, valid_for = "10h", renew_after = "45s"),
    tier(0, valid_for = "8h", renew_after = "20s"),
)]
pub(crate) struct Visit {
    #[tier(2)]
    #[immutable]
    pub(crate) customer: u64,
    #[tier(2)]
    #[private]
    pub(crate) credit: u32,
    #[tier(2)]
    #[mutable(range = 0..=9)]
    pub(crate) language: u8,
    #[tier(1)]
    #[immutable]
    pub(crate) cart: Vec<Item>,
    #[tier(1)]
    #[private]
    pub(crate) points: u32,
    #[tier(1)]
    #[mutable(range = 0..=1_000)]
    pub(crate) quality: u16,
    /// How many commands were carried out: what makes a command that comes twice harmless.
    #[tier(0)]
    #[immutable]
    pub(crate) step: u64,
    #[tier(0)]
    #[private]
    pub(crate) luck: u64,
    #[tier(0)]
    #[mutable(range = -10_000..=10_000)]
    pub(crate) position: [i32; 2],
    #[tier(0)]
    #[mutable(max_len = 16)]
    pub(crate) note: String,
}

/// One line of the cart.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) article: u8,
    pub(crate) count: u16,
}

impl Visit {
    /// A visitor who comes in.
    pub(crate) fn begin(customer: u64, credit: u32) -> Self {
        Self {
            customer,
            credit,
            language: 0,
            cart: Vec::new(),
            points: 0,
            quality: 500,
            step: 0,
            luck: customer,
            position: [0, 0],
            note: String::new(),
        }
    }

    /// Every article in the cart once.
    fn agrees_with_itself(&self) -> Result<(), &'static str> {
        let ordered = self.cart.is_sorted_by(|a, b| a.article < b.article);
        ordered
            .then_some(())
            .ok_or("an article stands twice in the cart")
    }
}

/// A server's pool: from the secret and its own clock, nothing else.
pub(crate) fn pool(secret: &str, clock: FastClock) -> Outcome<Pool<Visit>> {
    let keys = Keys::embedded_with_rotation(Secret::from_hex(secret)?, ROTATION);
    Ok(Pool::builder(POOL, keys).clock(clock).build()?)
}
