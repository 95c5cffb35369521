//! The library's own lines.

use std::hint::black_box;
use std::time::Instant;

use statecookie::{Jar, Keys, Pool, Scratch, Secret, Session};
use statecookie_tests::shop::{self, NOW, SECRET, Shop};

use crate::floors;
use crate::harness::{Operation, Row, Target, repeated};

const PARTIAL: &str = "edit + flush_into, tier 0";

/// All lines but those of other libraries.
pub(crate) fn all() -> Vec<Row> {
    let row = |name, against, operation, other, target| Row {
        name,
        against,
        operation,
        other,
        target,
    };
    vec![
        row(
            PARTIAL,
            "encode, HMAC",
            partial(shop::shop()),
            floors::partial(),
            Target::AtMost(1.3),
        ),
        row(
            "the same under 48 KiB in tier 1",
            "under an empty tier 1",
            partial(with_cart(48 * 1024)),
            partial(with_cart(0)),
            Target::AtMost(1.05),
        ),
        row(
            "full update, private root",
            "3 encode, 4 HMAC, nonce, seal",
            full(),
            floors::full(),
            Target::AtMost(1.25),
        ),
        row(
            "resume, three tiers, private root",
            "3 HMAC, open, decode",
            resume(None),
            floors::resume(),
            Target::AtMost(1.15),
        ),
        row(
            "refuse a forged root",
            "accept",
            resume(Some(20)),
            resume(None),
            Target::Nanos(500.0),
        ),
        row(
            "refuse a forged tag of tier 0",
            "accept",
            resume(Some(last_tag())),
            resume(None),
            Target::AtMost(1.0),
        ),
        row(
            "jar.merge of a partial update",
            PARTIAL,
            merge(),
            partial(shop::shop()),
            Target::Nanos(100.0),
        ),
    ]
}

/// A pool as in earnest: the system's generator; times are passed in.
pub(crate) fn pool() -> Pool<Shop> {
    let secret = Secret::from_bytes(&SECRET).expect("a good secret");
    Pool::new("measured", Keys::embedded(secret)).expect("a good schema")
}

/// A session whose first update was issued.
pub(crate) fn opened(state: Shop) -> (Session<Shop>, Vec<u8>) {
    let mut session = pool().open_at(state, NOW).expect("a good state");
    let full = session.flush_at(NOW).expect("it can be issued");
    (session, full.expect("the first is full").into_bytes())
}

/// A change of tier 0 and its update.
pub(crate) fn partial(state: Shop) -> Operation {
    let (mut session, mut out) = opened(state);
    let mut yaw = 0.0_f32;
    repeated(move || {
        out.clear();
        yaw = if yaw < 359.0 { yaw + 0.5 } else { 0.0 };
        session.edit().set_yaw(black_box(yaw)).expect("in range");
        session
            .flush_into_at(&mut out, NOW)
            .expect("it can be issued");
        black_box(&out);
    })
}

fn with_cart(len: usize) -> Shop {
    Shop {
        cart: vec![("x".repeat(len), 1)],
        ..shop::shop()
    }
}

fn full() -> Operation {
    let (mut session, mut out) = opened(shop::shop());
    repeated(move || {
        out.clear();
        *session.edit().credit_rating_mut() = black_box(721);
        session
            .flush_into_at(&mut out, NOW)
            .expect("it can be issued");
        black_box(&out);
    })
}

/// With `flip`, a bit of that byte is wrong.
fn resume(flip: Option<usize>) -> Operation {
    let (_, mut bundle) = opened(shop::shop());
    let (pool, mut scratch) = (pool(), Scratch::new());
    if let Some(at) = flip {
        bundle[at] ^= 1;
    }
    repeated(move || {
        let resumed = pool
            .present(black_box(&bundle))
            .at(NOW)
            .resume_in(&mut scratch);
        assert_eq!(resumed.is_err(), flip.is_some());
    })
}

/// A byte of the last tag: 16 bytes of values stand behind it.
fn last_tag() -> usize {
    opened(shop::shop()).1.len() - 17
}

fn merge() -> Operation {
    let (mut session, full) = opened(shop::shop());
    let updates: Vec<Vec<u8>> = (0..10_000_u16)
        .map(|step| {
            session
                .edit()
                .set_yaw(f32::from(step % 360))
                .expect("in range");
            let update = session.flush_at(NOW).expect("it can be issued");
            update.expect("something changed").into_bytes()
        })
        .collect();
    Box::new(move |times| {
        let mut jar = Jar::new();
        let _ = jar.merge(&full).expect("well formed");
        let start = Instant::now();
        for update in updates.iter().take(times as usize) {
            let _ = black_box(jar.merge(black_box(update)));
        }
        start.elapsed()
    })
}
