//! The pool's limit in bytes: on issuing for the whole chain, on accepting for the bundle, exact in both.
#![forbid(unsafe_code)]

use statecookie::{
    FlushError, Keys, Limits, MAX_BLOB, Pool, Reason, Secret, StateCookie, Timestamp,
};

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(version = 1, tier(1, valid_for = "1h"), tier(0, valid_for = "1m"))]
struct Note {
    #[tier(1)]
    #[immutable]
    title: String,
    #[tier(0)]
    #[mutable(max_len = 300)]
    text: String,
}

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn pool(bytes: usize) -> Pool<Note> {
    let secret = Secret::from_bytes(&std::array::from_fn::<u8, 32, _>(|at| at as u8)).unwrap();
    Pool::builder("notes", Keys::embedded(secret))
        .limits(Limits::default().bytes(bytes))
        .build()
        .unwrap()
}

fn note() -> Note {
    Note {
        title: "a title".into(),
        text: "short".into(),
    }
}

fn full() -> Vec<u8> {
    let mut session = pool(MAX_BLOB).open_at(note(), NOW).unwrap();
    session.flush_full_at(NOW).unwrap().into_bytes()
}

#[test]
fn a_full_update_may_be_as_long_as_the_limit() {
    let len = full().len();
    let mut session = pool(len).open_at(note(), NOW).unwrap();
    assert_eq!(session.flush_full_at(NOW).unwrap().len(), len);
    let mut session = pool(len - 1).open_at(note(), NOW).unwrap();
    let limit = len - 1;
    assert_eq!(
        session.flush_full_at(NOW).err(),
        Some(FlushError::TooLong { len, limit })
    );
}

#[test]
fn a_bundle_may_be_as_long_as_the_limit() {
    let bundle = full();
    assert!(pool(bundle.len()).resume_at(&bundle, NOW).is_ok());
    let refused = pool(bundle.len() - 1).resume_at(&bundle, NOW).unwrap_err();
    assert_eq!(refused.reason, Reason::TooLarge);
}

#[test]
fn a_partial_update_counts_with_the_chain_above_it_whoever_issued_that() {
    let bundle = full();
    for longer in 0..40 {
        let limit = bundle.len() + longer;
        let mut resumed = pool(limit)
            .present(&bundle)
            .at(NOW)
            .resume_request()
            .unwrap();
        let text = "x".repeat(note().text.len() + 20);
        resumed.session.edit().set_text(text).unwrap();
        let flushed = resumed.session.flush_at(NOW);
        if longer < 20 {
            let len = bundle.len() + 20;
            assert_eq!(flushed.err(), Some(FlushError::TooLong { len, limit }));
        } else {
            assert!(!flushed.unwrap().unwrap().is_full());
        }
    }
}

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    max_cookie_len = 128,
    tier(1, valid_for = "1h"),
    tier(0, valid_for = "1m")
)]
struct Card {
    #[tier(1)]
    number: u8,
    #[tier(0)]
    #[immutable]
    words: Vec<u8>,
    #[tier(0)]
    #[mutable(max_len = 8)]
    note: String,
}

#[test]
fn a_cookie_beyond_the_structs_own_limit_is_not_issued_and_says_what_takes_the_room() {
    let card = Card {
        number: 1,
        words: vec![],
        note: "short".into(),
    };
    let pool = Pool::<Card>::new("cards", Keys::ephemeral().unwrap()).unwrap();
    let mut session = pool.open_at(card, NOW).unwrap();
    let empty = session.flush_at(NOW).unwrap().unwrap();
    let seen = statecookie::inspect(&empty).unwrap();
    let room = 128 - seen.cookies[1].len;
    session.edit().set_words(vec![7; room]);
    assert!(session.flush_at(NOW).unwrap().is_some());
    session.edit().words_mut().push(7);
    let refused = session.flush_at(NOW).unwrap_err();
    let (tier, limit, immutable) = (statecookie::Tier::LOWEST, 128, room + 2);
    assert_eq!(
        refused,
        FlushError::CookieTooLong {
            tier,
            len: 129,
            limit,
            immutable,
            private: 0,
            mutable: 6
        }
    );
    assert!(session.is_dirty());
}
