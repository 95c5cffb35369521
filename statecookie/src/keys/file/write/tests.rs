//! What is written is read back, by the reader here and by TOML's rules; and nothing of it stays or shows.

use alloc::format;
use alloc::vec;

use proptest::prelude::*;

use super::*;
use crate::tier::KeyId;

fn rings() -> impl Strategy<Value = KeyRing> {
    let key = (
        prop::collection::vec(any::<u8>(), 32..=200),
        [0..LAST / 4, 1..LAST / 4, 0..LAST / 4],
        any::<bool>(),
        any::<u32>(),
    );
    let keys = prop::collection::vec(key, 1..20);
    keys.prop_filter_map("a ring", |keys| {
        let keys = keys
            .into_iter()
            .map(|(bytes, [start, signs, kept], revoked, id)| {
                Some(Key {
                    id: KeyId(id),
                    secret: Secret::from_bytes(&bytes).ok()?,
                    activates_at: Timestamp::from_secs(start),
                    sign_until: Timestamp::from_secs(start + signs),
                    accept_until: Timestamp::from_secs(start + signs + kept),
                    revoked,
                })
            });
        KeyRing::new(keys.collect::<Option<Vec<_>>>()?).ok()
    })
}

fn facts(ring: &KeyRing) -> Vec<(KeyId, Vec<u8>, [u64; 3], bool)> {
    let mut facts: Vec<_> = ring.keys().iter().map(facts_of).collect();
    facts.sort();
    facts
}

fn facts_of(key: &Key) -> (KeyId, Vec<u8>, [u64; 3], bool) {
    let times = [key.activates_at, key.sign_until, key.accept_until];
    let secret = key.secret.expose().to_vec();
    (key.id, secret, times.map(Timestamp::as_millis), key.revoked)
}

proptest! {
    #[test]
    fn reads_back_what_was_written(ring in rings()) {
        let text = ring.to_text().unwrap();
        let read = KeyRing::from_text(text.as_bytes()).unwrap();
        prop_assert_eq!(facts(&read), facts(&ring));
        let again = read.to_text().unwrap();
        prop_assert_eq!(again.as_str(), text.as_str());
    }

    #[test]
    fn a_text_that_was_cut_is_no_ring(ring in rings(), at in any::<prop::sample::Index>()) {
        let text = ring.to_text().unwrap();
        // But the last line end.
        let len = at.index(text.as_bytes().len() - 1);
        prop_assert!(KeyRing::from_text(&text.as_bytes()[..len]).is_err(), "{}", len);
    }
}

#[test]
fn no_byte_may_be_cut_but_the_last_line_end() {
    let keys = vec![key(1, 32, 0), key(2, 40, 5000)];
    let text = KeyRing::new(keys).unwrap().to_text().unwrap();
    let cut = |len: usize| KeyRing::from_text(&text.as_bytes()[..len]);
    let whole = text.as_bytes().len();
    assert!((0..whole - 1).all(|len| cut(len).is_err()));
    assert!(cut(whole - 1).is_ok());
}

fn key(id: u32, len: usize, millis: u64) -> Key {
    let secret: Vec<u8> = (0..len)
        .map(|at| (at as u32).wrapping_add(id) as u8)
        .collect();
    Key {
        id: KeyId(id),
        secret: Secret::from_bytes(&secret).unwrap(),
        activates_at: Timestamp::from_millis(millis),
        sign_until: Timestamp::from_millis(millis + 1000),
        accept_until: Timestamp::from_millis(millis + 2000),
        revoked: true,
    }
}

#[test]
fn the_longest_ring_is_shorter_than_the_reader_reads_and_is_written_in_one_piece() {
    let ids = u32::MAX - 255..=u32::MAX;
    let keys = ids.map(|id| key(id, Secret::MAX_LEN, u64::from(id) * 1000));
    let text = KeyRing::new(keys.collect()).unwrap().to_text().unwrap();
    assert!(text.as_str().len() <= KeyRing::MAX_TEXT_LEN);
    assert!(KeyRing::from_text(text.as_bytes()).is_ok());
    let one = KeyRing::new(vec![key(u32::MAX, 32, 0)])
        .unwrap()
        .to_text()
        .unwrap();
    // Growing would have left a copy behind.
    let reserved = |keys: usize, bytes: usize| HEADER.len() + keys * ENTRY_LEN + 2 * bytes;
    assert_eq!(text.0.capacity(), reserved(256, 256 * Secret::MAX_LEN));
    assert_eq!(one.0.capacity(), reserved(1, 32));
    assert!(one.as_str().len() <= reserved(1, 32));
}

#[test]
fn refuses_a_time_that_it_could_not_read_back() {
    let refused = |key| KeyRing::new(vec![key]).unwrap().to_text().unwrap_err();
    assert_eq!(refused(key(3, 32, 1500)), RingWriteError { key: KeyId(3) });
    assert_eq!(
        refused(key(4, 32, LAST * 1000)),
        RingWriteError { key: KeyId(4) }
    );
    let last = KeyRing::new(vec![key(5, 32, LAST * 1000 - 2000)]).unwrap();
    assert!(
        last.to_text()
            .unwrap()
            .as_str()
            .contains("9999-12-31T23:59:59Z")
    );
}

#[test]
fn says_nothing_in_debug() {
    let text = KeyRing::new(vec![key(1, 32, 0)])
        .unwrap()
        .to_text()
        .unwrap();
    assert_eq!(format!("{text:?}"), "RingText(..)");
}
