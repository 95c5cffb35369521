//! How long the exact search takes at its limit of sixteen fields: `cargo run --release -p statecookie-tests --bin advice`.
#![forbid(unsafe_code)]

use std::time::{Duration, Instant};

use statecookie::advice::{FieldSet, Layout, Recorder};
use statecookie::{StateCookie, Timestamp};

#[derive(StateCookie, Default)]
#[rustfmt::skip]
#[statecookie(
    version = 1,
    tier(3, valid_for = "3h"), tier(2, valid_for = "20m"), tier(1, valid_for = "4m"), tier(0, valid_for = "1m")
)]
struct Sixteen {
    #[tier(3)] #[private] a: u64,
    #[tier(3)] #[private] b: [u8; 20],
    #[tier(3)] #[immutable] c: u64,
    #[tier(3)] #[immutable] d: [u8; 12],
    #[tier(2)] #[private] e: u32,
    #[tier(2)] #[immutable] f: u64,
    #[tier(2)] #[mutable(any)] g: [u8; 6],
    #[tier(2)] #[mutable(any)] h: u32,
    #[tier(1)] #[immutable] i: u16,
    #[tier(1)] #[mutable(any)] j: u8,
    #[tier(1)] #[mutable(any)] k: [u8; 30],
    #[tier(1)] #[mutable(any)] l: bool,
    #[tier(0)] #[mutable(any)] m: [f32; 3],
    #[tier(0)] #[mutable(any)] n: f32,
    #[tier(0)] #[mutable(any)] o: f64,
    #[tier(0)] #[mutable(any)] p: u8,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Each field changes a third less often than the one after it; or all as often, which leaves more layouts to be weighed.
    for (name, rarer) in [("from rare to often", 1.5), ("all alike", 1.0)] {
        let recorder = recorded(rarer)?;
        let before = Instant::now();
        recorder.advisor().predict(&Layout::of::<Sixteen>())?;
        let tables = before.elapsed();
        let before = Instant::now();
        let advice = recorder.advise()?;
        let took = before.elapsed();
        println!(
            "{name}: {} changes, {took:.2?}, {tables:.2?} of it for each set of tables\n{advice}",
            recorder.changes()
        );
    }
    Ok(())
}

/// Four hours of changes, five a second on the average in bursts, of one to three neighbouring fields.
fn recorded(rarer: f64) -> Result<Recorder<Sixteen>, Box<dyn std::error::Error>> {
    let mut recorder = Recorder::new()?;
    let mut now = Timestamp::from_secs(1_800_000_000);
    recorder.observe_at(&Sixteen::default(), now)?;
    let mut word: u64 = 1;
    let mut below = |end: u64| {
        word = word
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (word >> 33) % end
    };
    for _ in 0..72_000 {
        let pause = if below(500) == 0 { 60_000 } else { 100 };
        now = now.saturating_add(Duration::from_millis(pause));
        let mut field = 15;
        while field > 0
            && (below(1000) as f64) < 1000.0 / (rarer + if rarer > 1.0 { 0.5 } else { 0.07 })
        {
            field -= 1;
        }
        let together = 1 + below(3) as usize;
        recorder.record_at(FieldSet::of((field..16).take(together)), now)?;
    }
    Ok(recorder)
}
