//! A pool whose keys, clock and generator are always the same: what it gives can be compared with committed files.

use std::time::Duration;

use statecookie::testing::{FixedEntropy, TestClock};
use statecookie::{Jar, Key, KeyFile, KeyId, KeyRing, Keys, Merged, Pool, Secret, Timestamp};

use crate::kit::Folder;
use crate::shop::{Shop, schema, shop};

/// 2027-01-15T08:00:00Z.
pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) const IDENTITY: &str = "customer 4711";

pub(crate) fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(NOW + secs)
}

fn key(id: u32, activates_at: u64) -> Key {
    let secret: [u8; 32] = std::array::from_fn(|place| place as u8 ^ id as u8);
    Key {
        id: KeyId(id),
        secret: Secret::from_bytes(&secret).unwrap(),
        activates_at: Timestamp::from_secs(activates_at),
        sign_until: Timestamp::from_secs(activates_at + 11_400),
        accept_until: Timestamp::from_secs(activates_at + 11_400 + 10_860),
        revoked: false,
    }
}

/// Keys 7 and 8, the second of which signs at [`NOW`].
pub(crate) fn ring() -> Vec<Key> {
    vec![key(7, NOW - 10_900), key(8, NOW - 100)]
}

/// A key that signs for whoever has none, and that no cookie here is under.
pub(crate) fn signing() -> Key {
    Key {
        accept_until: at(2_000_000),
        ..key(99, NOW - 50)
    }
}

pub(crate) fn pool_of(name: &str, keys: Vec<Key>) -> Pool<Shop> {
    Pool::builder(name, Keys::ring(KeyRing::new(keys).unwrap()))
        .clock(TestClock::at(at(0)))
        .entropy(FixedEntropy::new(1))
        .build()
        .unwrap()
}

pub(crate) fn pool() -> Pool<Shop> {
    pool_of("shop.example", ring())
}

/// What a client presents who has everything.
pub(crate) fn bundle(update: &[u8]) -> Vec<u8> {
    let mut jar = Jar::new();
    assert_eq!(jar.merge(update).unwrap(), Merged::Updated);
    let mut view = jar.view::<Shop>().unwrap();
    view.set_played(Duration::from_millis(1_500)).unwrap();
    jar.bundle().unwrap()
}

/// A full update issued at [`NOW`].
pub(crate) fn update() -> Vec<u8> {
    let mut session = pool().open_at(shop(), at(0)).unwrap();
    session.flush_at(at(0)).unwrap().unwrap().into_bytes()
}

/// The same of a session that is bound.
pub(crate) fn bound() -> Vec<u8> {
    let pool = pool();
    let session = pool.open_bound_at(shop(), IDENTITY.as_bytes(), at(0));
    session
        .unwrap()
        .flush_at(at(0))
        .unwrap()
        .unwrap()
        .into_bytes()
}

/// The files of a case: schema and keys.
pub(crate) struct Files {
    pub(crate) folder: Folder,
    pub(crate) schema: String,
    pub(crate) keys: String,
}

pub(crate) fn files() -> Files {
    let folder = Folder::new();
    let keys = folder.file();
    KeyFile::at(&keys)
        .write(&KeyRing::new(ring()).unwrap())
        .unwrap();
    Files {
        schema: folder.with("shop.json", &schema()),
        keys,
        folder,
    }
}
