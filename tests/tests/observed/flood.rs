//! What an attacker chooses makes no entry and takes no memory.

use statecookie::counters::KeyLabel;
use statecookie::{KeyId, Reason};

use super::pools::{cookies, counted};

/// Where the root's key id stands: behind the blob's kind, the root's length, version, shape, required and schema hash.
fn place_of_key_id(bundle: &[u8]) -> usize {
    let (one, other) = (bundle, &[1_u8, 0, 0, 0]);
    let found = one.windows(4).position(|word| word == other);
    found.expect("the id of key 1, in four bytes")
}

#[test]
fn ids_that_are_only_claimed_make_no_entry() {
    let (pool, _, counters) = counted();
    let mut bundle = cookies(&pool);
    pool.resume(&bundle).unwrap();
    let at = place_of_key_id(&bundle);
    for id in 0..20_000_u32 {
        bundle[at..at + 4].copy_from_slice(&id.to_le_bytes());
        let refused = pool
            .resume(&bundle)
            .map(drop)
            .map_err(|refusal| refusal.key);
        assert_eq!(
            refused,
            if id == 1 {
                Ok(())
            } else {
                Err(Some(KeyId(id)))
            }
        );
    }
    let counts = counters.read();
    let labels: Vec<_> = counts.keys.iter().map(|counts| counts.key).collect();
    assert_eq!(
        labels,
        [KeyLabel::Id(KeyId(1)), KeyLabel::Other, KeyLabel::Unproven]
    );
    // Two other keys of the ring are known: their tags are wrong.
    assert_eq!(counts.refused(Reason::UnknownKey), 20_000 - 3);
    assert_eq!(counts.refused(Reason::BadTag), 2);
    assert_eq!(counts.keys[2].refused(), 20_000 - 1);
}
