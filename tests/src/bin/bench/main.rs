//! The targets of `docs/performance.md`, measured: each operation in turn with its floor, medians, ratio beside target.
#![expect(clippy::expect_used, reason = "a measurement that fails has to stop")]

mod floors;
mod harness;
#[cfg(feature = "peers")]
mod peers;
mod rows;
mod visit;
mod watched;

fn main() {
    harness::print_head();
    rows::all().into_iter().for_each(|row| row.measure());
    watched::rows().into_iter().for_each(|row| row.measure());
    #[cfg(feature = "peers")]
    peers::rows().into_iter().for_each(|row| row.measure());
    visit::report();
    #[cfg(not(feature = "peers"))]
    println!("other libraries: with --features peers");
}
