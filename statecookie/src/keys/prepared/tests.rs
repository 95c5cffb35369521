//! Which key signs and is accepted, whatever the keys come from.

use alloc::format;
use alloc::vec::Vec;

use super::*;
use crate::keys::{Key, Secret};

fn secret(seed: u8) -> Secret {
    Secret::from_bytes(&core::array::from_fn::<u8, 32, _>(|at| at as u8 ^ seed)).unwrap()
}

fn at(secs: u64) -> Timestamp {
    Timestamp::from_secs(secs)
}

// Key k signs from 1000 k to 1000 k + 1000 and is accepted 200 s longer.
fn ring(ids: &[u32]) -> KeyRing {
    let key = |id: u32| Key {
        id: KeyId(id),
        secret: secret(id as u8),
        activates_at: at(u64::from(id) * 1000),
        sign_until: at(u64::from(id) * 1000 + 1000),
        accept_until: at(u64::from(id) * 1000 + 1200),
        revoked: false,
    };
    KeyRing::new(ids.iter().copied().map(key).collect::<Vec<_>>()).unwrap()
}

fn prepared(keys: Keys) -> PreparedKeys {
    keys.prepare(
        "pool",
        b"schema",
        Duration::from_secs(100),
        KeyPolicy::default(),
    )
    .unwrap()
}

#[test]
fn tells_whether_a_held_key_still_signs() {
    for keys in [
        Keys::ring(ring(&[1, 2])),
        Keys::embedded_with_rotation(secret(1), Duration::from_secs(1000)),
    ] {
        let keys = prepared(keys);
        let held = keys.signing(at(1500)).unwrap();
        assert_eq!(held.id(), KeyId(1));
        assert!(keys.is_signing(&held, at(1999)));
        assert!(!keys.is_signing(&held, at(2000)));
        assert!(Arc::ptr_eq(
            &held,
            &keys.accepting(KeyId(1), at(2000)).unwrap()
        ));
    }
}

#[test]
fn goes_on_with_another_ring() {
    let keys = prepared(Keys::ring(ring(&[1])));
    let held = keys.signing(at(1500)).unwrap();
    keys.replace(&ring(&[1, 2])).unwrap();
    assert!(
        keys.is_signing(&held, at(1500)),
        "the same key, prepared again"
    );
    assert_eq!(keys.signing(at(2000)).unwrap().id(), KeyId(2));
    keys.replace(&ring(&[2])).unwrap();
    assert_eq!(
        keys.accepting(KeyId(1), at(1500)).err(),
        Some(KeyRefusal::UnknownKey)
    );
    let mut other = ring(&[1]).keys().to_vec();
    other.iter_mut().for_each(|key| key.secret = secret(99));
    keys.replace(&KeyRing::new(other).unwrap()).unwrap();
    assert!(
        !keys.is_signing(&held, at(1500)),
        "another secret under the same id"
    );
}

#[test]
fn holds_every_ring_to_the_policy() {
    let mut short = ring(&[1]).keys().to_vec();
    short
        .iter_mut()
        .for_each(|key| key.accept_until = key.sign_until);
    let short = KeyRing::new(short).unwrap();
    let keys = prepared(Keys::ring(ring(&[1])));
    assert!(matches!(
        keys.replace(&short),
        Err(ReplaceError::Policy(PolicyError::AcceptTooShort { .. }))
    ));
    assert_eq!(
        keys.accepting(KeyId(1), at(2100)).err(),
        None,
        "the good ring stays"
    );
    let derived = prepared(Keys::embedded(secret(1)));
    assert_eq!(derived.replace(&ring(&[1])), Err(ReplaceError::DerivedKeys));
}

#[test]
fn has_one_fingerprint_for_the_same_keys_and_another_for_others() {
    let print = |keys: Keys| prepared(keys).fingerprint();
    assert_eq!(
        print(Keys::ring(ring(&[1, 2]))),
        print(Keys::ring(ring(&[2, 1])))
    );
    let second = Duration::from_secs(1000);
    let all = [
        print(Keys::ring(ring(&[1]))),
        print(Keys::ring(ring(&[1, 2]))),
        print(Keys::embedded(secret(1))),
        print(Keys::embedded(secret(2))),
        print(Keys::embedded_with_rotation(secret(1), second)),
        prepared_for("other", b"schema"),
        prepared_for("pool", b"other"),
    ];
    for (at, one) in all.iter().enumerate() {
        assert!(all.iter().skip(at + 1).all(|other| other != one));
    }
    assert_eq!(
        print(Keys::embedded(secret(1))),
        prepared_for("pool", b"schema")
    );
}

fn prepared_for(pool: &str, description: &[u8]) -> [u8; 8] {
    let keys = Keys::embedded(secret(1));
    let longest = Duration::from_secs(100);
    keys.prepare(pool, description, longest, KeyPolicy::default())
        .unwrap()
        .fingerprint()
}

#[test]
fn serves_many_threads_while_keys_change() {
    let keys = prepared(Keys::embedded_with_rotation(
        secret(1),
        Duration::from_secs(60),
    ));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let keys = &keys;
            scope.spawn(move || {
                for step in 0..500 {
                    let now = at(1_000_000 + step * 7 + thread);
                    let key = keys.signing(now).unwrap();
                    assert!(keys.is_signing(&key, now));
                    assert_eq!(key.id(), keys.accepting(key.id(), now).unwrap().id());
                }
            });
        }
    });
}

#[test]
fn makes_ephemeral_keys_that_nobody_shares() {
    let print = || prepared(Keys::ephemeral().unwrap()).fingerprint();
    assert_ne!(print(), print());
}

#[test]
fn prints_no_secret() {
    let keys = Keys::ring(ring(&[1]));
    let Origin::Ring(ring) = &keys.0 else {
        panic!("a ring")
    };
    assert_eq!(format!("{keys:?}"), "Keys(..)");
    assert!(format!("{ring:?}").contains("secret: Secret(..)"));
}
