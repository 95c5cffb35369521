//! A schema with every class and every kind of value, and what its pool gives.

use std::time::Duration;

use statecookie::{
    Clock, Jar, Keys, Merged, MutableValue, Pool, Schema, StateCookie, SystemClock, Timestamp,
};

pub(crate) const PUBLIC: &str = "seventeen oranges";
pub(crate) const PRIVATE: &str = "pays late, always";

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 3,
    tier(1, valid_for = "3h"),
    tier(0, valid_for = "10m", or_default)
)]
pub(crate) struct Shop {
    #[tier(1)]
    pub(crate) customer: u64,
    #[tier(1)]
    pub(crate) basket: Vec<String>,
    #[tier(1)]
    #[private]
    pub(crate) note: String,
    #[tier(1)]
    #[private]
    pub(crate) rating: u16,
    #[tier(1)]
    pub(crate) place: Place,
    #[tier(1)]
    #[mutable(check = is_even)]
    pub(crate) pairs: u8,
    #[tier(0)]
    #[mutable(range = 0..=4)]
    pub(crate) quality: u8,
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    pub(crate) yaw: f32,
    #[tier(0)]
    #[mutable(one_of("", "EUR", "USD"), max_len = 3)]
    pub(crate) currency: String,
    #[tier(0)]
    #[mutable(range = 0..=self.customer)]
    pub(crate) item: u64,
    #[tier(0)]
    #[mutable(any)]
    pub(crate) window: Window,
    #[tier(0)]
    #[mutable(range = ..=Duration::from_secs(60), derived)]
    pub(crate) played: Duration,
}

/// A type whose name says nothing of its content.
#[derive(serde::Serialize, serde::Deserialize, Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) shelf: u8,
}

#[derive(MutableValue, Clone, Debug, Default, PartialEq)]
pub(crate) struct Window {
    #[mutable(range = 0..=4000)]
    pub(crate) width: u16,
    #[mutable(any)]
    pub(crate) mode: Option<Mode>,
}

#[derive(MutableValue, Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Mode {
    #[default]
    Plain,
    Full,
}

fn is_even(value: &u8) -> bool {
    value.is_multiple_of(2)
}

pub(crate) fn shop() -> Shop {
    Shop {
        customer: 4711,
        basket: vec![PUBLIC.to_owned()],
        note: PRIVATE.to_owned(),
        rating: 31_234,
        place: Place { shelf: 9 },
        pairs: 2,
        quality: 3,
        yaw: 90.5,
        currency: "EUR".to_owned(),
        item: 17,
        window: Window {
            width: 1_920,
            mode: Some(Mode::Full),
        },
        played: Duration::from_millis(1_500),
    }
}

pub(crate) fn schema() -> String {
    Schema::of::<Shop>().unwrap().to_json()
}

pub(crate) fn pool(keys: Keys) -> Pool<Shop> {
    Pool::new("shop.example", keys).unwrap()
}

pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// A full update, the partial one after it, and the bundle that answers both.
pub(crate) fn blobs(pool: &Pool<Shop>, now: Timestamp) -> [Vec<u8>; 3] {
    let mut session = pool.open_at(shop(), now).unwrap();
    let full = session.flush_at(now).unwrap().unwrap().as_bytes().to_vec();
    session.edit().set_quality(4).unwrap();
    let partial = session.flush_at(now).unwrap().unwrap().as_bytes().to_vec();
    let mut jar = Jar::new();
    assert_eq!(jar.merge(&full).unwrap(), Merged::Updated);
    assert_eq!(jar.merge(&partial).unwrap(), Merged::Updated);
    let mut view = jar.view::<Shop>().unwrap();
    view.set_played(Duration::from_millis(1_500)).unwrap();
    [full, partial, jar.bundle().unwrap()]
}
