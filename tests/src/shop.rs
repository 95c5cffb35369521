//! The workload of measurements: the shop of 80 encoded bytes, and a pool whose clock and generator are known.

use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{Keys, Pool, Secret, StateCookie, Timestamp};

/// The shop: 18 immutable and 19 private bytes of account, 27 of cart and quality, 16 of position.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s", or_default)
)]
pub struct Shop {
    /// 4 bytes.
    #[tier(2)]
    #[immutable]
    pub customer: u64,
    /// 14 bytes.
    #[tier(2)]
    #[immutable]
    pub name: String,
    /// 2 bytes.
    #[tier(2)]
    #[private]
    pub credit_rating: u16,
    /// 17 bytes.
    #[tier(2)]
    #[private]
    pub discount: String,
    /// 26 bytes.
    #[tier(1)]
    #[immutable]
    pub cart: Vec<(String, u32)>,
    /// 1 byte.
    #[tier(1)]
    #[mutable(range = 0..=4)]
    pub quality: u8,
    /// 12 bytes.
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    pub position: [f32; 3],
    /// 4 bytes.
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    pub yaw: f32,
}

/// The time at which everything here begins.
pub const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

/// The state of the workload.
pub fn shop() -> Shop {
    Shop {
        customer: 4_711_000,
        name: "Ada Lovelace!".into(),
        credit_rating: 720,
        discount: "spring sale 2027".into(),
        cart: vec![
            ("lamp".into(), 2),
            ("carpet".into(), 1),
            ("bookshelf".into(), 1),
        ],
        quality: 3,
        position: [1.0, 2.0, -3.5],
        yaw: 90.0,
    }
}

/// The secret of every pool made here.
pub const SECRET: [u8; 32] = *b"a secret that everybody can read";

/// A pool that does the same in every run.
#[expect(clippy::expect_used, reason = "secret and schema are constants")]
pub fn pool<S: StateCookie>() -> Pool<S> {
    let secret = Secret::from_bytes(&SECRET).expect("a good secret");
    Pool::builder("measured", Keys::embedded(secret))
        .clock(TestClock::at(NOW))
        .entropy(FixedEntropy::new(1))
        .build()
        .expect("a good schema")
}
