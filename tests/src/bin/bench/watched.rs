//! What it costs to be watched: each operation of a pool with counters against the same of a pool that nobody watches.

use std::hint::black_box;

use statecookie::counters::Counters;
use statecookie::{Keys, Pool, PoolBuilder, Scratch, Secret};
use statecookie_tests::shop::{self, NOW, SECRET, Shop};

use crate::harness::{Operation, Row, Target, repeated};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row {
            name: "edit + flush_into, tier 0, counted",
            against: "nobody watches",
            operation: partial(counted()),
            other: partial(unwatched()),
            target: Target::AtMost(1.1),
        },
        Row {
            name: "resume, counted",
            against: "nobody watches",
            operation: resume(counted(), None),
            other: resume(unwatched(), None),
            target: Target::AtMost(1.05),
        },
        Row {
            name: "refuse a forged root, counted",
            against: "nobody watches",
            operation: resume(counted(), Some(20)),
            other: resume(unwatched(), Some(20)),
            target: Target::AtMost(1.1),
        },
    ]
}

fn builder() -> PoolBuilder<Shop> {
    let secret = Secret::from_bytes(&SECRET).expect("a good secret");
    Pool::builder("measured", Keys::embedded(secret))
}

fn unwatched() -> Pool<Shop> {
    builder().build().expect("a good schema")
}

fn counted() -> Pool<Shop> {
    let watched = builder().observer(Counters::new("measured"));
    watched.build().expect("a good schema")
}

fn partial(pool: Pool<Shop>) -> Operation {
    let mut session = pool.open_at(shop::shop(), NOW).expect("a good state");
    let full = session.flush_at(NOW).expect("it can be issued");
    let mut out = full.expect("the first is full").into_bytes();
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

/// With `flip`, a bit of that byte is wrong.
fn resume(pool: Pool<Shop>, flip: Option<usize>) -> Operation {
    let mut session = pool.open_at(shop::shop(), NOW).expect("a good state");
    let full = session.flush_at(NOW).expect("it can be issued");
    let mut bundle = full.expect("the first is full").into_bytes();
    if let Some(at) = flip {
        bundle[at] ^= 1;
    }
    let mut scratch = Scratch::new();
    repeated(move || {
        let presented = pool.present(black_box(&bundle)).at(NOW);
        let resumed = presented.resume_in(&mut scratch);
        assert_eq!(resumed.is_err(), flip.is_some());
    })
}
