//! Runs one operation a number of times with fixed clock and entropy, for a tool that counts instructions.
#![expect(clippy::expect_used, reason = "a measurement that fails has to stop")]

use std::env;
use std::hint::black_box;

use statecookie::{Jar, Scratch, Session};
use statecookie_tests::shop::{self, NOW, Shop};

/// The most operations of one run: `merge` makes so many updates before it begins.
const MOST: usize = 4000;

fn main() {
    let mut arguments = env::args().skip(1);
    let operation = arguments.next().unwrap_or_default();
    let times: usize = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(0);
    assert!(times <= MOST, "at most {MOST} operations");
    match operation.as_str() {
        "flush" => flush(times),
        "merge" => merge(times),
        "resume" => resume(times, false),
        "refuse" => resume(times, true),
        _ => panic!("usage: instructions flush|merge|resume|refuse TIMES"),
    }
}

fn opened() -> (Session<Shop>, Vec<u8>) {
    let mut session = shop::pool().open(shop::shop()).expect("a good state");
    let full = session.flush_at(NOW).expect("it can be issued");
    (session, full.expect("the first is full").into_bytes())
}

fn turn(session: &mut Session<Shop>, step: usize, out: &mut Vec<u8>) {
    out.clear();
    let set = session.edit().set_yaw((step % 360) as f32);
    set.expect("within its range");
    session.flush_into_at(out, NOW).expect("it can be issued");
}

fn flush(times: usize) {
    let (mut session, mut out) = opened();
    (0..times).for_each(|step| turn(&mut session, step, &mut out));
    black_box(out);
}

fn merge(times: usize) {
    let (mut session, full) = opened();
    let updates: Vec<Vec<u8>> = (0..MOST)
        .map(|step| {
            let mut out = Vec::new();
            turn(&mut session, step, &mut out);
            out
        })
        .collect();
    let mut jar = Jar::new();
    let _ = jar.merge(&full).expect("well formed");
    for update in &updates[..times] {
        let _ = black_box(jar.merge(black_box(update)));
    }
}

fn resume(times: usize, forged: bool) {
    let (_, mut bundle) = opened();
    let pool = shop::pool::<Shop>();
    let mut scratch = Scratch::new();
    drop(pool.resume_in(&mut scratch, &bundle));
    if forged {
        bundle[20] ^= 1;
    }
    for _ in 0..times {
        let resumed = pool.resume_in(&mut scratch, black_box(&bundle));
        assert_eq!(resumed.is_err(), forged);
    }
}
